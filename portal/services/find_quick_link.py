"""Which quick payment link does this token open?"""

from portal.domain.errors import NotFound
from portal.services import link_tokens
from portal.services.payer_ports import LinkTokens, QuickLink
from portal.services.ports import Clock, Store
from portal.services.tickets import hash_of

CLOSED = "This payment link does not work any more. Ask whoever sent it for a new one."
"""For unknown, damaged, used up, expired and revoked alike: a guess learns nothing."""


def find_quick_link(token: str, *, store: Store, clock: Clock, tokens: LinkTokens) -> QuickLink:
    """The open quick link of a token.

    A token whose seal is wrong is refused before anything is looked up.
    Raises: NotFound, in the same words whatever is wrong.
    """
    secret = tokens.open(link_tokens.QUICK_LINK, token)
    if secret is None:
        raise NotFound(CLOSED)
    with store.reading() as view:
        link = view.quick_links.with_hash(hash_of(secret))
    if link is None or not link.is_open(clock()):
        raise NotFound(CLOSED)
    return link
