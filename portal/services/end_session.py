"""Sign out."""

from dataclasses import dataclass

from portal.domain.looking import as_oneself
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class EndSession:
    """The request."""

    session_id: str


def end_session(command: EndSession, *, store: Store, clock: Clock) -> bool:
    """End a session for good: its cookie opens nothing any more, wherever it was copied to.

    Returns: whether it was still open.
    """
    now = clock()
    with as_oneself(), store.unit_of_work() as uow:
        session = uow.sessions.find(command.session_id)
        if session is None or not uow.sessions.revoke(command.session_id, now):
            return False
        uow.audit.append(
            at=now, actor=session.user_key, action="session.ended", subject=session.user_key
        )
        uow.commit()
    return True
