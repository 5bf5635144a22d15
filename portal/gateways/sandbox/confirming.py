"""Confirming a payment with a kept method: the one call of the port that moves money."""

from portal.gateways.sandbox import pages, payments
from portal.gateways.sandbox.faults import NO_ANSWER
from portal.gateways.sandbox.ledger import Ledger
from portal.gateways.sandbox.named_methods import NAMED_METHODS
from portal.gateways.sandbox.rows import PaymentRow
from portal.gateways.sandbox.told import kept_method, told_payment
from portal.services.gateway import GatewayPayment, GatewayRefused, GatewayUnsure
from portal.services.gateway_states import GatewayState


def confirm(ledger: Ledger, payment: PaymentRow) -> GatewayPayment:
    """Charge the method, or let its bank ask the payer where the payer is there.

    What was confirmed before is told as it stands, and not charged again.

    Raises: GatewayRefused for a payment that the payer confirms on a page; GatewayUnsure for the
    method that never answers.
    """
    if payment.page_ref and payment.state == GatewayState.WAITING:
        raise GatewayRefused("The payer confirms this payment.", code="payment_of_page")
    if payment.state != GatewayState.WAITING:
        return told_payment(ledger, payment)
    kept_method(ledger, payment.method_ref or "")
    named = NAMED_METHODS[payment.named or ""]
    if named.answer_lost == "before":
        raise GatewayUnsure(NO_ANSWER)
    if named.asks_payer and not payment.is_off_session:
        return told_payment(ledger, pages.ask(ledger, payment, named))
    return told_payment(ledger, payments.charge(ledger, payment, named))


def loses_answer(payment: PaymentRow) -> bool:
    """Whether it is the method that works and whose answer gets lost, not charged before."""
    is_lost = NAMED_METHODS[payment.named or ""].answer_lost == "after"
    return is_lost and payment.state == GatewayState.WAITING
