"""Each person's Invoices list, from sign-in to export and back on another machine."""

import contextlib
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Frame, Page, Response, expect

from portal.ui.grid_state import ROW_MENU
from tests.screens.going import go
from tests.screens.running_portal import PATIENCE_MS, running_portal, sign_in
from tests.screens.test_grid import column_menu, frame_of, heads

pytestmark = pytest.mark.screens

TICKS = "ag-Grid-SelectionColumn"
"""The column of check boxes, which the grid adds by itself."""
LABELS = """FirmGrid.api.getAllDisplayedColumns().map(
    column => FirmGrid.columnsById[column.getColId()]?.label)"""
PEOPLE = ("admin", "partner", "manager", "collector", "user")
EXPORTERS = ("admin", "partner", "manager", "collector")


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("journey")


@pytest.fixture(scope="module")
def url(home) -> Iterator[str]:
    expect.set_options(timeout=PATIENCE_MS)
    with running_portal(home) as address:
        yield address


@pytest.fixture(scope="module")
def shared_machine(browser, url) -> Iterator[Page]:
    """A machine at which one after another signs in and out; the sign-in page stands open."""
    with machine(browser) as page:
        page.goto(f"{url}/invoices")
        yield page


@contextlib.contextmanager
def machine(browser: Browser) -> Iterator[Page]:
    """A browser that knows nothing yet."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def arrange(page: Page, frame: Frame) -> None:
    """Sort by amount, keep what is open, hide one column, move and pin another."""
    frame.locator(".fp-toggle", has_text="Outstanding").click()
    frame.locator(".ag-header-cell[col-id=amount_cents] .fp-head-name").click()
    column_menu(frame, "client_number", "Hide")
    frame.evaluate("FirmGrid.api.moveColumns(['due_date'], 1)")
    column_menu(frame, "status", "Filter")
    with page.expect_response(is_kept_with_its_filter):
        frame.locator(".fp-choice-line", has_text="Overdue").click()
        frame.locator(".fp-choice-foot .fp-main").click()
    frame.wait_for_function(
        "FirmGrid.asked.size === 0 && FirmGrid.api.getDisplayedRowAtIndex(0).data"
    )


def is_kept_with_its_filter(answer: Response) -> bool:
    """Whether this answers the saving of the list with a filter on its status."""
    if "/api/list-state" not in answer.url or not answer.ok:
        return False
    state = json.loads(answer.request.post_data or "{}")["state"]
    return "status" in state["grid"].get("filter", {}).get("filterModel", {})


def shown(frame: Frame) -> dict[str, object]:
    """What the list is like now: its columns, order and filters, and its first rows."""
    return {
        "columns": [column for column in heads(frame) if column not in (ROW_MENU, TICKS)],
        "labels": [label for label in frame.evaluate(LABELS) if label],
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
def test_a_list_is_found_on_another_machine_as_it_was_left_and_so_exported(
    browser, shared_machine, url, home, name
):
    page = shared_machine
    page.get_by_role("button", name=f"Enter as {name}").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    if not page.url.endswith("/invoices"):
        go(page, "/invoices")
    frame = frame_of(page)
    fresh = shown(frame)
    arrange(page, frame)
    left = shown(frame)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name=f"Enter as {name}")).to_be_visible()

    with machine(browser) as page:
        sign_in(page.context, home, url, name)
        page.goto(f"{url}/invoices")
        found_as_left_and_so_exported(page, name, fresh, left)


def found_as_left_and_so_exported(
    page: Page, name: str, fresh: Mapping[str, object], left: Mapping[str, object]
) -> None:
    """The list is as it was left; whoever may export gets exactly that."""
    frame = frame_of(page)
    found = shown(frame)
    assert left != fresh
    assert "client_number" not in left["columns"]
    assert left["columns"].index("due_date") < fresh["columns"].index("due_date")
    assert found == left
    if name in EXPORTERS:
        exports_hold_exactly_what_is_shown(page, frame, found)
    else:
        expect(frame.get_by_role("button", name="Export")).to_have_count(0)


def exports_hold_exactly_what_is_shown(
    page: Page, frame: Frame, on_screen: Mapping[str, object]
) -> None:
    """The same rows, columns and order in both kinds of file; numbers are numbers in Excel."""
    written = list(csv.reader(io.StringIO(download(page, frame, "CSV").decode("utf-8-sig"))))
    workbook = openpyxl.load_workbook(io.BytesIO(download(page, frame, "Excel")))

    labels, rows = written[0], written[1:]
    sheet = workbook.worksheets[0]
    in_excel = [[cell.value for cell in row] for row in sheet.iter_rows()]
    place = labels.index("Invoice")
    assert labels == on_screen["labels"]
    assert [row[place] for row in rows][:15] == on_screen["numbers"]
    assert len(rows) == count_of(on_screen["count"])
    assert in_excel[0] == labels
    assert [str(row[place]) for row in in_excel[1:]] == [row[place] for row in rows]
    assert sheet.freeze_panes is not None
    assert all(isinstance(row[labels.index("Bill amount")], (int, float)) for row in in_excel[1:])


def count_of(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def download(page: Page, frame: Frame, kind: str) -> bytes:
    frame.get_by_role("button", name="Export").click()
    with page.expect_download(timeout=PATIENCE_MS) as waiting:
        frame.locator(".fp-menu-item", has_text=kind).first.click()
    return waiting.value.path().read_bytes()
