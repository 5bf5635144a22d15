"""Stripe as the port has it."""

import time
from collections.abc import Callable, Mapping
from datetime import date, datetime

import stripe

from portal.gateways.stripe import events, pages, payouts, told
from portal.gateways.stripe.calls import Found, StripeCalls
from portal.services.gateway import (
    GatewayEvent,
    GatewayMethod,
    GatewayPayment,
    GatewayPayout,
    GatewayRefund,
    GatewayRefused,
    HostedPage,
    KeyReused,
    PageRequest,
    PageResult,
    PaymentOrder,
)
from portal.services.gateway_states import GatewayState, MethodKind, RefundState

_EXPANDED = ["latest_charge", "payment_method"]
_MONEY_FIRST = (GatewayState.SUCCEEDED, GatewayState.PROCESSING)


class StripeGateway:
    """One Stripe account, in live or in test mode."""

    name = "stripe"

    def __init__(
        self,
        *,
        secret_key: str,
        webhook_secret: str,
        live: bool,
        base_url: str | None = None,
        pause: Callable[[float], None] = time.sleep,
        seconds_to_answer: float = 30,
    ) -> None:
        if ("_live_" in secret_key) is not live:
            raise GatewayRefused("The key is of the other mode, live or test.", code="livemode")
        self._calls = StripeCalls(
            secret_key, base_url=base_url, pause=pause, seconds_to_answer=seconds_to_answer
        )
        self._v1 = self._calls.v1
        self._webhook_secret = webhook_secret
        self._live = live

    def customer(self, client_id: str, name: str, email: str, *, key: str) -> str:
        """Make a client known."""
        made = self._calls.change(
            self._v1.customers.create, key=key, name=name, email=email,
            metadata={"client_id": client_id},
        )  # fmt: skip
        return made["id"]

    def start_payment(self, order: PaymentOrder, *, key: str) -> GatewayPayment:
        """Create the PaymentIntent, not confirmed."""
        _check(order)
        kinds = frozenset({order.kind}) if order.kind is not MethodKind.UNKNOWN else _BOTH
        made = self._calls.change(
            self._v1.payment_intents.create,
            key=key,
            amount=order.amount_cents,
            currency=order.currency.lower(),
            customer=order.customer_ref,
            payment_method=order.method_ref,
            payment_method_types=pages.types_of(kinds),
            description=order.description or None,
            metadata={
                "our_id": order.our_id,
                "fee_cents": str(order.fee_cents),
                "off_session": "1" if order.off_session else "",
                "return_url": order.return_url,
            },
            expand=_EXPANDED,
        )
        return self._told(made)

    def confirm_payment(self, payment_ref: str, *, key: str) -> GatewayPayment:
        """Confirm what waits. What was confirmed before is read, not charged again."""
        found = self._intent(payment_ref)
        before = self._told(found)
        if before.state is not GatewayState.WAITING:
            return before
        if told.is_of_page(found):
            raise GatewayRefused("The payer confirms this payment.", code="payment_of_page")
        metadata = found.get("metadata") or {}
        try:
            confirmed = self._calls.change(
                self._v1.payment_intents.confirm,
                payment_ref,
                key=key,
                off_session=bool(metadata.get("off_session")),
                return_url=metadata.get("return_url") or None,
                expand=_EXPANDED,
            )
        except stripe.CardError:
            return self.read_payment(payment_ref)
        return self._told(confirmed)

    def void_payment(self, payment_ref: str, *, key: str) -> GatewayPayment:
        """Cancel what has moved no money."""
        before = self.read_payment(payment_ref)
        if before.state is GatewayState.CANCELLED:
            return before
        if before.state not in (GatewayState.WAITING, GatewayState.REQUIRES_ACTION):
            raise GatewayRefused(
                "This payment cannot be cancelled any more.", code="payment_not_waiting"
            )
        return self._told(
            self._calls.change(
                self._v1.payment_intents.cancel, payment_ref, key=key, expand=_EXPANDED
            )
        )

    def read_payment(self, payment_ref: str) -> GatewayPayment:
        """A payment as it stands now."""
        return self._told(self._intent(payment_ref))

    def find_payment(self, our_id: str, customer_ref: str) -> GatewayPayment | None:
        """The payment made under our id; listed, because Stripe's search lags behind."""
        found = [
            intent
            for intent in self._calls.list(self._v1.payment_intents.list, customer=customer_ref)
            if (intent.get("metadata") or {}).get("our_id") == our_id
        ]
        payments = [self.read_payment(intent["id"]) for intent in found]
        payments.sort(key=lambda payment: payment.state not in _MONEY_FIRST)
        return payments[0] if payments else None

    def refund(
        self, payment_ref: str, amount_cents: int, our_id: str, *, key: str
    ) -> GatewayRefund:
        """Send money back. A refund of ours that is there already is answered, not repeated."""
        earlier = self.read_refunds(payment_ref)
        for refund in earlier:
            if refund.our_id == our_id:
                if refund.amount_cents != amount_cents:
                    raise KeyReused("This refund was made with another amount. Nothing was done.")
                return refund
        _check_refund(self.read_payment(payment_ref), earlier, amount_cents)
        made = self._calls.change(
            self._v1.refunds.create, key=key, payment_intent=payment_ref, amount=amount_cents,
            metadata={"our_id": our_id},
        )  # fmt: skip
        return told.refund(made)

    def read_refunds(self, payment_ref: str) -> list[GatewayRefund]:
        """A payment's refunds, oldest first."""
        if not self._intent(payment_ref).get("latest_charge"):
            return []
        found = list(self._calls.list(self._v1.refunds.list, payment_intent=payment_ref))
        found.sort(key=lambda each: each["created"])
        return [told.refund(each) for each in found]

    def open_page(self, request: PageRequest, *, key: str) -> HostedPage:
        """Make a Checkout Session."""
        asked = pages.asked(request)
        return pages.opened(self._calls.change(self._v1.checkout.sessions.create, key=key, **asked))

    def read_page(self, page_ref: str) -> PageResult:
        """What came of a Checkout Session."""
        return pages.result(
            self._calls.read(self._v1.checkout.sessions.retrieve, page_ref, expand=pages.EXPANDED)
        )

    def close_page(self, page_ref: str) -> PageResult:
        """Expire a Checkout Session, unless the payer has finished it."""
        try:
            self._calls.change(self._v1.checkout.sessions.expire, page_ref, key=f"close {page_ref}")
        except GatewayRefused as refusal:
            if refusal.code == "not_found":
                raise
        return self.read_page(page_ref)

    def read_method(self, method_ref: str) -> GatewayMethod:
        """A kept method, removed ones too."""
        return told.kept_method(self._calls.read(self._v1.payment_methods.retrieve, method_ref))

    def detach_method(self, method_ref: str) -> None:
        """Forget a method; it can never be charged again."""
        if self.read_method(method_ref).customer_ref:
            self._calls.change(
                self._v1.payment_methods.detach, method_ref, key=f"detach {method_ref}"
            )

    def payouts(self, since: date) -> list[GatewayPayout]:
        """The payouts that arrived on this day or later."""
        return payouts.payouts_since(self._calls, since)

    def read_event(self, headers: Mapping[str, str], body: bytes, now: datetime) -> GatewayEvent:
        """Check a webhook."""
        return events.read(headers, body, now, secret=self._webhook_secret, live=self._live)

    def _intent(self, payment_ref: str) -> Found:
        return self._calls.read(self._v1.payment_intents.retrieve, payment_ref, expand=_EXPANDED)

    def _told(self, found: Found) -> GatewayPayment:
        charge = found.get("latest_charge")
        is_disputed = isinstance(charge, dict) and charge.get("disputed")
        disputes = (
            list(self._calls.list(self._v1.disputes.list, payment_intent=found["id"]))
            if is_disputed
            else None
        )
        return told.payment(found, disputes)


