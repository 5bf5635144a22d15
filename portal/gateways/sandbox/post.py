"""The sandbox's webhooks: signed, kept until they are taken, tried again for three days."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from portal.gateways.sandbox.book import time_text
from portal.gateways.sandbox.book_file import BookFile
from portal.gateways.sandbox.rows import EventRow
from portal.services.gateway import GatewayEvent, WebhookRefused
from portal.services.gateway_states import EventKind

SIGNATURE = "sandbox-signature"
VERSION = "1"
TOLERANCE = timedelta(seconds=300)
GIVES_UP_AFTER = timedelta(days=3)
LONGEST_BODY = 64 * 1024
_WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
_SLOWEST = timedelta(hours=6)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One webhook as it is sent."""

    event_no: int
    headers: Mapping[str, str]
    body: bytes


class SandboxPost:
    """Writes, delivers and reads webhooks.

    `clock` is the real time, by which signatures age; events are due by the sandbox's own time.
    """

    def __init__(
        self,
        file: BookFile,
        secret: str,
        clock: Callable[[], datetime],
        now: Callable[[], datetime],
    ) -> None:
        self._file = file
        self._secret = _derived(secret, "webhooks")
        self._account = f"acct_{_derived(secret, 'account').hex()[:16]}"
        self._clock = clock
        self._now = now

    def letters(self, most: int = 100) -> list[Letter]:
        """What should be delivered now, oldest first."""
        until = time_text(self._now())
        with self._file.reading() as book:
            due = book.events_due(until, most)
        return [self._letter(event) for event in due]

    def real_time(self) -> datetime:
        """The time by which signatures age."""
        return self._clock()

    def _letter(self, event: EventRow) -> Letter:
        said = {
            "id": event.event_id,
            "type": event.kind,
            "at": event.at,
            "account": self._account,
            "livemode": False,
            "version": VERSION,
            "payment": event.payment_ref,
            "refund": event.refund_ref,
            "method": event.method_ref,
            "page": event.page_ref,
            "payout": event.payout_ref,
        }
        body = json.dumps(said).encode()
        return Letter(event_no=event.event_no or 0, headers=self.sign(body), body=body)

    def sign(self, body: bytes, at: datetime | None = None) -> dict[str, str]:
        """The headers that prove who wrote a body, and when."""
        moment = int((at or self._clock()).timestamp())
        return {SIGNATURE: f"t={moment},v1={self._signature(moment, body)}"}

    def deliver(self, send: Callable[[Mapping[str, str], bytes], object]) -> int:
        """Send what is due and say how many were taken; what `send` refuses is tried later."""
        taken = 0
        for letter in self.letters():
            try:
                send(letter.headers, letter.body)
            except Exception:  # whatever the receiver's fault is, the post tries again
                self.failed(letter)
            else:
                self.taken(letter)
                taken += 1
        return taken

    def taken(self, letter: Letter) -> None:
        """It arrived; it is not sent again."""
        self._change(letter, None)

    def failed(self, letter: Letter) -> None:
        """Nobody took it: later again, until three days are over."""
        self._change(letter, self._now())

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> GatewayEvent:
        """What a webhook is about.

        Raises: WebhookRefused when it is forged, too old, another account's or of live mode.
        """
        self._check_signature(headers, body, now)
        said = _object(body)
        if said.get("account") != self._account:
            raise WebhookRefused("This event belongs to another account.")
        if said.get("livemode") is not False:
            raise WebhookRefused("This event is of live mode; the sandbox has none.")
        refs = {name: _text(said.get(name)) for name in
                ("payment", "refund", "method", "page", "payout")}  # fmt: skip
        is_known = said.get("type") in set(EventKind) and said.get("version") == VERSION
        return GatewayEvent(
            event_id=_text(said.get("id")) or "",
            kind=EventKind(said["type"]) if is_known else EventKind.OTHER,
            at=_time(said.get("at")),
            livemode=False,
            **{f"{name}_ref": ref for name, ref in refs.items()},
        )

    def _check_signature(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        if len(body) > LONGEST_BODY:
            raise WebhookRefused("This event is too long.")
        lower = {name.lower(): value for name, value in headers.items()}
        parts = dict(part.partition("=")[::2] for part in lower.get(SIGNATURE, "").split(","))
        moment, signature = parts.get("t", ""), parts.get("v1", "")
        if not (moment.isascii() and moment.isdigit() and len(moment) <= 12):
            raise WebhookRefused("This event is not signed.")
        if not hmac.compare_digest(
            self._signature(int(moment), body).encode(), signature.encode("utf-8", "replace")
        ):
            raise WebhookRefused("The signature of this event is wrong.")
        if abs(now.timestamp() - int(moment)) > TOLERANCE.total_seconds():
            raise WebhookRefused("This event was signed too long ago.")

    def _signature(self, moment: int, body: bytes) -> str:
        return hmac.new(self._secret, f"{moment}.".encode() + body, hashlib.sha256).hexdigest()

    def _change(self, letter: Letter, failed_at: datetime | None) -> None:
        with self._file.writing() as book:
            event = book.one(EventRow, letter.event_no)
            if event:
                again = _next_try(event, failed_at) if failed_at else None
                book.put(replace(event, tries=event.tries + 1, next_try_at=again))


def _next_try(event: EventRow, failed_at: datetime) -> str | None:
    wait = _WAITS[event.tries] if event.tries < len(_WAITS) else _SLOWEST
    again = failed_at + wait
    is_over = again - datetime.fromisoformat(event.at) > GIVES_UP_AFTER
    return None if is_over else time_text(again)


def _derived(secret: str, purpose: str) -> bytes:
    return hmac.new(secret.encode(), f"sandbox {purpose}".encode(), hashlib.sha256).digest()


def _object(body: bytes) -> dict[str, object]:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise WebhookRefused("This event cannot be read.")
    return said


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _time(value: object) -> datetime:
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    except ValueError:
        raise WebhookRefused("This event has no time.") from None
