"""Lists in a real browser: a page with a list never runs again for what the list can do itself."""

import csv
import itertools
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Frame, Page, expect

from portal.settings import PROJECT
from tests.screens.running_portal import _wait_for, free_port, running_browser

pytestmark = pytest.mark.screens

PATIENCE_MS = 30_000
visits = itertools.count(1)


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("grid")
    port = free_port()
    environ = {**os.environ, "PORTAL_HOME": str(home), "PYTHONPATH": str(PROJECT)}
    app = ["-m", "streamlit", "run", "tests/screens/grid_app.py", "--server.port", str(port)]
    log = home / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, *app], cwd=PROJECT, env=environ, stdout=out, stderr=out
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server, log)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="module")
def browser():
    with running_browser() as running:
        yield running


@pytest.fixture
def visit(browser, url):
    """Open a page as a signed-in person whose lists are as they come."""
    contexts = []
    # Somebody new each time: what a closing page still saves is never found by the next test.
    cookie = f"the-cookie-of-visit-{next(visits)}"

    def go(path: str = "/", *, keep: bool = False, width: int = 1440) -> tuple[Page, Frame]:
        if not keep or not contexts:
            context = browser.new_context(viewport={"width": width, "height": 900})
            context.grant_permissions(["clipboard-read", "clipboard-write"])
            context.add_cookies([{"name": "portal_session", "value": cookie, "url": url}])
            contexts.append(context)
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        page.goto(url + path)
        return page, frame_of(page)

    change(url, sign_in=cookie)
    yield go
    for context in contexts:
        context.close()


def change(url: str, **asked: object) -> None:
    """Change the firm's data or the session from the outside."""
    request = urllib.request.Request(f"{url}/test/change", json.dumps(asked).encode())
    urllib.request.urlopen(request, timeout=10).close()


def frame_of(page: Page) -> Frame:
    """The list's frame, once its rows are there."""
    handle = page.wait_for_selector("iframe[src*='st_aggrid']", state="attached")
    frame = handle.content_frame()
    frame.wait_for_selector(".ag-row .fp-link")
    return frame


def heads(frame: Frame) -> list[str]:
    return frame.evaluate("FirmGrid.api.getAllDisplayedColumns().map(c => c.getColId())")


def first_row(frame: Frame) -> str:
    return frame.locator(".ag-row[row-index='0'] .ag-cell[col-id=invoice_number]").inner_text()


def column_menu(frame: Frame, column: str, entry: str) -> None:
    frame.locator(f".ag-header-cell[col-id={column}]").hover()
    frame.locator(f".ag-header-cell[col-id={column}] .fp-head-menu").click()
    frame.locator(".fp-menu-item", has_text=entry).click()


def count_is(frame: Frame, text: str | re.Pattern) -> None:
    expect(frame.locator(".fp-count")).to_have_text(text)


def test_rows_totals_and_count_stand_without_a_second_run(visit):
    page, frame = visit()

    count_is(frame, "3,992 invoices")
    expect(frame.locator(".fp-total", has_text="Outstanding")).to_contain_text("$")
    expect(frame.locator(".fp-fresh")).to_have_text("Updated just now")
    expect(page.get_by_text("page runs: 1")).to_be_visible()


def test_search_toggle_sort_and_filter_rerun_no_page(visit):
    page, frame = visit()

    frame.locator(".fp-search input").fill("INV-00000012")
    count_is(frame, "1 invoice")
    frame.locator(".fp-search input").press("Escape")
    count_is(frame, "3,992 invoices")
    frame.locator(".fp-toggle", has_text="Outstanding").click()
    count_is(frame, re.compile(r"^4\d\d invoices$"))
    frame.locator(".ag-header-cell[col-id=invoice_number] .fp-head-name").click()
    frame.wait_for_function("FirmGrid.query().sort_model[0].colId === 'invoice_number'")
    column_menu(frame, "status", "Filter")
    frame.locator(".fp-choice-line", has_text="Open").click()
    expect(frame.locator(".fp-chip-text")).to_have_text("Status: Open")
    frame.locator(".fp-choice-foot .fp-main").click()
    frame.locator(".fp-chip", has_text="Status").locator(".fp-quiet").click()
    expect(frame.locator(".fp-chip")).to_have_count(0)
    expect(page.get_by_text("page runs: 1")).to_be_visible()


def test_a_choice_filter_asks_the_server_for_its_values(visit):
    _, frame = visit("/clients")

    column_menu(frame, "partner", "Filter")
    frame.locator(".fp-choice input[type=search]").fill("staff 2")
    expect(frame.locator(".fp-choice-line").first).to_contain_text("Staff 2")
    frame.locator(".fp-choice-line").first.click()

    expect(frame.locator(".fp-chip-text")).to_contain_text("Client partner: Staff 2")
    count_is(frame, re.compile(r"^\d{1,2} clients?$"))


