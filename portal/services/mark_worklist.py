"""How a client stands on the worklist: whose it is, what comes next and when, done for today."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.domain.errors import Invalid
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.permissions import Principal
from portal.services.add_note import mark_of
from portal.services.collection_access import checked_day, checked_text, reach_client
from portal.services.collections_ports import WorklistMark
from portal.services.money_ports import ClientDirectory
from portal.services.ports import Clock, Store

MOST_CLIENTS = 5_000


@dataclass(frozen=True, kw_only=True)
class AssignClients:
    """The request. `assignee` is a user of the portal; None gives the clients back to all."""

    actor: Principal
    client_ids: Sequence[str]
    assignee: str | None


@dataclass(frozen=True, kw_only=True)
class SetNextAction:
    """The request. Without a day the next action is forgotten."""

    actor: Principal
    client_id: str
    day: date | None
    action: FreeText = ""


@dataclass(frozen=True, kw_only=True)
class DoneForToday:
    """The request. Not `is_done` puts the clients back on today's list."""

    actor: Principal
    client_ids: Sequence[str]
    is_done: bool = True


def assign_clients(
    command: AssignClients, *, store: Store, directory: ClientDirectory, clock: Clock
) -> int:
    """Give clients to somebody. Returns: how many.

    Raises: Denied; NotFound; Invalid for somebody who can't sign in.
    """
    _reach_all(command.actor, command.client_ids, directory)
    now = clock()
    with store.unit_of_work() as uow:
        name = None
        if command.assignee is not None:
            user = uow.users.find(command.assignee)
            if user is None or not user.is_active:
                raise Invalid("Choose somebody who uses the portal.")
            name = user.full_name
        for client_id in command.client_ids:
            mark = mark_of(uow, client_id, now)
            uow.marks.save(
                replace(mark, assignee=command.assignee, assignee_name=name, updated_at=now)
            )
        uow.audit.append(
            at=now,
            actor=command.actor.user_key,
            action="clients.assigned",
            subject=command.assignee or "nobody",
            detail={"clients": list(command.client_ids[:100]), "count": len(command.client_ids)},
        )
        uow.commit()
    return len(command.client_ids)


@without_card_numbers
def set_next_action(
    command: SetNextAction,
    *,
    store: Store,
    directory: ClientDirectory,
    clock: Clock,
    today: Callable[[datetime], date],
) -> WorklistMark:
    """Say when to take a client up again; until then it waits below the others.

    Raises: Denied; NotFound; Invalid.
    """
    reach_client(command.actor, command.client_id, directory)
    now = clock()
    action = None
    if command.day is not None:
        checked_day(command.day, today(now), "The day of the next action")
        action = checked_text(command.action, "what to do") if command.action.strip() else ""
    with store.unit_of_work() as uow:
        mark = replace(
            mark_of(uow, command.client_id, now),
            next_action_on=command.day,
            next_action=action,
            updated_at=now,
        )
        uow.marks.save(mark)
        uow.commit()
    return mark


def done_for_today(
    command: DoneForToday,
    *,
    store: Store,
    directory: ClientDirectory,
    clock: Clock,
    today: Callable[[datetime], date],
) -> int:
    """Take clients off today's list; tomorrow they are back. Returns: how many.

    Raises: Denied; NotFound; Invalid.
    """
    _reach_all(command.actor, command.client_ids, directory)
    now = clock()
    day = today(now) if command.is_done else None
    with store.unit_of_work() as uow:
        for client_id in command.client_ids:
            mark = mark_of(uow, client_id, now)
            uow.marks.save(
                replace(mark, done_on=day, done_by=command.actor.user_key, updated_at=now)
            )
        uow.commit()
    return len(command.client_ids)


def _reach_all(actor: Principal, client_ids: Sequence[str], directory: ClientDirectory) -> None:
    if not client_ids or len(client_ids) > MOST_CLIENTS:
        raise Invalid(f"Choose between 1 and {MOST_CLIENTS:,} clients.")
    for client_id in client_ids:
        reach_client(actor, client_id, directory)
