"""One run of a job: take its lease, do it, keep how it went.

The lease lives on the real clock, whatever clock the job itself is given.
"""

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from portal.domain.errors import Invalid, PortalError
from portal.jobs.registry import Job
from portal.services.job_ports import JobRun, LeaseLost
from portal.services.payment_steps import raise_exception
from portal.services.plan_ports import Lease

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.bootstrap import Portal
    from portal.services.ports import UnitOfWork

log = logging.getLogger("portal.jobs")

LEASE = timedelta(seconds=60)
STALE_INTERVALS = 4
STALE_AT_LEAST = timedelta(seconds=15)
_POLL_SECONDS = 0.1
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)
"""How long a job that failed waits before it is tried again; each time twice as long."""
TOLD_AFTER = 3
"""So many failures in a row are an exception that somebody looks at."""


class DataTooOld(PortalError):
    """The job waits: it would charge or chase somebody on stale figures."""


class JobBusy(PortalError):
    """Somebody else runs the job and does not finish."""


@dataclass(frozen=True, kw_only=True)
class JobDone:
    """How a run went."""

    job: str
    at: datetime
    found: Mapping[str, object]
    held: str = ""
    """Why nothing was done, where the job waits for fresh data."""


def run_when_due(portal: "Portal", job: Job, now: datetime) -> JobDone | None:
    """Run a job if it is due and nobody else runs it. Returns: None otherwise.

    One that failed stays due, and is tried again after a pause that grows.
    """
    due_at = job.when.latest_due(now, portal.settings.timezone)
    with portal.store.reading() as view:
        last = view.job_runs.last(job.name)
    if _is_done(last, due_at) or (last and last.retry_at and now < last.retry_at):
        return None
    with _lease(portal, job.name, due_at) as lease:
        read_at = portal.refreshing.freshness().data_as_of
        return _run(portal, job, now, lease, due_at, read_at) if lease else None


def run_now(
    portal: "Portal",
    job: Job,
    now: datetime,
    *,
    read_at: datetime | None,
    wait_seconds: float = 120,
) -> JobDone:
    """Run a job because a person asked for it, after whoever runs it now has finished.

    `read_at` is when the source was last known to hold what the portal shows.

    Raises: JobBusy.
    """
    until = time.monotonic() + wait_seconds
    while True:
        with _lease(portal, job.name, None) as lease:
            if lease:
                return _run(portal, job, now, lease, None, read_at)
        if time.monotonic() > until:
            raise JobBusy(f"{job.name} is being run by somebody else. Try again later.")
        time.sleep(_POLL_SECONDS)


def find_job(jobs: Mapping[str, Job], name: str) -> Job:
    """The job of that name.

    Raises: Invalid with the names there are.
    """
    if name not in jobs:
        raise Invalid(f"There is no job {name!r}; there are {', '.join(jobs)}.")
    return jobs[name]


def check_fresh(portal: "Portal", now: datetime, read_at: datetime | None) -> None:
    """Refuse to go on with data older than four intervals of the refresh.

    Raises: DataTooOld.
    """
    every = portal.settings.source.every_seconds if portal.settings.source else 0
    allowed = max(STALE_AT_LEAST, STALE_INTERVALS * timedelta(seconds=every))
    if read_at is None:
        raise DataTooOld("There is no data yet; nobody is charged or written to before there is.")
    if now - read_at > allowed:
        raise DataTooOld(
            f"The data is as of {read_at:%Y-%m-%d %H:%M} UTC and too old to charge or "
            "write to anybody. It goes on by itself when the source can be read again."
        )


