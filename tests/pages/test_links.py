"""Ways between pages: only to what a person may open."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.domain.permissions import Permission, Principal
from portal.ui import links
from portal.ui.grid_event import GridEvent
from portal.ui.grid_state import decode_link
from portal.ui.jump_box import LONGEST_ID, read_choice
from portal.ui.links import client_of_row
from tests.pages.firm_pages import EVERYTHING, PagesPortal, pages_portal, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with pages_portal(tmp_path) as portal:
        yield portal


@pytest.mark.parametrize(
    ("row_id", "client_id"), [("10-USD", "10"), ("AB-7-EUR", "AB-7"), ("", ""), ("10", "")]
)
def test_a_row_of_the_clients_list_names_its_client(row_id: str, client_id: str) -> None:
    assert client_of_row(row_id) == client_id


@pytest.mark.parametrize(
    ("action", "part", "toggle", "status"),
    [
        ("open_outstanding", "Invoices", "outstanding", None),
        ("open_overdue", "Invoices", "all", ["Overdue"]),
        ("open_unapplied", "Payments", "unapplied", None),
    ],
)
def test_an_amount_of_the_clients_list_opens_the_rows_it_is_the_sum_of(
    monkeypatch: pytest.MonkeyPatch, action: str, part: str, toggle: str, status: object
) -> None:
    went: list[tuple[str, dict]] = []
    viewer = Principal("local:pat", "Pat", "pat@firm.test", permissions=EVERYTHING)
    monkeypatch.setattr(links, "go", lambda page, **params: went.append((page, params)))
    monkeypatch.setattr(links.frame, "principal", lambda: viewer)

    links.opener("clients")(GridEvent(kind="action", action=action, row_id="10-USD"))

    ((page, params),) = went
    assert (page, params["id"], params["show"]) == ("client", "10", part)
    view = decode_link(params["view"])
    assert view["toggle"] == toggle
    assert view["filter"].get("status", {}).get("values") == status


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
