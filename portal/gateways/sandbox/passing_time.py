"""What happens at the sandbox by itself: debits settle or come back, disputes, refunds, payouts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from portal.gateways.sandbox import pages, payments
from portal.gateways.sandbox.book import Book, time_text
from portal.gateways.sandbox.ledger import Ledger
from portal.gateways.sandbox.named_methods import NAMED_METHODS
from portal.gateways.sandbox.rows import (
    EntryRow,
    PageRow,
    PaymentRow,
    PayoutRow,
    RefundRow,
    StepRow,
)
from portal.services.gateway_states import (
    DisputeState,
    EventKind,
    GatewayState,
    LineKind,
    RefundState,
)

DISPUTE_LASTS = timedelta(days=10)
KEYS_LAST = timedelta(days=7)


def is_due(book: Book, now: datetime, today: date) -> bool:
    """Whether something should have happened by now."""
    return book.next_step(time_text(now)) is not None or bool(book.unpaid_entries(today))


def advance(ledger: Ledger) -> None:
    """Let everything happen that should have by now, each at its own time."""
    while step := ledger.book.next_step(ledger.now_text):
        ledger.book.remove(StepRow, step.step_no)
        at = datetime.fromisoformat(step.at)
        _STEPS[step.kind](replace(ledger, now=at), step.subject)
    _pay_out(ledger)


def _settle(ledger: Ledger, subject: str) -> None:
    payment = _payment(ledger, subject)
    if payment.state == GatewayState.PROCESSING:
        payments.capture(ledger, payment, NAMED_METHODS[payment.named or ""])


def _return(ledger: Ledger, subject: str) -> None:
    payment = _payment(ledger, subject)
    code = NAMED_METHODS[payment.named or ""].return_code
    returned = replace(payment, return_code=code)
    if payment.state == GatewayState.PROCESSING:
        returned = replace(returned, state=GatewayState.DECLINED.value)
    else:
        left = payment.captured_cents - payment.refunded_cents
        if left == 0:
            return
        ledger.enter(LineKind.RETURN, payment, -left, ledger.rates.return_cents, at=ledger.now)
    ledger.book.put(returned)
    ledger.tell_payment(returned)


def _dispute(ledger: Ledger, subject: str) -> None:
    payment = _payment(ledger, subject)
    left = payment.captured_cents - payment.refunded_cents
    if left == 0:
        return
    _put_dispute(ledger, payment, DisputeState.OPEN)
    ledger.enter(LineKind.DISPUTE, payment, -left, ledger.rates.dispute_cents, at=ledger.now)
    ledger.later("dispute_ends", payment.ref, ledger.now + DISPUTE_LASTS)


def _dispute_ends(ledger: Ledger, subject: str) -> None:
    payment = _payment(ledger, subject)
    outcome = NAMED_METHODS[payment.named or ""].dispute or DisputeState.LOST
    _put_dispute(ledger, payment, outcome)
    if outcome is DisputeState.WON:
        back = payment.captured_cents - payment.refunded_cents
        ledger.enter(LineKind.DISPUTE, payment, back, -ledger.rates.dispute_cents, at=ledger.now)


def _put_dispute(ledger: Ledger, payment: PaymentRow, state: DisputeState) -> None:
    ledger.book.put(replace(payment, dispute=state.value))
    ledger.tell(EventKind.DISPUTE, payment_ref=payment.ref)


def _refund_ends(ledger: Ledger, subject: str) -> None:
    refund = ledger.book.one(RefundRow, subject)
    if refund is None:
        return
    payment = _payment(ledger, refund.payment_ref)
    fails = NAMED_METHODS[payment.named or ""].refund_fails
    state = RefundState.FAILED if fails else RefundState.SUCCEEDED
    ledger.book.put(replace(refund, state=state.value))
    if fails:
        left = payment.refunded_cents - refund.amount_cents
        ledger.book.put(replace(payment, refunded_cents=left))
        ledger.enter(LineKind.REFUND, payment, refund.amount_cents, 0, at=ledger.now,
                     refund_ref=refund.ref)  # fmt: skip
    ledger.tell(EventKind.REFUND, payment_ref=payment.ref, refund_ref=refund.ref)


def _page_expires(ledger: Ledger, subject: str) -> None:
    page = ledger.book.one(PageRow, subject)
    if page:
        pages.end(ledger, page, ledger.now)


def _payment(ledger: Ledger, ref: str) -> PaymentRow:
    payment = ledger.book.one(PaymentRow, ref)
    assert payment is not None, "a step belongs to a payment"  # noqa: S101
    return payment


_STEPS: Mapping[str, Callable[[Ledger, str], None]] = {
    "settle": _settle,
    "return": _return,
    "dispute": _dispute,
    "dispute_ends": _dispute_ends,
    "refund_ends": _refund_ends,
    "page_expires": _page_expires,
}


def _pay_out(ledger: Ledger) -> None:
    """One payout a weekday and currency. What is not above zero waits for a better day."""
    waiting: dict[str, list[EntryRow]] = {}
    entries = ledger.book.unpaid_entries(ledger.today)
    for day in sorted({entry.paid_date for entry in entries}):
        for entry in (entry for entry in entries if entry.paid_date == day):
            waiting.setdefault(entry.currency, []).append(entry)
        for currency in sorted(waiting):
            if sum(entry.net_cents for entry in waiting[currency]) > 0:
                _transfer(ledger, day, currency, waiting.pop(currency))


def _transfer(ledger: Ledger, day: str, currency: str, entries: list[EntryRow]) -> None:
    payout = PayoutRow(
        ref=ledger.new_ref("out"),
        paid_date=day,
        currency=currency,
        amount_cents=sum(entry.net_cents for entry in entries),
    )
    ledger.book.add(payout)
    for entry in entries:
        ledger.book.put(replace(entry, payout_ref=payout.ref))
    opens = datetime.combine(date.fromisoformat(day), time(), ledger.zone)
    ledger.tell(EventKind.PAYOUT, opens, payout_ref=payout.ref)
    ledger.book.forget_keys(time_text(ledger.now - KEYS_LAST))
