"""What statements are decided on and kept as, the firm's rules, and who reads what is owed.

What each method does is written where it is done, in portal/store and portal/warehouse.
"""

# ruff: noqa: D102

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from portal.domain.account_activity import Entry
from portal.domain.collection_rules import CollectionRules
from portal.domain.promises import Payment
from portal.domain.statements import Account
from portal.services.collections_ports import ClientHold, InvoiceDispute, Promise


class StatementState(StrEnum):
    """What became of a statement."""

    STAGED = "staged"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What one run decided about one client. People are (email, name) pairs."""

    statement_id: str
    run_day: date
    client_id: str
    client_number: str
    client_name: str
    partner_id: str | None
    manager_id: str | None
    state: StatementState
    trigger_key: str
    trigger_label: str
    message: str
    mode: str
    reason_invoice_id: str
    reason_invoice_number: str
    currency: str
    open_cents: int
    oldest_days: int
    suppressed_by: str | None = None
    detail: str = ""
    to_people: tuple[tuple[str, str], ...] = ()
    cc_people: tuple[tuple[str, str], ...] = ()
    bcc_people: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    """Invoices somebody took off this statement."""
    letter_id: str | None = None
    rules_version: int = 0
    created_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None
    sent_on: date | None = None
    """The firm's day on which it went out; the throttle counts from it."""


@dataclass(frozen=True, kw_only=True)
class StatementRun:
    """One day's run. It answers for ages reached after `after_day`, up to its own day."""

    run_day: date
    after_day: date
    rules_version: int
    state: str = "running"
    started_at: datetime
    finished_at: datetime | None = None
    staged: int = 0
    sent: int = 0
    suppressed: int = 0


@dataclass(frozen=True, kw_only=True)
class RulesVersion:
    """The firm's rules as they were saved; version 0 is what every firm starts with."""

    version: int
    rules: CollectionRules
    made_by: str = ""
    made_by_name: str = ""
    made_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the store knows of some clients that the decision about statements rests on."""

    holds: Mapping[str, Sequence[ClientHold]] = field(default_factory=dict)
    promises: Mapping[str, Sequence[Promise]] = field(default_factory=dict)
    disputes: Mapping[str, InvoiceDispute] = field(default_factory=dict)
    """By invoice."""
    last_sent: Mapping[str, date] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()
    autopay_on: Mapping[str, date] = field(default_factory=dict)
    """By client, when AutoPay charges next."""
    in_plan_until: Mapping[str, date] = field(default_factory=dict)
    """By invoice, when the last installment of its plan is due."""


class Statements(Protocol):
    """Runs and what they decided."""

    def serialize(self) -> None: ...
    def run(self, run_day: date) -> StatementRun | None: ...
    def last_run(self) -> StatementRun | None: ...
    def answered_until(self) -> date | None: ...
    def save_run(self, run: StatementRun) -> None: ...
    def finish_run(self, run_day: date, at: datetime) -> StatementRun: ...
    def decided_since(self, after_day: date) -> Mapping[str, date]: ...
    def add(self, made: Sequence[Statement]) -> set[str]: ...
    def note_letters(self, letters: Mapping[str, str]) -> None: ...
    def find(self, statement_id: str) -> Statement | None: ...
    def of_client(self, client_id: str, most: int = 50) -> list[Statement]: ...
    def staged(self) -> list[Statement]: ...
    def recent(self, state: StatementState, since: date, most: int) -> list[Statement]: ...
    def change(self, statement: Statement, was: StatementState) -> bool: ...
    def standing(self, client_ids: Iterable[str]) -> Standing: ...


class Rules(Protocol):
    """Versions of the firm's rules."""

    def current(self) -> RulesVersion: ...
    def find(self, version: int) -> RulesVersion: ...
    def add(self, version: RulesVersion) -> None: ...
    def history(self, most: int = 20) -> list[RulesVersion]: ...


class Receivables(Protocol):
    """What the practice management system says of what is owed, for collections."""

    def accounts_reaching(
        self, due_days: Iterable[date], invoice_days: Iterable[date]
    ) -> list[Account]: ...
    def accounts(self, client_ids: Iterable[str]) -> list[Account]: ...
    def payments(self, client_ids: Iterable[str], since: date) -> Mapping[str, list[Payment]]: ...
    def entries(self, client_id: str, currency: str, until: date) -> list[Entry]: ...
