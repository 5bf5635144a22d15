"""Lists in a real browser: a page with a list never runs again for what the list can do itself."""

import contextlib
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
from playwright.sync_api import Browser, BrowserContext, Error, Frame, Page, expect

from portal.settings import PROJECT
from tests.screens.running_portal import _wait_for, free_port

pytestmark = pytest.mark.screens

PATIENCE_MS = 30_000
RESET_MS = 10_000
WIDE = {"width": 1440, "height": 900}
visits = itertools.count(1)
AS_IT_COMES = """
FirmGrid.closePopup();
FirmGrid.lastDeed = Date.now();
FirmGrid.resetView();
"""


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


@pytest.fixture
def somebody(url) -> str:
    """The cookie of a signed-in person whose lists are as they come."""
    # Somebody new each time: what a closing page still saves is never found by the next test.
    cookie = f"the-cookie-of-visit-{next(visits)}"
    change(url, sign_in=cookie)
    return cookie


@pytest.fixture
def visit(browser, url, somebody):
    """Open pages as somebody whom no other test has been."""
    context = context_of(browser, url, somebody)

    def go(path: str = "/", *, width: int = WIDE["width"]) -> tuple[Page, Frame]:
        page = context.new_page()
        page.set_viewport_size({**WIDE, "width": width})
        page.goto(url + path)
        return page, frame_of(page)

    yield go
    context.close()


@pytest.fixture(scope="module")
def desk(browser, url):
    """One person's browser for all tests that leave a list where it is: a page opens slowly."""
    cookie = "the-cookie-of-the-desk"
    change(url, sign_in=cookie)
    context = context_of(browser, url, cookie)
    yield context
    context.close()


@pytest.fixture(scope="module")
def opened(desk, url):
    """The pages that stand open, by their paths."""
    pages: dict[str, Page] = {}

    def find(path: str) -> tuple[Page, Frame]:
        with contextlib.suppress(Error, AssertionError):
            if path in pages:
                return pages[path], as_it_comes(pages[path])
        if path in pages:  # a test has failed here
            pages[path].close()
        pages[path] = desk.new_page()
        pages[path].goto(url + path)
        return pages[path], frame_of(pages[path])

    return find


@pytest.fixture
def invoices(opened) -> tuple[Page, Frame]:
    """All invoices, as the list comes; the test may not leave the page."""
    return opened("/")


@pytest.fixture
def clients(opened) -> tuple[Page, Frame]:
    """All clients, likewise."""
    return opened("/clients")


@pytest.fixture
def placed(opened) -> tuple[Page, Frame]:
    """The invoices of one client, likewise."""
    return opened("/placed")


def context_of(browser: Browser, url: str, cookie: str) -> BrowserContext:
    """A browser of whoever the cookie belongs to."""
    expect.set_options(timeout=PATIENCE_MS)
    context = browser.new_context(viewport=WIDE)
    context.set_default_timeout(PATIENCE_MS)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.add_cookies([{"name": "portal_session", "value": cookie, "url": url}])
    return context


def as_it_comes(page: Page) -> Frame:
    """Let a list that stands open be as it was when it came."""
    page.bring_to_front()
    page.unroute_all()
    if page.get_by_role("dialog").count():
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0, timeout=RESET_MS)
    page.set_viewport_size(WIDE)
    frame = list_of(page)
    frame.evaluate(AS_IT_COMES)
    frame.wait_for_function(
        "FirmGrid.asked.size === 0 && FirmGrid.api.getDisplayedRowAtIndex(0)?.data"
        " && JSON.stringify(FirmGrid.state()) === FirmGrid.saved",
        timeout=RESET_MS,
    )
    return frame


def change(url: str, **asked: object) -> None:
    """Change the firm's data or the session from the outside."""
    request = urllib.request.Request(f"{url}/test/change", json.dumps(asked).encode())
    urllib.request.urlopen(request, timeout=10).close()


def list_of(page: Page) -> Frame:
    """The frame of the page's list."""
    return page.wait_for_selector("iframe[src*='st_aggrid']", state="attached").content_frame()


def frame_of(page: Page) -> Frame:
    """The list's frame, once its rows are there."""
    frame = list_of(page)
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


def test_rows_totals_and_count_stand_without_a_second_run(invoices):
    page, frame = invoices

    count_is(frame, "3,992 invoices")
    expect(frame.locator(".fp-total", has_text="Outstanding")).to_contain_text("$")
    expect(frame.locator(".fp-fresh")).to_have_text("Updated just now")
    expect(page.get_by_text("page runs: 1")).to_be_visible()


