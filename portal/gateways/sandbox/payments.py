"""The sandbox's rules of a payment: started, charged, captured, voided."""

from dataclasses import replace

from portal.gateways.sandbox.ledger import Ledger
from portal.gateways.sandbox.named_methods import NamedMethod
from portal.gateways.sandbox.rows import MethodRow, PaymentRow
from portal.gateways.sandbox.told import customer_of, kept_method, told_payment
from portal.services.gateway import GatewayPayment, GatewayRefused, PaymentOrder
from portal.services.gateway_states import EventKind, GatewayState, LineKind

CURRENCIES = frozenset({"USD", "CAD", "EUR", "GBP", "AUD"})
MOST_CENTS = 99_999_999
DISPUTE_DAYS = 5


def start(ledger: Ledger, order: PaymentOrder) -> GatewayPayment:
    """Write the payment down; no money moves."""
    check_amount(order.amount_cents, order.fee_cents, order.currency)
    customer = customer_of(ledger, order.customer_ref)
    method = kept_method(ledger, order.method_ref)
    if method.customer_ref != customer.ref:
        raise GatewayRefused("This method belongs to somebody else.", code="method_of_other")
    payment = PaymentRow(
        ref=ledger.new_ref("pay"),
        our_id=order.our_id,
        customer_ref=customer.ref,
        method_ref=method.ref,
        named=method.named,
        state=GatewayState.WAITING.value,
        amount_cents=order.amount_cents,
        fee_cents=order.fee_cents,
        currency=order.currency,
        is_off_session=int(order.off_session),
        description=order.description,
        return_url=order.return_url,
    )
    ledger.book.add(payment)
    return told_payment(ledger, payment)


def charge(
    ledger: Ledger, payment: PaymentRow, named: NamedMethod, *, may_try_again: bool = False
) -> PaymentRow:
    """Ask the bank behind a method. No is final, unless the payer may try another method."""
    decline_code = _decline_code(ledger, payment, named)
    if decline_code:
        state = GatewayState.WAITING if may_try_again else GatewayState.DECLINED
        changed = replace(payment, state=state.value, decline_code=decline_code)
    elif named.is_bank_debit:
        changed = replace(payment, state=GatewayState.PROCESSING.value, decline_code=None)
        settles_at = ledger.in_business_days(ledger.rates.ach_days)
        returned_at = ledger.in_business_days(named.return_days)
        if not named.return_code or named.return_days > ledger.rates.ach_days:
            ledger.later("settle", payment.ref, settles_at)
        if named.return_code:
            ledger.later("return", payment.ref, returned_at)
    else:
        return capture(ledger, replace(payment, decline_code=None), named)
    ledger.book.put(changed)
    ledger.tell_payment(changed)
    return changed


def capture(ledger: Ledger, payment: PaymentRow, named: NamedMethod) -> PaymentRow:
    """Take the money."""
    captured = replace(
        payment,
        state=GatewayState.SUCCEEDED.value,
        captured_cents=payment.amount_cents,
        captured_at=ledger.now_text,
    )
    ledger.book.put(captured)
    fee = ledger.rates.of(named.kind, payment.amount_cents)
    ledger.enter(LineKind.PAYMENT, captured, payment.amount_cents, fee, at=ledger.now)
    if named.dispute:
        ledger.later("dispute", payment.ref, ledger.in_business_days(DISPUTE_DAYS))
    ledger.tell_payment(captured)
    return captured


def void(ledger: Ledger, payment: PaymentRow) -> GatewayPayment:
    """Cancel a payment that has moved no money; nothing more where it is cancelled already.

    Raises: GatewayRefused when money has moved, or was declined.
    """
    if payment.state == GatewayState.CANCELLED:
        return told_payment(ledger, payment)
    if payment.state not in (GatewayState.WAITING, GatewayState.REQUIRES_ACTION):
        raise GatewayRefused(
            "This payment cannot be cancelled any more.", code="payment_not_waiting"
        )
    cancelled = replace(payment, state=GatewayState.CANCELLED.value)
    ledger.book.put(cancelled)
    ledger.tell_payment(cancelled)
    return told_payment(ledger, cancelled)


def _decline_code(ledger: Ledger, payment: PaymentRow, named: NamedMethod) -> str | None:
    method = ledger.book.one(MethodRow, payment.method_ref or "")
    if method is None or has_expired(ledger, method):
        return "expired_card"
    if named.decline_code:
        return named.decline_code
    if not payment.is_off_session:
        return None
    if named.asks_payer:
        return "authentication_required"
    if method.refusals < named.off_session_refusals:
        ledger.book.put(replace(method, refusals=method.refusals + 1))
        return "insufficient_funds"
    return None


def has_expired(ledger: Ledger, method: MethodRow) -> bool:
    """Whether a card's last month is over; bank accounts do not expire."""
    if method.exp_year is None or method.exp_month is None:
        return False
    return (method.exp_year, method.exp_month) < (ledger.today.year, ledger.today.month)


def check_amount(amount_cents: int, fee_cents: int, currency: str) -> None:
    """Refuse what no gateway would take.

    Raises: GatewayRefused.
    """
    if currency not in CURRENCIES:
        raise GatewayRefused("The gateway does not take this currency.", code="currency_unknown")
    if not 0 < amount_cents <= MOST_CENTS:
        raise GatewayRefused("The gateway does not take this amount.", code="amount_out_of_range")
    if not 0 <= fee_cents < amount_cents:
        raise GatewayRefused("The fee does not fit the amount.", code="fee_out_of_range")


def keep(
    ledger: Ledger, customer_ref: str, named: NamedMethod, *, for_once: bool = False
) -> MethodRow:
    """Keep a method for a customer, or only note it for one payment."""
    customer = customer_of(ledger, customer_ref)
    facts = named.facts(ledger.today, customer.name)
    method = MethodRow(
        ref=ledger.new_ref("met"),
        customer_ref=customer.ref,
        named=named.code,
        exp_month=facts.exp_month,
        exp_year=facts.exp_year,
        holder_name=customer.name,
        is_kept=int(not for_once),
    )
    ledger.book.add(method)
    if not for_once:
        ledger.tell(EventKind.METHOD, method_ref=method.ref)
    return method
