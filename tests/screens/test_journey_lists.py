"""Each person's Invoices list, from sign-in to export and back on another machine."""

import csv
import io
import re
from collections.abc import Iterator

import openpyxl
import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect

from portal.ui.grid_state import ROW_MENU
from tests.screens.running_portal import PATIENCE_MS, running_browser, running_portal
from tests.screens.test_grid import column_menu, heads

pytestmark = pytest.mark.screens

TICKS = "ag-Grid-SelectionColumn"
"""The column of check boxes, which the grid adds by itself."""
PEOPLE = ("admin", "partner", "manager", "collector", "user")
EXPORTERS = ("admin", "partner", "manager", "collector")


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> Iterator[str]:
    with running_portal(tmp_path_factory.mktemp("journey")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running


def enter(browser: Browser, url: str, name: str) -> tuple[BrowserContext, Page]:
    """Sign in with one click, in a browser that knows nothing yet."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{url}/invoices")
    page.get_by_role("button", name=f"Enter as {name}").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=PATIENCE_MS)
    return context, page


def invoices(page: Page, url: str) -> Frame:
    if not page.url.endswith("/invoices"):
        page.goto(f"{url}/invoices")
    handle = page.wait_for_selector("iframe[src*='st_aggrid']", state="attached")
    frame = handle.content_frame()
    frame.wait_for_selector(".ag-row .fp-link")
    return frame


def arrange(frame: Frame) -> None:
    """Sort by amount, keep what is open, hide one column, move and pin another."""
    frame.locator(".fp-toggle", has_text="Outstanding").click()
    frame.locator(".ag-header-cell[col-id=amount_cents] .fp-head-name").click()
    column_menu(frame, "client_number", "Hide")
    frame.evaluate("FirmGrid.api.moveColumns(['due_date'], 1)")
    column_menu(frame, "status", "Filter")
    frame.locator(".fp-choice-line", has_text="Overdue").click()
    frame.locator(".fp-choice-foot .fp-main").click()
    frame.wait_for_timeout(1500)


def shown(frame: Frame) -> dict[str, object]:
    """What the list is like now: its columns, order and filters, and its first rows."""
    return {
        "columns": [column for column in heads(frame) if column not in (ROW_MENU, TICKS)],
        "query": frame.evaluate(
            "({sort: FirmGrid.query().sort_model, filter: FirmGrid.query().filter_model})"
        ),
        "count": frame.locator(".fp-count").inner_text(),
        "numbers": frame.evaluate(
            "Array.from({length: Math.min(15, FirmGrid.api.getDisplayedRowCount())}, (_, i) => "
            "FirmGrid.api.getDisplayedRowAtIndex(i).data.invoice_number)"
        ),
    }


@pytest.mark.parametrize("name", PEOPLE)
def test_a_list_is_found_on_another_machine_as_it_was_left(browser, url, name):
    context, page = enter(browser, url, name)
    frame = invoices(page, url)
    fresh = shown(frame)
    arrange(frame)
    left = shown(frame)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name=f"Enter as {name}")).to_be_visible()
    context.close()

    context, page = enter(browser, url, name)
    found = shown(invoices(page, url))
    context.close()

    assert left != fresh
    assert "client_number" not in left["columns"]
    assert left["columns"].index("due_date") < fresh["columns"].index("due_date")
    assert found == left


@pytest.mark.parametrize("name", EXPORTERS)
def test_an_export_holds_exactly_the_rows_columns_and_order_on_screen(browser, url, name):
    context, page = enter(browser, url, name)
    frame = invoices(page, url)
    on_screen = shown(frame)

    written = list(csv.reader(io.StringIO(download(page, frame, "CSV").decode("utf-8-sig"))))
    workbook = openpyxl.load_workbook(io.BytesIO(download(page, frame, "Excel")))
    context.close()

    labels, rows = written[0], written[1:]
    sheet = workbook.worksheets[0]
    in_excel = [[cell.value for cell in row] for row in sheet.iter_rows()]
    place = labels.index("Invoice")
    assert len(labels) == len(on_screen["columns"])
    assert [row[place] for row in rows][:15] == on_screen["numbers"]
    assert len(rows) == count_of(on_screen["count"])
    assert in_excel[0] == labels
    assert [str(row[place]) for row in in_excel[1:]] == [row[place] for row in rows]
    assert sheet.freeze_panes is not None
    assert all(isinstance(row[labels.index("Bill amount")], (int, float)) for row in in_excel[1:])


def test_somebody_without_the_permission_is_offered_no_export(browser, url):
    context, page = enter(browser, url, "user")
    frame = invoices(page, url)

    expect(frame.get_by_role("button", name="Export")).to_have_count(0)
    context.close()


def count_of(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def download(page: Page, frame: Frame, kind: str) -> bytes:
    frame.get_by_role("button", name="Export").click()
    with page.expect_download(timeout=PATIENCE_MS) as waiting:
        frame.locator(".fp-menu-item", has_text=kind).first.click()
    return waiting.value.path().read_bytes()
