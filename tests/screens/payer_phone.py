"""A payer with a phone: taps are counted, mails are read out of the outbox's folder."""

import email
import re
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from portal import bootstrap
from portal.services.resend_invoices import ResendInvoices
from portal.settings import load_settings
from tests.payer_fixture import ADMIN
from tests.screens.running_portal import PATIENCE_MS

PHONE = {"width": 390, "height": 844}
MAIL_SECONDS = 40


@dataclass
class Phone:
    """One phone; `taps` counts what its owner does, typing apart."""

    context: BrowserContext
    page: Page
    taps: int = 0

    def tap(self, target: Locator) -> None:
        """Touch something."""
        target.scroll_into_view_if_needed()
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


def phone(browser: Browser) -> Phone:
    """A phone nobody has used before."""
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    context.set_default_timeout(PATIENCE_MS)
    return Phone(context, context.new_page())


def mail(home: Path, kind: str, *, after: int = 0) -> EmailMessage:
    """The newest mail of a kind in the outbox's folder, once there are more than `after`."""
    until = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < until:
        found = sorted((home / "outbox").glob(f"*-{kind}-*.eml"))
        if len(found) > after:
            return email.message_from_bytes(found[-1].read_bytes(), policy=default)
        time.sleep(0.3)
    raise AssertionError(f"no mail of the kind {kind} has come")


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


def resend_an_invoice(home: Path) -> tuple[str, str]:
    """While no server runs: mail an unpaid invoice that has a PDF to its one contact.

    Returns: the numbers of another client and of an invoice of it, as printed on that invoice.
    """
    portal = bootstrap.build(load_settings({"PORTAL_HOME": str(home)}))
    try:
        wanted = sorted(file.stem for file in (home / "documents").rglob("*.pdf"))
        for invoice_id in wanted:
            command = ResendInvoices(
                actor=ADMIN, request_id=f"journey-{invoice_id}", invoice_ids=(invoice_id,)
            )
            (sent,) = portal.correspondence.resend_invoices(command)
            if sent.letter_id and len(sent.sent_to) == 1:
                break
        con = portal.warehouse.connection()
        own = con.execute(
            "select client_id from invoice_list where invoice_id::varchar = ?", [invoice_id]
        ).fetchone()
        return con.execute(
            "select client_number, invoice_number from invoice_list "
            "inner join clients using (client_id) "
            "where client_id <> ? and outstanding_cents > 0 and not is_void "
            "order by invoice_id limit 1",
            own,
        ).fetchone()
    finally:
        portal.close()
