"""What the portal asks of whoever moves the money: one port, fulfilled by portal/gateways.

The order that never charges twice: keep the attempt and its key, `start_payment` (moves no money),
keep the reference, `confirm_payment`, record. Every call that changes something carries our key;
repeating it with the same key answers what the first call answered. After `GatewayUnsure` nothing
is asked anew: the outcome is read. What an event says is never believed: the thing is read.
"""

# ruff: noqa: D102

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from portal.domain.errors import PortalError
from portal.services.gateway_states import (
    DisputeState,
    EventKind,
    GatewayState,
    LineKind,
    MethodKind,
    PagePurpose,
    PageState,
    RefundState,
)


class GatewayUnsure(PortalError):
    """No answer, a broken one, or an error of theirs: it may or may not have happened."""


class GatewayMisconfigured(GatewayUnsure):
    """The gateway does not accept the firm's key: until it does, nothing at all can be learned.

    It says nothing of the payment, refund or method that was asked about.
    """


_MISSING = frozenset(
    {"not_found", "no_such_customer", "no_such_method", "no_such_page", "no_such_payment"}
)


class GatewayRefused(PortalError):
    """The gateway will not do it, and nothing happened. `code` says why, for the program."""

    def __init__(self, sentence: str, *, code: str) -> None:
        super().__init__(sentence)
        self.code = code

    @property
    def is_missing(self) -> bool:
        """Whether the gateway does not know what it was asked about."""
        return self.code in _MISSING


class GatewayBusy(PortalError):
    """Too many questions, or the same key is being worked on: ask again with the same key."""


class KeyReused(PortalError):
    """The key was used before with other contents: a fault of the program, the attempt freezes."""


class WebhookRefused(PortalError):
    """Forged, too old, of another account or of the other mode: it has no effect."""


@dataclass(frozen=True, kw_only=True)
class MethodFacts:
    """All that is ever known of a card or bank account. Expiry is None for bank accounts."""

    kind: MethodKind
    brand: str
    last4: str
    exp_month: int | None = None
    exp_year: int | None = None
    holder_name: str = ""


@dataclass(frozen=True, kw_only=True)
class GatewayMethod:
    """A method the gateway keeps; `ref` charges it again until it is removed."""

    ref: str
    customer_ref: str
    facts: MethodFacts
    is_removed: bool = False


@dataclass(frozen=True, kw_only=True)
class PaymentOrder:
    """A payment with a kept method. `amount_cents` is all that is charged, the fee included.

    `off_session`: the payer is not there, so a bank that asks the payer declines.
    `return_url` is where the payer comes back to after the bank has asked.
    """

    our_id: str
    customer_ref: str
    method_ref: str
    amount_cents: int
    currency: str
    kind: MethodKind = MethodKind.UNKNOWN
    fee_cents: int = 0
    off_session: bool = False
    description: str = ""
    return_url: str = ""


@dataclass(frozen=True, kw_only=True)
class GatewayPayment:
    """A payment as the gateway tells it now.

    A bank debit returned after it had succeeded stays `succeeded` and has a `return_code`.
    `dispute` is the newest one; `dispute_ref` tells it from an earlier one, where there can be two.
    """

    ref: str
    our_id: str
    state: GatewayState
    amount_cents: int
    currency: str
    captured_cents: int = 0
    refunded_cents: int = 0
    fee_cents: int = 0
    method: MethodFacts | None = None
    method_ref: str | None = None
    decline_code: str | None = None
    return_code: str | None = None
    dispute: DisputeState | None = None
    dispute_ref: str | None = None
    action_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class GatewayRefund:
    """A refund as the gateway tells it now."""

    ref: str
    our_id: str
    payment_ref: str
    amount_cents: int
    state: RefundState


@dataclass(frozen=True, kw_only=True)
class PageRequest:
    """A page on which the payer chooses a method. `amount_cents` is without the fee.

    `fees` is the fee for each kind that has one, shown before the payer agrees. `our_id` is None
    only where nothing is paid. `opened_at` is when the attempt was kept, so that a call repeated
    later asks for the very same page; without it the gateway chooses how long the page is open.
    """

    customer_ref: str
    purpose: PagePurpose
    return_url: str
    our_id: str | None = None
    amount_cents: int = 0
    currency: str = "USD"
    fees: Mapping[MethodKind, int] = field(default_factory=dict)
    kinds: frozenset[MethodKind] = frozenset({MethodKind.CREDIT, MethodKind.DEBIT, MethodKind.ACH})
    description: str = ""
    open_minutes: int = 30
    opened_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class HostedPage:
    """Where to send the payer. The return carries only this `ref`, as `?page=`."""

    ref: str
    url: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class PageResult:
    """What came of a page. A payer whose card was declined may try another while it is open."""

    ref: str
    state: PageState
    payment: GatewayPayment | None = None
    method: GatewayMethod | None = None


@dataclass(frozen=True, kw_only=True)
class GatewayPayoutLine:
    """One movement of a payout. Net is gross less fee; refunds and returns are negative."""

    kind: LineKind
    gross_cents: int
    fee_cents: int
    net_cents: int
    payment_ref: str | None = None
    refund_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class GatewayPayout:
    """One transfer to the firm's bank account; its amount is the sum of its lines' nets."""

    ref: str
    paid_date: date
    amount_cents: int
    currency: str
    lines: tuple[GatewayPayoutLine, ...]


@dataclass(frozen=True, kw_only=True)
class GatewayEvent:
    """Something changed at the gateway: which thing to read again."""

    event_id: str
    kind: EventKind
    at: datetime
    livemode: bool
    payment_ref: str | None = None
    refund_ref: str | None = None
    method_ref: str | None = None
    page_ref: str | None = None
    payout_ref: str | None = None


class Gateway(Protocol):
    """Whoever moves the money. Any call may raise GatewayUnsure, GatewayBusy or GatewayRefused.

    A key that is not accepted is GatewayMisconfigured, never a refusal.
    """

    name: str

    def customer(self, client_id: str, name: str, email: str, *, key: str) -> str: ...

    def start_payment(self, order: PaymentOrder, *, key: str) -> GatewayPayment: ...
    def confirm_payment(self, payment_ref: str, *, key: str) -> GatewayPayment: ...
    def void_payment(self, payment_ref: str, *, key: str) -> GatewayPayment: ...
    def read_payment(self, payment_ref: str) -> GatewayPayment: ...
    def find_payment(self, our_id: str, customer_ref: str) -> GatewayPayment | None: ...

    def refund(
        self, payment_ref: str, amount_cents: int, our_id: str, *, key: str
    ) -> GatewayRefund: ...
    def read_refunds(self, payment_ref: str) -> list[GatewayRefund]: ...

    def open_page(self, request: PageRequest, *, key: str) -> HostedPage: ...
    def read_page(self, page_ref: str) -> PageResult: ...
    def close_page(self, page_ref: str) -> PageResult: ...

    def read_method(self, method_ref: str) -> GatewayMethod:
        """Tell a kept method; one that was removed is told as removed."""
        ...

    def detach_method(self, method_ref: str) -> None: ...

    def payouts(self, since: date) -> list[GatewayPayout]: ...
    def read_event(self, headers: Mapping[str, str], body: bytes, now: datetime) -> GatewayEvent:
        """Check the signature and the time; the body is believed only as far as which thing."""
        ...
