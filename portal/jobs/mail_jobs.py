"""The jobs of mail: what is in the outbox goes out."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from portal.domain.job_times import Every
from portal.jobs.registry import Job
from portal.services.job_ports import Guard

if TYPE_CHECKING:
    from portal.bootstrap import Portal


def deliver_mail(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """Send the letters that are due. Letters have claims of their own; the lease is not needed."""
    report = portal.post_office.deliver(_going_on_from(now))
    return {name: value for name, value in vars(report).items() if value}


def _going_on_from(now: datetime) -> Callable[[], datetime]:
    """A clock that begins at an instant and goes on: a long run must not outlive its claims."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)


MAIL_JOBS: tuple[Job, ...] = (
    Job(name="deliver_mail", title="Send the mail that waits", when=Every(15), run=deliver_mail),
)
