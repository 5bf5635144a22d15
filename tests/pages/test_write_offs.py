"""The page of requests to write off, credit or hold."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.domain.permissions import Permission
from portal.services.collections_ports import RequestKind
from portal.services.request_write_off import RequestWriteOff
from portal.ui import write_offs
from tests.collections_fixture import CAROL
from tests.pages.firm_pages import EVERYTHING, OWN_CLIENTS, PagesPortal, tables, texts
from tests.pages.insight_pages import insight_portal, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with insight_portal(tmp_path) as portal:
        yield portal


def ask(portal: PagesPortal, request_id: str = "form-1", client_id: str = "10") -> None:
    portal.collections.request_write_off(
        RequestWriteOff(
            actor=CAROL,
            request_id=request_id,
            kind=RequestKind.WRITE_OFF,
            client_id=client_id,
            currency="USD",
            amount_cents=700,
            reason="too old",
        )
    )


def test_a_request_waits_for_a_decision(portal) -> None:
    ask(portal)

    at = visit(portal, "write_offs")

    assert len(tables(at)) == 1


def test_requests_about_somebody_elses_clients_are_not_shown(portal) -> None:
    ask(portal)

    at = visit(portal, "write_offs", OWN_CLIENTS, staff_id="2")

    assert "No requests here" in texts(at)


def test_ones_own_requests_are_seen_however_many_newer_ones_others_have(
    portal, monkeypatch
) -> None:
    monkeypatch.setattr(write_offs, "MOST", 2)
    ask(portal, "mine", "10")
    for number in range(4):
        ask(portal, f"theirs-{number}", "16")

    mine = visit(portal, "write_offs", OWN_CLIENTS, staff_id="1")
    everybodys = visit(portal, "write_offs")

    assert len(tables(mine)) == 1
    assert "Only the 2 newest" not in texts(mine)
    assert "Only the 2 newest are shown." in texts(everybodys)


def test_many_requests_are_read_at_once(portal, monkeypatch) -> None:
    asked = []
    read = portal.warehouse.rows
    monkeypatch.setattr(
        portal.warehouse, "rows", lambda name, **more: (asked.append(name), read(name, **more))[1]
    )
    for number in range(5):
        ask(portal, f"form-{number}")
    asked.clear()

    visit(portal, "write_offs", OWN_CLIENTS, staff_id="1")

    assert set(asked) == {"worklist/clients_in_scope"}
    assert len(asked) < 5


def test_without_the_right_to_collections_the_page_is_refused(portal) -> None:
    at = visit(portal, "write_offs", EVERYTHING - {Permission.VIEW_COLLECTIONS})

    assert "You do not have the permission" in texts(at)
