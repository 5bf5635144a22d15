"""Who may work on which client's collections, and which texts are kept."""

from datetime import date, timedelta

from portal.domain.card_numbers import refuse_card_numbers
from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Permission, Principal
from portal.services.money_ports import ClientCard, ClientDirectory

LONGEST_TEXT = 2_000
LONGEST_REASON = 300
FURTHEST_DAYS = 730
"""So far ahead a pause, a promise or a next action may lie."""


def reach_client(
    actor: Principal,
    client_id: str,
    directory: ClientDirectory,
    permission: Permission = Permission.VIEW_COLLECTIONS,
) -> ClientCard:
    """The client, if this person may work on it.

    Raises: Denied; NotFound for a client that does not exist or is somebody else's.
    """
    actor.require(permission)
    card = directory.client(client_id)
    if card is None or not is_in_scope(actor, card.partner_id, card.manager_id):
        raise NotFound("There is no such client.")
    return card


def is_in_scope(actor: Principal, partner_id: str | None, manager_id: str | None) -> bool:
    """Whether a client of this partner and manager is among those the person sees."""
    return actor.sees(partner_id, manager_id)


def checked_text(text: str, what: str, longest: int = LONGEST_REASON) -> str:
    """A text as it is kept.

    Raises: Invalid when it is empty or too long.
    """
    tidy = text.strip()
    if not tidy or len(tidy) > longest:
        raise Invalid(f"Write {what}, at most {longest:,} characters.")
    if any(not sign.isprintable() and sign not in "\n\t" for sign in tidy):
        raise Invalid(f"Write {what} in plain text.")
    refuse_card_numbers(tidy)
    return tidy


def checked_day(day: date, today: date, what: str) -> date:
    """A day from today on.

    Raises: Invalid.
    """
    if not today <= day <= today + timedelta(days=FURTHEST_DAYS):
        raise Invalid(f"{what} must be today or later, at most two years ahead.")
    return day
