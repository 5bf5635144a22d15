"""What every test shares: a line of its own in the report, and the count of hostile inputs tried.

Works with several processes (pytest-xdist): the lines travel with the tests' reports.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter

CATALOGUE_ITEMS = 110
MEMORY = Path("/dev/shm")
ROOMY = 8 * 2**30


def pytest_configure() -> None:
    """Keep files in memory where there is room: thousands of databases live for a second each."""
    if "TMPDIR" in os.environ or not MEMORY.is_dir():
        return
    unused = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if min(unused, shutil.disk_usage(MEMORY).free) > ROOMY:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


@pytest.fixture
def suite_line(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Print one line about a whole suite at the end of the run."""

    def say(line: str) -> None:
        request.node.user_properties.append(("suite line", line))

    return say


@pytest.fixture(autouse=True)
def _catalogue_items(request: pytest.FixtureRequest) -> None:
    for marker in request.node.iter_markers("catalogue"):
        request.node.user_properties.append(("catalogue", marker.args[0]))


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Write the suites' lines and how many items of the catalogue have a test that passed."""
    passed = [
        said
        for report in terminalreporter.stats.get("passed", [])
        if report.when == "call"
        for said in report.user_properties
    ]
    failed = [
        said
        for report in terminalreporter.stats.get("failed", [])
        for said in report.user_properties
        if said[0] == "suite line"
    ]
    for _, line in sorted(said for said in [*passed, *failed] if said[0] == "suite line"):
        terminalreporter.write_line(line)
    items = {number for kind, number in passed if kind == "catalogue"}
    if items:
        terminalreporter.write_line(f"catalogue: {len(items)} of {CATALOGUE_ITEMS}")
