"""Days that are let pass: each is lived through, and whoever is signed in stays so."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.errors import Invalid
from portal.domain.job_times import Every
from portal.jobs import passing_days
from portal.jobs.passing_days import pass_days
from portal.jobs.registry import Job
from portal.sandbox_clock import SandboxClock, clock_of, utc_now
from portal.services.ports import Session, SignInKind
from portal.settings import read_settings
from portal.store import Store
from tests.adapters.store_backends import cluster, store, store_url
from tests.jobs.job_portal import NOON, JobPortal

__all__ = ["cluster", "store", "store_url"]


@pytest.fixture
def portal(store: Store, tmp_path: Path) -> JobPortal:
    made = JobPortal(store, SandboxClock(tmp_path, lambda: NOON))
    made.today = lambda: made.now().date()
    made.refreshing.refresh = lambda: None
    return made


def only(monkeypatch: pytest.MonkeyPatch, *jobs: Job) -> None:
    monkeypatch.setattr(passing_days, "all_jobs", lambda: {job.name: job for job in jobs})


def a_job(name: str, run) -> Job:
    return Job(name=name, title=name, when=Every(60), run=run)


def test_every_job_runs_on_every_day_with_that_days_clock(portal, monkeypatch):
    ran = []
    only(
        monkeypatch,
        a_job("one", lambda portal, now, guard: ran.append(("one", now)) or {}),
        a_job("two", lambda portal, now, guard: ran.append(("two", now)) or {}),
    )

    done = pass_days(portal, 2, lambda day: None)

    days = [NOON + timedelta(days=each) for each in (1, 2)]
    assert ran == [(name, day) for day in days for name in ("one", "two")]
    assert (done.today, done.refused) == (days[-1].date().isoformat(), ())


def test_a_job_that_refuses_keeps_no_other_job_and_no_day_from_passing(portal, monkeypatch):
    ran = []

    def refuses(portal, now, guard):
        raise Invalid("Not today.")

    only(
        monkeypatch, a_job("first", refuses), a_job("next", lambda *asked: ran.append(asked) or {})
    )

    done = pass_days(portal, 2, lambda day: None)

    assert len(ran) == 2
    assert done.refused == ("first: Not today.",) * 2


def test_whoever_is_signed_in_stays_so_and_whoever_was_idle_is_as_idle_as_before(
    portal, monkeypatch
):
    session = Session(
        session_id="s", user_key="local:ann", kind=SignInKind.LOCAL, created_at=NOON,
        last_seen_at=NOON - timedelta(minutes=5), expires_at=NOON + timedelta(hours=8),
    )  # fmt: skip
    over = replace(session, session_id="o", revoked_at=NOON)
    with portal.store.unit_of_work() as uow:
        uow.sessions.add(session)
        uow.sessions.add(over)
        uow.commit()
    only(monkeypatch)

    pass_days(portal, 3, lambda day: None)

    with portal.store.reading() as view:
        kept, ended = view.sessions.find("s"), view.sessions.find("o")
    assert portal.now() - kept.last_seen_at == timedelta(minutes=5)
    assert kept.expires_at - portal.now() == timedelta(hours=8)
    assert ended == over


def test_every_process_of_the_portal_knows_the_day_and_time_never_goes_back(portal, tmp_path):
    beside = SandboxClock(tmp_path, lambda: NOON)
    assert beside() == NOON

    portal.now.pass_day()

    assert beside() == NOON + timedelta(days=1)
    for days in (0, -1, 101):
        with pytest.raises(Invalid, match="does not go back"):
            pass_days(portal, days, lambda day: None)


def test_a_firm_with_a_real_gateway_has_the_real_clock(portal, tmp_path):
    stripe = {"kind": "stripe", "secret_key": "env:K", "webhook_secret": "env:H"}
    environ = {"K": "sk_test_loopback", "H": "whsec_loopback", "PORTAL_SECRET_KEY": "s"}
    settings = read_settings(
        {"gateway": stripe}, home=tmp_path, path=tmp_path / "firm.toml", environ=environ
    )

    assert clock_of(settings) is utc_now
    with pytest.raises(Invalid, match="Only with the sandbox"):
        pass_days(replace(portal, now=utc_now), 1, lambda day: None)
