"""Keep an attempt to pay, and what it reserves, before anybody is charged.

It happens within a transaction of the caller's: the attempt is durable when that is.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from portal.domain.applications import (
    PAYABLE_KINDS,
    Line,
    check_currency,
    check_lines,
    check_payable,
)
from portal.domain.errors import Invalid, NotFound, PortalError
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.mail_addresses import checked_address
from portal.domain.payment_ids import action_id
from portal.domain.permissions import Permission
from portal.failpoints import failpoint
from portal.services.gateway_states import MethodKind
from portal.services.money_actors import Actor, ByItself, actor_key, reach_client, reach_method
from portal.services.money_ports import OpenBalance, Payment, PaymentItem, PaymentMethod, Source
from portal.services.money_requests import check_request, check_same, checked_text, fingerprint
from portal.services.paying_method import check_owner, paying_method
from portal.services.payment_items import new_item
from portal.services.payment_steps import note
from portal.services.ports import UnitOfWork
from portal.services.till import Till

Guard = Callable[[UnitOfWork], None]
"""A check of the caller's own, inside the transaction that reserves: it raises to refuse."""


class InProgress(PortalError):
    """An invoice of this payment is being paid right now."""


@dataclass(frozen=True, kw_only=True)
class TakePayment:
    """The request. `method_id` None opens the gateway's page; `return_url` leads back from it.

    `client_id` None is for quick payment links only: the payment waits to be associated.
    `method_client_id`: whose saved method pays, where that is another client of the same group.
    `off_session`: the payer is not there.
    """

    actor: Actor
    request_id: str
    source: Source
    client_id: str | None
    lines: tuple[Line, ...]
    currency: str = "USD"
    method_id: str | None = None
    method_client_id: str | None = None
    save_method: bool = False
    return_url: str = ""
    off_session: bool = False
    receipt_emails: tuple[str, ...] = ()
    payer_name: FreeText = ""
    payer_email: str = ""
    note: FreeText = ""
    portal_user_id: str | None = None
    quick_link_id: str | None = None
    plan_id: str | None = None
    occurrence_id: str | None = None


@without_card_numbers
def checked(command: TakePayment, till: Till) -> TakePayment:
    """The command with everything checked that needs no transaction.

    Raises: Denied, NotFound, Invalid; CardNumberRefused for a text with a card number in it.
    """
    check_request(command.request_id)
    if command.client_id is not None:
        reach_client(command.actor, Permission.TAKE_PAYMENT, command.client_id, till.directory)
    elif command.source is not Source.QUICK_LINK or not isinstance(command.actor, ByItself):
        raise NotFound("There is no such client.")
    check_owner(till, command.actor, command.client_id, command.method_client_id)
    check_currency(command.currency, till.policy.currency)
    check_lines(command.lines, most_cents=till.policy.most_cents)
    return replace(
        command,
        note=checked_text(command.note),
        payer_name=checked_text(command.payer_name, longest=120),
        payer_email=checked_address(command.payer_email) if command.payer_email else "",
        receipt_emails=tuple(checked_address(one) for one in command.receipt_emails if one),
    )


@dataclass(frozen=True, kw_only=True)
class Reserved:
    """An attempt that is kept: its method, where it has just been read, and whether it is new."""

    payment: Payment
    method: PaymentMethod | None
    is_new: bool


def reserve(uow: UnitOfWork, command: TakePayment, till: Till, guard: Guard | None) -> Reserved:
    """Keep the attempt of a checked command, or find the one this form has made.

    Raises: NotFound, Invalid, Overpaid, InProgress, RequestReused; what the guard raises.
    """
    print_ = _fingerprint(command)
    uow.payments.serialize()
    earlier = uow.payments.find_by_request(command.request_id)
    if earlier is not None:
        check_same(earlier.fingerprint, print_)
        return Reserved(payment=earlier, method=None, is_new=False)
    if guard is not None:
        guard(uow)
    owner_id = command.method_client_id or command.client_id
    method = paying_method(uow, till, command.method_id, owner_id)
    if method is not None:
        reach_method(command.actor, method)
    balances = _balances(uow, command)
    failpoint("take_payment.checked")
    payment = _payment(uow, command, till, method, print_)
    uow.payments.add(payment, _items(uow, command, payment, balances))
    note(uow, payment, before=None, at=payment.created_at, actor=payment.taken_by,
         reason=command.source)  # fmt: skip
    failpoint("take_payment.reserved")
    return Reserved(payment=payment, method=method, is_new=True)


def _balances(uow: UnitOfWork, command: TakePayment) -> dict[str, OpenBalance]:
    """The invoices of the lines, each the client's own, payable and not being paid right now."""
    wanted = {line.invoice_id: line.cents for line in command.lines if line.invoice_id is not None}
    found = {one.invoice_id: one for one in uow.balances.of_invoices(wanted)}
    for invoice_id in wanted:
        balance = found.get(invoice_id)
        if balance is None or balance.client_id != command.client_id:
            raise NotFound("An invoice is not open any more, or is not this client's. Nothing "
                           "was charged; look again.")  # fmt: skip
        if balance.entry_kind not in PAYABLE_KINDS or balance.open_cents <= 0:
            raise Invalid(f"{balance.invoice_number} is a credit; it can't be paid.")
        check_currency(command.currency, balance.currency)
    live = uow.payments.live_on(wanted)
    if live:
        raise InProgress(
            f"A payment of this is already in progress ({live[0].payment_id}). Nothing more was "
            "charged; wait until it is done."
        )
    payable = uow.balances.payable(wanted)
    for invoice_id, cents in wanted.items():
        number = found[invoice_id].invoice_number
        check_payable(number, cents, payable[invoice_id], command.currency)
    return found


def _payment(
    uow: UnitOfWork, command: TakePayment, till: Till, method: PaymentMethod | None, print_: str
) -> Payment:
    now, action = till.clock(), uow.payments.next_action()
    amount = sum(line.cents for line in command.lines)
    return Payment(
        payment_id=action_id(action),
        action_no=action,
        request_id=command.request_id,
        fingerprint=print_,
        source=command.source,
        client_id=command.client_id,
        portal_user_id=command.portal_user_id,
        quick_link_id=command.quick_link_id,
        plan_id=command.plan_id,
        occurrence_id=command.occurrence_id,
        method_id=method.method_id if method else None,
        kind=method.kind if method else MethodKind.UNKNOWN,
        brand=method.brand if method else "",
        last4=method.last4 if method else "",
        currency=command.currency,
        amount_cents=amount,
        fee_cents=till.policy.fees.fee_cents(method.kind, amount) if method else 0,
        gateway=till.gateway.name,
        customer_ref=method.customer_ref if method else None,
        gateway_key=f"pay.{command.request_id}",
        taken_by=actor_key(command.actor),
        payer_name=command.payer_name or (method.holder_name if method else ""),
        payer_email=command.payer_email,
        receipt_emails=command.receipt_emails,
        note=command.note,
        created_at=now,
        updated_at=now,
    )


def _items(
    uow: UnitOfWork, command: TakePayment, payment: Payment, balances: dict[str, OpenBalance]
) -> list[PaymentItem]:
    return [
        new_item(
            uow, payment, line.invoice_id,
            balances[line.invoice_id].invoice_number if line.invoice_id else "",
            line.cents, live=True,
        )
        for line in command.lines
    ]  # fmt: skip


def _fingerprint(command: TakePayment) -> str:
    contents = asdict(replace(command, actor=ByItself(actor_key(command.actor))))
    return fingerprint("take_payment", contents)
