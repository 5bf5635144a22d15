"""The served sample firm: changes appear by themselves and hostile names stay text."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.screens.running_portal import PATIENCE_MS, running_browser, running_portal
from tests.screens.test_grid import frame_of

pytestmark = pytest.mark.screens

PAGES = (
    "/", "/clients", "/invoices", "/payments", "/aging", "/worklist", "/trends", "/data",
)  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("live")


@pytest.fixture(scope="module")
def url(home) -> Iterator[str]:
    with running_portal(home) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running


@pytest.fixture
def page(browser, url) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    page.goto(url)
    page.get_by_role("button", name="Enter as admin").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    yield page
    context.close()


def in_the_practice_system(home: Path, statement: str) -> None:
    """Change the PMS as its own program would: from a process of its own."""
    code = (
        "import sqlite3, sys\n"
        "con = sqlite3.connect(sys.argv[1], timeout=20)\n"
        "con.execute(sys.argv[2])\n"
        "con.commit()"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(home / "practice_cs.sqlite"), statement], check=True
    )


def test_a_change_in_the_practice_system_appears_in_an_open_list_by_itself(page, url, home):
    page.goto(f"{url}/clients")
    frame = frame_of(page)
    row = frame.locator(".ag-row[row-index='0']")
    owed = row.locator("[col-id=outstanding_cents]").inner_text()
    number = row.locator("[col-id=client_number]").inner_text()

    in_the_practice_system(
        home, f"update Client set description = 'Came By Itself Ltd.' where client_id = '{number}'"
    )

    expect(row.locator("[col-id=client_name]")).to_have_text("Came By Itself Ltd.")
    assert row.locator("[col-id=outstanding_cents]").inner_text() == owed


@pytest.mark.catalogue(73)
def test_a_long_hostile_name_is_text_in_its_cell_and_in_its_tooltip(page, url, home):
    name = (
        "<b onmouseover=alert(1)>Bold</b><script>alert(2)</script> \u202eRTL \U0001f9fe " + "x" * 90
    )
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{url}/clients")
    frame = frame_of(page)
    row = frame.locator(".ag-row[row-index='0']")
    number = row.locator("[col-id=client_number]").inner_text()

    in_the_practice_system(
        home, f"update Client set description = '{name}' where client_id = '{number}'"
    )
    cell = row.locator("[col-id=client_name]")
    expect(cell).to_have_text(name)
    cell.hover()

    expect(frame.locator(".ag-tooltip")).to_have_text(name)
    assert (
        frame.locator(".ag-tooltip b, .ag-tooltip script, .ag-cell b, .ag-cell script").count() == 0
    )
    assert dialogs == []


def hostile_clients(home: Path) -> list[tuple[int, str]]:
    with sqlite3.connect(f"file:{home / 'practice_cs.sqlite'}?mode=ro", uri=True) as con:
        return con.execute(
            "select client_KEY, description from Client where description like '%<script>%' "
            "or description like '=HYPERLINK%' or description like '%''%' limit 6"
        ).fetchall()


@pytest.mark.catalogue(73)
def test_hostile_names_are_text_on_every_page_and_no_request_leaves_the_host(page, url, home):
    dialogs, foreign = [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda asked: foreign.append(asked.url) if is_foreign(asked.url) else None)
    in_the_practice_system(
        home,
        "update Client set description = '<img src=x onerror=alert(1)><script>alert(2)</script>' "
        "where client_KEY = (select min(client_KEY) from Client)",
    )

    for path in PAGES:
        page.goto(f"{url}{path}")
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        page.wait_for_timeout(1200)
    for client_id, name in hostile_clients(home):
        page.goto(f"{url}/client?id={client_id}")
        beginning = re.split("http|--", name)[0][:30]
        expect(page.get_by_role("heading", name=beginning).first).to_be_visible()

    assert dialogs == []
    assert foreign == []


def is_foreign(address: str) -> bool:
    return not address.startswith(
        ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:", "about:")
    )


def test_every_page_opens_without_an_error_at_both_widths(page, url):
    for width in (1440, 1024):
        page.set_viewport_size({"width": width, "height": 900})
        for path in PAGES:
            page.goto(f"{url}{path}")
            expect(page.get_by_role("button", name="Sign out")).to_be_attached()
            page.wait_for_timeout(500)
            assert page.get_by_text("reference", exact=False).count() == 0, path
            assert page.locator("[data-testid=stException]").count() == 0, path
