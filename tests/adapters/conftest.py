"""Says at the end which databases the store's tests ran on."""

from _pytest.terminal import TerminalReporter

from tests.adapters.store_backends import BACKENDS


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    without = "" if "postgresql" in BACKENDS else " (PostgreSQL is not installed here)"
    terminalreporter.write_line(f"store: tested on {' and '.join(BACKENDS)}{without}")
