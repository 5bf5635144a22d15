"""The job that empties the outbox: in order, each letter once, whatever stops it in between.

What each step promises is written in docs/adr/0011-a-mail-leaves-once.md.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from portal.domain.errors import Invalid, PortalError
from portal.mail.carriers import (
    Carrier,
    CarrierAway,
    ClaimLost,
    NeverTaken,
    NotTakenNow,
    Outgoing,
    PerhapsTaken,
)
from portal.mail.compose import Composed, Composer
from portal.mail.kept_mails import KeptMails
from portal.services.mail_ports import Happening, LetterEvent, StoredLetter
from portal.services.ports import Clock, Store

_LOG = logging.getLogger("portal.mail")
CLAIM_MINUTES = 10
MOST_AT_ONCE = 20
_WAITS = (1, 5, 15, 60, 120)
"""Minutes until the next try, after the first, the second …; then every four hours."""
_LATER_WAIT = 240
_UNSURE = (
    "The portal stopped while this mail was leaving, so perhaps it went out. "
    "It is not sent again by itself; send it again if it did not arrive."
)


@dataclass(kw_only=True)
class DeliveryReport:
    """What one run of the job did."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    unsure: int = 0
    away: str = ""
    """Why the mail server takes nothing now; "" when it does."""


@dataclass(kw_only=True)
class Delivery:
    """Sends what is in the outbox through one carrier."""

    store: Store
    carrier: Carrier
    composer: Composer
    kept: KeptMails
    clock: Clock
    worker: str
    retry_hours: int = 72
    failpoint: Callable[[str], None] = field(default=lambda name: None)

    def run(self) -> DeliveryReport:
        """Send all that is due."""
        report = DeliveryReport()
        self._settle_the_silent(report)
        try:
            while not report.away and (batch := self._claim()):
                for stored in batch:
                    self._send(stored, report)
        except CarrierAway as problem:
            report.away = str(problem)
            with self.store.unit_of_work() as uow:
                uow.sending.let_go(self.worker, reason=report.away, now=self.clock())
                uow.commit()
        finally:
            self.carrier.close()
        return report

    def _claim(self) -> list[StoredLetter]:
        now = self.clock()
        until = now + timedelta(minutes=CLAIM_MINUTES)
        with self.store.unit_of_work() as uow:
            batch = uow.sending.claim(worker=self.worker, now=now, until=until, most=MOST_AT_ONCE)
            uow.commit()
        self.failpoint("mail.claimed")
        return batch

    def _send(self, stored: StoredLetter, report: DeliveryReport) -> None:
        try:
            mail = self._written_out(stored)
            self.failpoint("mail.composed")
            carried = self.carrier.carry(mail, lambda: self._hand_over(stored))
        except ClaimLost:
            return
        except (Invalid, NeverTaken) as problem:
            self._failed(stored, str(problem))
            report.failed += 1
        except NotTakenNow as problem:
            self._later(stored, str(problem), report)
        except PerhapsTaken as problem:
            self._unsure(stored, str(problem))
            report.unsure += 1
        else:
            self.failpoint("mail.taken")
            self._sent(stored, carried.refused)
            report.sent += 1

    def _written_out(self, stored: StoredLetter) -> Outgoing:
        """The mail of a letter: the one that was written down, or a new one."""
        raw = self.kept.read(stored.letter_id)
        if raw is None:
            composed = self._composed(stored)
            raw = composed.raw
            self.kept.keep(stored.letter_id, raw)
            with self.store.unit_of_work() as uow:
                uow.sending.composed(
                    stored.letter_id,
                    subject=composed.subject,
                    is_complete=composed.is_complete,
                    has_attachment=composed.has_attachment,
                )
                uow.commit()
        return self._outgoing(stored, raw)

    def _composed(self, stored: StoredLetter) -> Composed:
        """Write a letter out; one that can't be must not keep the others back.

        Raises: Invalid, NotTakenNow.
        """
        try:
            return self.composer.compose(stored, self.clock())
        except Invalid:
            raise
        except PortalError as problem:
            raise NotTakenNow(str(problem)) from None
        except Exception:
            _LOG.exception("letter %s could not be written out", stored.letter_id)
            raise Invalid("The mail could not be written out; the log says why.") from None

    def _outgoing(self, stored: StoredLetter, raw: bytes) -> Outgoing:
        return Outgoing(
            letter_id=stored.letter_id,
            raw=raw,
            sender=self.composer.brand.address,
            recipients=tuple(one.address for one in stored.letter.recipients),
            created_at=stored.created_at,
            kind=stored.letter.kind.value,
        )

    def _hand_over(self, stored: StoredLetter) -> bool:
        now = self.clock()
        until = now + timedelta(minutes=CLAIM_MINUTES)
        with self.store.unit_of_work() as uow:
            may = uow.sending.hand_over(stored.letter_id, worker=self.worker, now=now, until=until)
            uow.commit()
        self.failpoint("mail.leaving")
        return may

    def _sent(self, stored: StoredLetter, refused: Mapping[str, str]) -> None:
        now = self.clock()
        with self.store.unit_of_work() as uow:
            uow.sending.record_sent(stored.letter_id, at=now)
            for address, why in refused.items():
                uow.mail_news.note(
                    Happening(
                        letter_id=stored.letter_id,
                        event=LetterEvent.BOUNCED_HARD,
                        at=now,
                        address=address,
                        detail=why,
                    )
                )
            uow.commit()
        self._forget_secret(stored)

    def _later(self, stored: StoredLetter, reason: str, report: DeliveryReport) -> None:
        now = self.clock()
        if now - stored.created_at >= timedelta(hours=self.retry_hours):
            self._failed(stored, f"Tried for {self.retry_hours} hours. The last answer: {reason}")
            report.failed += 1
            return
        minutes = _WAITS[stored.tries] if stored.tries < len(_WAITS) else _LATER_WAIT
        with self.store.unit_of_work() as uow:
            uow.sending.try_later(
                stored.letter_id, reason=reason, now=now, at=now + timedelta(minutes=minutes)
            )
            uow.commit()
        report.later += 1

    def _failed(self, stored: StoredLetter, reason: str) -> None:
        with self.store.unit_of_work() as uow:
            uow.sending.record_failed(stored.letter_id, reason=reason, at=self.clock())
            uow.commit()
        self._forget_secret(stored)

    def _unsure(self, stored: StoredLetter, reason: str) -> None:
        with self.store.unit_of_work() as uow:
            uow.sending.record_unsure(stored.letter_id, reason=reason, at=self.clock())
            uow.commit()
        self._forget_secret(stored)

    def _forget_secret(self, stored: StoredLetter) -> None:
        """The link of an account goes to its owner alone: no copy of the mail stays here."""
        if stored.letter.secret_link is not None:
            self.kept.forget(stored.letter_id)

    def _settle_the_silent(self, report: DeliveryReport) -> None:
        """Decide on letters that were leaving when their worker stopped."""
        with self.store.reading() as view:
            silent = view.sending.handed_over_and_silent(self.clock())
        for stored in silent:
            raw = self.kept.read(stored.letter_id) or b""
            match self.carrier.has_carried(self._outgoing(stored, raw)):
                case True:
                    self._sent(stored, {})
                    report.sent += 1
                case False:
                    self._later(stored, "The portal stopped before the mail left.", report)
                case None:
                    self._unsure(stored, _UNSURE)
                    report.unsure += 1
