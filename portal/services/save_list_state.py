"""Keep a list the way a person left it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.errors import Invalid
from portal.domain.permissions import Principal
from portal.services.ports import Store

LARGEST_STATE = 64 * 1024
"""Bytes of JSON: ten times what a list with every column touched needs."""
MOST_PLACES = 12
"""One list stands in so many places at the most; those left longest ago are forgotten."""
_PLACE = re.compile(r"[a-z_]{1,40}(@[a-z_]{1,40}){0,16}")


@dataclass(frozen=True, kw_only=True)
class SaveListState:
    """The request; `place` says where the list stands: all invoices, or a client's."""

    actor: Principal
    list_name: str
    place: str
    state: Mapping[str, object]


def save_list_state(command: SaveListState, *, store: Store) -> None:
    """Replace how this person left this list in one place; the other places stay as they are.

    Raises: Invalid for a state no list has.
    """
    check_state(command.state)
    if not _PLACE.fullmatch(command.place):
        raise Invalid("The state of this list can't be kept.")
    user = command.actor.user_key
    with store.unit_of_work() as uow:
        places = places_of(uow.lists.state(user, command.list_name))
        places.pop(command.place, None)
        kept = dict([*places.items(), (command.place, command.state)][-MOST_PLACES:])
        uow.lists.save_state(user, command.list_name, {"places": kept})
        uow.commit()


def places_of(kept: Mapping[str, object] | None) -> dict[str, object]:
    """The states kept for one list by the places it stands in, the last changed at the end."""
    places = kept.get("places") if isinstance(kept, Mapping) else None
    return dict(places) if isinstance(places, Mapping) else {}


def list_state(actor: Principal, list_name: str, *, store: Store) -> Mapping[str, object] | None:
    """How this person left this list, or None."""
    with store.reading() as view:
        return view.lists.state(actor.user_key, list_name)


def check_state(state: Mapping[str, object]) -> None:
    """Go on only with a state of a reasonable size that is plain JSON.

    Raises: Invalid.
    """
    try:
        size = len(json.dumps(dict(state), allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        raise Invalid("The state of this list can't be kept.") from None
    if size > LARGEST_STATE:
        raise Invalid("The state of this list is too large to be kept.")
