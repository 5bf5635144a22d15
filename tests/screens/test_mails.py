"""Mails with hostile names are inert in a real browser, and ask nobody for anything."""

from email import message_from_bytes
from email.policy import default

import pytest
from playwright.sync_api import Browser, Route

from portal.mail.compose import Composer
from portal.mail.reading import read_mail
from portal.services.mail_ports import LetterKind
from portal.web.security import MAIL_POLICY
from tests.mail.test_templates import FULL, HOSTILE, stored
from tests.mail_fixture import MORNING, OUR_BRAND, CountedLinks, PaperDrawer

pytestmark = pytest.mark.screens
PLACE = "http://127.0.0.1:8501/mail/"
SIDE_BY_SIDE = "<!doctype html><body style='margin: 0'>{}"
FRAME = "<iframe src='{}' style='display: block; border: 0; width: 300px; height: 200px'></iframe>"


def written(kind: LetterKind, text: str) -> bytes:
    facts = {**FULL, "client_name": text, "full_name": text, "message": text, "reason": text,
             "headline": text, "payer_name": text, "asked": text}  # fmt: skip
    composer = Composer(brand=OUR_BRAND, documents=PaperDrawer(), pay_links=CountedLinks())
    return composer.compose(stored(kind, facts, pay_scope=()), MORNING).raw


@pytest.mark.catalogue(73)
@pytest.mark.catalogue(75)
@pytest.mark.parametrize("policy", [MAIL_POLICY, ""], ids=["as staff see it", "in a mail program"])
def test_a_hostile_mail_does_nothing_in_a_browser(browser: Browser, policy: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    mails = {
        f"{PLACE}{kind.value}-{at}.html": read_mail(written(kind, text)).html
        for kind in LetterKind
        for at, text in enumerate(HOSTILE)
    }

    def answer(route: Route) -> None:
        address = route.request.url
        asked.append(address)
        is_mail = address in mails
        headers = {"content-security-policy": policy} if policy and is_mail else {}
        body = mails.get(address) or SIDE_BY_SIDE.format("".join(map(FRAME.format, mails)))
        route.fulfill(body=body, content_type="text/html", headers=headers)

    page = browser.new_page(viewport={"width": 300, "height": 200})
    page.on("dialog", lambda dialog: said.append(dialog.message) or dialog.dismiss())
    page.route("**/*", answer)
    page.goto(PLACE)
    assert {frame.url for frame in page.frames[1:]} == set(mails)
    for frame in page.frames[1:]:
        assert frame.locator("h1").count() == 1
        if not policy:
            frame.frame_element().scroll_into_view_if_needed()
            page.mouse.move(150, 100)
    page.close()

    assert said == []
    opened = {PLACE, *mails, PLACE.replace("/mail/", "/favicon.ico")}
    assert [one for one in asked if one not in opened] == []


def test_a_mail_fits_a_phone_and_a_desktop(browser: Browser) -> None:
    raw = written(LetterKind.STATEMENT, "Ann's Bakery & Sons")
    html = message_from_bytes(raw, policy=default).get_body(("html",)).get_content()
    for width in (390, 1440):
        page = browser.new_page(viewport={"width": width, "height": 844})
        page.set_content(html)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        button = page.get_by_role("link", name="Review & Pay").bounding_box()
        assert button is not None and button["height"] >= 40
        page.close()
