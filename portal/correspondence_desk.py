"""The commands of mail and documents, put together: what pages, routes and jobs call."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from portal.documents.invoice_pdfs import InvoicePdfs
from portal.documents.pdf_check import check_pdf
from portal.documents.waiting_files import WaitingPdfs
from portal.documents.watched_folder import FoundFile, empty_folder
from portal.failpoints import failpoint
from portal.mail.mailbox import empty_mailbox
from portal.mail.post_office import PostOffice, open_post_office
from portal.mail.taking_in import SenderRefused, TakenIn, take_in_mail
from portal.services.assign_document import (
    AssignDocument,
    DismissDocument,
    assign_document,
    dismiss_document,
)
from portal.services.correspondence_ports import Correspondence
from portal.services.look_at_letter import LetterSeen, LookAtLetter, look_at_letter
from portal.services.mail_ports import PayLinks
from portal.services.money_ports import ClientDirectory
from portal.services.ports import Clock, Store
from portal.services.prepare_resend import PrepareResend, ResendOffer, prepare_resend
from portal.services.receive_document import Intake, ReceiveDocument, receive_document
from portal.services.resend_invoices import InvoiceResent, ResendInvoices, resend_invoices
from portal.services.resend_letter import ResendLetter, resend_letter
from portal.services.review_letter import ReviewLetter, review_letter
from portal.settings import Settings

if TYPE_CHECKING:
    from portal.mail.listener import MailDoor


@dataclass
class CorrespondenceDesk:
    """What mails and documents of one firm are worked with."""

    settings: Settings
    store: Store
    correspondence: Correspondence
    directory: ClientDirectory
    now: Clock
    pay_links: PayLinks | None = None

    @cached_property
    def post_office(self) -> PostOffice:
        """Who writes mails out, takes them away and keeps copies."""
        return open_post_office(self.settings, self.store, self.pay_links, failpoint)

    @cached_property
    def _door(self) -> "MailDoor | None":
        inbound = self.settings.mail.inbound
        if not inbound.listen_port:
            return None
        # Only a firm that takes mail by SMTP waits for the library that does it.
        from portal.mail.listener import MailDoor

        return MailDoor(inbound.listen_host, inbound.listen_port, self.take_in_mail)

    def open_door(self) -> None:
        """Take mail by SMTP from now on, if the firm wants that."""
        if self._door:
            self._door.start()

    def close_door(self) -> None:
        """Take no more mail by SMTP."""
        if self._door:
            self._door.stop()

    @cached_property
    def intake(self) -> Intake:
        """How received files find their invoices."""
        documents = self.settings.documents_path
        return Intake(
            store=self.store,
            clock=self.now,
            correspondence=self.correspondence,
            invoices=InvoicePdfs(documents),
            waiting=WaitingPdfs(documents),
            check=check_pdf,
            first_mail=self.settings.mail.first_mail,
        )

    @property
    def watched_folder(self) -> Path:
        """Where PDFs are put to be taken in."""
        return self.settings.mail.inbound.folder or self.settings.home / "inbox"

    def prepare_resend(self, command: PrepareResend) -> ResendOffer:
        """Look at invoices before they are mailed again."""
        return prepare_resend(
            command, correspondence=self.correspondence, has_pdf=self.intake.invoices.has
        )

    def resend_invoices(self, command: ResendInvoices) -> list[InvoiceResent]:
        """Mail unpaid invoices again."""
        return resend_invoices(
            command, store=self.store, clock=self.now, correspondence=self.correspondence
        )

    def resend_letter(self, command: ResendLetter) -> str:
        """Send a mail again."""
        return resend_letter(command, store=self.store, clock=self.now, directory=self.directory)

    def review_letter(self, command: ReviewLetter) -> None:
        """Let a held mail go, or drop it."""
        review_letter(command, store=self.store, clock=self.now, directory=self.directory)

    def look_at_letter(self, command: LookAtLetter) -> LetterSeen:
        """Find a mail, as it was sent or as it would be."""
        office = self.post_office
        return look_at_letter(
            command,
            store=self.store,
            directory=self.directory,
            kept=office.kept.read,
            draft=lambda stored: office.composer.draft(stored, self.now()).raw,
        )

    def assign_document(self, command: AssignDocument) -> str:
        """Say which invoice a file belongs to."""
        return assign_document(command, self.intake)

    def dismiss_document(self, command: DismissDocument) -> None:
        """Put a file aside."""
        dismiss_document(command, self.intake)

    def take_in_folder(self) -> TakenIn:
        """Take in what was put into the watched folder."""
        taken = TakenIn()

        def take(found: FoundFile) -> str:
            document = receive_document(
                ReceiveDocument(
                    source="folder",
                    source_key=found.key,
                    file_name=found.path.name,
                    content=found.content,
                    received_at=found.written_at,
                ),
                self.intake,
            )
            taken.count(document.state)
            return f"{document.document_id}.pdf"

        empty_folder(self.watched_folder, take)
        return taken

    def take_in_mailbox(self) -> TakenIn:
        """Take in the unread mails of the inbound mailbox, if there is one.

        Raises: MailboxAway.
        """
        inbound, taken = self.settings.mail.inbound, TakenIn()
        if inbound.mailbox is None:
            return taken
        where = f"imap:{inbound.mailbox.user}@{inbound.mailbox.host}/{inbound.mailbox_folder}"

        def take(raw: bytes, key: str, came_at: datetime) -> None:
            try:
                taken.add(self._take_in(raw, where, key, came_at))
            except SenderRefused:
                taken.refused += 1

        empty_mailbox(inbound.mailbox, inbound.mailbox_folder, take)
        return taken

    def take_in_mail(self, raw: bytes, key: str) -> None:
        """Take in a mail that came by SMTP.

        Raises: SenderRefused.
        """
        self._take_in(raw, "smtp", key, self.now())

    def _take_in(self, raw: bytes, source: str, key: str, came_at: datetime) -> TakenIn:
        return take_in_mail(
            raw,
            self.intake,
            source=source,
            source_key=key,
            received_at=came_at,
            senders=self.settings.mail.inbound.senders,
        )
