"""What the commands of collections keep: notes, promises, disputes, holds, marks, requests.

What each method does is written where it is done, in portal/store. Statements are in
`statement_ports`.
"""

# ruff: noqa: D102

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from portal.domain.promises import PromiseState


class NoteKind(StrEnum):
    """What somebody wrote down about a client."""

    NOTE = "note"
    CALL = "call"


@dataclass(frozen=True, kw_only=True)
class Note:
    """A note or a logged call; `outcome` says how a call went."""

    note_id: str
    client_id: str
    kind: NoteKind
    outcome: str | None = None
    text: str
    author: str
    author_name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A promise to pay an amount by a day, of an invoice or of the account as a whole."""

    promise_id: str
    client_id: str
    invoice_id: str | None = None
    invoice_number: str | None = None
    currency: str
    amount_cents: int
    made_on: date
    promised_on: date
    grace_days: int
    known_cents: int = 0
    received_cents: int = 0
    state: PromiseState = PromiseState.OPEN
    note: str = ""
    source: str = "staff"
    made_by: str
    made_by_name: str
    made_at: datetime
    decided_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class InvoiceDispute:
    """A client contests an invoice; it is not chased until that ends or `until` has passed."""

    dispute_id: str
    client_id: str
    invoice_id: str
    invoice_number: str
    reason: str
    until: date | None = None
    source: str = "staff"
    opened_by: str
    opened_at: datetime
    closed_by: str | None = None
    closed_at: datetime | None = None

    def runs_on(self, day: date) -> bool:
        """Whether the invoice is contested on a day of the firm."""
        return self.closed_at is None and (self.until is None or self.until >= day)


class HoldKind(StrEnum):
    """What a client is spared."""

    PAUSE = "pause"
    """All chasing, until a day."""
    EXCLUSION = "exclusion"
    """Statements, until a day or for good."""


@dataclass(frozen=True, kw_only=True)
class ClientHold:
    """A client that is not chased, why, and until when."""

    hold_id: str
    client_id: str
    kind: HoldKind
    reason: str
    until: date | None = None
    made_by: str
    made_by_name: str
    made_at: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class WorklistMark:
    """How a client stands on the worklist: whose it is, what comes next, what is done today."""

    client_id: str
    assignee: str | None = None
    assignee_name: str | None = None
    next_action_on: date | None = None
    next_action: str | None = None
    done_on: date | None = None
    done_by: str | None = None
    last_contact_on: date | None = None
    updated_at: datetime


class RequestKind(StrEnum):
    """What is asked of the people who keep the practice management system."""

    WRITE_OFF = "write_off"
    CREDIT = "credit"
    HOLD = "hold"
    """To stop work for this client."""


class RequestState(StrEnum):
    """Where such a request stands."""

    ASKED = "asked"
    APPROVED = "approved"
    REJECTED = "rejected"
    DONE = "done"
    """Somebody has entered it into the practice management system."""


@dataclass(frozen=True, kw_only=True)
class WriteOffRequest:
    """A write-off, a credit or a hold of work that somebody asks for."""

    request_id: str
    kind: RequestKind
    client_id: str
    client_name: str
    invoice_id: str | None = None
    invoice_number: str | None = None
    currency: str
    amount_cents: int | None = None
    reason: str
    state: RequestState = RequestState.ASKED
    requested_by: str
    requested_by_name: str
    requested_at: datetime
    decided_by: str | None = None
    decided_by_name: str | None = None
    decided_at: datetime | None = None
    decision_note: str = ""
    done_by: str | None = None
    done_at: datetime | None = None


class Notes(Protocol):
    """Notes and calls."""

    def add(self, note: Note) -> None: ...
    def of_client(self, client_id: str, most: int = 50) -> list[Note]: ...


class Promises(Protocol):
    """Promises to pay."""

    def add(self, promise: Promise) -> None: ...
    def find(self, promise_id: str) -> Promise | None: ...
    def of_client(self, client_id: str) -> list[Promise]: ...
    def to_judge(self, since: date) -> list[Promise]: ...
    def save(self, promise: Promise) -> None: ...


class InvoiceDisputes(Protocol):
    """Contested invoices."""

    def running(self, invoice_id: str) -> InvoiceDispute | None: ...
    def of_client(self, client_id: str) -> list[InvoiceDispute]: ...
    def save(self, dispute: InvoiceDispute) -> None: ...


class Holds(Protocol):
    """Pauses and exclusions."""

    def running(self, client_id: str, kind: HoldKind) -> ClientHold | None: ...
    def all_running(self, kind: HoldKind) -> list[ClientHold]: ...
    def save(self, hold: ClientHold) -> None: ...


class Marks(Protocol):
    """How clients stand on the worklist."""

    def find(self, client_id: str) -> WorklistMark | None: ...
    def save(self, mark: WorklistMark) -> None: ...


class WriteOffRequests(Protocol):
    """Requests to write off, credit or hold."""

    def add(self, request: WriteOffRequest) -> bool: ...
    def find(self, request_id: str) -> WriteOffRequest | None: ...
    def in_state(
        self,
        state: RequestState | None,
        most: int = 500,
        client_ids: Iterable[str] | None = None,
    ) -> list[WriteOffRequest]: ...
    def of_client(self, client_id: str) -> list[WriteOffRequest]: ...
    def change(self, request: WriteOffRequest, was: RequestState) -> bool: ...
