"""Drop a view of a list."""

from dataclasses import dataclass

from portal.domain.errors import NotFound
from portal.domain.permissions import Permission, Principal
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class DeleteListView:
    """The request."""

    actor: Principal
    view_id: str


def delete_list_view(command: DeleteListView, *, store: Store, clock: Clock) -> None:
    """Drop one's own view; who manages permissions may also drop what others have shared.

    Raises: NotFound, also for a view this person may not know of; Denied for a shared one.
    """
    with store.unit_of_work() as uow:
        view = uow.lists.view(command.view_id)
        is_mine = view is not None and view.owner == command.actor.user_key
        if view is None or not (is_mine or view.is_shared):
            raise NotFound("There is no such view.")
        if not is_mine:
            command.actor.require(Permission.MANAGE_PERMISSIONS)
        uow.lists.delete_view(view.view_id)
        if view.is_shared:
            uow.audit.append(
                at=clock(),
                actor=command.actor.user_key,
                action="view.deleted",
                subject=view.view_id,
                detail={"list": view.list_name, "name": view.name, "owner": view.owner},
            )
        uow.commit()
