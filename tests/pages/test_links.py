"""Ways between pages: only to what a person may open."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.domain.permissions import Permission
from portal.ui.jump_box import LONGEST_ID, read_choice
from portal.ui.links import client_of_row
from tests.pages.firm_pages import PagesPortal, pages_portal, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with pages_portal(tmp_path) as portal:
        yield portal


@pytest.mark.parametrize(
    ("row_id", "client_id"), [("10-USD", "10"), ("AB-7-EUR", "AB-7"), ("", ""), ("10", "")]
)
def test_a_row_of_the_clients_list_names_its_client(row_id: str, client_id: str) -> None:
    assert client_of_row(row_id) == client_id


def test_the_jump_box_takes_a_client_or_an_invoice() -> None:
    assert read_choice({"kind": "client", "id": "10"}) == ("client", "10")
    assert read_choice({"kind": "invoice", "id": "100"}) == ("invoice", "100")


@pytest.mark.parametrize(
    "value",
    [
        None,
        "client",
        {"kind": "data", "id": "1"},
        {"kind": "client"},
        {"kind": "client", "id": 10},
        {"kind": "client", "id": ""},
        {"kind": "client", "id": "1" * (LONGEST_ID + 1)},
        {"kind": ["client"], "id": "1"},
    ],
)
def test_the_jump_box_takes_nothing_else(value: object) -> None:
    assert read_choice(value) is None


def test_a_figure_has_no_link_to_a_page_that_may_not_be_opened(portal: PagesPortal) -> None:
    only_clients = frozenset({Permission.VIEW_CLIENTS, Permission.ALL_CLIENTS})

    with_payments = [button.key for button in visit(portal, "clients").button]
    without = [button.key for button in visit(portal, "clients", only_clients).button]

    assert "card_Unapplied" in with_payments
    assert "card_Unapplied" not in without
    assert "card_Overdue" in without
