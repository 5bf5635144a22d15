"""The house keeps its own rules: sizes, SQL headers, rooms, and nothing of where it was made."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from portal.settings import PROJECT, QUERIES
from portal.warehouse.query import load_query

PYTHON = [
    PROJECT / "app.py",
    *sorted(
        file for folder in ("portal", "pages", "bench") for file in (PROJECT / folder).rglob("*.py")
    ),
]
SQL = sorted(QUERIES.rglob("*.sql"))
QUERY_NAMES = [
    str(file.relative_to(QUERIES).with_suffix(""))
    for file in SQL
    if not str(file.relative_to(QUERIES)).startswith(("pms/", "sample/"))
]
HEADER_KEYS = ("What", "Grain", "Params", "Units", "Source", "Ties to")
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "manager"}


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    return [PROJECT / name for name in listed if name]


def text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):
        return ""


@pytest.mark.parametrize("file", PYTHON, ids=lambda f: str(f.relative_to(PROJECT)))
def test_a_file_holds_one_room(file):
    lines = len(file.read_text(encoding="utf-8").splitlines())

    assert lines <= (80 if file.parent.parent.name == "pages" else 300), f"{lines} lines"
    assert file.stem not in FORBIDDEN_NAMES


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{file.relative_to(PROJECT)}:{node.lineno} {node.name}"
        for file in PYTHON
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.end_lineno or 0) - node.lineno + 1 > 60
    ]

    assert long == []


def test_streamlit_ag_grid_duckdb_and_the_environment_stay_in_their_rooms():
    rooms = {
        "streamlit": ("app.py", "pages/", "portal/ui/", "bench/"),
        "st_aggrid": ("portal/ui/grid.py", "portal/ui/grid_", "bench/"),
        "duckdb": ("portal/warehouse/", "portal/pms/", "bench/"),
        "pickle": (),
        "dill": (),
    }
    wrong = []
    for file in PYTHON:
        where = str(file.relative_to(PROJECT))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for module in imported(node):
                allowed = rooms.get(module.split(".")[0])
                if allowed is not None and not where.startswith(allowed):
                    wrong.append(f"{where}: {module}")
            if reads_environment(node) and where != "portal/settings.py":
                wrong.append(f"{where}: os.environ")
    assert [line for line in wrong if not line.startswith("bench/")] == []


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []


def reads_environment(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")


def test_nothing_names_the_machine_it_was_made_on_or_a_package_registry():
    hosts = "|".join(["py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.", "deb" + r"ian\.org"])
    places = r"(?<![\w.])/(wo" + r"rk|fa" + r"rm)/|\.\./sha" + "red"
    found = [
        str(file.relative_to(PROJECT))
        for file in tracked()
        if re.search(f"{hosts}|{places}", text_of(file))
    ]

    assert found == []


def test_no_code_has_unfinished_marks_or_unsafe_html():
    forbidden = "|".join(
        ["TO" + "DO", "FIX" + "ME", "XX" + "X", r"unsafe_allow_html\s*=\s*True", "inner" + "HTML",
         r"enable_enterprise_modules\s*=\s*True", "download" + "_button"]
    )  # fmt: skip
    code = [f for f in tracked() if f.suffix in (".py", ".js", ".sql") and "tests" not in f.parts]
    found = [str(f.relative_to(PROJECT)) for f in code if re.search(forbidden, text_of(f))]

    assert found == []


@pytest.mark.parametrize("name", QUERY_NAMES)
def test_a_querys_header_is_its_signature(name):
    query = load_query(name)
    body = re.sub(r"--[^\n]*", "", query.sql)
    body = re.sub(r"'[^']*'", "''", body)
    used = set(re.findall(r"\$(\w+)", body))
    keys = re.findall(r"^-- (\w[\w ]*?):", query.sql, re.MULTILINE)

    assert query.sql.startswith("-- What:"), "the header begins with What"
    assert set(query.params) == used
    assert [key for key in keys if key in HEADER_KEYS] == sorted(
        (key for key in keys if key in HEADER_KEYS), key=HEADER_KEYS.index
    )


@pytest.mark.parametrize("name", QUERY_NAMES)
def test_a_query_file_is_one_statement(name):
    body = re.sub(r"--[^\n]*", "", load_query(name).sql).strip()

    assert ";" not in re.sub(r"'[^']*'", "''", body).rstrip(";")


def test_every_page_of_the_menu_has_a_test():
    pages = {file.stem for file in (PROJECT / "pages" / "firm").glob("*.py")}
    tested = {file.stem.removeprefix("test_") for file in (PROJECT / "tests/pages").glob("*.py")}

    assert pages - tested == set()


def test_every_command_is_in_the_list_of_commands_once():
    rows = re.findall(r"^\| (\w+) \|", (PROJECT / "docs" / "services.md").read_text(), re.MULTILINE)
    files = {file.stem for file in (PROJECT / "portal" / "services").glob("*.py")} - {"__init__"}

    assert sorted(name for name in rows if name != "file") == sorted(files)


def test_every_decision_is_in_the_index_once():
    decisions = PROJECT / "docs" / "adr"
    listed = re.findall(r"\]\((\d{4}-[^)]+\.md)\)", (decisions / "README.md").read_text())

    assert sorted(listed) == sorted(file.name for file in decisions.glob("0*.md"))


def test_every_check_of_the_data_is_written_so_that_it_returns_no_rows_when_all_is_well():
    for file in (QUERIES / "checks").glob("*.sql"):
        assert re.search(r"^(where|having)\b|\n(where|having)\b", file.read_text()), file.name


@pytest.mark.catalogue(50)
@pytest.mark.catalogue(93)
def test_no_page_takes_rows_by_their_place_a_file_or_an_address_to_fetch():
    """What is not there cannot be abused: who adds one answers for what a browser may send."""
    doors = re.compile(r"on_select|file_uploader|urlopen|requests\.(get|post)")
    found = {
        str(file.relative_to(PROJECT)): doors.findall(text_of(file))
        for file in [*(PROJECT / "pages").rglob("*.py"), *(PROJECT / "portal" / "ui").rglob("*.py")]
    }

    assert {name: words for name, words in found.items() if words} == {}
