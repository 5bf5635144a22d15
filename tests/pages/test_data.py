"""The data page: freshness, refreshes, rows, tie-out, mapping and checks."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portal.domain.permissions import Permission
from portal.jobs.refreshing import Freshness, FreshnessState
from portal.warehouse.tie_out import ClientDifference, EntryDifference, TieOut
from tests.pages.firm_pages import (
    LIVE,
    OWN_CLIENTS,
    PagesPortal,
    figures,
    pages_portal,
    tables,
    texts,
    visit,
)

EQUAL = TieOut(1, 9, {"USD": 100}, {"USD": 350}, 0, 0, 2, {"USD": 250})
UNEQUAL = TieOut(
    1, 9, {"USD": 100}, {"USD": 90}, 10, 1, 0, {},
    [ClientDifference("10", "Acme Holdings", "USD", 100, 90, "The entries do not add up.")],
)  # fmt: skip


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with pages_portal(tmp_path) as portal:
        yield portal


def log(portal: PagesPortal, outcome: str, message: str = "") -> None:
    portal.warehouse.connection().execute(
        "insert into refresh_log values (1, 'full', timestamp '2026-06-30 12:00:00',"
        " timestamp '2026-06-30 12:00:01', ?, 1, 5, 1.0, '{}', ?)",
        [outcome, message],
    )


def test_the_page_says_how_fresh_the_data_is_in_the_firms_time(portal) -> None:
    shown = figures(visit(portal, "data"))

    assert shown["State"] == "Live"
    assert shown["Data as of"] == "12:00:00 PM"
    assert shown["Version"] == "1"


def test_a_source_that_is_away_is_named(portal) -> None:
    portal.say(Freshness(1, None, None, FreshnessState.AWAY, "No route to the server."))

    assert figures(visit(portal, "data"))["State"] == "Source away"


def test_refreshes_are_listed_and_can_be_narrowed_to_failed_ones(portal) -> None:
    log(portal, "done")
    at = visit(portal, "data")
    assert tables(at)

    at.toggle(key="data_only_failed").set_value(True).run()

    assert "No failed refresh" in texts(at)
    assert not tables(at)


def test_a_failed_refresh_is_seen_although_the_version_stays(portal) -> None:
    visit(portal, "data")
    log(portal, "failed", "The disk is full.")

    at = visit(portal, "data")
    at.toggle(key="data_only_failed").set_value(True).run()

    assert tables(at)


def test_the_rows_of_every_kind_are_counted(portal) -> None:
    assert tables(visit(portal, "data", show="Rows"))


def test_a_comparison_that_ties_says_so_and_names_the_clients_left_out(portal) -> None:
    portal.say(LIVE, EQUAL)
    at = visit(portal, "data", show="Tie-out")

    at.button(key="data_compare").click().run()

    assert "9 clients compared, all equal to the cent." in texts(at)
    assert "2 clients of the source are left out by the firm's rule" in texts(at)
    assert len(tables(at)) == 1


def test_a_comparison_that_differs_shows_the_clients_that_explain_it(portal) -> None:
    portal.say(LIVE, UNEQUAL)
    at = visit(portal, "data", show="Tie-out")

    at.button(key="data_compare").click().run()

    assert "1 client of 9 clients differ" in texts(at)
    assert "What explains the difference" in texts(at)
    assert len(tables(at)) == 2


def test_the_entries_that_explain_a_difference_stand_below_the_clients(portal) -> None:
    entry = EntryDifference("10", "7", "INV-7", "USD", 100, 90, "Another amount.")
    portal.say(LIVE, replace(UNEQUAL, entries=[entry]))
    at = visit(portal, "data", show="Tie-out")

    at.button(key="data_compare").click().run()

    assert "The entries that are not alike" in texts(at)
    assert len(tables(at)) == 3


def test_the_comparison_is_refused_to_those_who_do_not_see_all_clients(portal) -> None:
    at = visit(portal, "data", OWN_CLIENTS, staff_id="1", show="Tie-out")

    assert "It takes the permission to see all clients." in texts(at)
    assert not [button for button in at.button if button.key == "data_compare"]


def test_checks_missing_columns_and_choices_are_shown_in_words(portal) -> None:
    portal.found = {
        "mapping": "Practice CS",
        "source": "reachable",
        "firm_choices": {"partner_role": "Partner"},
        "missing_columns": {"clients": ["office"]},
        "checks": {"aging_day_ties": 0, "months_tie": 3},
    }
    at = visit(portal, "data", show="Mapping and checks")

    at.button(key="data_check").click().run()

    assert "The source can be read with the mapping Practice CS." in texts(at)
    assert len(tables(at)) == 3


def test_a_source_that_cannot_be_read_is_named_with_the_reason(portal) -> None:
    portal.found = {"mapping": "m", "source": "The file is not there.", "firm_choices": {}}
    at = visit(portal, "data", show="Mapping and checks")

    at.button(key="data_check").click().run()

    assert "The file is not there." in texts(at)
    assert "No data has been loaded yet." in texts(at)


def test_before_the_first_load_the_page_still_says_what_is_wrong(portal) -> None:
    portal.say(Freshness(0, None, None, FreshnessState.EMPTY))

    at = visit(portal, "data")

    assert figures(at)["State"] == "No data yet"
    assert "The first load from the practice management system has not finished." in texts(at)


@pytest.mark.parametrize("part", ["Refreshes", "Rows", "Tie-out", "Mapping and checks"])
def test_the_page_is_refused_without_the_permission(portal, part: str) -> None:
    at = visit(portal, "data", frozenset({Permission.VIEW_CLIENTS}), show=part)

    assert "You do not have the permission for this" in texts(at)
    assert not at.metric
