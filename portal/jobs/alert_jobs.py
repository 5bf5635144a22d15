"""The job of alerts: what happened is told to those who want to hear of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from portal.domain.job_times import Every
from portal.jobs.registry import Job
from portal.services.job_ports import Guard
from portal.services.send_alerts import AlertDesk, send_alerts

if TYPE_CHECKING:
    from portal.bootstrap import Portal


def staff_alerts(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """Put the alerts of what is new into the outbox."""
    desk = AlertDesk(
        store=portal.store,
        directory=portal.clients,
        staff=portal.staff,
        groups=portal.settings.access.groups,
        clock=lambda: now,
    )
    mails = send_alerts(desk, guard)
    return {"mails": mails} if mails else {}


ALERT_JOBS: tuple[Job, ...] = (
    Job(
        name="staff_alerts",
        title="Tell staff what they want to be told of",
        when=Every(30),
        run=staff_alerts,
    ),
)
