"""A real server with a small sample firm, and a real browser to look at it."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from portal.services.ports import SessionLimits
from portal.services.sign_in_as_sample import SignInAsSample, sign_in_as_sample
from portal.services.start_session import StartSession, start_session
from portal.services.tickets import SESSION_COOKIE
from portal.settings import PROJECT, load_settings
from portal.store import open_store
from tests.screens.ready_firm import SMALL, lay_out_firm

STARTS_WITHIN_SECONDS = 60
PATIENCE_MS = 30_000
BROWSERS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
"""Debian's Chromium without its windows takes a fifth less of the processor; either will do."""


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
    lay_out_firm(home, size or SMALL)
    _configure(home, url, access)
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
            executable_path=next(path for path in BROWSERS if Path(path).exists()),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        try:
            yield browser
        finally:
            browser.close()


def sign_in(context: BrowserContext, home: Path, url: str, name: str = "admin") -> None:
    """Sign in a sample user without the sign-in page, where that is not the subject."""
    settings = load_settings({"PORTAL_HOME": str(home)})

    def now() -> datetime:
        return datetime.now(UTC)

    with contextlib.closing(
        open_store(settings.store_url, secret_key=settings.secret_key)
    ) as store:
        promised = sign_in_as_sample(
            SignInAsSample(user_name=name), store=store, clock=now, is_sample_firm=True
        )
        started = start_session(
            StartSession(ticket=promised.ticket), store=store, clock=now, limits=SessionLimits()
        )
    context.add_cookies([{"name": SESSION_COOKIE, "value": started.cookie, "url": url}])


def _configure(home: Path, url: str, access: str) -> None:
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
