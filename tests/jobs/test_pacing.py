"""The refresh leaves the processors to people when it is held up, and only then."""

from hypothesis import given
from hypothesis import strategies as st

from portal.jobs.pacing import MOST_REST_SECONDS, Pace

seconds = st.floats(0.001, 600)


@given(st.lists(st.tuples(st.integers(0, 10**6), seconds), min_size=1))
def test_a_rest_is_short_and_never_less_than_none(refreshes) -> None:
    pace = Pace()

    rests = [pace.rest_after(rows, took) for rows, took in refreshes]

    assert all(0 <= rest <= MOST_REST_SECONDS for rest in rests)


@given(seconds, st.integers(2, 30))
def test_refreshes_that_take_their_usual_time_never_rest(took, times) -> None:
    pace = Pace()

    assert {pace.rest_after(100, took) for _ in range(times)} == {0.0}


def test_a_refresh_that_was_held_up_rests_for_what_it_took_longer() -> None:
    pace = Pace()
    pace.rest_after(100, 0.6)

    assert round(pace.rest_after(110, 1.8), 2) == 0.88
    assert pace.rest_after(100, 60) == MOST_REST_SECONDS


def test_a_large_change_is_not_taken_for_a_small_one_that_was_held_up() -> None:
    pace = Pace()
    pace.rest_after(3, 0.2)

    assert pace.rest_after(100_000, 9.0) == 0


def test_what_has_become_usual_needs_no_rest_in_the_end() -> None:
    pace = Pace()
    pace.rest_after(100, 0.5)

    assert [pace.rest_after(100, 1.0) for _ in range(60)][-1] == 0