_BOTH = frozenset({MethodKind.CREDIT, MethodKind.ACH})


def _check(order: PaymentOrder) -> None:
    if order.amount_cents <= 0:
        raise GatewayRefused("The gateway does not take this amount.", code="amount_out_of_range")
    if not 0 <= order.fee_cents < order.amount_cents:
        raise GatewayRefused("The fee does not fit the amount.", code="fee_out_of_range")


def _check_refund(payment: GatewayPayment, earlier: list[GatewayRefund], amount_cents: int) -> None:
    gone = sum(each.amount_cents for each in earlier if each.state is not RefundState.FAILED)
    if payment.state is GatewayState.PROCESSING:
        raise GatewayRefused("The bank debit is still under way.", code="payment_processing")
    if payment.state is not GatewayState.SUCCEEDED:
        raise GatewayRefused("Nothing was captured that could go back.", code="nothing_captured")
    if payment.return_code:
        raise GatewayRefused("The bank has taken this payment back.", code="payment_returned")
    if payment.dispute:
        raise GatewayRefused("This payment is disputed.", code="payment_disputed")
    if amount_cents <= 0:
        raise GatewayRefused("A refund is more than nothing.", code="amount_not_positive")
    if amount_cents > payment.captured_cents - gone:
        raise GatewayRefused("A refund cannot exceed what is left.", code="refund_above_captured")
