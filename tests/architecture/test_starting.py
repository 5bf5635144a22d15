"""What a command in a terminal has to wait for before it begins."""

import argparse
import importlib
import json
import subprocess
import sys

from portal.cli import _parser
from portal.settings import PROJECT

HEAVY = {
    "alembic", "duckdb", "jinja2", "numpy", "pandas", "plotly", "pyarrow", "sqlalchemy",
    "streamlit", "stripe", "tqdm", "typst",
}  # fmt: skip


def loaded_by(statement: str) -> set[str]:
    """The packages a fresh Python has loaded after a statement."""
    code = f"import json, sys\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def commands_of(parser: argparse.ArgumentParser) -> list[str]:
    """Which functions the commands of a parser run, those of its subcommands too."""
    found = [parser.get_default("run")] if parser.get_default("run") else []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                found += commands_of(command)
    return found


def test_help_is_there_before_anything_heavy_is_loaded() -> None:
    said = "import portal.cli\ntry: portal.cli.main(['--help'])\nexcept SystemExit: pass"

    assert loaded_by(said) & HEAVY == set()


def test_a_portal_is_put_together_without_what_only_pages_other_gateways_or_new_stores_use() -> (
    None
):
    loaded = loaded_by("import portal.bootstrap")

    assert loaded & {"alembic", "aiosmtpd", "pandas", "plotly", "streamlit", "stripe"} == set()


def test_every_command_of_the_terminal_runs_a_function_that_is_there() -> None:
    commands = commands_of(_parser())

    assert len(commands) > 20
    for command in commands:
        module, _, name = command.partition(".")
        assert callable(getattr(importlib.import_module(f"portal.terminal.{module}"), name))
