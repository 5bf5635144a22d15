"""The worklist page: the list at the left, the client in hand at the right."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.domain.permissions import Permission
from tests.pages.firm_pages import EVERYTHING, OWN_CLIENTS, PagesPortal, tables, texts
from tests.pages.insight_pages import insight_portal, links_of, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with insight_portal(tmp_path) as portal:
        yield portal


def headings(at) -> list[str]:
    return [heading.value.replace("\\", "") for heading in at.header]


def test_the_first_client_is_in_hand_with_reasons_contacts_and_invoices(portal) -> None:
    at = visit(portal, "worklist")

    said = texts(at)
    assert len(tables(at)) == 1
    assert len(headings(at)) == 1
    for part in ("Why it is here", "Contacts", "Open invoices", "Last payments"):
        assert part in said
    assert "overdue" in said


def test_walking_to_another_row_takes_that_client_in_hand(portal) -> None:
    at = visit(portal, "worklist")
    at.session_state["worklist_selected"] = "10-USD"

    at.run()

    assert headings(at) == ["Acme Holdings"]
    assert "ann@acme.test" in texts(at)
    assert {"INV-100", "INV-101", "INV-112"} <= set(links_of(at))


def test_a_row_that_is_not_in_the_list_leaves_the_first_in_hand(portal) -> None:
    at = visit(portal, "worklist", OWN_CLIENTS, staff_id="1")
    mine = headings(at)
    at.session_state["worklist_selected"] = "16-USD"

    at.run()

    assert headings(at) == mine


def test_one_partners_clients_can_be_chosen(portal) -> None:
    at = visit(portal, "worklist", partner="Ben Okafor")
    at.session_state["worklist_selected"] = "10-USD"

    at.run()

    assert headings(at) != ["Acme Holdings"]


def test_an_empty_worklist_says_that_nobody_is_overdue(portal) -> None:
    at = visit(portal, "worklist", OWN_CLIENTS, staff_id=None)

    assert "Nobody is overdue" in texts(at)
    assert not tables(at)


def test_without_the_right_to_collections_the_page_is_refused(portal) -> None:
    at = visit(portal, "worklist", EVERYTHING - {Permission.VIEW_COLLECTIONS})

    assert "You do not have the permission" in texts(at)
    assert not tables(at)
