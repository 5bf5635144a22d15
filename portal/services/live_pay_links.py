"""The 1-click links that still open a client's portal, and whom each was mailed to."""

from dataclasses import dataclass
from datetime import datetime

from portal.domain.errors import NotFound
from portal.domain.permissions import Permission, Principal
from portal.services.mint_pay_link import is_in_scope
from portal.services.payer_ports import PayerDirectory, PayLink
from portal.services.ports import Store


@dataclass(frozen=True, kw_only=True)
class LivePayLink:
    """A link that works. `mailed_to` is empty for one that somebody of the firm has made."""

    link: PayLink
    mailed_to: tuple[str, ...] = ()


def live_pay_links(
    actor: Principal, client_id: str, *, store: Store, now: datetime, directory: PayerDirectory
) -> list[LivePayLink]:
    """The client's links that work now, the newest first.

    Raises: Denied; NotFound for a client that does not exist or is out of scope.
    """
    actor.require(Permission.OPEN_CLIENT_PORTAL)
    if not is_in_scope(actor, client_id, directory):
        raise NotFound("There is no such client.")
    found = []
    with store.reading() as view:
        for link in view.pay_links.of_client(client_id):
            if not link.is_open(now):
                continue
            maker, _, letter_id = link.created_by.partition(":")
            letter = view.outbox.find(letter_id) if maker == "letter" else None
            people = letter.letter.recipients if letter else ()
            found.append(LivePayLink(link=link, mailed_to=tuple(one.address for one in people)))
    return found
