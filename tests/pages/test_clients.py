"""The clients page: whose clients, what they owe together, and the list."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portal.domain.permissions import Permission
from portal.jobs.refreshing import Freshness, FreshnessState
from tests.pages.firm_pages import (
    OWN_CLIENTS,
    PagesPortal,
    figures,
    pages_portal,
    tables,
    texts,
    visit,
)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with pages_portal(tmp_path) as portal:
        yield portal


def test_the_figures_are_those_of_the_whole_firm_for_somebody_who_sees_it(portal) -> None:
    shown = figures(visit(portal, "clients"))

    assert shown["Clients with a balance"] == "8"
    assert shown["Outstanding"] == "$3.88K"
    assert shown["Overdue"] == "$2.94K"


def test_a_partner_sees_the_figures_of_own_clients_only(portal) -> None:
    at = visit(portal, "clients", OWN_CLIENTS, staff_id="1")

    assert "Clients where you are partner or manager" in texts(at)
    assert figures(at)["Outstanding"] == "$1.02K"
    assert not at.segmented_control


def test_somebody_the_source_does_not_know_sees_no_client(portal) -> None:
    shown = figures(visit(portal, "clients", OWN_CLIENTS, staff_id=None))

    assert shown["Clients with a balance"] == "0"
    assert shown["Outstanding"] == "$0"


def test_a_partner_who_may_see_all_clients_begins_with_own_and_can_switch(portal) -> None:
    at = visit(portal, "clients", staff_id="1")
    mine = figures(at)["Outstanding"]

    at.segmented_control(key="book").select("all").run()

    assert mine == "$1.02K"
    assert figures(at)["Outstanding"] == "$3.88K"


def test_amounts_in_other_currencies_are_named_and_not_added(portal) -> None:
    portal.warehouse.connection().execute(
        "update client_list set outstanding_cents = 123400 where currency = 'EUR'"
    )

    assert "outstanding €1,234.00" in texts(visit(portal, "clients"))


def test_the_list_of_clients_is_on_the_page(portal) -> None:
    assert len(tables(visit(portal, "clients"))) == 1


def test_the_page_is_refused_without_the_permission(portal) -> None:
    at = visit(portal, "clients", frozenset({Permission.VIEW_INVOICES}))

    assert "You do not have the permission for this" in texts(at)
    assert not at.metric


def test_the_page_says_so_before_the_first_load(portal) -> None:
    portal.say(Freshness(0, None, None, FreshnessState.EMPTY))

    at = visit(portal, "clients")

    assert "No data yet" in texts(at)
    assert not at.metric


def test_the_page_says_that_it_shows_the_last_good_data_while_the_source_is_away(portal) -> None:
    portal.say(Freshness(1, None, None, FreshnessState.AWAY, "No route to the server."))

    at = visit(portal, "clients")

    assert "You see the last good data. No route to the server." in texts(at)
    assert figures(at)["Clients with a balance"] == "8"


@pytest.mark.parametrize("page", ["clients", "invoices", "payments", "plans", "reconciliation"])
def test_a_firm_that_bills_in_euros_is_shown_no_dollar(portal, page: str) -> None:
    portal.settings = replace(portal.settings, currency="EUR")

    shown = figures(visit(portal, page))

    assert any("€" in value for value in shown.values())
    assert not any("$" in value for value in shown.values())
