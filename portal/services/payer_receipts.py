"""Which payments a payer may see the receipt of, and what it says on paper."""

from zoneinfo import ZoneInfo

from portal.domain.errors import NotFound
from portal.domain.payers import EntryKind, Payer
from portal.services.money_ports import ClientDirectory
from portal.services.money_records import Payment
from portal.services.payment_letters import receipt_facts
from portal.services.ports import Store


def payment_for(payer: Payer, payment_id: str, *, store: Store, shows_history: bool) -> Payment:
    """A payment of a client of theirs: their own, and with an account the client's others too.

    Raises: NotFound, in the same words for one that does not exist and somebody else's.
    """
    with store.reading() as view:
        payment = view.payments.find(payment_id)
    if payment is None or payment.client_id not in payer.client_ids:
        raise NotFound("There is no such payment.")
    sees_all = shows_history and payer.entry in (EntryKind.ACCOUNT, EntryKind.STAFF)
    if not sees_all and payment.taken_by != payer.actor:
        raise NotFound("There is no such payment.")
    return payment


def paper_facts(
    payment: Payment, *, store: Store, directory: ClientDirectory, zone: ZoneInfo
) -> dict[str, object]:
    """What the receipt of a payment says on paper."""
    with store.reading() as view:
        items = view.payments.items(payment.payment_id)
    card = directory.client(payment.client_id) if payment.client_id else None
    at = (payment.captured_at or payment.created_at).astimezone(zone)
    return {
        **receipt_facts(payment, items, card, at.date()),
        "payer_name": payment.payer_name,
        "state": payment.state.value,
        "refunded_cents": payment.refunded_cents,
        "client_number": card.client_number if card else "",
    }
