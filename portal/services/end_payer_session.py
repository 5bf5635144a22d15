"""Leave the client portal."""

from dataclasses import dataclass

from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class EndPayerSession:
    """The request."""

    session_id: str


def end_payer_session(command: EndPayerSession, *, store: Store, clock: Clock) -> None:
    """End a visit at once. Ending it again changes nothing."""
    with store.unit_of_work() as uow:
        uow.payer_sessions.revoke(command.session_id, clock())
        uow.commit()
