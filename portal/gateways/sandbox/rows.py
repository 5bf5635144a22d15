"""What the sandbox keeps, one class a table of schema.sql."""

from dataclasses import dataclass
from typing import ClassVar


class Row:
    """A row of a table whose first column is its key. Times are UTC text, flags are 0 and 1."""

    table: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class CustomerRow(Row):
    """A client of the firm, as the gateway knows it."""

    table = "customers"
    ref: str
    client_id: str
    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class MethodRow(Row):
    """A method of a customer, kept or used once. `refusals` counts what it declined for a time."""

    table = "methods"
    ref: str
    customer_ref: str
    named: str
    exp_month: int | None
    exp_year: int | None
    holder_name: str
    is_kept: int = 1
    is_detached: int = 0
    refusals: int = 0


@dataclass(frozen=True, kw_only=True)
class PaymentRow(Row):
    """A payment; `named` is the test method that decides how it goes."""

    table = "payments"
    ref: str
    our_id: str
    customer_ref: str
    page_ref: str | None = None
    method_ref: str | None = None
    named: str | None = None
    state: str
    amount_cents: int
    fee_cents: int = 0
    captured_cents: int = 0
    refunded_cents: int = 0
    currency: str
    is_off_session: int = 0
    description: str = ""
    return_url: str = ""
    decline_code: str | None = None
    return_code: str | None = None
    dispute: str | None = None
    captured_at: str | None = None


@dataclass(frozen=True, kw_only=True)
class RefundRow(Row):
    """Money on its way back."""

    table = "refunds"
    ref: str
    our_id: str
    payment_ref: str
    amount_cents: int
    state: str


@dataclass(frozen=True, kw_only=True)
class PageRow(Row):
    """A hosted page. `asking` is the method whose bank asks the payer just now.

    A page that is nothing but this question belongs to a payment with a kept method.
    """

    table = "pages"
    ref: str
    customer_ref: str
    our_id: str | None
    purpose: str
    state: str
    amount_cents: int
    currency: str
    fees: str
    kinds: str
    description: str
    return_url: str
    expires_at: str
    is_question: int = 0
    payment_ref: str | None = None
    method_ref: str | None = None
    asking: str | None = None
    refusal: str | None = None
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class StepRow(Row):
    """Something that will happen by itself."""

    table = "steps"
    step_no: int | None = None
    at: str
    kind: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class EntryRow(Row):
    """One movement of the firm's money at the gateway, paid out on `paid_date` or later."""

    table = "entries"
    entry_no: int | None = None
    at: str
    paid_date: str
    kind: str
    payment_ref: str
    refund_ref: str | None
    currency: str
    gross_cents: int
    fee_cents: int
    net_cents: int
    payout_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class PayoutRow(Row):
    """One transfer to the firm's bank account."""

    table = "payouts"
    ref: str
    paid_date: str
    currency: str
    amount_cents: int


@dataclass(frozen=True, kw_only=True)
class EventRow(Row):
    """A webhook. `next_try_at` is None once it was taken, or given up."""

    table = "events"
    event_no: int | None = None
    event_id: str
    kind: str
    at: str
    payment_ref: str | None = None
    refund_ref: str | None = None
    method_ref: str | None = None
    page_ref: str | None = None
    payout_ref: str | None = None
    tries: int = 0
    next_try_at: str | None = None


@dataclass(frozen=True, kw_only=True)
class KeyRow(Row):
    """What a call with this key was answered."""

    table = "keys"
    key: str
    call: str
    fingerprint: str
    at: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class FaultRow(Row):
    """A fault that the next call of this name meets."""

    table = "faults"
    fault_no: int | None = None
    call: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class FactRow(Row):
    """A fact of the whole sandbox."""

    table = "facts"
    name: str
    value: str
