"""A payer with a phone: taps are counted, and mails are opened as they arrived."""

import re
import time
from dataclasses import dataclass
from email.message import EmailMessage

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.adapters.mail_server import Sink
from tests.screens.running_portal import PATIENCE_MS

PHONE = {"width": 390, "height": 844}
MAIL_SECONDS = 90


@dataclass
class Phone:
    """One phone; `taps` counts what its owner does, typing apart."""

    context: BrowserContext
    page: Page
    taps: int = 0

    def tap(self, target: Locator) -> None:
        """Touch something."""
        target.click()
        self.taps += 1

    def button(self, name: str) -> Locator:
        """The button whose label begins so."""
        return self.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}"))

    def field(self, name: str) -> Locator:
        """The field with this label."""
        return self.page.get_by_role("textbox", name=name, exact=True)

    def says(self, text: str) -> None:
        """Wait until the page says something."""
        self.page.get_by_text(text).first.wait_for()

    def opens(self, message: EmailMessage) -> None:
        """Read a mail, as a mail program shows it."""
        body = message.get_body(("html",))
        assert body is not None
        self.page.set_content(body.get_content())


def phone(browser: Browser) -> Phone:
    """A phone nobody has used before."""
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    context.set_default_timeout(PATIENCE_MS)
    return Phone(context, context.new_page())


def arrived(sink: Sink, subject: str, *, after: int = 0) -> EmailMessage:
    """The newest mail whose subject begins so, once more than `after` of them have arrived."""
    until = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < until:
        found = [one for one in sink.mails if str(one["Subject"]).startswith(subject)]
        if len(found) > after:
            return found[-1]
        time.sleep(0.3)
    raise AssertionError(f"no mail “{subject}…” among {[str(m['Subject']) for m in sink.mails]}")


def link_of(message: EmailMessage) -> str:
    """Where the button of a mail leads."""
    body = message.get_body(("html",))
    assert body is not None
    return re.findall(r'href="([^"]*/client-portal/open#[^"]+)"', body.get_content())[0]


def pdfs_of(message: EmailMessage) -> list[bytes]:
    """The PDFs that go with a mail."""
    return [
        part.get_content()
        for part in message.iter_attachments()
        if part.get_content_type() == "application/pdf"
    ]
