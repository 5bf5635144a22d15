"""The sandbox's payment page in a real browser, on a phone and on a desk."""

import itertools
import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from portal.gateways.open_gateway import open_gateway
from portal.services.gateway import HostedPage, PageRequest
from portal.services.gateway_states import GatewayState, MethodKind, PagePurpose, PageState
from portal.settings import PROJECT, read_settings
from portal.web import sandbox_page
from portal.web.security import Security, SecurityPolicy
from tests.screens.running_portal import PATIENCE_MS, free_port

pytestmark = pytest.mark.screens

PHONE = {"width": 390, "height": 844}
SMALLEST_PHONE = {"width": 320, "height": 568}
DESK = {"width": 1440, "height": 900}
LEAST_TOUCH = 44


async def back(request: Request) -> Response:
    return HTMLResponse("<h1>Back at the firm</h1>")


class Place:
    """The page's routes alone, served by a real server."""

    def __init__(self, home: Path) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        settings = read_settings(
            {"firm": {"name": "Hartwell & Rowe LLP", "public_url": self.url}},
            home=home, path=home / "firm.toml", environ={},
        )  # fmt: skip
        self.gateway = open_gateway(
            settings.gateway, home=home, secret=settings.secret_key, public_url=self.url,
            zone=settings.timezone, clock=lambda: datetime.now(UTC),
        )  # fmt: skip
        portal = SimpleNamespace(settings=settings, gateway=self.gateway)
        app = Starlette(
            routes=[
                *sandbox_page.routes(lambda: portal),
                Mount("/app/static", StaticFiles(directory=PROJECT / "static")),
                Route("/client-portal", back),
            ],
            middleware=[Middleware(Security, policy=SecurityPolicy(self.url))],
        )
        port = int(self.url.rpartition(":")[2])
        config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        until = time.monotonic() + 20
        while not self._server.started and time.monotonic() < until:
            time.sleep(0.05)
        self._count = itertools.count(1)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self.gateway.close()

    def open(self, purpose: PagePurpose = PagePurpose.PAY, **more: object) -> HostedPage:
        number = next(self._count)
        customer = self.gateway.customer(
            "7", "Barker Family Dental PLLC", "a@client.test", key="customer"
        )
        request = PageRequest(
            customer_ref=customer,
            purpose=purpose,
            return_url=f"{self.url}/client-portal?step=paid",
            our_id=f"PI-{number:04d}-0001",
            amount_cents=0 if purpose is PagePurpose.SAVE else 123_450,
            description="Invoices 10023 and 10031",
            **more,
        )
        return self.gateway.open_page(request, key=f"page {number}")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place(tmp_path_factory.mktemp("sandbox"))
    yield place
    place.stop()


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, place: Place, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("console", lambda said: complaints.append(said.text) if "Policy" in said.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(place.url) else complaints.append(asked.url),
    )
    yield page
    context.close()


def test_one_tap_pays_and_the_payer_is_back_with_the_pages_name_only(page, place, complaints):
    hosted = place.open()
    page.goto(hosted.url)

    page.get_by_role("button", name="Pay $1,234.50").tap()

    expect(page.get_by_role("heading", name="Back at the firm")).to_be_visible()
    assert page.url == f"{place.url}/client-portal?step=paid&page={hosted.ref}"
    assert place.gateway.read_page(hosted.ref).payment.state is GatewayState.SUCCEEDED
    assert complaints == []


def test_the_total_follows_the_method_before_anything_is_paid(page, place):
    page.goto(place.open(fees={MethodKind.CREDIT: 3_704}).url)

    expect(page.locator("#total")).to_have_text("$1,271.54")
    page.get_by_text("Visa debit").tap()
    expect(page.locator("#total")).to_have_text("$1,234.50")
    expect(page.locator("#fee")).to_have_text("none")
    expect(page.get_by_role("button", name="Pay $1,234.50")).to_be_visible()


