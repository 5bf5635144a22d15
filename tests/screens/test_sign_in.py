"""Coming in and going out of the sample firm, in a real browser against the real server."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import websocket
from playwright.sync_api import Browser, Page, expect

from tests.screens.going import drawn_after
from tests.screens.running_portal import PATIENCE_MS, running_portal

pytestmark = pytest.mark.screens

WIDTHS = {"desktop": (1440, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_portal(tmp_path_factory.mktemp("firm")) as url:
        yield url


class Watched:
    """A page, and what its browser complained about or asked elsewhere."""

    def __init__(self, browser: Browser, url: str, size: tuple[int, int], scheme: str) -> None:
        width, height = size
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        self.complaints: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda asked: self._see(asked.url, url))

    def _hear(self, message: object) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            self.complaints.append(message.text)

    def _see(self, asked: str, url: str) -> None:
        if not asked.startswith((url, "data:", "blob:", url.replace("http", "ws"))):
            self.complaints.append(f"asked elsewhere: {asked}")

    def cookie(self) -> dict | None:
        kept = [one for one in self.context.cookies() if one["name"] == "portal_session"]
        return kept[0] if kept else None

    def enter(self, url: str, name: str) -> None:
        """Come in with one click; the cookie is out of reach of scripts and of other sites."""
        self.page.goto(url)
        self.page.get_by_role("button", name=f"Enter as {name}").click()
        self.signed_in()
        cookie = self.cookie()
        assert cookie is not None
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"
        assert self.page.evaluate("document.cookie").count("portal_session") == 0
        expect(self.page.get_by_text(name.capitalize(), exact=True)).to_be_visible()

    def signed_in(self) -> None:
        """Wait until the portal is open."""
        expect(self.page.get_by_test_id("stSidebar").get_by_text("Sign out")).to_be_attached(
            timeout=PATIENCE_MS
        )


@pytest.fixture
def visitor(browser: Browser, url: str) -> Iterator[Watched]:
    watched = Watched(browser, url, WIDTHS["desktop"], "light")
    yield watched
    watched.context.close()
    assert watched.complaints == []


def test_one_click_enters_the_sample_firm_in_every_tab_of_the_browser(
    visitor: Watched, url: str
) -> None:
    visitor.enter(f"{url}/data", "collector")
    second = visitor.context.new_page()

    second.goto(f"{url}/data")

    expect(second.get_by_text("Sign out")).to_be_visible(timeout=PATIENCE_MS)


def type_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_name_and_a_password_come_in_and_a_wrong_one_does_not(visitor: Watched, url: str) -> None:
    visitor.page.goto(f"{url}/data")
    type_in(visitor.page, "manager", "wrong")
    expect(visitor.page.get_by_text("or the password is not right")).to_be_visible(timeout=10_000)
    assert visitor.cookie() is None

    type_in(visitor.page, "manager", "demo")

    visitor.signed_in()
    expect(visitor.page.get_by_text("Manager", exact=True)).to_be_visible()


def test_the_firms_address_opens_the_portal_and_the_sixth_wrong_password_has_to_wait(
    visitor: Watched, url: str
) -> None:
    visitor.page.goto(f"{url}/firm-portal")
    for number in range(5):
        # The next try is typed into the page that has answered this one.
        drawn_after(visitor.page, partial(type_in, visitor.page, "nobody-here", f"wrong{number}"))
        expect(visitor.page.get_by_text("is not right")).to_be_visible(timeout=PATIENCE_MS)

    type_in(visitor.page, "nobody-here", "once more")

    expect(visitor.page.get_by_text("Too many tries")).to_be_visible(timeout=PATIENCE_MS)


def test_signing_out_takes_the_cookie_and_its_copies_are_worthless(
    visitor: Watched, url: str, browser: Browser
) -> None:
    visitor.enter(f"{url}/data", "partner")
    copied = visitor.cookie()

    visitor.page.get_by_role("button", name="Sign out").click()

    expect(visitor.page.get_by_role("button", name="Enter as partner")).to_be_visible(
        timeout=PATIENCE_MS
    )
    assert visitor.cookie() is None
    thief = browser.new_context()
    thief.add_cookies([copied])
    page = thief.new_page()
    page.goto(f"{url}/data")
    expect(page.get_by_text("Your session has ended")).to_be_visible(timeout=PATIENCE_MS)
    thief.close()


def test_signing_in_leads_to_the_address_that_was_asked_for(visitor: Watched, url: str) -> None:
    visitor.enter(f"{url}/trends?from=2026-01", "admin")

    assert visitor.page.url == f"{url}/trends?from=2026-01"


@pytest.mark.catalogue(51)
def test_an_address_one_may_not_open_runs_none_of_its_page(visitor: Watched, url: str) -> None:
    visitor.enter(f"{url}/trends", "user")

    expect(visitor.page.get_by_text("do not have the permission for this page")).to_be_visible(
        timeout=PATIENCE_MS
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sign_in_page_fits(browser: Browser, url: str, scheme: str) -> None:
    watched = Watched(browser, url, WIDTHS["desktop"], scheme)
    watched.page.goto(url)
    expect(watched.page.get_by_role("heading", name=re.compile("Hartwell"))).to_be_visible(
        timeout=PATIENCE_MS
    )
    button = watched.page.get_by_role("button", name="Sign in", exact=True)
    pictures = Path(__file__).parent / "pictures"
    pictures.mkdir(exist_ok=True)
    for size, (wide, high) in WIDTHS.items():
        watched.page.set_viewport_size({"width": wide, "height": high})
        expect(button).to_be_visible()

        width = watched.page.evaluate("document.documentElement.scrollWidth")
        box = button.bounding_box()

        assert width <= wide
        assert 0 <= box["x"] <= wide - box["width"]
        watched.page.screenshot(path=pictures / f"sign_in_{size}_{scheme}.png")
    watched.context.close()
    assert watched.complaints == []


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_a_foreign_page_gets_no_socket_to_streamlit(url: str, origin: str | None) -> None:
    address = f"{url.replace('http', 'ws')}/_stcore/stream"
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        websocket.create_connection(
            address, timeout=10, origin=origin, suppress_origin=origin is None
        )
