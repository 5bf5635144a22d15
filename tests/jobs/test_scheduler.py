"""Jobs run when they are due, once, whoever schedules them, and wait for fresh data."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from datetime import time as day_time

import pytest

from portal.domain.errors import Invalid, PortalError
from portal.domain.job_times import DailyAt, Every
from portal.jobs.job_run import DataTooOld, JobBusy, check_fresh, find_job, run_now, run_when_due
from portal.jobs.registry import Job, all_jobs
from portal.jobs.scheduler import Scheduler
from portal.services.job_ports import LeaseLost
from portal.store import Store, open_store
from tests.adapters.store_backends import SECRET, cluster, store, store_url
from tests.jobs.job_portal import NOON, Clock, JobPortal

__all__ = ["cluster", "store", "store_url"]


def a_job(run: Callable, **changes: object) -> Job:
    known = {"name": "count", "title": "Count", "when": Every(60), "run": run}
    return Job(**{**known, **changes})


@pytest.fixture
def portal(store: Store) -> JobPortal:
    return JobPortal(store, Clock())


def test_a_due_job_runs_once_and_again_when_it_is_due_again(portal):
    ran: list[datetime] = []
    job = a_job(lambda p, now, guard: ran.append(now) or {"counted": 1})

    first = run_when_due(portal, job, portal.now())
    again = run_when_due(portal, job, portal.now.move(seconds=30))
    later = run_when_due(portal, job, portal.now.move(seconds=40))

    assert first is not None
    assert first.found == {"counted": 1}
    assert again is None
    assert later is not None
    assert len(ran) == 2
    with portal.store.reading() as view:
        assert view.job_runs.last("count").outcome == "counted 1"


@pytest.mark.catalogue(31)
def test_two_schedulers_run_a_due_job_once(store_url):
    stores = [open_store(store_url, secret_key=SECRET) for _ in range(2)]
    ran: list[int] = []
    overlapping: list[int] = []

    def slowly(p, now, guard):
        overlapping.append(1)
        assert len(overlapping) == 1, "two at once"
        time.sleep(0.05)
        ran.append(1)
        overlapping.pop()
        return {}

    schedulers = [Scheduler(JobPortal(each, Clock()), {"count": a_job(slowly)}) for each in stores]
    threads = [
        threading.Thread(target=scheduler.look) for scheduler in schedulers for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ran) == 1
    for each in stores:
        each.close()


def test_a_run_asked_for_waits_for_the_one_that_runs(portal):
    order: list[str] = []

    def slowly(p, now, guard):
        order.append("begin")
        time.sleep(0.2)
        order.append("end")
        return {}

    threads = [
        threading.Thread(
            target=run_now, args=(portal, a_job(slowly), NOON), kwargs={"read_at": NOON}
        )
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert order == ["begin", "end", "begin", "end"]


def test_a_run_asked_for_gives_up_when_the_other_does_not_finish(portal):
    now = datetime.now(UTC)
    with portal.store.unit_of_work() as uow:
        uow.leases.take("count", "somebody", now, now + timedelta(minutes=1))
        uow.commit()

    with pytest.raises(JobBusy):
        run_now(portal, a_job(lambda p, now, guard: {}), NOON, read_at=NOON, wait_seconds=0.2)


def test_the_lease_of_a_scheduler_that_was_killed_passes_on_when_it_is_over(portal):
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with portal.store.unit_of_work() as uow:
        old = uow.leases.take("count", "killed", long_ago, long_ago + timedelta(minutes=1))
        uow.commit()

    done = run_when_due(portal, a_job(lambda p, now, guard: {"counted": 1}), portal.now())

    assert done is not None
    with portal.store.unit_of_work() as uow:
        assert uow.leases.prolong(old, long_ago) is False


def test_a_run_that_outlived_its_lease_may_change_nothing_more(portal):
    def slowly(p, now, guard):
        with portal.store.unit_of_work() as uow:
            later = datetime.now(UTC) + timedelta(hours=1)
            uow.leases.take("count", "another", later, later + timedelta(minutes=1))
            uow.commit()
        with portal.store.unit_of_work() as uow:
            guard(uow)
        return {}

    with pytest.raises(LeaseLost):
        run_now(portal, a_job(slowly), NOON, read_at=NOON)


def test_one_jobs_fault_does_not_keep_the_others_from_running(portal):
    def broken(p, now, guard):
        raise ZeroDivisionError

    def refused(p, now, guard):
        raise PortalError("Not today.")

    jobs = {
        "broken": a_job(broken, name="broken"),
        "refused": a_job(refused, name="refused"),
        "good": a_job(lambda p, now, guard: {}, name="good"),
    }

    assert Scheduler(portal, jobs).look() == ["good"]
    with portal.store.reading() as view:
        assert view.job_runs.last("refused").outcome == "refused: Not today."


def test_a_daily_job_that_failed_is_tried_again_after_pauses_that_grow(portal):
    outcomes = [OSError("no space"), PortalError("Not yet."), OSError("no space"), {"sent": 3}]

    def shaky(p, now, guard):
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    job = a_job(shaky, when=DailyAt(day_time(6)))
    tries: list[int] = []
    for second in range(0, 300, 5):
        left = len(outcomes)
        with suppress(OSError, PortalError):
            run_when_due(portal, job, NOON + timedelta(seconds=second))
        if len(outcomes) < left:
            tries.append(second)

    assert tries == [0, 15, 45, 105]
    with portal.store.reading() as view:
        last = view.job_runs.last("count")
        assert (last.outcome, last.failures, last.retry_at) == ("sent 3", 0, None)
        (told,) = view.exceptions.open()
    assert (told.kind, told.subject) == ("job_failed", "count")
    assert told.detail["outcome"] == "failed: OSError"


def test_a_job_that_needs_fresh_data_waits_and_runs_as_soon_as_it_is_fresh(portal):
    job = a_job(lambda p, now, guard: {"charged": 1}, needs_fresh_data=True)
    portal.refreshing.read_at = NOON - timedelta(minutes=5)

    held = run_when_due(portal, job, portal.now())
    portal.refreshing.read_at = NOON
    fresh = run_when_due(portal, job, portal.now())

    assert held is not None
    assert held.found == {}
    assert "too old" in held.held
    assert fresh is not None
    assert fresh.found == {"charged": 1}


@pytest.mark.parametrize(("age", "is_fresh"), [(39, True), (40, True), (41, False)])
def test_data_is_too_old_after_four_intervals_of_the_refresh(portal, age, is_fresh):
    read_at = NOON - timedelta(seconds=age)

    if is_fresh:
        check_fresh(portal, NOON, read_at)
        return
    with pytest.raises(DataTooOld):
        check_fresh(portal, NOON, read_at)


def test_without_data_nobody_is_charged(portal):
    with pytest.raises(DataTooOld):
        check_fresh(portal, NOON, None)


def test_an_unknown_job_is_refused_with_the_names_there_are():
    with pytest.raises(Invalid, match="there are"):
        find_job(all_jobs(), "nonsense")
