"""The lines of a payment: what becomes of them when money comes, goes back or finds no invoice."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from portal.domain.payment_ids import PaymentId
from portal.domain.retries import RETURNS, AfterFailure
from portal.services.gateway import GatewayPayment
from portal.services.money_ports import Payment, PaymentItem
from portal.services.payment_letters import send_failure
from portal.services.payment_steps import raise_exception
from portal.services.ports import UnitOfWork
from portal.services.till import Till

UNAUTHORISED = frozenset(
    code for code, reason in RETURNS.items() if reason.then is AfterFailure.REVOKE_MANDATE
)
"""Return codes that say: this account was never to be debited. The mandate ends."""


def new_item(
    uow: UnitOfWork,
    payment: Payment,
    invoice_id: str | None,
    number: str,
    cents: int,
    *,
    live: bool,
) -> PaymentItem:
    """A line with a payment ID nobody has had."""
    item_no = uow.payments.next_item()
    return PaymentItem(
        item_id=str(PaymentId(payment.action_no, item_no)),
        item_no=item_no,
        payment_id=payment.payment_id,
        invoice_id=invoice_id,
        invoice_number=number,
        cents=cents,
        is_live=live,
    )


def settle_items(uow: UnitOfWork, payment: Payment, now: datetime) -> list[PaymentItem]:
    """Money has come: an invoice that is gone or owes less by now leaves it unapplied.

    The payment is kept; what does not fit becomes an exception that somebody owns.
    Returns: the lines as they are then.
    """
    items = {item.item_id: item for item in uow.payments.items(payment.payment_id)}
    for item in report_misfits(uow, list(items.values()), now):
        items[item.item_id] = replace(item, invoice_id=None, is_live=False)
        uow.payments.save_item(items[item.item_id])
    return list(items.values())


def report_misfits(
    uow: UnitOfWork, items: Sequence[PaymentItem], now: datetime
) -> list[PaymentItem]:
    """Tell the queue which lines their invoices cannot take: gone, or owing less by now.

    Returns: the lines whose invoice is gone. Nothing of the payment is changed.
    """
    payable = uow.balances.payable(item.invoice_id for item in items if item.invoice_id)
    gone = []
    for item in items:
        if item.invoice_id is None or item.posted_cents:
            continue
        left = payable.get(item.invoice_id)
        if left is None:
            gone.append(item)
        if left is None or left < 0:
            raise_exception(
                uow, "invoice_gone" if left is None else "invoice_overpaid", item.item_id,
                at=now, detail={"invoice_number": item.invoice_number, "cents": item.cents},
            )  # fmt: skip
    return gone


def take_back(
    uow: UnitOfWork, till: Till, payment: Payment, told: GatewayPayment, now: datetime
) -> None:
    """The bank refused, or took the money back: the payer hears of it, and the mandate may end."""
    code = told.return_code or told.decline_code or "declined"
    send_failure(uow, till, payment, code, now)
    if code in UNAUTHORISED and (method_id := _method_of(uow, payment, told)):
        uow.mandates.revoke(method_id, code, now)


def _method_of(uow: UnitOfWork, payment: Payment, told: GatewayPayment) -> str | None:
    """The saved method behind a payment, also where it was saved on the page of this payment."""
    if payment.method_id or told.method_ref is None:
        return payment.method_id
    kept = uow.methods.find_by_ref(told.method_ref)
    return kept.method_id if kept else None


def refund_items(uow: UnitOfWork, payment: Payment, parts: Mapping[str, int]) -> None:
    """Note on the lines what has gone back of each."""
    for item in uow.payments.items(payment.payment_id):
        if cents := parts.get(item.item_id):
            uow.payments.save_item(replace(item, refunded_cents=item.refunded_cents + cents))
