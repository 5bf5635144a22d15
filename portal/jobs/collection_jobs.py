"""The jobs of collections: promises are judged, and the day's statements staged or sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from portal.domain.job_times import Every
from portal.jobs.registry import Job
from portal.services.job_ports import Guard

if TYPE_CHECKING:
    from portal.bootstrap import Portal


def judge_promises(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """Keep or break promises by what was paid."""
    return vars(portal.collections.judge_promises(now))


def run_statements(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """Make the day's run once it is time; the firm's rules say when that is."""
    portal.collections.judge_promises(now)
    result = portal.collections.run_statements(now, guard)
    if result.run is None:
        return {"nothing": result.why}
    run = result.run
    return {
        "day": run.run_day.isoformat(),
        "staged": run.staged,
        "sent": run.sent,
        "suppressed": run.suppressed,
    }


COLLECTION_JOBS = (
    Job(
        name="promises",
        title="Compare promises with payments",
        when=Every(60),
        run=judge_promises,
        needs_fresh_data=True,
    ),
    Job(
        name="statements",
        title="Stage or send the day's statements",
        when=Every(300),
        run=run_statements,
        needs_fresh_data=True,
    ),
)
