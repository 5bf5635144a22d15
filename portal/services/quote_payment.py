"""What a client may pay now: open invoices less what is on its way, saved methods, fees."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.domain.applications import PAYABLE_KINDS
from portal.domain.payment_policy import PaymentPolicy
from portal.domain.permissions import Permission
from portal.services.gateway_states import MethodKind
from portal.services.money_actors import Actor, reach_client
from portal.services.money_ports import ClientCard, ClientDirectory, OpenBalance, PaymentMethod
from portal.services.ports import Store


@dataclass(frozen=True, kw_only=True)
class QuotePayment:
    """The request: all open invoices of a client, or only those named."""

    actor: Actor
    client_id: str
    invoice_ids: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Payable:
    """An invoice and what may still be paid on it."""

    invoice: OpenBalance
    payable_cents: int
    in_progress: bool


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What a form to pay shows."""

    client: ClientCard
    invoices: tuple[Payable, ...]
    methods: tuple[PaymentMethod, ...]
    policy: PaymentPolicy

    def fee_cents(self, kind: MethodKind, amount_cents: int) -> int:
        """What a method of this kind adds to an amount."""
        return self.policy.fees.fee_cents(kind, amount_cents)


def quote_payment(
    command: QuotePayment, *, store: Store, directory: ClientDirectory, policy: PaymentPolicy
) -> Quote:
    """Look; nothing is reserved.

    Raises: Denied, NotFound.
    """
    card = reach_client(command.actor, Permission.TAKE_PAYMENT, command.client_id, directory)
    wanted = set(command.invoice_ids)
    with store.reading() as view:
        balances = [
            balance
            for balance in view.balances.of_client(card.client_id)
            if balance.entry_kind in PAYABLE_KINDS
            and balance.currency == policy.currency
            and (not wanted or balance.invoice_id in wanted)
        ]
        ids = [balance.invoice_id for balance in balances]
        payable = view.balances.payable(ids)
        live = {
            item.invoice_id
            for payment in view.payments.live_on(ids)
            for item in view.payments.items(payment.payment_id)
        }
        methods = view.methods.of_client(card.client_id)
    return Quote(
        client=card,
        invoices=tuple(
            Payable(
                invoice=balance,
                payable_cents=max(payable[balance.invoice_id], 0),
                in_progress=balance.invoice_id in live,
            )
            for balance in balances
        ),
        methods=tuple(
            method
            for method in methods
            if method.kind is MethodKind.UNKNOWN or method.kind in policy.kinds
        ),
        policy=policy,
    )
