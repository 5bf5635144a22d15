"""The payments page: the month's figures by method, and the list."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.domain.permissions import Permission
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


def test_the_month_counts_payments_alone_and_names_their_methods(portal) -> None:
    at = visit(portal, "payments")

    shown = figures(at)
    assert shown["Received this month"] == "$88"
    assert shown["ACH"] == "$88"
    assert "Write-off" not in shown


def test_what_is_unapplied_stands_beside_it(portal) -> None:
    shown = figures(visit(portal, "payments"))

    assert shown["Unapplied"] == "$108"


def test_a_manager_sees_own_clients_payments_only(portal) -> None:
    shown = figures(visit(portal, "payments", OWN_CLIENTS, staff_id="4"))

    assert shown["Received this month"] == "$0"
    assert shown["Unapplied"] == "$0"


def test_payments_in_another_currency_are_named_and_not_added(portal) -> None:
    portal.warehouse.connection().execute(
        "insert into payment_month values"
        " (date '2026-06-01', 'payment', 'wire', 1, 3, 'Boston', 'EUR', 2, 50000)"
    )

    at = visit(portal, "payments")

    assert figures(at)["Received this month"] == "$88"
    assert "received this month €500.00" in texts(at)


def test_the_list_of_payments_is_on_the_page(portal) -> None:
    assert len(tables(visit(portal, "payments"))) == 1


def test_the_page_is_refused_without_the_permission(portal) -> None:
    at = visit(portal, "payments", frozenset({Permission.VIEW_CLIENTS}))

    assert "You do not have the permission for this" in texts(at)
    assert not at.metric
