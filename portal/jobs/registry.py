"""All jobs by name: what goes on by itself, and when.

A room adds its jobs with one entry in JOBS; `portal jobs run NAME` runs the same function.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from portal.domain.job_times import When
from portal.services.job_ports import Guard

if TYPE_CHECKING:
    from portal.bootstrap import Portal

Run = Callable[["Portal", datetime, Guard], Mapping[str, object]]
"""Does the job as of an instant. Returns: counts and words for the log and the terminal."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One job. `run` may be killed at any moment and run again."""

    name: str
    title: str
    when: When
    run: Run
    needs_fresh_data: bool = False
    """Nobody is charged or chased on stale figures: the job waits until the data is fresh."""


def all_jobs() -> Mapping[str, Job]:
    """Every job of the portal, in the order in which those due at one instant run."""
    # Imported here: a room's jobs use the portal, and the portal is put together with them.
    from portal.jobs.alert_jobs import ALERT_JOBS
    from portal.jobs.collection_jobs import COLLECTION_JOBS
    from portal.jobs.file_jobs import FILE_JOBS
    from portal.jobs.mail_jobs import MAIL_JOBS
    from portal.jobs.money_jobs import MONEY_JOBS
    from portal.jobs.plan_jobs import PLAN_JOBS

    return {
        job.name: job
        for job in (*MONEY_JOBS, *FILE_JOBS, *PLAN_JOBS, *COLLECTION_JOBS, *ALERT_JOBS, *MAIL_JOBS)
    }
