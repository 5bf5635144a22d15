"""The invoice page: facts, amounts, what paid it, its document, its neighbours."""

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


def test_a_partly_paid_overdue_invoice_says_so_with_its_amounts(portal) -> None:
    at = visit(portal, "invoice", id="100")

    said = texts(at)
    assert "Invoice INV-100" in said
    assert "Overdue" in said
    assert "Partly paid" in said
    assert "146 days" in said
    assert figures(at) == {
        "Bill amount": "$1,200.00",
        "Applied": "$900.00",
        "Outstanding": "$300.00",
    }
    assert tables(at)


def test_an_invoice_due_today_is_open_and_not_overdue(portal) -> None:
    said = texts(visit(portal, "invoice", id="107"))

    assert "Open" in said
    assert "Overdue" not in said


def test_a_void_invoice_is_shown_as_void_and_counts_nothing(portal) -> None:
    at = visit(portal, "invoice", id="108")

    assert "This invoice is void: it counts in no balance." in texts(at)
    assert figures(at)["Outstanding"] == "$0.00"


def test_an_invoice_nothing_was_applied_to_says_so(portal) -> None:
    assert "No payment or credit has been applied" in texts(visit(portal, "invoice", id="102"))


def test_an_invoice_without_a_pdf_says_so(portal) -> None:
    assert "No PDF has been received for this invoice" in texts(visit(portal, "invoice", id="100"))


def test_an_invoice_with_a_pdf_shows_it(portal) -> None:
    portal.pdfs.add("100")

    at = visit(portal, "invoice", id="100")

    assert "No PDF has been received" not in texts(at)
    assert len(at.get("bidi_component")) == 1


def test_what_was_settled_outside_the_known_entries_is_named(portal) -> None:
    portal.warehouse.connection().execute(
        "update invoice_list set outstanding_cents = 10000 where invoice_id = 100"
    )

    assert figures(visit(portal, "invoice", id="100"))["Settled otherwise"] == "$200.00"


def test_the_neighbours_are_the_same_clients_invoices(portal) -> None:
    first = visit(portal, "invoice", id="100")

    assert first.button(key="invoice_previous").disabled
    assert not first.button(key="invoice_next").disabled


@pytest.mark.parametrize("invoice_id", ["999", "abc", ""])
def test_an_id_that_leads_nowhere_is_not_found(portal, invoice_id: str) -> None:
    assert "There is no such invoice" in texts(visit(portal, "invoice", id=invoice_id))


def test_somebody_elses_invoice_is_not_found(portal) -> None:
    said = texts(visit(portal, "invoice", OWN_CLIENTS, staff_id="4", id="100"))

    assert "There is no such invoice" in said
    assert "INV-100" not in said


def test_the_page_is_refused_without_the_permission(portal) -> None:
    at = visit(portal, "invoice", frozenset({Permission.VIEW_CLIENTS}), id="100")

    assert "You do not have the permission for this" in texts(at)
    assert "INV-100" not in texts(at)
