"""What the portal keeps of money: balances, methods, payments, refunds, disputes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from portal.domain.payment_states import PaymentState
from portal.services.gateway_states import MethodKind


class Source(StrEnum):
    """Who set a payment going."""

    PORTAL = "portal"
    STAFF = "staff"
    RECURRING = "recurring"
    AUTOPAY = "autopay"
    INSTALLMENT = "installment"
    QUICK_LINK = "quick_link"


class RefundState(StrEnum):
    """Where a refund stands."""

    AWAITING_APPROVAL = "awaiting_approval"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True)
class OpenBalance:
    """An invoice with something open, as the warehouse version told it."""

    invoice_id: str
    client_id: str
    invoice_number: str
    entry_kind: str
    invoice_date: date
    due_date: date | None
    currency: str
    amount_cents: int
    open_cents: int
    is_disputed: bool
    partner_id: str | None
    manager_id: str | None


@dataclass(frozen=True)
class Misfit:
    """An invoice on which payments here weigh more than is open; `open_cents` None: it is gone."""

    invoice_id: str
    invoice_number: str
    open_cents: int | None
    pending_cents: int


@dataclass(frozen=True, kw_only=True)
class PaymentMethod:
    """A method the gateway keeps for a client: what may be shown of it, never its number."""

    method_id: str
    client_id: str
    portal_user_id: str | None = None
    gateway: str
    customer_ref: str
    gateway_ref: str
    kind: MethodKind
    brand: str
    last4: str
    exp_month: int | None = None
    exp_year: int | None = None
    holder_name: str = ""
    state: str = "active"
    created_by: str
    created_at: datetime
    removed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class MethodPage:
    """A page of the gateway that was opened to save a method, and for whom."""

    page_ref: str
    client_id: str
    portal_user_id: str | None
    opened_by: str
    address: str
    opened_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Mandate:
    """The permission to debit a bank account, in the words that were agreed to."""

    mandate_id: str
    method_id: str
    wording: str
    wording_hash: str
    wording_version: str
    agreed_by: str
    agreed_at: datetime
    address: str
    terms: Mapping[str, object] = field(default_factory=dict)
    revoked_at: datetime | None = None
    revoked_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Payment:
    """One payment of one client. `amount_cents` goes to its items; the fee comes on top.

    `captured_cents` and `refunded_cents` are without the fee. `client_id` None is the
    catch-all client of quick payment links.
    """

    payment_id: str
    action_no: int
    request_id: str
    fingerprint: str
    source: Source
    client_id: str | None
    portal_user_id: str | None = None
    quick_link_id: str | None = None
    plan_id: str | None = None
    occurrence_id: str | None = None
    method_id: str | None = None
    kind: MethodKind = MethodKind.UNKNOWN
    brand: str = ""
    last4: str = ""
    currency: str
    amount_cents: int
    fee_cents: int = 0
    captured_cents: int = 0
    refunded_cents: int = 0
    refunded_fee_cents: int = 0
    state: PaymentState = PaymentState.CREATED
    gateway: str
    gateway_ref: str | None = None
    customer_ref: str | None = None
    page_ref: str | None = None
    gateway_key: str
    decline_code: str | None = None
    return_code: str | None = None
    taken_by: str
    payer_name: str = ""
    payer_email: str = ""
    receipt_emails: tuple[str, ...] = ()
    note: str = ""
    created_at: datetime
    captured_at: datetime | None = None
    settled_at: datetime | None = None
    updated_at: datetime

    @property
    def our_id(self) -> str:
        """What the gateway knows the payment by; it survives a restored store."""
        return f"{self.payment_id}.{self.request_id}"


@dataclass(frozen=True, kw_only=True)
class PaymentItem:
    """The part of a payment for one invoice; without an invoice it is unapplied.

    `item_id` is the payment ID (`PI-0111-0011`) that the PMS receipt carries.
    `posted_cents`: what the PMS shows of it, net of posted refunds.
    """

    item_id: str
    item_no: int
    payment_id: str
    invoice_id: str | None
    invoice_number: str = ""
    cents: int
    refunded_cents: int = 0
    posted_cents: int = 0
    is_live: bool


@dataclass(frozen=True, kw_only=True)
class PaymentEvent:
    """One step in a payment's life. The store numbers the steps of a payment from 1."""

    payment_id: str
    at: datetime
    from_state: PaymentState | None
    to_state: PaymentState
    actor: str
    reason: str
    gateway_event_id: str | None = None
    seq: int = 0


@dataclass(frozen=True, kw_only=True)
class Refund:
    """Money going back. `refund_id` is an action like a payment's; the fee's share is apart."""

    refund_id: str
    action_no: int
    request_id: str
    fingerprint: str
    payment_id: str
    amount_cents: int
    fee_cents: int = 0
    reason: str
    state: RefundState
    requested_by: str
    decided_by: str | None = None
    gateway_ref: str | None = None
    gateway_key: str
    created_at: datetime
    updated_at: datetime

    @property
    def our_id(self) -> str:
        """What the gateway knows the refund by."""
        return f"{self.refund_id}.{self.request_id}"


@dataclass(frozen=True, kw_only=True)
class RefundItem:
    """The part of a refund that comes out of one item. `line_id` is its payment ID."""

    line_id: str
    item_no: int
    refund_id: str
    item_id: str
    cents: int
    is_posted: bool = False


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """A card owner's objection: `open`, `won` or `lost`."""

    dispute_id: str
    payment_id: str
    amount_cents: int
    reason: str
    state: str
    opened_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class WebhookEvent:
    """What the gateway told by itself, kept before it is acted upon."""

    event_id: str
    gateway: str
    kind: str
    payment_ref: str | None = None
    refund_ref: str | None = None
    method_ref: str | None = None
    payout_ref: str | None = None
    happened_at: datetime
    received_at: datetime
    applied_at: datetime | None = None
    outcome: str = ""
