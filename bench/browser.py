"""A page opened in a browser until its rows are there, beside a page with a bare grid."""

import contextlib
import os
from collections.abc import Iterator

from playwright.sync_api import BrowserContext, sync_playwright

from bench.figures import Line, Table, in_turn, ratio_limit
from bench.server import Server, free_port, streamlit_server

CHROMIUMS = ("/usr/bin/chromium", "/usr/bin/chromium-headless-shell")
"""The first that is there is taken."""
TIMES = 10
PATIENCE_MS = 60_000
ROW = ".ag-center-cols-container .ag-row .ag-cell-value"


def measure(server: Server) -> Table:
    """Open both pages by turns, each time in a new tab; the browser's cache is warm."""
    cookie = server.enter().cookie
    name, _, value = cookie.partition("=")
    port = free_port()
    bare_page = f"http://127.0.0.1:{port}/"
    ours_page = f"{server.address}/invoices"
    with (
        streamlit_server("bench/bare_grid_app.py", port, server.firm),
        _browser() as context,
    ):
        context.add_cookies([{"name": name, "value": value, "url": server.address}])
        ours, bare = in_turn(
            TIMES, lambda: _open(context, ours_page), lambda: _open(context, bare_page)
        )
    return Table(
        f"In headless Chromium ({TIMES} each, by turns, cache warm)",
        [
            Line(
                "invoices page, opened to rows / bare grid of 100 rows",
                ours,
                bare,
                ratio_limit(1.3),
            )
        ],
    )


def _open(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(address, wait_until="commit")
    for _ in range(PATIENCE_MS // 10):
        if any(frame.locator(ROW).count() for frame in page.frames):
            break
        page.wait_for_timeout(10)
    else:
        raise RuntimeError(f"{address} showed no rows")
    page.close()


@contextlib.contextmanager
def _browser() -> Iterator[BrowserContext]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=next(filter(os.path.exists, CHROMIUMS), CHROMIUMS[0]),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        yield context
        browser.close()
