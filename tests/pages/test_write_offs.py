"""The page of requests to write off, credit or hold."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.domain.permissions import Permission
from portal.services.collections_ports import RequestKind
from portal.services.request_write_off import RequestWriteOff
from tests.collections_fixture import CAROL
from tests.pages.firm_pages import EVERYTHING, OWN_CLIENTS, PagesPortal, tables, texts
from tests.pages.insight_pages import insight_portal, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with insight_portal(tmp_path) as portal:
        yield portal


def ask(portal: PagesPortal) -> None:
    portal.collections.request_write_off(
        RequestWriteOff(
            actor=CAROL,
            kind=RequestKind.WRITE_OFF,
            client_id="10",
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


def test_without_the_right_to_collections_the_page_is_refused(portal) -> None:
    at = visit(portal, "write_offs", EVERYTHING - {Permission.VIEW_COLLECTIONS})

    assert "You do not have the permission" in texts(at)
