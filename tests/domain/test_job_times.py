"""When jobs are due: on the firm's clock, through weekends and changes of the clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.job_times import DailyAt, Every

NEW_YORK = ZoneInfo("America/New_York")
INSTANTS = st.datetimes(datetime(2021, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=NEW_YORK)


def test_a_weekday_job_is_due_on_friday_until_monday_comes():
    statements = DailyAt(time(11, 30), weekdays_only=True)

    assert statements.latest_due(at("2026-03-08T20:00"), NEW_YORK) == at("2026-03-06T11:30")
    assert statements.next_due(at("2026-03-06T11:30"), NEW_YORK) == at("2026-03-09T11:30")


@pytest.mark.catalogue(33)
@pytest.mark.parametrize("day", ["2026-03-08", "2026-11-01"])
def test_a_daily_job_is_due_once_on_the_days_the_clock_changes(day):
    job = DailyAt(time(2, 30))
    start = at(f"{day}T00:00").astimezone(UTC)
    minutes = [start + timedelta(minutes=step) for step in range(0, 26 * 60, 10)]

    dues = {job.latest_due(minute, NEW_YORK) for minute in minutes}

    same_day = {due for due in dues if due.astimezone(NEW_YORK).date().isoformat() == day}
    assert len(same_day) == 1


@given(now=INSTANTS, seconds=st.sampled_from([5, 60, 300, 3600]))
def test_a_job_that_runs_every_so_often_is_due_within_its_interval(now, seconds):
    job = Every(seconds)

    assert job.latest_due(now, NEW_YORK) <= now < job.next_due(now, NEW_YORK)
    assert (now - job.latest_due(now, NEW_YORK)).total_seconds() < seconds


@given(now=INSTANTS, weekdays=st.booleans(), minutes=st.integers(0, 24 * 60 - 1))
def test_the_latest_due_instant_is_in_the_past_and_the_next_one_is_not(now, weekdays, minutes):
    job = DailyAt(time(minutes // 60, minutes % 60), weekdays_only=weekdays)

    assert job.latest_due(now, NEW_YORK) <= now < job.next_due(now, NEW_YORK)


def test_times_read_as_people_say_them():
    assert Every(60).in_words() == "every minute"
    assert Every(7200).in_words() == "every 2 hours"
    assert Every(5).in_words() == "every 5 seconds"
    assert DailyAt(time(11, 30), weekdays_only=True).in_words() == "weekdays at 11:30 AM"
    assert DailyAt(time(0, 5)).in_words() == "daily at 12:05 AM"
