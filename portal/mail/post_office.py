"""The firm's mail, put together: who writes it out, who takes it away, where copies are kept."""

import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from portal.documents.for_letters import LetterDocuments
from portal.documents.invoice_pdfs import InvoicePdfs
from portal.firm_toml.mail import MailSettings
from portal.mail.brand import Brand
from portal.mail.carriers import Carrier
from portal.mail.compose import Composer, DocumentReader
from portal.mail.delivery import Delivery, DeliveryReport
from portal.mail.folder import FolderCarrier
from portal.mail.kept_mails import KeptMails
from portal.mail.smtp import SmtpCarrier
from portal.services.mail_ports import PayLinks
from portal.services.ports import Clock, Store
from portal.settings import Settings


@dataclass(kw_only=True)
class PostOffice:
    """Everything mail needs, of one firm."""

    home: Path
    settings: MailSettings
    store: Store
    brand: Brand
    documents: DocumentReader
    pay_links: PayLinks | None = None
    failpoint: Callable[[str], None] = lambda name: None

    @cached_property
    def kept(self) -> KeptMails:
        """Every mail as it was sent."""
        return KeptMails(self.home / "mail")

    @property
    def outbox_folder(self) -> Path:
        """Where mails become files, unless a server takes them."""
        return self.home / "outbox"

    @cached_property
    def composer(self) -> Composer:
        """What writes letters out."""
        return Composer(brand=self.brand, documents=self.documents, pay_links=self.pay_links)

    def deliver(self, clock: Clock) -> DeliveryReport:
        """Send all that is due now. Two of these at once send nothing twice."""
        return Delivery(
            store=self.store,
            carrier=self._carrier(),
            composer=self.composer,
            kept=self.kept,
            clock=clock,
            worker=f"{os.getpid()}-{uuid.uuid4().hex[:8]}",
            retry_hours=self.settings.retry_hours,
            failpoint=self.failpoint,
        ).run()

    def _carrier(self) -> Carrier:
        if self.settings.kind == "smtp" and self.settings.server is not None:
            return SmtpCarrier(self.settings.server)
        return FolderCarrier(self.outbox_folder)


def open_post_office(
    settings: Settings,
    store: Store,
    pay_links: PayLinks | None = None,
    failpoint: Callable[[str], None] = lambda name: None,
) -> PostOffice:
    """The mail of the firm whose settings these are."""
    brand = Brand(
        firm_name=settings.firm_name,
        public_url=settings.public_url,
        colour=settings.payers.colour,
        sender=settings.mail.sender,
        sender_name=settings.mail.sender_name,
        reply_to=settings.mail.reply_to,
    )
    return PostOffice(
        home=settings.home,
        settings=settings.mail,
        store=store,
        brand=brand,
        documents=LetterDocuments(InvoicePdfs(settings.documents_path), brand),
        pay_links=pay_links,
        failpoint=failpoint,
    )
