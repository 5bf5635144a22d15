"""The jobs of mail: what is in the outbox goes out, what has come in is taken in."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from datetime import time as clock_time
from typing import TYPE_CHECKING

from portal.domain.job_times import DailyAt, Every
from portal.jobs.registry import Job
from portal.services.job_ports import Guard
from portal.services.report_bounces import ReportBounces, report_bounces

if TYPE_CHECKING:
    from portal.bootstrap import Portal


def deliver_mail(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """Send the letters that are due. Letters have claims of their own; the lease is not needed."""
    report = portal.correspondence.post_office.deliver(_going_on_from(now))
    return {name: value for name, value in vars(report).items() if value}


def take_in_documents(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """Take in what came into the watched folder and the inbound mailbox."""
    taken = portal.correspondence.take_in_folder()
    taken.add(portal.correspondence.take_in_mailbox())
    return {name: count for name, count in vars(taken).items() if count}


def mail_bounce_report(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """Tell those who look after mail what did not arrive since yesterday's report."""
    command = ReportBounces(
        since=now - timedelta(days=1),
        day=portal.settings.today(now),
        to=portal.settings.mail.report_to,
    )
    return {"told": report_bounces(command, store=portal.store, now=now)}


def _going_on_from(now: datetime) -> Callable[[], datetime]:
    """A clock that begins at an instant and goes on: a long run must not outlive its claims."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)


MAIL_JOBS: tuple[Job, ...] = (
    Job(name="deliver_mail", title="Send the mail that waits", when=Every(15), run=deliver_mail),
    Job(
        name="take_in_documents",
        title="Take in invoice PDFs and delivery reports",
        when=Every(30),
        run=take_in_documents,
    ),
    Job(
        name="report_bounces",
        title="Report mail that did not arrive",
        when=DailyAt(clock_time(7, 30)),
        run=mail_bounce_report,
    ),
)
