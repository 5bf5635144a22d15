"""Do the pages of a list fit together, however they are read, and are totals counted only once?"""

import threading
import time
from datetime import date

import pytest

from portal.domain.permissions import Scope
from portal.lists.registry import LISTS, find_list
from portal.warehouse import list_totals
from portal.warehouse.list_query import RowsRequest
from portal.warehouse.list_totals import KeptTotals, Totals, kept_totals
from portal.warehouse.rows import list_page
from tests.warehouse_fixture import generated_warehouse, small_warehouse

TODAY = date(2026, 6, 30)
NOTHING = Totals(0, {}, {})


@pytest.fixture(scope="module")
def warehouse():
    return small_warehouse()


@pytest.fixture(scope="module")
def larger():
    return generated_warehouse(invoices=1_000)


def page(warehouse, name, start, end, **asked):
    request = RowsRequest(start_row=start, end_row=end, **asked)
    return list_page(warehouse, find_list(name), request, Scope(True), TODAY, "USD")


@pytest.mark.parametrize("search", ["", "a"])
@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_page_of_every_sort_is_that_part_of_the_whole_list(warehouse, name, search):
    sortable = [column.id for column in find_list(name).columns if column.sortable]
    for column in sortable:
        for direction in ("asc", "desc"):
            asked = {"search": search, "sort_model": [{"colId": column, "sort": direction}]}
            whole = page(warehouse, name, 0, 500, **asked).rows
            half = max(1, len(whole) // 2)
            # the second half asks for more than there is, and is read from the list's end
            for start, end in ((0, half), (half, len(whole) + 2)):
                found = page(warehouse, name, start, end, **asked).rows
                assert found == whole[start:end], (column, direction, start)
    for start in {1, max(0, len(whole) - 1), len(whole)}:
        assert page(warehouse, name, start, start + 2, **asked).rows == whole[start : start + 2]


def test_the_end_of_a_long_list_is_read_like_its_beginning(larger):
    for search in ("", "acme"):
        count = page(larger, "invoices", 0, 1, search=search).last_row
        whole = [
            row["invoice_id"]
            for start in range(0, count, 100)
            for row in page(larger, "invoices", start, start + 100, search=search).rows
        ]
        assert len(set(whole)) == count
        for start in (count - 1, count - 37, count // 2, count // 2 + 1):
            rows = page(larger, "invoices", start, start + 50, search=search).rows
            assert [row["invoice_id"] for row in rows] == whole[start : start + 50]


def test_totals_are_the_same_whether_the_rows_are_found_first_or_not(larger):
    for name in ("invoices", "clients", "payments"):
        everything = page(larger, name, 0, 1)
        found = page(larger, name, 0, 1, search="c")  # a letter that every client has
        assert (found.last_row, found.totals) == (everything.last_row, everything.totals)


def test_many_who_ask_the_same_at_once_are_answered_by_one_count():
    kept, counted, answers = KeptTotals(), [], []

    def count():
        counted.append(1)
        time.sleep(0.1)
        return NOTHING

    threads = [
        threading.Thread(target=lambda: answers.append(kept.once("question", count)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(counted) == 1
    assert answers == [NOTHING] * 8
    assert kept._turns == {}


def test_a_count_that_failed_is_tried_again_by_the_next():
    kept = KeptTotals()

    def broken():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        kept.once("question", broken)

    assert kept.once("question", lambda: NOTHING) is NOTHING
    assert kept._turns == {}


def test_only_the_totals_last_used_are_kept(warehouse, monkeypatch):
    monkeypatch.setattr(list_totals, "MOST_KEPT", 3)
    for place in range(10):
        page(warehouse, "invoices", 0, 1, search=f"word{place}")

    assert len(kept_totals(warehouse)._totals) == 3


def test_scopes_never_share_their_totals(warehouse):
    request = RowsRequest(end_row=1)
    totals = [
        list_page(warehouse, find_list("invoices"), request, scope, TODAY, "USD").totals
        for scope in (Scope(True), Scope(False, "1"), Scope(False, "3"), Scope(False, None))
    ]

    assert len({tuple(each.values()) for each in totals}) == 4
