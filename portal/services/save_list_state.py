"""Keep a list the way a person left it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.errors import Invalid
from portal.domain.permissions import Principal
from portal.services.ports import Store

LARGEST_STATE = 64 * 1024
"""Bytes of JSON: ten times what a list with every column touched needs."""


@dataclass(frozen=True, kw_only=True)
class SaveListState:
    """The request; `state` None forgets what was kept."""

    actor: Principal
    list_name: str
    state: Mapping[str, object] | None


def save_list_state(command: SaveListState, *, store: Store) -> None:
    """Replace how this person left this list; nobody else's is touched.

    Raises: Invalid for a state no list has.
    """
    check_state(command.state or {})
    with store.unit_of_work() as uow:
        if command.state is None:
            uow.lists.forget_state(command.actor.user_key, command.list_name)
        else:
            uow.lists.save_state(command.actor.user_key, command.list_name, command.state)
        uow.commit()


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
