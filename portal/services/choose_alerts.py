"""Choose what one wants to be told of by mail."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.permissions import Principal
from portal.domain.staff_alerts import NEEDS, Alert, Whose
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class ChooseAlerts:
    """The request: all that somebody wants, and of whose clients; the rest they do not want."""

    actor: Principal
    choices: Mapping[Alert, Whose]


def choose_alerts(command: ChooseAlerts, *, store: Store, clock: Clock) -> None:
    """Keep it for the person who asks, and for nobody else.

    Raises: Denied for something they may not see.
    """
    actor = command.actor
    for alert in command.choices:
        actor.require(NEEDS[alert])
    with store.unit_of_work() as uow:
        before = uow.alerts.of_user(actor.user_key)
        if before == dict(command.choices):
            return
        uow.alerts.choose(actor.user_key, command.choices)
        uow.audit.append(
            at=clock(), actor=actor.user_key, action="alerts.chosen", subject=actor.user_key,
            detail={alert.value: whose.value for alert, whose in sorted(command.choices.items())},
        )  # fmt: skip
        uow.commit()
