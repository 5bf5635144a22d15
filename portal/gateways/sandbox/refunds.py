"""The sandbox's rules of sending money back."""

from dataclasses import replace
from datetime import timedelta

from portal.gateways.sandbox.book import time_text
from portal.gateways.sandbox.ledger import Ledger
from portal.gateways.sandbox.named_methods import NAMED_METHODS
from portal.gateways.sandbox.rows import PaymentRow, RefundRow
from portal.gateways.sandbox.told import told_refund
from portal.services.gateway import GatewayRefund, GatewayRefused
from portal.services.gateway_states import EventKind, GatewayState, LineKind, RefundState

REFUND_DAYS = 3
REFUND_WINDOW = timedelta(days=180)


def refund(ledger: Ledger, payment: PaymentRow, cents: int, our_id: str) -> GatewayRefund:
    """Send money back, never more than was captured.

    Raises: GatewayRefused while a bank debit is processing, after a return or a dispute.
    """
    _check(ledger, payment, cents)
    named = NAMED_METHODS[payment.named or ""]
    is_slow = named.is_bank_debit or named.refund_fails
    state = RefundState.PENDING if is_slow else RefundState.SUCCEEDED
    made = RefundRow(
        ref=ledger.new_ref("ref"),
        our_id=our_id,
        payment_ref=payment.ref,
        amount_cents=cents,
        state=state.value,
    )
    ledger.book.add(made)
    changed = replace(payment, refunded_cents=payment.refunded_cents + cents)
    ledger.book.put(changed)
    ledger.enter(LineKind.REFUND, changed, -cents, 0, at=ledger.now, refund_ref=made.ref)
    if is_slow:
        days = 1 if named.refund_fails else REFUND_DAYS
        ledger.later("refund_ends", made.ref, ledger.in_business_days(days))
    ledger.tell(EventKind.REFUND, payment_ref=payment.ref, refund_ref=made.ref)
    return told_refund(made)


def _check(ledger: Ledger, payment: PaymentRow, cents: int) -> None:
    left = payment.captured_cents - payment.refunded_cents
    if payment.state == GatewayState.PROCESSING:
        raise GatewayRefused("The bank debit is still under way.", code="payment_processing")
    if payment.state != GatewayState.SUCCEEDED:
        raise GatewayRefused("Nothing was captured that could go back.", code="nothing_captured")
    if payment.return_code:
        raise GatewayRefused("The bank has taken this payment back.", code="payment_returned")
    if payment.dispute:
        raise GatewayRefused("This payment is disputed.", code="payment_disputed")
    if cents <= 0:
        raise GatewayRefused("A refund is more than nothing.", code="amount_not_positive")
    if cents > left:
        raise GatewayRefused("A refund cannot exceed what is left.", code="refund_above_captured")
    if (payment.captured_at or "") < time_text(ledger.now - REFUND_WINDOW):
        raise GatewayRefused("This payment is too old to be refunded.", code="refund_too_late")
