"""The served sample firm: changes appear by themselves and hostile names stay text."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.screens.going import go, stands
from tests.screens.running_portal import PATIENCE_MS, running_portal, sign_in
from tests.screens.test_grid import frame_of

pytestmark = pytest.mark.screens
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 1024, "height": 900}

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
def page(browser, url, home) -> Iterator[Page]:
    """The one page of somebody who goes through the portal by its menu."""
    context = browser.new_context(viewport=WIDE)
    sign_in(context, home, url)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    page.goto(url)
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


def test_a_change_in_the_practice_system_appears_in_an_open_list_by_itself(page, home):
    go(page, "/clients")
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
def test_a_long_hostile_name_is_text_in_its_cell_and_in_its_tooltip(page, home):
    name = (
        "<b onmouseover=alert(1)>Bold</b><script>alert(2)</script> \u202eRTL \U0001f9fe " + "x" * 90
    )
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    go(page, "/clients")
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


def hostile_clients(home: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(f"file:{home / 'practice_cs.sqlite'}?mode=ro", uri=True) as con:
        return con.execute(
            "select client_id, description from Client where description like '%<script>%' "
            "or description like '=HYPERLINK%' or description like '%''%' limit 6"
        ).fetchall()


@dataclass
class Walk:
    """What was seen on the way through all pages of a firm with hostile names."""

    faults: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def look_for_faults(self, page: Page, path: str) -> None:
        """Note what a page says of an error, wide and narrow."""
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            page.wait_for_timeout(200)
            stands(page)
            expect(page.get_by_role("button", name="Sign out")).to_be_attached()
            if page.get_by_text("reference", exact=False).count():
                self.faults.append(f"{path} at {size['width']} asks to tell a reference")
            if page.locator("[data-testid=stException]").count():
                self.faults.append(f"{path} at {size['width']} shows an exception")
        page.set_viewport_size(WIDE)


@pytest.fixture(scope="module")
def walk(page: Page, home: Path) -> Walk:
    """Through every page of the menu, and to the clients with hostile names."""
    seen = Walk()
    page.on("dialog", lambda said: (seen.dialogs.append(said.message), said.dismiss()))
    page.on(
        "request", lambda asked: seen.foreign.append(asked.url) if is_foreign(asked.url) else None
    )
    in_the_practice_system(
        home,
        "update Client set description = '<img src=x onerror=alert(1)><script>alert(2)</script>' "
        "where client_KEY = (select min(client_KEY) from Client)",
    )
    for path in PAGES:
        go(page, path)
        seen.look_for_faults(page, path)
    for number, name in hostile_clients(home):
        page.keyboard.press("/")
        page.get_by_role("combobox", name="Client name or number").fill(number)
        page.get_by_role("option").filter(has_text=number).first.click()
        page.wait_for_url("**/client?id=*")
        beginning = re.split("http|--", name)[0][:30]
        expect(page.get_by_role("heading", name=beginning).first).to_be_visible()
        stands(page)
    return seen


@pytest.mark.catalogue(73)
def test_hostile_names_are_text_on_every_page_and_no_request_leaves_the_host(walk: Walk) -> None:
    assert walk.dialogs == []
    assert walk.foreign == []


def test_every_page_opens_without_an_error_at_both_widths(walk: Walk) -> None:
    assert walk.faults == []


def is_foreign(address: str) -> bool:
    return not address.startswith(
        ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:", "about:")
    )
