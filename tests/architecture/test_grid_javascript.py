"""The grid's JavaScript is static, builds no markup from text, and Community features only."""

import ast
import re
from pathlib import Path

import pytest

from portal.settings import PROJECT
from portal.ui.grid import SCRIPTS, Script
from portal.ui.grid_theme import ASSETS

FORBIDDEN = (
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "createContextualFragment",
    "document.write",
    "eval(",
    "new Function",
    "setTimeout('",
    'setTimeout("',
    "javascript:",
    "srcdoc",
)
FILES = sorted(ASSETS.glob("*.js"))
LONGEST_FILE = 250


def _python_files() -> list[Path]:
    roots = ("portal", "pages")
    found = [path for root in roots for path in (PROJECT / root).rglob("*.py")]
    return [*found, PROJECT / "app.py"]


def _calls(path: Path, *names: str) -> list[ast.Call]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", None)) in names
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_script_turns_text_into_markup_or_code(path):
    text = path.read_text(encoding="utf-8")

    assert [word for word in FORBIDDEN if word in text] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_scripts_are_short_and_calls_no_other_host(path):
    text = path.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= LONGEST_FILE
    hosts = re.findall(r"https?://[^'\"\s]+", text)
    assert [host for host in hosts if host != "http://www.w3.org/2000/svg"] == []


def test_every_script_is_part_of_the_program_and_nothing_else_is():
    assert sorted(path.stem for path in FILES) == sorted(SCRIPTS)
    joined = "\n".join((ASSETS / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    assert Script().js_code == f"::JSCODE::{joined}::JSCODE::"


def test_code_for_the_grid_is_written_out_never_put_together():
    for path in _python_files():
        for call in _calls(path, "JsCode"):
            assert path.name == "grid.py"
            assert len(call.args) == 1
            assert isinstance(call.args[0], ast.Constant), f"{path}:{call.lineno}"


def test_enterprise_modules_stay_off():
    grids = [(path, call) for path in _python_files() for call in _calls(path, "AgGrid")]

    assert [path.name for path, _ in grids] == ["grid.py"]
    for _, call in grids:
        said = {keyword.arg: keyword.value for keyword in call.keywords}
        switch = said["enable_enterprise_modules"]
        assert isinstance(switch, ast.Constant) and switch.value is False
        assert "license_key" not in said
        assert None not in said, "options must be written out"


def test_only_one_module_knows_the_grid_component():
    knowing = [
        path.relative_to(PROJECT).as_posix()
        for path in _python_files()
        if re.search(r"^\s*(from|import) st_aggrid", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]

    assert knowing == ["portal/ui/grid.py"]
