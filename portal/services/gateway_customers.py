"""What the gateway calls a client; made known to it once."""

import hashlib

from portal.services.money_ports import Payment
from portal.services.till import Till

CATCH_ALL = "catch-all"
"""Who pays by quick payment links, until somebody associates the payment."""


def customer_of(till: Till, payment: Payment) -> str:
    """The gateway's name for the client of a payment.

    Raises: GatewayUnsure, GatewayBusy, GatewayRefused.
    """
    return customer_of_client(till, payment.client_id, payment.payer_email)


def customer_of_client(till: Till, client_id: str | None, email: str) -> str:
    """The gateway's name for a client, or for those who pay without being one."""
    known_as = client_id or CATCH_ALL
    with till.store.reading() as view:
        found = view.methods.customer(till.gateway.name, known_as)
    if found is not None:
        return found
    card = till.directory.client(client_id) if client_id else None
    name = card.client_name if card else "Quick payment links"
    email = email if card else ""
    # The key is of what is asked: with another address it would be refused for a day.
    said = hashlib.sha256(f"{name}\n{email}".encode()).hexdigest()[:16]
    key = f"customer.{till.gateway.name}.{known_as}.{said}"
    ref = till.gateway.customer(known_as, name, email, key=key)
    with till.store.unit_of_work() as uow:
        kept = uow.methods.save_customer(till.gateway.name, known_as, ref)
        uow.commit()
    return kept