def test_an_impatient_payer_pays_once(page, place):
    hosted = place.open()
    page.goto(hosted.url)

    page.get_by_role("button", name="Pay").dblclick()

    expect(page.get_by_role("heading", name="Back at the firm")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Paid $1,234.50")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="Back to Hartwell & Rowe LLP")).to_be_visible()
    assert place.gateway.read_page(hosted.ref).payment.captured_cents == 123_450


def test_two_tabs_of_one_page_pay_once(page, place):
    hosted = place.open()
    page.goto(hosted.url)
    other = page.context.new_page()
    other.goto(hosted.url)

    page.get_by_role("button", name="Pay").tap()
    expect(page.get_by_role("heading", name="Back at the firm")).to_be_visible()
    other.get_by_role("button", name="Pay").tap()

    expect(other.get_by_role("heading", name="Paid $1,234.50")).to_be_visible()
    assert place.gateway.read_page(hosted.ref).payment.captured_cents == 123_450


def test_declined_then_asked_by_the_bank_then_paid(page, place, complaints):
    hosted = place.open()
    page.goto(hosted.url)
    page.locator("summary").tap()
    page.get_by_text("Declined: insufficient funds").tap()
    page.get_by_role("button", name="Pay").tap()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was charged")

    page.locator("summary").tap()
    page.get_by_text("The bank asks you first").tap()
    page.get_by_role("button", name="Pay").tap()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_role("button", name="Yes, it is me").tap()

    expect(page.get_by_role("heading", name="Back at the firm")).to_be_visible()
    assert place.gateway.read_page(hosted.ref).payment.state is GatewayState.SUCCEEDED
    assert complaints == []


def test_after_a_lost_answer_the_payer_looks_and_does_not_pay_again(page, place):
    hosted = place.open()
    page.goto(hosted.url)
    page.locator("summary").tap()
    page.get_by_text("Approved, but the answer gets lost").tap()
    page.get_by_role("button", name="Pay").tap()

    expect(page.get_by_role("heading", name="No answer yet")).to_be_visible()
    page.get_by_role("link", name="Look again").tap()

    expect(page.get_by_role("heading", name="Paid $1,234.50")).to_be_visible()


def test_a_page_that_expired_meanwhile_charges_nothing_and_leads_back(page, place):
    hosted = place.open()
    page.goto(hosted.url)
    place.gateway.close_page(hosted.ref)

    page.get_by_role("button", name="Pay").tap()

    expect(page.get_by_role("heading", name="This page has expired")).to_be_visible()
    page.get_by_role("link", name=re.compile("Back to")).tap()
    expect(page.get_by_role("heading", name="Back at the firm")).to_be_visible()
    assert place.gateway.read_page(hosted.ref).payment.state is GatewayState.CANCELLED


def test_the_keyboard_alone_is_enough(page, place):
    hosted = place.open()
    page.goto(hosted.url)

    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Back at the firm")).to_be_visible()
    assert place.gateway.read_page(hosted.ref).payment.method.brand == "Mastercard"


def test_it_works_without_any_script(browser, place):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    hosted = place.open(PagePurpose.SAVE)
    page.goto(hosted.url)

    page.get_by_role("button", name="Save this method").click()

    expect(page.get_by_role("heading", name="Back at the firm")).to_be_visible()
    context.close()
    assert place.gateway.read_page(hosted.ref).state is PageState.DONE


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [SMALLEST_PHONE, PHONE, DESK], ids=["320", "390", "1440"])
def test_everything_fits_and_can_be_touched(browser, place, size, scheme):
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    page.goto(place.open(fees={MethodKind.CREDIT: 3_704}).url)
    page.locator("summary").click()

    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    heights = page.evaluate(
        "[...document.querySelectorAll('.row, .primary, summary')]"
        ".map((each) => each.getBoundingClientRect().height)"
    )
    assert min(heights) >= LEAST_TOUCH
    assert page.evaluate("document.fonts.check('16px Inter')")
    context.close()


@pytest.mark.catalogue(47)
def test_no_field_of_the_page_takes_a_card(page, place):
    page.goto(place.open().url)

    kinds = page.evaluate("[...document.querySelectorAll('input')].map((each) => each.type)")
    assert set(kinds) == {"hidden", "radio"}
    assert page.locator("textarea, select, [contenteditable], [autocomplete^=cc]").count() == 0
