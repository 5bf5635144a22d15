"""The jobs of money: what waits for news is read, and the sandbox's events are delivered."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from portal.domain.job_times import Every
from portal.gateways.sandbox.gateway import SandboxGateway
from portal.jobs.registry import Job
from portal.services.job_ports import Guard
from portal.services.record_gateway_event import RecordGatewayEvent
from portal.services.settle_unknown import Settled, SettleUnknown

if TYPE_CHECKING:
    from portal.bootstrap import Portal


def settle_unknown(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """Read what became of attempts, bank debits, refunds and pages that wait for news."""
    return _told(portal.money.as_of(now).settle(SettleUnknown()))


def look_for_returns(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """Also look at settled bank debits: a bank may return one for about two months."""
    command = SettleUnknown(grace=timedelta(hours=1), looks_back=True)
    return _told(portal.money.as_of(now).settle(command))


def deliver_sandbox_events(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """What the sandbox gateway has to tell goes the way a real gateway's events go."""
    gateway = portal.gateway
    if not isinstance(gateway, SandboxGateway):
        return {}
    taken = gateway.post.deliver(
        lambda headers, body: portal.money.record_event(
            RecordGatewayEvent(headers=headers, body=body)
        )
    )
    return {"delivered": taken} if taken else {}


def _told(done: Settled) -> Mapping[str, object]:
    return {
        "looked_at": done.looked_at,
        "changed": done.changed,
        "unreadable": ", ".join(done.unreadable[:5]),
    }


MONEY_JOBS: tuple[Job, ...] = (
    Job(
        name="deliver_sandbox_events",
        title="Deliver the sandbox gateway's events",
        when=Every(5),
        run=deliver_sandbox_events,
    ),
    Job(
        name="settle_unknown",
        title="Read what became of payments that wait for news",
        when=Every(60),
        run=settle_unknown,
    ),
    Job(
        name="look_for_returns",
        title="Look for bank debits that came back",
        when=Every(6 * 3600),
        run=look_for_returns,
    ),
)
