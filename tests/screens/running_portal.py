"""A real server with a small sample firm, and a real browser to look at it."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from portal.settings import PROJECT

STARTS_WITHIN_SECONDS = 60
PATIENCE_MS = 30_000
SMALL = ("--clients", "60", "--invoices", "600")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


@contextlib.contextmanager
def running_portal(
    home: Path,
    *,
    access: str = "",
    port: int | None = None,
    size: Sequence[str] | None = None,
) -> Iterator[str]:
    """Serve the sample firm from a folder; `access` is TOML that goes into [access].

    `size` are options of `portal sample create`; without them the firm is a small one.

    Yields: its address.
    """
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    environ = {**os.environ, "PORTAL_HOME": str(home), "PYTHONPATH": str(PROJECT)}
    environ.pop("PORTAL_CONFIG", None)
    _make_firm(home, url, access, environ, size or SMALL)
    log = home / "server.log"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=PROJECT, env=environ, stdout=out, stderr=out)
    try:
        _wait_for(url, server, log)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


@contextlib.contextmanager
def running_browser() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        try:
            yield browser
        finally:
            browser.close()


def _make_firm(
    home: Path, url: str, access: str, environ: dict[str, str], size: Sequence[str]
) -> None:
    if not (home / "firm.toml").exists():
        create = ["sample", "create", *size]
        command = [sys.executable, "-m", "portal.cli", *create]
        subprocess.run(command, cwd=PROJECT, env=environ, check=True, capture_output=True)
    written = (home / "firm.toml").read_text(encoding="utf-8")
    lines = []
    for line in written.splitlines():
        if line.startswith("public_url"):
            line = f'public_url = "{url}"'
        if line.startswith("tick_seconds"):
            line = "tick_seconds = 0"
        if access and line.startswith("sign_in"):
            line = access
        lines.append(line)
    (home / "firm.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/_stcore/health"):
            return
        time.sleep(0.2)
    raise AssertionError(f"the server did not start:\n{log.read_text()[-3000:]}")
