"""The payment page: what was received, what it pays, what is left of it."""

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


def test_a_payment_shows_its_amount_what_is_applied_and_the_rest(portal) -> None:
    at = visit(portal, "payment", id="500")

    assert "Payment of $1,000.00" in texts(at)
    assert figures(at) == {"Amount": "$1,000.00", "Applied": "$900.00", "Unapplied": "$100.00"}
    assert tables(at)


def test_a_returned_payment_is_negative(portal) -> None:
    at = visit(portal, "payment", id="504")

    assert "Return of -$88.00" in texts(at)
    assert figures(at)["Applied"] == "-$88.00"


def test_a_payment_not_set_against_an_invoice_says_so(portal) -> None:
    assert "Not applied yet" in texts(visit(portal, "payment", id="506"))


@pytest.mark.parametrize("receipt_id", ["999", "x", ""])
def test_an_id_that_leads_nowhere_is_not_found(portal, receipt_id: str) -> None:
    assert "There is no such payment" in texts(visit(portal, "payment", id=receipt_id))


def test_somebody_elses_payment_is_not_found(portal) -> None:
    said = texts(visit(portal, "payment", OWN_CLIENTS, staff_id="4", id="500"))

    assert "There is no such payment" in said
    assert "1,000.00" not in said


def test_the_page_is_refused_without_the_permission(portal) -> None:
    at = visit(portal, "payment", frozenset({Permission.VIEW_INVOICES}), id="500")

    assert "You do not have the permission for this" in texts(at)
