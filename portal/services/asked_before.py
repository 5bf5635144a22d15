"""What a payer asked about an invoice before, and what was answered."""

from portal.domain.payers import EntryKind, Payer
from portal.services.payer_ports import PayerMessage
from portal.services.ports import Store


def asked_before(
    payer: Payer, client_id: str, invoice_id: str, *, store: Store
) -> list[PayerMessage]:
    """Their own messages, newest first. Guests see none: they are strangers to one another.

    Raises: NotFound for somebody else's client.
    """
    payer.reach(client_id)
    if payer.entry is EntryKind.GUEST:
        return []
    with store.reading() as view:
        return [
            one
            for one in view.payer_messages.of_client(client_id)
            if one.invoice_id == invoice_id and one.asked_by == payer.actor
        ]
