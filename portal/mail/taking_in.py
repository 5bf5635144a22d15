"""A mail has come in, by whatever way: its PDFs find their invoices, its reports their letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain.errors import PortalError
from portal.mail.incoming import Incoming, Report, read_incoming
from portal.services.mail_ports import DocumentState, Happening, Recipient
from portal.services.receive_document import Intake, ReceiveDocument, receive_document


class SenderRefused(PortalError):
    """Mail of this sender brings no invoices here."""


@dataclass(kw_only=True)
class TakenIn:
    """What came in."""

    matched: int = 0
    unmatched: int = 0
    refused: int = 0
    reports: int = 0

    def add(self, other: "TakenIn") -> None:
        """Count another's as well."""
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)

    def count(self, state: DocumentState) -> None:
        """Count one file."""
        match state:
            case DocumentState.MATCHED | DocumentState.SUPERSEDED:
                self.matched += 1
            case DocumentState.UNMATCHED:
                self.unmatched += 1
            case _:
                self.refused += 1


def take_in_mail(
    raw: bytes,
    intake: Intake,
    *,
    source: str,
    source_key: str,
    received_at: datetime,
    senders: Sequence[str] = (),
) -> TakenIn:
    """Take a mail in; the same mail again changes nothing.

    Raises: SenderRefused for one with files whose sender may not bring any.
    """
    mail = read_incoming(raw)
    taken = TakenIn()
    taken.reports = _keep_reports(mail.reports, intake, received_at)
    if mail.files and not may_bring(mail.sender, senders):
        raise SenderRefused("This sender may not bring invoices.")
    for at, file in enumerate(mail.files):
        document = receive_document(
            ReceiveDocument(
                source=source,
                source_key=f"{source_key}/{at}",
                file_name=file.name,
                content=file.content,
                received_at=_moment(mail, received_at),
                subject=mail.subject,
                sender=mail.sender,
            ),
            intake,
        )
        taken.count(document.state)
    return taken


def may_bring(sender: str, allowed: Sequence[str]) -> bool:
    """Whether this sender's files are taken: everybody's where the firm names nobody."""
    domain = f"@{sender.rpartition('@')[2]}"
    return not allowed or sender in allowed or domain in allowed


def _moment(mail: Incoming, received_at: datetime) -> datetime:
    """When the mail was written; a date in the future must not beat all that comes later."""
    return min(mail.dated, received_at) if mail.dated else received_at


def _keep_reports(reports: Sequence[Report], intake: Intake, at: datetime) -> int:
    kept = 0
    for report in reports:
        with intake.store.unit_of_work() as uow:
            stored = uow.outbox.find_by_message_id(report.letter_id)
            if stored is None or not _is_about(report, stored.letter.recipients):
                continue
            happening = Happening(
                letter_id=stored.letter_id,
                event=report.event,
                at=at,
                address=report.address,
                detail=report.detail,
            )
            earlier = uow.mail_news.of_letter(stored.letter_id)
            told = {(one.event, (one.address or "").casefold()) for one in earlier}
            if (report.event, report.address.casefold()) not in told:
                uow.mail_news.note(happening)
                uow.commit()
                kept += 1
    return kept


def _is_about(report: Report, recipients: Sequence[Recipient]) -> bool:
    return report.address.casefold() in {one.address.casefold() for one in recipients}
