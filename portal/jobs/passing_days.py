"""Let days pass in a portal with the sandbox gateway: each is lived through, job by job."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from portal.domain.errors import Invalid, PortalError
from portal.jobs.job_run import run_now
from portal.jobs.registry import all_jobs
from portal.sandbox_clock import SandboxClock

if TYPE_CHECKING:
    from portal.bootstrap import Portal

MOST_DAYS = 100
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class DaysPassed:
    """What time it is then, and what was refused on the way."""

    today: str
    refused: tuple[str, ...]


def pass_days(portal: "Portal", days: int, progress: Callable[[str], None]) -> DaysPassed:
    """Let days pass one after another; on each, every job runs as it would by itself.

    Who is signed in stays so: sessions move along with the clock.

    Raises: Invalid for a firm with a real gateway, or a number of days that makes no sense.
    """
    clock = portal.now
    if not isinstance(clock, SandboxClock):
        raise Invalid("Only with the sandbox gateway can days be let pass; this firm has another.")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(f"Let 1 to {MOST_DAYS} days pass; time does not go back.")
    refused: list[str] = []
    for _ in range(days):
        with portal.store.unit_of_work() as uow:
            uow.sessions.carry_along(clock(), _DAY)
            uow.commit()
        clock.pass_day()
        progress(f"{portal.today():%A, %B %d}")
        refused += _live_through(portal)
    return DaysPassed(today=portal.today().isoformat(), refused=tuple(refused))


def _live_through(portal: "Portal") -> list[str]:
    """Run every job as of now. Returns: what was refused; the other jobs ran nevertheless."""
    refused = []
    for job in all_jobs().values():
        try:
            if job.needs_fresh_data:
                portal.refreshing.refresh()
            read_at = portal.refreshing.freshness().data_as_of
            done = run_now(portal, job, portal.now(), read_at=read_at)
            refused += [f"{job.name}: {done.held}"] if done.held else []
        except PortalError as problem:
            refused.append(f"{job.name}: {problem}")
    return refused
