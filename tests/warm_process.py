"""Processes of their own that begin at once: forked from one that has loaded the portal.

A child starts with what a fresh Python would have after its imports and nothing else: no open
database, no thread, nothing of the tests before it.
"""

import contextlib
import multiprocessing
import os
import subprocess
import sys
import tempfile
import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

LOADED = [
    "openpyxl",
    "portal.cli",
    "portal.bootstrap",
    "portal.terminal.data",
    "portal.terminal.sample",
    "portal.terminal.people",
    "portal.warehouse.refresh",
    "tests.adapters.measured_refresh",
    "tests.adapters.source_program",
    "tests.warm_process",
]
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(LOADED)


def run_warm(
    work: Callable[..., int | None],
    *given: object,
    environ: Mapping[str, str] | None = None,
    typed: str = "",
    seconds: float = 120,
) -> subprocess.CompletedProcess:
    """Run a function of a module in a process of its own; it ends by itself or is killed.

    Returns: its exit code and what it wrote, as of a command.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "stdin").write_text(typed, encoding="utf-8")
        child = _FORKS.Process(target=_begin, args=(work, given, environ or dict(os.environ), home))
        with _without_a_program():
            child.start()
        child.join(seconds)
        if child.exitcode is None:
            child.kill()
            child.join()
        written = [(home / name).read_text(encoding="utf-8") for name in ("stdout", "stderr")]
        return subprocess.CompletedProcess(given, child.exitcode, *written)


@contextlib.contextmanager
def _without_a_program() -> Iterator[None]:
    """A child would begin by running the parent's program again: a page's script, after a page."""
    program = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = program


def _begin(work: Callable, given: tuple, environ: Mapping[str, str], home: Path) -> None:
    """Take on the environment and the three streams of a command, and be it."""
    os.environ.clear()
    os.environ.update(environ)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT
        opened = os.open(home / name, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    sys.exit(work(*given) or 0)
