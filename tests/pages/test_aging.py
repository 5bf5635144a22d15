"""The aging page: lens, day and grouping stand in its URL; buckets add up; a past day says so."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portal.domain.permissions import Permission
from portal.ui import aging
from portal.ui.grid_event import GridEvent
from portal.ui.grid_state import decode_link
from tests.pages.firm_pages import EVERYTHING, OWN_CLIENTS, PagesPortal, tables, texts
from tests.pages.insight_pages import insight_portal, pictures, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with insight_portal(tmp_path) as portal:
        yield portal


def chosen(at) -> list[str]:
    return [control.value for control in at.segmented_control]


def test_the_whole_firm_is_grouped_by_partner_to_begin_with(portal) -> None:
    at = visit(portal, "aging")

    assert chosen(at) == ["By due date", "Partner"]
    assert any("Ada Quill" in said for said in pictures(at))
    assert any(name.startswith("aging") or "aging" in name for name in tables(at))


def test_a_partners_own_book_is_grouped_by_client(portal) -> None:
    at = visit(portal, "aging", OWN_CLIENTS, staff_id="1")

    assert chosen(at) == ["By due date", "Client"]
    assert any("Acme Holdings" in said for said in pictures(at))
    assert not any("Zürich" in said for said in pictures(at))


def test_a_link_opens_the_same_view(portal) -> None:
    at = visit(portal, "aging", lens="By invoice date", group_by="Office", as_of="2026-03-31")

    assert chosen(at) == ["By invoice date", "Office"]
    assert str(at.date_input[0].value) == "2026-03-31"
    assert any("Boston" in said for said in pictures(at))


def test_a_past_day_says_whose_word_it_is(portal) -> None:
    at = visit(portal, "aging", as_of="2026-03-31")

    said = texts(at)
    assert "31 Mar 2026: as the practice management system's dated entries say it stood" in said
    assert "owners and flags as they are now" in said


def test_today_says_nothing_of_the_past_but_names_what_is_dated_ahead(portal) -> None:
    said = texts(visit(portal, "aging"))

    assert "dated entries say" not in said
    assert "The invoices list has $77.00 more" in said


def test_a_narrowed_page_says_to_whom_and_leads_back(portal) -> None:
    at = visit(portal, "aging", partner_id="2", group_by="Client")

    assert any("Partner: Ben Okafor" in str(badge.value) for badge in at.markdown) or (
        "Partner: Ben Okafor" in texts(at)
    )
    assert not any("Acme" in said for said in pictures(at))

    at.button("aging_all_partner").click().run()

    assert chosen(at) == ["By due date", "Partner"]
    assert any("Ada Quill" in said for said in pictures(at))


def test_a_day_before_the_first_invoice_is_empty_and_says_so(portal) -> None:
    at = visit(portal, "aging", as_of="2020-01-01")

    assert "Nothing is outstanding here" in texts(at)
    assert not pictures(at)


def test_without_the_right_to_collections_the_page_is_refused(portal) -> None:
    at = visit(portal, "aging", EVERYTHING - {Permission.VIEW_COLLECTIONS})

    assert "You do not have the permission" in texts(at)
    assert not tables(at)


def clicked(monkeypatch, action: str | None, row_id: str) -> None:
    """Somebody clicks in the list."""
    event = GridEvent(kind="action", action=action, row_id=row_id)
    monkeypatch.setattr(aging.grid, "list_grid", lambda *a, **more: event)


def test_a_bucket_leads_to_its_invoices_and_keeps_what_the_page_is_narrowed_to(
    portal, monkeypatch
) -> None:
    asked = {}
    monkeypatch.setattr(aging.links, "go", lambda page, **params: asked.update(params, page=page))
    clicked(monkeypatch, "open_b1_cents", "10-USD")

    visit(portal, "aging", group_by="Client", partner_id="1", staff_id="1", book="All clients")

    view = decode_link(asked.pop("view"))
    assert view["toggle"] == "outstanding"
    assert view["filter"] == {"currency": {"filterType": "set", "values": ["USD"]}}
    assert asked == {
        "page": "invoices",
        "book": "All clients",
        "partner_id": "1",
        "client_id": "10",
        "due_from": "2026-05-31",
        "due_to": "2026-06-29",
        "dated_to": "2026-06-30",
    }


def test_an_amount_of_a_past_day_never_opens_the_figures_of_today(portal, monkeypatch) -> None:
    went = []
    monkeypatch.setattr(aging.links, "go", lambda page, **params: went.append(page))
    clicked(monkeypatch, "open_invoices", "1-USD")

    at = visit(portal, "aging", as_of="2026-03-31")

    assert not went
    assert "Invoices are listed as they stand today, not on 31 Mar 2026" in at.toast[0].value


def test_what_is_owed_in_another_currency_alone_is_listed_and_can_be_opened(
    portal, monkeypatch
) -> None:
    portal.settings = replace(portal.settings, currency="GBP")
    went = []
    monkeypatch.setattr(aging.links, "go", lambda page, **params: went.append((page, params)))

    assert tables(visit(portal, "aging"))
    clicked(monkeypatch, None, "10-USD")
    visit(portal, "aging", group_by="Client")

    assert went == [("client", {"id": "10"})]
