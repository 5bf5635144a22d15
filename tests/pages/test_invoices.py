"""The invoices page: its figures, their scope, and the list."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from portal.domain.permissions import Permission
from portal.jobs.refreshing import Freshness, FreshnessState
from portal.services.save_list_state import SaveListState, list_state, save_list_state
from portal.ui import invoice_actions, invoice_document
from portal.ui.frame import SESSION_KEY
from tests.pages.firm_pages import (
    OWN_CLIENTS,
    SID,
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


def test_the_figures_are_outstanding_overdue_billed_and_age(portal) -> None:
    shown = figures(visit(portal, "invoices"))

    assert shown["Outstanding"] == "$3.88K"
    assert shown["Overdue"] == "$2.94K"
    assert shown["Billed this month"] == "$2.96K"
    assert shown["Average age"] == "103 days"


def test_a_partner_sees_the_figures_of_own_clients_only(portal) -> None:
    shown = figures(visit(portal, "invoices", OWN_CLIENTS, staff_id="1"))

    assert shown["Outstanding"] == "$1.02K"
    assert shown["Billed this month"] == "$10"


def test_each_figure_says_how_many_invoices_stand_behind_it(portal) -> None:
    labels = [button.label for button in visit(portal, "invoices").button]

    assert labels == ["11 invoices", "6 invoices", "3 invoices", "Oldest first"]


def test_the_list_of_invoices_is_on_the_page(portal) -> None:
    assert len(tables(visit(portal, "invoices"))) == 1


def test_the_page_is_refused_without_the_permission(portal) -> None:
    at = visit(portal, "invoices", frozenset({Permission.VIEW_CLIENTS}))

    assert "You do not have the permission for this" in texts(at)
    assert not at.metric


def test_a_person_without_clients_sees_zeros(portal) -> None:
    shown = figures(visit(portal, "invoices", OWN_CLIENTS))

    assert shown["Outstanding"] == "$0"
    assert shown["Average age"] == "–"


def test_the_page_says_that_the_data_may_be_behind(portal) -> None:
    portal.say(Freshness(1, None, None, FreshnessState.STALE))

    assert "has not been checked for a while" in texts(visit(portal, "invoices"))


def test_a_link_narrows_the_list_says_so_and_leads_back_to_all_invoices(portal) -> None:
    at = visit(portal, "invoices", partner_id="1", due_to="2026-06-29", dated_from="nonsense")

    badge = "Partner: Ada Quill · due 29 Jun 2026 or earlier"
    assert badge in texts(at)

    at.button(key="slice_all").click().run()

    assert badge not in texts(at)
    assert not {"partner_id", "due_to"} & set(at.query_params)


def test_another_partners_name_is_not_told_by_a_link(portal) -> None:
    at = visit(portal, "invoices", OWN_CLIENTS, staff_id="1", partner_id="2", client_id="16")

    assert "Partner: unknown · Client: unknown" in texts(at)


def test_how_a_narrowed_list_is_left_is_kept_as_one_place_however_it_is_narrowed(portal) -> None:
    places = set()
    for query in ({"partner_id": "1", "due_to": "2026-06-29"}, {"bucket": "no_due_date"}):
        at = visit(portal, "invoices", **query)
        (life,) = (at.session_state[key] for key in at.session_state if key.endswith("_life"))
        places.add(life["values"]["place"])
    (place,) = places

    save_list_state(
        SaveListState(
            actor=portal.people[SID], list_name="invoices", place=place, state={"toggle": "all"}
        ),
        store=portal.store,
    )

    assert list_state(portal.people[SID], "invoices", store=portal.store) == {
        "places": {place: {"toggle": "all"}}
    }


PDF = "from portal.ui import invoice_document\ninvoice_document.contents({invoice_id!r})"


def test_a_rows_pdf_is_shown_over_the_list_to_who_may_see_the_invoice(portal) -> None:
    portal.pdfs = {"100", "103"}

    def shown(invoice_id: str) -> AppTest:
        visit(portal, "invoices", OWN_CLIENTS, staff_id="1")
        at = AppTest.from_string(PDF.format(invoice_id=invoice_id), default_timeout=30)
        at.session_state[SESSION_KEY] = SID
        return at.run()

    with_pdf, without, foreign = shown("100"), shown("101"), shown("103")

    assert len(with_pdf.get("bidi_component")) == 1
    assert "No PDF has been received" in texts(without)
    assert "There is no such invoice" in texts(foreign)
    assert not foreign.get("bidi_component")


def test_the_menus_entry_opens_the_pdf_and_not_the_invoices_page() -> None:
    assert invoice_actions._DEEDS["show_pdf"] is invoice_document.on_event
