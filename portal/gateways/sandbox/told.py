"""What the sandbox knows, looked up by reference, and told in the words of the port."""

from portal.gateways.sandbox.ledger import Ledger
from portal.gateways.sandbox.named_methods import NAMED_METHODS
from portal.gateways.sandbox.rows import CustomerRow, MethodRow, PageRow, PaymentRow, RefundRow
from portal.services.gateway import (
    GatewayMethod,
    GatewayPayment,
    GatewayRefund,
    GatewayRefused,
    MethodFacts,
)
from portal.services.gateway_states import DisputeState, GatewayState, RefundState


def customer_of(ledger: Ledger, ref: str) -> CustomerRow:
    """A customer the gateway knows.

    Raises: GatewayRefused.
    """
    found = ledger.book.one(CustomerRow, ref)
    if found is None:
        raise GatewayRefused("The gateway does not know this customer.", code="no_such_customer")
    return found


def kept_method(ledger: Ledger, ref: str) -> MethodRow:
    """A method that may still be charged.

    Raises: GatewayRefused when it is unknown or was removed.
    """
    found = ledger.book.one(MethodRow, ref)
    if found is None or found.is_detached or not found.is_kept:
        raise GatewayRefused("This payment method is not kept any more.", code="no_such_method")
    return found


def payment_of(ledger: Ledger, ref: str) -> PaymentRow:
    """A payment the gateway knows.

    Raises: GatewayRefused.
    """
    found = ledger.book.one(PaymentRow, ref)
    if found is None:
        raise GatewayRefused("The gateway does not know this payment.", code="no_such_payment")
    return found


def page_of(ledger: Ledger, ref: str) -> PageRow:
    """A hosted page the gateway knows.

    Raises: GatewayRefused.
    """
    found = ledger.book.one(PageRow, ref)
    if found is None:
        raise GatewayRefused("The gateway does not know this page.", code="no_such_page")
    return found


def told_payment(ledger: Ledger, payment: PaymentRow) -> GatewayPayment:
    """A payment as the port tells it."""
    method = ledger.book.one(MethodRow, payment.method_ref) if payment.method_ref else None
    is_asking = payment.state == GatewayState.REQUIRES_ACTION and payment.page_ref
    return GatewayPayment(
        ref=payment.ref,
        our_id=payment.our_id,
        state=GatewayState(payment.state),
        amount_cents=payment.amount_cents,
        currency=payment.currency,
        captured_cents=payment.captured_cents,
        refunded_cents=payment.refunded_cents,
        fee_cents=payment.fee_cents,
        method=told_method(method).facts if method else None,
        method_ref=method.ref if method and method.is_kept else None,
        decline_code=payment.decline_code,
        return_code=payment.return_code,
        dispute=DisputeState(payment.dispute) if payment.dispute else None,
        action_url=page_url(ledger, payment.page_ref) if is_asking else None,
    )


def told_method(method: MethodRow) -> GatewayMethod:
    """A kept method as the port tells it."""
    named = NAMED_METHODS[method.named]
    facts = MethodFacts(
        kind=named.kind,
        brand=named.brand,
        last4=named.last4,
        exp_month=method.exp_month,
        exp_year=method.exp_year,
        holder_name=method.holder_name,
    )
    return GatewayMethod(
        ref=method.ref,
        customer_ref=method.customer_ref,
        facts=facts,
        is_removed=bool(method.is_detached),
    )


def told_refund(refund: RefundRow) -> GatewayRefund:
    """A refund as the port tells it."""
    return GatewayRefund(
        ref=refund.ref,
        our_id=refund.our_id,
        payment_ref=refund.payment_ref,
        amount_cents=refund.amount_cents,
        state=RefundState(refund.state),
    )


def page_url(ledger: Ledger, page_ref: str | None) -> str:
    """Where a hosted page is."""
    return f"{ledger.public_url}/sandbox/pay/{page_ref}"
