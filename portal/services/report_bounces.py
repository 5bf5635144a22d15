"""The daily report of mail that did not arrive: to those who look after it, once a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.mail_addresses import Recipient
from portal.services.mail_ports import Happening, Letter, LetterEvent, LetterKind, StoredLetter
from portal.services.ports import Store

_TOLD = (
    LetterEvent.BOUNCED_HARD,
    LetterEvent.BOUNCED_SOFT,
    LetterEvent.FAILED,
    LetterEvent.UNSURE,
)
_WORDS = {
    LetterEvent.BOUNCED_HARD: "came back for good",
    LetterEvent.BOUNCED_SOFT: "came back for now",
    LetterEvent.FAILED: "could not be sent",
    LetterEvent.UNSURE: "may or may not have gone out",
}
MOST_LINES = 50


@dataclass(frozen=True, kw_only=True)
class ReportBounces:
    """The request: what was heard since a moment, reported on one of the firm's days."""

    since: datetime
    day: date
    to: tuple[str, ...]


def report_bounces(command: ReportBounces, *, store: Store, now: datetime) -> int:
    """Mail the report if there is anything to tell. Returns: how many things it tells."""
    with store.unit_of_work() as uow:
        heard = uow.mail_news.since(command.since, _TOLD)
        lines = [_line(one, uow.outbox.find(one.letter_id)) for one in heard[:MOST_LINES]]
        if len(heard) > MOST_LINES:
            lines.append(f"And {len(heard) - MOST_LINES:,} more.")
        if heard and command.to:
            uow.outbox.add(_letter(command, len(heard), lines), at=now)
            uow.commit()
    return len(heard)


def _letter(command: ReportBounces, count: int, lines: Iterable[str]) -> Letter:
    mails = "1 mail" if count == 1 else f"{count:,} mails"
    return Letter(
        kind=LetterKind.STAFF_ALERT,
        dedupe_key=f"bounces:{command.day.isoformat()}",
        recipients=tuple(Recipient(address=one) for one in command.to),
        facts={
            "headline": f"{mails} did not arrive",
            "lines": list(lines),
            "path": "/email-delivery",
        },
    )


def _line(heard: Happening, stored: StoredLetter | None) -> str:
    subject = (stored.subject if stored else None) or "A mail"
    whom = f" to {heard.address}" if heard.address else ""
    why = f" ({heard.detail})" if heard.detail else ""
    return f"{subject}{whom} {_WORDS[heard.event]}{why}"