def _run(
    portal: "Portal",
    job: Job,
    now: datetime,
    lease: Lease,
    due_at: datetime | None,
    read_at: datetime | None,
) -> JobDone:
    keeper = _LeaseKeeper(portal, lease)
    started_at = _real_now()
    held, found, outcome, is_tried_again = "", {}, "failed", due_at is not None
    try:
        if job.needs_fresh_data:
            check_fresh(portal, now, read_at)
        found = job.run(portal, now, keeper.guard)
        outcome, is_tried_again = _in_words(found), False
    except DataTooOld as problem:
        held, outcome = str(problem), f"waits: {problem}"
        due_at, is_tried_again = None, False  # at the next look, not at the next due instant
    except PortalError as problem:
        outcome = f"refused: {problem}"
        raise
    except Exception as problem:
        outcome = f"failed: {type(problem).__name__}"
        raise
    finally:
        keeper.stop()
        run = JobRun(
            job=job.name, due_at=due_at, started_at=started_at, finished_at=_real_now(),
            outcome=outcome[:500],
        )  # fmt: skip
        _keep_run(portal, lease, run, failed_at=now if is_tried_again else None)
    return JobDone(job=job.name, at=now, found=found, held=held)


@contextmanager
def _lease(portal: "Portal", name: str, due_at: datetime | None) -> "Iterator[Lease | None]":
    holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    now = _real_now()
    with portal.store.unit_of_work() as uow:
        lease = uow.leases.take(name, holder, now, now + LEASE)
        if lease and due_at and _is_done(uow.job_runs.last(name), due_at):
            lease = None  # another scheduler has just done it: undone with the transaction
        else:
            uow.commit()
    try:
        yield lease
    finally:
        if lease:
            with portal.store.unit_of_work() as uow:
                uow.leases.give_back(lease)
                uow.commit()


def _keep_run(portal: "Portal", lease: Lease, run: JobRun, *, failed_at: datetime | None) -> None:
    with portal.store.unit_of_work() as uow:
        if not uow.leases.is_held(lease, _real_now()):
            log.warning("job %s outlived its lease; whoever has it now keeps the record", run.job)
            return
        if failed_at is not None:
            run = _after_failure(uow, run, failed_at)
        uow.job_runs.save(run)
        uow.commit()


def _after_failure(uow: "UnitOfWork", run: JobRun, now: datetime) -> JobRun:
    """It is due again after a pause; staff hear of one that fails again and again."""
    last = uow.job_runs.last(run.job)
    failures = (last.failures if last else 0) + 1
    pause = min(FIRST_PAUSE * 2 ** min(failures - 1, 20), LONGEST_PAUSE)
    if failures == TOLD_AFTER:
        detail: dict[str, object] = {"job": run.job, "outcome": run.outcome}
        raise_exception(uow, "job_failed", run.job, at=now, detail=detail)
    return replace(run, due_at=None, failures=failures, retry_at=now + pause)


class _LeaseKeeper:
    """Prolongs a lease while its job runs, and proves in each transaction that it is held."""

    def __init__(self, portal: "Portal", lease: Lease) -> None:
        self._portal = portal
        self._lease = lease
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._prolong, daemon=True, name="lease")
        self._thread.start()

    def guard(self, uow: "UnitOfWork") -> None:
        """Go on only while the lease is ours.

        Raises: LeaseLost.
        """
        if not uow.leases.prolong(self._lease, _real_now() + LEASE):
            raise LeaseLost(f"The job {self._lease.name} is run by somebody else now.")

    def stop(self) -> None:
        """Stop prolonging."""
        self._stop.set()
        self._thread.join()

    def _prolong(self) -> None:
        while not self._stop.wait(LEASE.total_seconds() / 3):
            try:
                with self._portal.store.unit_of_work() as uow:
                    self.guard(uow)
                    uow.commit()
            except PortalError as problem:
                log.warning("lease of %s: %s", self._lease.name, problem)


def _is_done(last: JobRun | None, due_at: datetime) -> bool:
    return last is not None and last.due_at is not None and last.due_at >= due_at


def _in_words(found: Mapping[str, object]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in found.items()) or "done"


def _real_now() -> datetime:
    return datetime.now(UTC)
