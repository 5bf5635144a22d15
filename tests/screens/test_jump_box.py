"""The jump box in a real browser: `/` finds and opens without a reload, from pages and lists."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.screens.going import stands
from tests.screens.running_portal import PATIENCE_MS, running_browser, running_portal, sign_in

pytestmark = pytest.mark.screens


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    home = tmp_path_factory.mktemp("jump")
    with running_portal(home) as url, running_browser() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        sign_in(context, home, url)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        page.goto(f"{url}/data")
        yield page


@pytest.fixture
def page(opened: Page) -> Iterator[Page]:
    """The page of whoever works here all day: the box is opened on it again and again."""
    opened.get_by_role("button", name="Find a client or invoice").wait_for()
    yield opened
    opened.keyboard.press("Escape")
    expect(opened.get_by_role("dialog", name="Find a client or invoice")).to_be_hidden()


def open_box(page: Page) -> None:
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Client name or number")).to_be_focused()


def test_arrows_choose_and_escape_closes(page: Page) -> None:
    open_box(page)
    page.keyboard.type("in")
    page.get_by_role("option").nth(1).wait_for()

    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog", name="Find a client or invoice")).to_be_hidden()


def test_nothing_found_is_said(page: Page) -> None:
    open_box(page)
    page.keyboard.type("<b>zzzz</b>")

    expect(page.get_by_text("Nothing found. Try part of the name, or a number.")).to_be_visible()


def test_a_few_letters_and_enter_open_a_client_without_a_reload(page: Page) -> None:
    page.evaluate("window.stillThere = true")
    open_box(page)
    page.keyboard.type("in")
    first = page.get_by_role("option").first
    first.wait_for()
    name = first.locator(".name").inner_text()

    page.keyboard.press("Enter")

    page.wait_for_url("**/client?id=*")
    expect(page.get_by_role("heading", name=name).first).to_be_visible()
    assert page.evaluate("window.stillThere") is True


def test_the_key_works_while_a_list_has_the_focus(page: Page) -> None:
    stands(page)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Clients").click()
    page.wait_for_url("**/clients")
    grid = page.frame_locator("iframe[src*='st_aggrid']").last
    grid.locator(".ag-row[row-index='1'] .ag-cell[col-id='client_number']").click()
    page.wait_for_timeout(500)

    open_box(page)