def test_search_toggle_sort_and_filter_rerun_no_page(invoices):
    page, frame = invoices

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


def test_a_choice_filter_asks_the_server_for_its_values(clients):
    _, frame = clients

    column_menu(frame, "partner", "Filter")
    frame.locator(".fp-choice input[type=search]").fill("staff 2")
    expect(frame.locator(".fp-choice-line").first).to_contain_text("Staff 2")
    frame.locator(".fp-choice-line").first.click()

    expect(frame.locator(".fp-chip-text")).to_contain_text("Client partner: Staff 2")
    count_is(frame, re.compile(r"^\d{1,2} clients?$"))


def test_an_amount_is_typed_in_dollars_and_asked_in_cents(clients):
    _, frame = clients

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


def test_an_action_of_the_row_menu_reaches_the_page_once(invoices):
    page, frame = invoices

    for _ in range(2):
        frame.locator(".fp-dots").nth(2).click()
        frame.locator(".fp-menu-item", has_text="Show PDF").click()
        expect(page.get_by_role("dialog")).to_contain_text("action show_pdf")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)

    expect(page.get_by_text("page runs: 1")).to_be_visible()


def test_actions_the_person_may_not_do_are_not_offered(invoices):
    _, frame = invoices

    frame.locator(".fp-dots").first.click()

    expect(frame.locator(".fp-menu-item", has_text="Show PDF")).to_have_count(1)
    expect(frame.locator(".fp-menu-item", has_text="Open client portal")).to_have_count(0)


def test_a_menu_near_the_bottom_stays_inside_the_frame(invoices):
    _, frame = invoices
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

    other, again = visit()

    assert "partner" in expected
    assert expected.index("client_number") < expected.index("client_name")
    assert heads(again) == expected
    expect(again.locator(".fp-toggle[aria-checked=true]")).to_have_text("Paid")
    expect(other.get_by_text("page runs: 1")).to_be_visible()


def test_a_list_nobody_has_changed_is_not_kept(clients):
    page, frame = clients
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


def test_a_view_is_kept_opened_and_deleted(invoices):
    _, frame = invoices
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


def test_a_copied_link_opens_the_same_list(invoices, desk):
    page, frame = invoices
    frame.locator(".fp-search input").fill("acme")
    count_is(frame, re.compile(r"^\d{3} invoices$"))
    expected = frame.locator(".fp-count").inner_text()
    frame.locator(".fp-copy-link").click()
    expect(frame.locator(".fp-toast")).to_contain_text("Link copied")

    other = desk.new_page()
    other.goto(page.evaluate("navigator.clipboard.readText()"))
    again = frame_of(other)

    count_is(again, expected)
    expect(again.locator(".fp-search input")).to_have_value("acme")
    other.close()


def test_an_export_downloads_what_is_on_screen(invoices):
    page, frame = invoices
    frame.locator(".fp-search input").fill("INV-0000001")
    count_is(frame, "10 invoices")

    frame.locator(".fp-tool", has_text="Export").click()
    with page.expect_download() as download:
        frame.locator(".fp-menu-item", has_text="CSV").first.click()

    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert len(lines) == 11
    assert lines[0][:3] == ["Status", "Invoice", "Client"]


def test_news_appears_by_itself_and_leaves_the_place_and_the_ticks(invoices, url):
    _, frame = invoices
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


def test_several_lists_of_one_browser_share_one_stream_of_news(invoices, clients):
    lists = [frame for _, frame in (invoices, clients)]
    lists[1].wait_for_timeout(500)

    open_streams = [frame.evaluate("FirmGrid.stream !== null") for frame in lists]

    assert sorted(open_streams) == [False, True]


def test_news_is_heard_again_after_an_answer_that_was_no_stream(visit, url):
    page, frame = visit()
    frame.wait_for_function("FirmGrid.stream && FirmGrid.stream.readyState === EventSource.OPEN")
    page.route("**/api/events", lambda route: route.fulfill(status=502, body="Bad"), times=1)
    frame.evaluate("FirmGrid.stream.close(); FirmGrid.openStream()")
    frame.wait_for_function("FirmGrid.stream === null")
    row = ".ag-row[row-index='2'] .ag-cell[col-id=invoice_number]"
    number = frame.locator(row).inner_text()

    frame.wait_for_function("FirmGrid.stream && FirmGrid.stream.readyState === EventSource.OPEN")
    change(url, overdue_number=number)

    expect(frame.locator(row)).to_contain_text("NEW-")


