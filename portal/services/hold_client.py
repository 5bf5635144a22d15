"""Stop chasing a client for a while, or send it no statements; and go on again."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.domain.errors import Invalid, NotFound
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.permissions import Permission, Principal
from portal.services.collection_access import checked_day, checked_text, reach_client
from portal.services.collections_ports import ClientHold, HoldKind
from portal.services.money_ports import ClientDirectory
from portal.services.ports import Clock, Store

_NEEDED = {
    HoldKind.PAUSE: Permission.VIEW_COLLECTIONS,
    HoldKind.EXCLUSION: Permission.SEND_STATEMENTS,
}


@dataclass(frozen=True, kw_only=True)
class HoldClient:
    """The request. A pause needs its last day; an exclusion may be for good."""

    actor: Principal
    client_id: str
    kind: HoldKind
    reason: FreeText
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class ReleaseClient:
    """The request: the hold ends now."""

    actor: Principal
    client_id: str
    kind: HoldKind


@without_card_numbers
def hold_client(
    command: HoldClient,
    *,
    store: Store,
    directory: ClientDirectory,
    clock: Clock,
    today: Callable[[datetime], date],
) -> ClientHold:
    """Pause or exclude a client; a second hold of the kind replaces the first.

    Raises: Denied; NotFound; Invalid for a missing reason or day.
    """
    reach_client(command.actor, command.client_id, directory, _NEEDED[command.kind])
    now = clock()
    if command.until is not None:
        checked_day(command.until, today(now), "The last day")
    elif command.kind is HoldKind.PAUSE:
        raise Invalid("Say until when: a pause without an end is an exclusion.")
    hold = ClientHold(
        hold_id=uuid.uuid4().hex,
        client_id=command.client_id,
        kind=command.kind,
        reason=checked_text(command.reason, "the reason"),
        until=command.until,
        made_by=command.actor.user_key,
        made_by_name=command.actor.full_name,
        made_at=now,
    )
    with store.unit_of_work() as uow:
        before = uow.holds.running(command.client_id, command.kind)
        if before is not None:
            uow.holds.save(replace(before, ended_by=command.actor.user_key, ended_at=now))
        uow.holds.save(hold)
        uow.audit.append(
            at=now,
            actor=command.actor.user_key,
            action=f"client.{command.kind}",
            subject=command.client_id,
            detail={
                "reason": hold.reason,
                "until": hold.until.isoformat() if hold.until else None,
            },
        )
        uow.commit()
    return hold


def release_client(
    command: ReleaseClient, *, store: Store, directory: ClientDirectory, clock: Clock
) -> ClientHold:
    """End a hold.

    Raises: Denied; NotFound where there is none.
    """
    reach_client(command.actor, command.client_id, directory, _NEEDED[command.kind])
    now = clock()
    with store.unit_of_work() as uow:
        before = uow.holds.running(command.client_id, command.kind)
        if before is None:
            raise NotFound("This client is chased as usual.")
        done = replace(before, ended_by=command.actor.user_key, ended_at=now)
        uow.holds.save(done)
        uow.audit.append(
            at=now,
            actor=command.actor.user_key,
            action=f"client.{command.kind}_ended",
            subject=command.client_id,
        )
        uow.commit()
    return done