def test_an_amount_is_typed_in_dollars_and_asked_in_cents(visit):
    _, frame = visit("/clients")

    column_menu(frame, "outstanding_cents", "Filter")
    frame.locator(".ag-popup-child input:visible").last.fill("15,000.50")

    expect(frame.locator(".fp-chip-text")).to_have_text("Total outstanding at least $15,000.50")
    model = frame.evaluate("FirmGrid.api.getFilterModel().outstanding_cents.filter")
    assert model == 1_500_050


def test_one_click_opens_the_row_once(visit):
    page, frame = visit()
    number = first_row(frame)

    frame.locator(".ag-row[row-index='0'] .ag-cell[col-id=invoice_number] .fp-link").click()

    expect(page.get_by_role("heading", name=re.compile("Opened"))).to_be_visible()
    expect(page.get_by_role("heading")).to_contain_text(str(int(number.removeprefix("INV-"))))
    expect(page.get_by_text("deeds: 1")).to_be_visible()


def test_an_action_of_the_row_menu_reaches_the_page_once(visit):
    page, frame = visit()

    for _ in range(2):
        frame.locator(".fp-dots").nth(2).click()
        frame.locator(".fp-menu-item", has_text="Show PDF").click()
        expect(page.get_by_role("dialog")).to_contain_text("action show_pdf")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)

    expect(page.get_by_text("page runs: 1")).to_be_visible()


def test_actions_the_person_may_not_do_are_not_offered(visit):
    _, frame = visit()

    frame.locator(".fp-dots").first.click()

    expect(frame.locator(".fp-menu-item", has_text="Show PDF")).to_have_count(1)
    expect(frame.locator(".fp-menu-item", has_text="Open client portal")).to_have_count(0)


def test_a_menu_near_the_bottom_stays_inside_the_frame(visit):
    _, frame = visit()
    frame.evaluate("FirmGrid.api.ensureIndexVisible(60, 'bottom')")
    frame.wait_for_selector(".ag-row[row-index='60'] .fp-dots")

    frame.locator(".ag-row[row-index='60'] .fp-dots").click()

    box = frame.evaluate("""(() => { const b = document.querySelector('.fp-menu')
        .getBoundingClientRect(); return [b.top, window.innerHeight - b.bottom]; })()""")
    assert box[0] >= 0 and box[1] >= 0


