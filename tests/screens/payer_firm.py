"""A served firm whose mail goes out and comes in through real servers on loopback."""

import contextlib
import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Browser, Page

from portal import bootstrap
from portal.bootstrap import Portal
from portal.services.correspondence_ports import MailInvoice
from portal.services.ports import UnitOfWork
from portal.services.prepare_resend import PrepareResend
from portal.settings import load_settings
from portal.store import Store, open_store
from tests.adapters.imap_server import PASSWORD, USER, imap_server, post
from tests.adapters.mail_server import Sink, smtp_server
from tests.payer_fixture import ADMIN
from tests.screens.ready_firm import SMALL, lay_out_firm
from tests.screens.running_portal import PATIENCE_MS, running_portal, sign_in

_MAIL = """
[mail]
kind = "smtp"
from = "Billing <billing@hartwell.example>"
first_mail = "off"

[mail.smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"

[mail.inbound.imap]
host = "127.0.0.1"
port = {imap}
security = "none"
user = "{user}"
password = "{password}"
"""
CALM_SECONDS = 3
A_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_OPEN = (
    "select invoice_id::varchar, client_number, invoice_number, client_id::varchar "
    "from invoice_list "
    "inner join clients using (client_id) where outstanding_cents > 20000 and not is_void "
    "and entry_kind = 'invoice' and not is_disputed and client_id::varchar <> ? "
    "order by invoice_date"
)


@dataclass(frozen=True, kw_only=True)
class PayerFirm:
    """The firm, an unpaid invoice with one reader, and two numbers of another client."""

    home: Path
    url: str
    sink: Sink
    imap_port: int
    invoice: MailInvoice
    other: tuple[str, str]
    other_id: str
    strangers: list[str] = field(default_factory=list)
    """Requests to other hosts, of whatever browser `watch` watches."""

    def store(self) -> contextlib.AbstractContextManager[Store]:
        """The store, beside the server."""
        settings = load_settings({"PORTAL_HOME": str(self.home)})
        return contextlib.closing(open_store(settings.store_url, secret_key=settings.secret_key))

    def staff(self, browser: Browser) -> Page:
        """Somebody of the firm at a desk."""
        context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=self.url)
        context.set_default_timeout(PATIENCE_MS)
        sign_in(context, self.home, self.url)
        return context.new_page()

    def mail_in(self, *pdfs: tuple[str, bytes], subject: str = "Invoices") -> None:
        """The practice management system mails PDFs into the firm's mailbox."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "pms@firm.example", "in@firm.example", subject
        mail["Message-ID"] = f"<{len(pdfs)}.{abs(hash(pdfs))}@pms.example>"
        mail.set_content("Attached.")
        for name, content in pdfs:
            mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
        post(self.imap_port, mail.as_bytes())

    def waits_for(self, has_come: Callable[[UnitOfWork], object]) -> None:
        """Wait until something stands in the store."""
        until = time.monotonic() + 90
        with self.store() as store:
            while time.monotonic() < until:
                with store.reading() as view:
                    if has_come(view):
                        return
                time.sleep(0.3)
        raise AssertionError("it has not come")

    def settle(self) -> None:
        """Wait until the data has stopped changing: newer data draws an idle page anew."""
        seen, since = -1, time.monotonic()
        while time.monotonic() - since < CALM_SECONDS:
            with urllib.request.urlopen(f"{self.url}/health") as answer:
                version = json.load(answer)["version"]
            if version != seen:
                seen, since = version, time.monotonic()
            time.sleep(0.3)


@contextlib.contextmanager
def payer_firm(home: Path) -> Iterator[PayerFirm]:
    """Make the firm, look for an invoice to mail, and serve it."""
    sink = Sink()
    with smtp_server(sink) as smtp_port, imap_server() as imap_port:
        lay_out_firm(home, SMALL)
        with (home / "firm.toml").open("a", encoding="utf-8") as written:
            said = {"smtp": smtp_port, "imap": imap_port, "user": USER, "password": PASSWORD}
            written.write(_MAIL.format(**said))
        invoice, other = _look(home)
        with running_portal(home) as url:
            yield PayerFirm(
                home=home,
                url=url,
                sink=sink,
                imap_port=imap_port,
                invoice=invoice,
                other=(other[0], other[1]),
                other_id=other[2],
            )


def _look(home: Path) -> tuple[MailInvoice, tuple[str, str, str]]:
    portal = bootstrap.build(load_settings({"PORTAL_HOME": str(home)}))
    try:
        portal.refreshing.refresh(deletions=False)
        con = portal.warehouse.connection()
        found = con.execute(_OPEN, [""]).fetchall()
        invoice = next(one for one in (_to_mail(portal, row[0]) for row in found) if one)
        (other, *_) = con.execute(_OPEN, [invoice.client_id]).fetchall()
        return invoice, (other[1], other[2], other[3])
    finally:
        portal.close()


def _to_mail(portal: Portal, invoice_id: str) -> MailInvoice | None:
    """The invoice, if its client has one reader of invoices."""
    asked = PrepareResend(actor=ADMIN, invoice_ids=(invoice_id,))
    offer = portal.correspondence.prepare_resend(asked)
    (client,) = offer.clients or (None,)
    return client.invoices[0] if client is not None and len(client.readers) == 1 else None