def test_all_matching_rows_can_be_acted_on_together(invoices):
    page, frame = invoices
    frame.locator(".ag-selection-checkbox input").nth(0).check()

    frame.locator(".fp-link-button", has_text="Select all 3,992 matching").click()
    expect(frame.locator(".fp-selected")).to_have_text("3,992 selected")
    frame.locator(".fp-selection .fp-button", has_text="Send reminder").click()

    expect(page.get_by_role("dialog")).to_contain_text("selection remind None 0 True")


def test_a_list_without_matches_says_so_and_clears_its_filters(invoices):
    _, frame = invoices

    frame.locator(".fp-search input").fill("no such invoice")
    expect(frame.locator(".fp-note-title")).to_have_text("No invoices match")
    frame.locator(".fp-note .fp-button").click()

    count_is(frame, "3,992 invoices")
    expect(frame.locator(".fp-note")).to_have_count(0)


def test_a_lost_answer_offers_another_try(invoices):
    page, frame = invoices
    page.route("**/api/rows", lambda route: route.abort())
    frame.locator(".fp-toggle", has_text="Paid").click()
    expect(frame.locator(".fp-note-title")).to_have_text("Some rows could not be read")
    page.unroute("**/api/rows")

    frame.locator(".fp-note .fp-button").click()

    expect(frame.locator(".fp-note")).to_have_count(0)
    count_is(frame, re.compile(r"^3,\d{3} invoices$"))


def test_a_list_renews_a_token_that_has_run_out(invoices):
    _, frame = invoices
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


def test_a_list_of_an_ended_session_says_so(visit, url, somebody):
    _, frame = visit()
    change(url, sign_out=somebody)

    frame.locator(".fp-toggle", has_text="Paid").click()

    expect(frame.locator(".fp-note-title")).to_have_text("Your session has ended – sign in again")


def test_an_unattended_list_asks_as_nobody(invoices, url):
    page, frame = invoices
    other = frame.locator(".ag-row[row-index='5'] .ag-cell[col-id=invoice_number]").inner_text()
    frame.evaluate("FirmGrid.lastDeed = Date.now() - 60000")

    with page.expect_request("**/api/rows") as asked:
        change(url, overdue_number=other)

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


def test_a_narrow_window_keeps_every_tool(invoices):
    page, frame = invoices
    page.set_viewport_size({"width": 700, "height": 900})
    frame.wait_for_function("window.innerWidth < 700")

    for name in ("Columns", "Views", "Export"):
        expect(frame.get_by_role("button", name=name, exact=True)).to_be_visible()
    assert frame.evaluate("window.innerHeight") >= 360


def ends_with_a_column(frame: Frame) -> None:
    """Wait until the list's edge is a column's edge: widths follow the window's a moment later."""
    frame.wait_for_function(
        """() => {
            const room = document.querySelector('.ag-center-cols-viewport').clientWidth;
            return FirmGrid.api.getAllDisplayedColumns().filter(c => !c.getPinned())
                .some(c => Math.abs(c.getLeft() + c.getActualWidth() - room) <= 1);
        }"""
    )


@pytest.mark.parametrize("width", [1440, 1100, 760])
@pytest.mark.parametrize("path", ["/", "/clients"])
def test_no_column_is_cut_in_two(opened, path, width):
    page, frame = opened(path)

    page.set_viewport_size({"width": width, "height": 900})
    frame.wait_for_function("width => window.innerWidth <= width", arg=width)

    ends_with_a_column(frame)


def test_no_column_is_cut_in_two_where_a_list_opens_in_a_narrow_window(visit):
    _, frame = visit("/clients", width=760)

    ends_with_a_column(frame)


def test_widths_nobody_has_set_are_not_kept(invoices):
    _, frame = invoices
    kept = "'columnSizing' in FirmGrid.state().grid"

    assert frame.evaluate(kept) is False
    column_menu(frame, "client_name", "Fit width to contents")
    assert frame.evaluate(kept) is True


def test_a_list_leaves_out_what_says_nothing_where_it_stands(placed):
    _, frame = placed

    assert not {"client_name", "client_number"} & set(heads(frame))
    expect(frame.locator(".ag-header-cell[col-id=amount_cents]")).to_have_text("Billed")
    count_is(frame, re.compile(r"^\d+ bills$"))


def test_sums_stand_under_their_columns(placed):
    _, frame = placed
    row = frame.locator(".ag-floating-bottom-container .ag-row")

    expect(row).to_have_count(1)
    expect(row.locator("[col-id=amount_cents]")).to_contain_text("$")
    expect(row.locator("[col-id=invoice_number]")).to_have_text("Total")
    assert row.locator("a, button").count() == 0
