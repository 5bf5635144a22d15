"""Payment plans, their occurrences, and which scheduler runs a job: records and repositories."""

# ruff: noqa: D102

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class PlanKind(StrEnum):
    """What a plan pays."""

    RECURRING = "recurring"
    """An amount at intervals, tied to no invoice."""
    AUTOPAY = "autopay"
    """Posted invoices, once a month."""
    INSTALLMENT = "installment"
    """Chosen invoices, split over dates."""


class PlanState(StrEnum):
    """Where a plan stands."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"
    CANCELLED = "cancelled"


class OccurrenceState(StrEnum):
    """Where one occurrence of a plan stands."""

    SCHEDULED = "scheduled"
    SKIPPED = "skipped"
    RUNNING = "running"
    PROCESSING = "processing"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    MISSED = "missed"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A payer's standing permission to charge. `end_date` is exclusive."""

    plan_id: str
    request_id: str
    fingerprint: str
    kind: PlanKind
    client_id: str
    portal_user_id: str | None = None
    name: str
    method_id: str
    currency: str
    amount_cents: int | None = None
    frequency: str | None = None
    start_date: date
    end_date: date | None = None
    occurrence_limit: int | None = None
    total_cents: int | None = None
    day_of_month: int | None = None
    monthly_cap_cents: int | None = None
    state: PlanState = PlanState.ACTIVE
    paused_reason: str | None = None
    receipt_emails: tuple[str, ...] = ()
    authorised_by: str
    authorised_text: str
    created_by: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class PlanInvoice:
    """An invoice that an installment plan pays, and how much of it."""

    plan_id: str
    invoice_id: str
    cents: int


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """One payment of a plan. `amount_cents` None is found on the day (AutoPay)."""

    occurrence_id: str
    plan_id: str
    number: int
    due_date: date
    amount_cents: int | None
    method_id: str | None = None
    state: OccurrenceState = OccurrenceState.SCHEDULED
    payment_id: str | None = None
    tries: int = 0
    next_try_at: datetime | None = None
    reminded_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Lease:
    """Who may run a job until when. `fence` grows with every new holder."""

    name: str
    holder: str
    until: datetime
    fence: int


class Plans(Protocol):
    """Payment plans and the invoices they pay."""

    def find(self, plan_id: str) -> Plan | None: ...
    def find_by_request(self, request_id: str) -> Plan | None: ...
    def of_client(self, client_id: str) -> list[Plan]: ...
    def in_states(self, states: Iterable[PlanState]) -> list[Plan]: ...
    def with_method(self, method_id: str) -> list[Plan]: ...
    def add(self, plan: Plan, invoices: Iterable[PlanInvoice] = ()) -> None: ...
    def save(self, plan: Plan) -> None: ...
    def invoices(self, plan_id: str) -> list[PlanInvoice]: ...
    def replace_invoices(self, plan_id: str, invoices: Iterable[PlanInvoice]) -> None: ...
    def on_invoices(self, invoice_ids: Iterable[str]) -> list[PlanInvoice]: ...


class Occurrences(Protocol):
    """The single payments of plans."""

    def find(self, occurrence_id: str) -> Occurrence | None: ...
    def of_plan(self, plan_id: str) -> list[Occurrence]: ...
    def due(self, day: date, now: datetime) -> list[Occurrence]: ...
    def in_states(self, states: Iterable[OccurrenceState]) -> list[Occurrence]: ...
    def add(self, occurrences: Iterable[Occurrence]) -> None: ...
    def save(self, occurrence: Occurrence) -> None: ...


class Leases(Protocol):
    """Who runs which job."""

    def take(self, name: str, holder: str, now: datetime, until: datetime) -> Lease | None: ...
    def is_held(self, lease: Lease, now: datetime) -> bool: ...
    def prolong(self, lease: Lease, until: datetime) -> bool: ...
    def give_back(self, lease: Lease) -> None: ...
