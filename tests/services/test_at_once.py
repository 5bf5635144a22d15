"""Work that waits for somebody else is done a few at a time; a fault stops what has not begun."""

import threading

import pytest

from portal.services.at_once import at_once


def test_two_are_worked_on_at_the_same_time_and_results_keep_their_order():
    both = threading.Barrier(2, timeout=30)

    def work(number: int) -> int:
        both.wait()
        return number * 10

    assert list(at_once(work, [1, 2, 3, 4], most=2)) == [10, 20, 30, 40]


def test_one_alone_is_worked_on_where_it_is_asked():
    here = threading.get_ident()

    assert list(at_once(lambda _: threading.get_ident(), ["only"], most=4)) == [here]


def test_a_fault_is_raised_and_nothing_new_is_begun():
    begun = []

    def work(number: int) -> None:
        begun.append(number)
        raise ValueError(number)

    with pytest.raises(ValueError, match="0"):
        list(at_once(work, list(range(500)), most=2))
    assert len(begun) < 500
