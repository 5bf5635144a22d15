"""See the portal as another person sees it, without being able to change anything."""

from dataclasses import dataclass

from portal.domain.errors import Denied, NotFound
from portal.domain.looking import as_oneself
from portal.domain.permissions import Permission, Principal
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class LookAs:
    """The request: this session looks as that user from now on."""

    actor: Principal
    session_id: str
    user_key: str


@dataclass(frozen=True, kw_only=True)
class StopLooking:
    """The request to be oneself again."""

    session_id: str


def look_as(command: LookAs, *, store: Store, clock: Clock) -> None:
    """Begin to look. Rows, permissions and modules are the other person's; deeds are refused.

    Raises: Denied without the right to manage permissions, and for oneself; NotFound for
    nobody, somebody who is switched off, or a session that is over.
    """
    command.actor.require(Permission.MANAGE_PERMISSIONS)
    if command.user_key == command.actor.user_key:
        raise Denied("You see the portal as yourself already.")
    with store.unit_of_work() as uow:
        session = uow.sessions.find(command.session_id)
        user = uow.users.find(command.user_key)
        if session is None or session.user_key != command.actor.user_key:
            raise NotFound("Your session has ended. Sign in again.")
        if user is None or not user.is_active:
            raise NotFound("There is no such person, or their access is switched off.")
        uow.sessions.look_as(session.session_id, user.user_key)
        uow.audit.append(
            at=clock(),
            actor=command.actor.user_key,
            action="view_as.begun",
            subject=user.user_key,
        )
        uow.commit()


def stop_looking(command: StopLooking, *, store: Store, clock: Clock) -> bool:
    """Be oneself again. Returns: whether the session was looking as somebody."""
    with as_oneself(), store.unit_of_work() as uow:
        session = uow.sessions.find(command.session_id)
        if session is None or session.seen_as is None:
            return False
        uow.sessions.look_as(session.session_id, None)
        uow.audit.append(
            at=clock(),
            actor=session.user_key,
            action="view_as.ended",
            subject=session.seen_as,
        )
        uow.commit()
    return True
