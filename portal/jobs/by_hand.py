"""Jobs at the terminal: which there are, and one run because a person asks for it."""

import contextlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from portal.domain.errors import PortalError
from portal.jobs.job_run import JobDone, run_now
from portal.jobs.registry import Job, all_jobs
from portal.services.job_ports import JobRun

if TYPE_CHECKING:
    from portal.bootstrap import Portal


@dataclass(frozen=True, kw_only=True)
class ListedJob:
    """One job as a list shows it."""

    name: str
    title: str
    when: str
    next_due_at: datetime
    last_started_at: datetime | None = None
    last_finished_at: datetime | None = None
    last_outcome: str = ""


def list_jobs(portal: "Portal") -> list[ListedJob]:
    """Every job, when it is due next and how it ran last."""
    now, timezone = portal.now(), portal.settings.timezone
    with portal.store.reading() as view:
        runs = {name: view.job_runs.last(name) for name in all_jobs()}
    return [
        ListedJob(
            name=job.name,
            title=job.title,
            when=job.when.in_words(),
            next_due_at=_next(job, runs[job.name], now, timezone),
            **_last(runs[job.name]),
        )
        for job in all_jobs().values()
    ]


def run_by_hand(portal: "Portal", job: Job, at: datetime | None) -> JobDone:
    """Run a job now, or as of another instant: that is then the clock of everything in the run.

    The source is read first, so that what it holds counts as of that instant; where it can't be
    read, jobs that need fresh data wait.
    Raises: JobBusy, and what the job refuses.
    """
    if at is not None:
        portal = replace(portal, now=lambda: at)
    read_at = portal.refreshing.freshness().data_as_of
    if job.needs_fresh_data:
        with contextlib.suppress(PortalError):
            portal.refreshing.refresh()
            read_at = portal.now()
    return run_now(portal, job, portal.now(), read_at=read_at)


def _next(job: Job, last: JobRun | None, now: datetime, timezone: ZoneInfo) -> datetime:
    """When it runs next: after a failure that is before it is due anew."""
    due_at = job.when.next_due(now, timezone)
    return min(due_at, last.retry_at) if last and last.retry_at else due_at


def _last(run: JobRun | None) -> dict[str, object]:
    if run is None:
        return {}
    return {
        "last_started_at": run.started_at,
        "last_finished_at": run.finished_at,
        "last_outcome": run.outcome,
    }
