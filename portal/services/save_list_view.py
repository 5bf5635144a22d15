"""Keep a list's state under a name, for oneself or for the firm."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.errors import Invalid, NotFound
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.permissions import Permission, Principal
from portal.services.ports import Clock, ListView, Store, UnitOfWork
from portal.services.save_list_state import check_state

LONGEST_NAME = 80
MOST_VIEWS = 100
"""Of one person for one list."""


@dataclass(frozen=True, kw_only=True)
class SaveListView:
    """The request. With a `view_id` that view is replaced, without one a new view is made."""

    actor: Principal
    list_name: str
    name: FreeText
    state: Mapping[str, object]
    is_shared: bool = False
    view_id: str | None = None


@without_card_numbers
def save_list_view(command: SaveListView, *, store: Store, clock: Clock) -> ListView:
    """Keep a view. Sharing it with the firm, or changing what is shared, is audited.

    Raises: Denied without the permission to share; NotFound for somebody else's view;
    Invalid for a name that is empty, long or taken.
    """
    name = " ".join(command.name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(f"Give the view a name of 1 to {LONGEST_NAME} characters.")
    if command.is_shared:
        command.actor.require(Permission.SHARE_VIEWS)
    check_state(command.state)
    owner = command.actor.user_key
    with store.unit_of_work() as uow:
        before = _before(uow, command)
        mine = [view for view in uow.lists.views(owner, command.list_name) if view.owner == owner]
        others = [view for view in mine if before is None or view.view_id != before.view_id]
        if any(view.name.casefold() == name.casefold() for view in others):
            raise Invalid(f"You have a view called {name} already.")
        if len(others) >= MOST_VIEWS:
            raise Invalid(f"{MOST_VIEWS} views are the most for one list. Delete one first.")
        view = ListView(
            view_id=before.view_id if before else uuid.uuid4().hex,
            list_name=command.list_name,
            name=name,
            owner=owner,
            is_shared=command.is_shared,
            state=command.state,
        )
        uow.lists.save_view(view)
        if view.is_shared or (before and before.is_shared):
            uow.audit.append(
                at=clock(),
                actor=owner,
                action="view.shared" if view.is_shared else "view.unshared",
                subject=view.view_id,
                detail={"list": view.list_name, "name": view.name},
            )
        uow.commit()
    return view


def list_views(actor: Principal, list_name: str, *, store: Store) -> list[ListView]:
    """The person's own views of a list and those shared with the firm."""
    with store.reading() as view:
        return view.lists.views(actor.user_key, list_name)


def _before(uow: UnitOfWork, command: SaveListView) -> ListView | None:
    if command.view_id is None:
        return None
    before = uow.lists.view(command.view_id)
    is_mine = before is not None and before.owner == command.actor.user_key
    if before is None or not is_mine or before.list_name != command.list_name:
        raise NotFound("There is no such view.")
    return before
