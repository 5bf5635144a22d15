"""Forget which clients were ever shown, before go-live, so that the firm's rule counts anew."""

from dataclasses import dataclass

from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class ForgetShownClients:
    """The request. `actor` is who asks for it, for the audit log."""

    actor: str


def forget_shown_clients(command: ForgetShownClients, *, store: Store, clock: Clock) -> int:
    """Forget all of them; the next full refresh leaves out whom the rule says.

    Returns: how many were forgotten.
    """
    with store.unit_of_work() as uow:
        forgotten = uow.shown_clients.forget()
        uow.audit.append(
            at=clock(),
            actor=command.actor,
            action="shown_clients.forgotten",
            subject="clients",
            detail={"clients": forgotten},
        )
        uow.commit()
    return forgotten
