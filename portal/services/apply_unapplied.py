"""Set money that pays no invoice yet against a client's invoices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from portal.domain.applications import Line, check_currency, check_lines, check_payable
from portal.domain.errors import Invalid, NotFound
from portal.domain.payment_states import PaymentState
from portal.domain.permissions import Permission, Principal
from portal.failpoints import failpoint
from portal.services.money_actors import reach_client
from portal.services.money_ports import ClientDirectory, OpenBalance, Payment, PaymentItem
from portal.services.payment_items import new_item
from portal.services.payout_ports import key_of_payment
from portal.services.ports import Clock, Store, UnitOfWork
from portal.services.refund_steps import left_by_item


@dataclass(frozen=True, kw_only=True)
class ApplyUnapplied:
    """The request: how much of an unapplied line goes to which invoices.

    Sent twice, the second finds less unapplied money and is refused.
    """

    actor: Principal
    item_id: str
    lines: tuple[Line, ...]


def apply_unapplied(
    command: ApplyUnapplied, *, store: Store, directory: ClientDirectory, clock: Clock
) -> list[PaymentItem]:
    """Split the line. Each part gets a payment ID of its own; the last one keeps the line's.

    Raises: Denied, NotFound, Invalid, Overpaid.
    """
    with store.unit_of_work() as uow:
        uow.payments.serialize()
        item, payment = _line(uow, command, directory)
        left = left_by_item(uow, payment)[item.item_id]
        total = check_lines(command.lines, most_cents=left) if command.lines else 0
        if not total or any(line.invoice_id is None for line in command.lines):
            raise Invalid("Choose the invoices that this money is for.")
        balances = _invoices(uow, command.lines, payment)
        made = _split(uow, payment, item, command.lines, balances)
        uow.audit.append(
            at=clock(), actor=command.actor.user_key, action="payment.applied",
            subject=payment.payment_id,
            detail={"line": item.item_id, "to": {one.item_id: [one.invoice_id, one.cents]
                                                 for one in made}},
        )  # fmt: skip
        failpoint("apply_unapplied.written")
        uow.commit()
    failpoint("apply_unapplied.durable")
    return made


def _line(
    uow: UnitOfWork, command: ApplyUnapplied, directory: ClientDirectory
) -> tuple[PaymentItem, Payment]:
    command.actor.require(Permission.TAKE_PAYMENT)
    item = uow.payments.item(command.item_id)
    payment = uow.payments.find(item.payment_id) if item else None
    if item is None or payment is None:
        raise NotFound("There is no such payment.")
    if payment.client_id is None:
        raise Invalid("Say first which client this payment is from.")
    reach_client(command.actor, Permission.TAKE_PAYMENT, payment.client_id, directory)
    if item.invoice_id is not None:
        raise Invalid("This money pays an invoice already.")
    if item.posted_cents:
        raise Invalid(
            "Your practice management system has this receipt already. Apply it there: the "
            "portal follows by itself."
        )
    if uow.files.filed([key_of_payment(item.item_id)]):
        raise Invalid(
            "A payment file has told this money as unapplied already. Apply it in your practice "
            "management system once it is posted: the portal follows by itself."
        )
    if payment.state not in (PaymentState.SUCCEEDED, PaymentState.PART_REFUNDED):
        raise Invalid(f"This payment is {payment.state}; nothing of it can be applied.")
    return item, payment


def _invoices(uow: UnitOfWork, lines: Sequence[Line], payment: Payment) -> dict[str, OpenBalance]:
    wanted = {line.invoice_id: line.cents for line in lines if line.invoice_id is not None}
    found = {one.invoice_id: one for one in uow.balances.of_invoices(wanted)}
    payable = uow.balances.payable(wanted)
    for invoice_id, cents in wanted.items():
        balance = found.get(invoice_id)
        if balance is None or balance.client_id != payment.client_id:
            raise NotFound("An invoice is not open any more, or is not this client's.")
        check_currency(payment.currency, balance.currency)
        check_payable(balance.invoice_number, cents, payable[invoice_id], payment.currency)
    return found


def _split(
    uow: UnitOfWork,
    payment: Payment,
    item: PaymentItem,
    lines: Sequence[Line],
    balances: dict[str, OpenBalance],
) -> list[PaymentItem]:
    made, rest = [], item
    for line in lines:
        number = balances[line.invoice_id or ""].invoice_number
        if rest.cents == line.cents:
            rest = replace(rest, invoice_id=line.invoice_id, invoice_number=number)
            uow.payments.save_item(rest)
            made.append(rest)
            break
        rest = replace(rest, cents=rest.cents - line.cents)
        uow.payments.save_item(rest)
        part = new_item(uow, payment, line.invoice_id, number, line.cents, live=False)
        uow.payments.save_item(part)
        made.append(part)
    return made
