"""What a payer can pay for a client: unpaid invoices, less what is already on its way."""

from dataclasses import dataclass

from portal.domain.payers import AskKind, Payer
from portal.services.money_records import OpenBalance
from portal.services.payer_ports import PayerDirectory
from portal.services.ports import Store, UnitOfWork

DEBIT_MEMO = "debit_memo"
"""A debit memo is settled with the firm, not in the client portal."""


@dataclass(frozen=True, kw_only=True)
class Unpaid:
    """An invoice with something left to pay, or with a payment under way.

    `is_busy`: somebody else has begun a payment of it and not finished; until then nobody
    begins another one. A page that this payer left open gives way to their next try, so what
    it has reserved counts as payable.
    """

    balance: OpenBalance
    payable_cents: int
    pending_cents: int
    is_busy: bool = False

    @property
    def can_be_chosen(self) -> bool:
        """Whether a payment for it can be begun now."""
        return self.payable_cents > 0 and not self.is_busy


def unpaid_invoices(payer: Payer, client_id: str, *, store: Store) -> list[Unpaid]:
    """The client's unpaid invoices, oldest first: no credits, debit memos or zero balances.

    Raises: NotFound for a client the payer did not come for.
    """
    payer.reach(client_id)
    with store.reading() as view:
        return _unpaid(view, payer, client_id)


def owed_cents(payer: Payer, client_id: str, *, store: Store) -> dict[str, int]:
    """What can still be paid for a client: currency -> cents.

    Raises: NotFound for a client the payer did not come for.
    """
    owed: dict[str, int] = {}
    for invoice in unpaid_invoices(payer, client_id, store=store):
        currency = invoice.balance.currency
        owed[currency] = owed.get(currency, 0) + invoice.payable_cents
    return owed


def free_credit(
    payer: Payer, client_id: str, *, store: Store, directory: PayerDirectory
) -> dict[str, int]:
    """The client's credit that nobody has asked to use yet: currency -> cents.

    Raises: NotFound for a client the payer did not come for.
    """
    payer.reach(client_id)
    credits = directory.credits(client_id)
    with store.reading() as view:
        asked = sum(
            message.cents or 0
            for message in view.payer_messages.of_client(client_id)
            if message.kind is AskKind.CREDIT and message.state == "open"
        )
    # What was asked for is taken from every currency: too little is shown rather than too much.
    return {currency: cents - asked for currency, cents in credits.items() if cents > asked}


def _unpaid(view: UnitOfWork, payer: Payer, client_id: str) -> list[Unpaid]:
    balances = [b for b in view.balances.of_client(client_id) if b.entry_kind != DEBIT_MEMO]
    ids = [balance.invoice_id for balance in balances]
    pending = view.balances.pending(ids)
    own, busy = _attempts(view, payer, ids)
    found = []
    for balance in balances:
        on_its_way = pending.get(balance.invoice_id, 0) - own.get(balance.invoice_id, 0)
        found.append(
            Unpaid(
                balance=balance,
                payable_cents=balance.open_cents - on_its_way,
                pending_cents=on_its_way,
                is_busy=balance.invoice_id in busy,
            )
        )
    return [one for one in found if one.payable_cents > 0 or one.pending_cents > 0]


def _attempts(
    view: UnitOfWork, payer: Payer, invoice_ids: list[str]
) -> tuple[dict[str, int], set[str]]:
    """What pages this payer left open have reserved, and the invoices others are paying."""
    own: dict[str, int] = {}
    busy: set[str] = set()
    for payment in view.payments.live_on(invoice_ids):
        is_own_page = payment.taken_by == payer.actor and payment.page_ref is not None
        for item in view.payments.items(payment.payment_id):
            if item.invoice_id is None:
                continue
            if is_own_page:
                own[item.invoice_id] = own.get(item.invoice_id, 0) + item.cents
            else:
                busy.add(item.invoice_id)
    return own, busy