def test_the_keyboard_alone_reaches_rows_menus_and_columns(visit):
    page, frame = visit()

    frame.locator(".fp-search input").press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ContextMenu")
    expect(frame.locator(".fp-menu [role=menuitem]").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(frame.locator(".fp-menu")).to_have_count(0)
    frame.locator(".ag-header-cell[col-id=client_name]").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(frame.locator(".fp-menu-item").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(frame.locator(".ag-header-cell[col-id=client_name]")).to_be_focused()
    frame.locator(".ag-row[row-index='1'] .ag-cell[col-id=invoice_number]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("Opened"))).to_be_visible()


def test_columns_order_and_toggle_come_back_on_the_next_visit(visit):
    page, frame = visit()
    frame.locator(".fp-tool", has_text="Columns").click()
    line = frame.locator(".fp-column-line", has_text="Client partner")
    line.locator("input").check()
    frame.locator("[data-focus=pininvoice_number]").click()
    frame.locator("[data-focus=upclient_number]").click()
    frame.locator(".fp-panel [aria-label=Close]").click()
    with page.expect_response(lambda r: "/api/list-state" in r.url and r.ok):
        frame.locator(".fp-toggle", has_text="Paid").click()
    expected = heads(frame)

    other, again = visit(keep=True)

    assert "partner" in expected
    assert expected.index("client_number") < expected.index("client_name")
    assert heads(again) == expected
    expect(again.locator(".fp-toggle[aria-checked=true]")).to_have_text("Paid")
    expect(other.get_by_text("page runs: 1")).to_be_visible()


def test_a_list_nobody_has_changed_is_not_kept(visit):
    page, frame = visit("/clients")
    kept = []
    page.on("request", lambda r: kept.append(r.url) if r.method == "PUT" else None)

    frame.locator(".fp-search input").fill("acme")
    count_is(frame, re.compile(r"^\d{2} clients$"))
    page.wait_for_timeout(900)

    assert kept == []


def test_leaving_the_page_at_once_still_keeps_the_last_change(visit):
    page, frame = visit()

    frame.evaluate("FirmGrid.api.setColumnsVisible(['client_number'], false)")
    frame.locator(".fp-toggle", has_text="Paid").click()
    page.get_by_role("link", name="clients").click()
    expect(page.get_by_role("heading", name="Clients")).to_be_visible()
    page.get_by_role("link", name="invoices").click()
    expect(page.get_by_role("heading", name="Invoices")).to_be_visible()
    page.wait_for_timeout(500)
    again = frame_of(page)

    expect(again.locator(".fp-toggle[aria-checked=true]")).to_have_text("Paid")
    assert "client_number" not in heads(again)


def test_a_view_is_kept_opened_and_deleted(visit):
    _, frame = visit()
    frame.locator(".fp-toggle", has_text="Outstanding").click()
    frame.locator(".fp-tool", has_text="Views").click()
    frame.locator(".fp-keep .fp-input").fill("What is owed")
    frame.locator(".fp-keep .fp-main").click()
    expect(frame.locator(".fp-view-name")).to_have_text("What is owed")
    frame.locator(".fp-button", has_text="Reset to default").click()
    count_is(frame, "3,992 invoices")

    frame.locator(".fp-tool", has_text="Views").click()
    frame.locator(".fp-view-name", has_text="What is owed").click()

    count_is(frame, re.compile(r"^4\d\d invoices$"))
    frame.locator(".fp-tool", has_text="Views").click()
    frame.get_by_label("Delete view What is owed").click()
    expect(frame.locator(".fp-view-name")).to_have_count(0)


def test_a_copied_link_opens_the_same_list(visit):
    page, frame = visit()
    frame.locator(".fp-search input").fill("acme")
    count_is(frame, re.compile(r"^\d{3} invoices$"))
    expected = frame.locator(".fp-count").inner_text()
    frame.locator(".fp-copy-link").click()
    expect(frame.locator(".fp-toast")).to_contain_text("Link copied")
    link = page.evaluate("navigator.clipboard.readText()")

    _, again = visit("/" + link.split("/", 3)[3], keep=True)

    count_is(again, expected)
    expect(again.locator(".fp-search input")).to_have_value("acme")


def test_an_export_downloads_what_is_on_screen(visit):
    page, frame = visit()
    frame.locator(".fp-search input").fill("INV-0000001")
    count_is(frame, "10 invoices")

    frame.locator(".fp-tool", has_text="Export").click()
    with page.expect_download() as download:
        frame.locator(".fp-menu-item", has_text="CSV").first.click()

    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert len(lines) == 11
    assert lines[0][:3] == ["Status", "Invoice", "Client"]


def test_news_appears_by_itself_and_leaves_the_place_and_the_ticks(visit, url):
    _, frame = visit()
    frame.locator(".ag-selection-checkbox input").nth(1).check()
    frame.evaluate("FirmGrid.api.ensureIndexVisible(250, 'top')")
    frame.wait_for_selector(".ag-row[row-index='252'] .fp-link")
    frame.wait_for_timeout(300)
    place = frame.evaluate("FirmGrid.api.getFirstDisplayedRowIndex()")
    cell = ".ag-row[row-index='252'] .ag-cell[col-id=invoice_number]"
    number = frame.locator(cell).inner_text()

    change(url, overdue_number=number)

    expect(frame.locator(cell)).to_contain_text("NEW-")
    assert frame.evaluate("FirmGrid.api.getFirstDisplayedRowIndex()") == place
    expect(frame.locator(".fp-selected")).to_have_text("1 selected")


def test_several_lists_of_one_browser_share_one_stream_of_news(visit):
    _, first = visit()
    _, second = visit(keep=True)
    second.wait_for_timeout(500)

    open_streams = [frame.evaluate("FirmGrid.stream !== null") for frame in (first, second)]

    assert open_streams == [True, False]


def test_all_matching_rows_can_be_acted_on_together(visit):
    page, frame = visit()
    frame.locator(".ag-selection-checkbox input").nth(0).check()

    frame.locator(".fp-link-button", has_text="Select all 3,992 matching").click()
    expect(frame.locator(".fp-selected")).to_have_text("3,992 selected")
    frame.locator(".fp-selection .fp-button", has_text="Send reminder").click()

    expect(page.get_by_role("dialog")).to_contain_text("selection remind None 0 True")


def test_a_list_without_matches_says_so_and_clears_its_filters(visit):
    _, frame = visit()

    frame.locator(".fp-search input").fill("no such invoice")
    expect(frame.locator(".fp-note-title")).to_have_text("No invoices match")
    frame.locator(".fp-note .fp-button").click()

    count_is(frame, "3,992 invoices")
    expect(frame.locator(".fp-note")).to_have_count(0)


def test_a_lost_answer_offers_another_try(visit):
    page, frame = visit()
    page.route("**/api/rows", lambda route: route.abort())
    frame.locator(".fp-toggle", has_text="Paid").click()
    expect(frame.locator(".fp-note-title")).to_have_text("Some rows could not be read")
    page.unroute("**/api/rows")

    frame.locator(".fp-note .fp-button").click()

    expect(frame.locator(".fp-note")).to_have_count(0)
    count_is(frame, re.compile(r"^3,\d{3} invoices$"))


def test_a_list_renews_a_token_that_has_run_out(visit):
    _, frame = visit()
    frame.evaluate("FirmGrid.keptToken = FirmGrid.token; FirmGrid.renewals = 0;")
    frame.evaluate("""(() => { const ask = window.fetch; let refused = false;
        window.fetch = function (path, more) {
            if (path.endsWith('/api/token')) { FirmGrid.renewals += 1; }
            if (path.endsWith('/api/rows') && !refused) { refused = true;
                return Promise.resolve(new Response('{}', { status: 401 })); }
            return ask(path, more); }; })()""")

    frame.locator(".fp-toggle", has_text="Paid").click()

    count_is(frame, re.compile(r"^3,\d{3} invoices$"))
    assert frame.evaluate("FirmGrid.renewals") == 1


def test_a_list_of_an_ended_session_says_so(visit, url):
    _, frame = visit()
    change(url, sign_out=True)

    frame.locator(".fp-toggle", has_text="Paid").click()

    expect(frame.locator(".fp-note-title")).to_have_text("Your session has ended – sign in again")


def test_an_unattended_list_asks_as_nobody(visit, url):
    page, frame = visit()
    frame.evaluate("FirmGrid.lastDeed = Date.now() - 60000")

    with page.expect_request("**/api/rows") as asked:
        change(url, overdue_number=first_row(frame))

    assert asked.value.headers.get("x-grid-refresh") == "1"


def test_other_parameters_reach_a_living_list(visit):
    page, frame = visit("/of_client")
    frame.evaluate("window.sameFrame = true")
    count = frame.locator(".fp-count").inner_text()
    owners = frame.locator(".ag-cell[col-id=client_number]").first.inner_text()

    page.get_by_text("2", exact=True).click()
    frame.wait_for_function("FirmGrid.given.params.client_id === '2'")

    expect(frame.locator(".ag-cell[col-id=client_number]").first).not_to_have_text(owners)
    assert frame.evaluate("window.sameFrame") is True
    assert count.endswith("invoices")


def test_names_are_text_never_markup_or_code(visit):
    page, frame = visit("/contacts")
    dialogs = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))

    texts = frame.locator(".fp-link").all_inner_texts()

    assert texts == ["<img src=x onerror=alert(1)>", "::JSCODE::alert(1)::JSCODE::"]
    expect(frame.locator(".fp-totals")).to_contain_text("$1,234.56 + -€0.50")
    frame.locator(".fp-link").first.click()
    expect(page.get_by_text("event: 7")).to_be_visible()
    page.wait_for_timeout(300)
    assert dialogs == []


def test_a_narrow_window_keeps_every_tool(visit):
    _, frame = visit(width=700)

    for name in ("Columns", "Views", "Export"):
        expect(frame.get_by_role("button", name=name, exact=True)).to_be_visible()
    assert frame.evaluate("window.innerHeight") >= 360


@pytest.mark.parametrize("width", [1440, 1100, 760])
@pytest.mark.parametrize("path", ["/", "/clients"])
def test_no_column_is_cut_in_two(visit, path, width):
    _, frame = visit(path, width=width)
    frame.wait_for_timeout(300)

    room = frame.evaluate("document.querySelector('.ag-center-cols-viewport').clientWidth")
    edges = frame.evaluate(
        "FirmGrid.api.getAllDisplayedColumns().filter(c => !c.getPinned())"
        ".map(c => c.getLeft() + c.getActualWidth())"
    )

    assert min(abs(edge - room) for edge in edges) <= 1


def test_widths_nobody_has_set_are_not_kept(visit):
    _, frame = visit()
    kept = "'columnSizing' in FirmGrid.state().grid"

    assert frame.evaluate(kept) is False
    column_menu(frame, "client_name", "Fit width to contents")
    assert frame.evaluate(kept) is True


def test_a_list_leaves_out_what_says_nothing_where_it_stands(visit):
    _, frame = visit("/placed")

    assert not {"client_name", "client_number"} & set(heads(frame))
    expect(frame.locator(".ag-header-cell[col-id=amount_cents]")).to_have_text("Billed")
    count_is(frame, re.compile(r"^\d+ bills$"))


def test_sums_stand_under_their_columns(visit):
    _, frame = visit("/placed")
    row = frame.locator(".ag-floating-bottom-container .ag-row")

    expect(row).to_have_count(1)
    expect(row.locator("[col-id=amount_cents]")).to_contain_text("$")
    expect(row.locator("[col-id=invoice_number]")).to_have_text("Total")
    assert row.locator("a, button").count() == 0
