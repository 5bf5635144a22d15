"""The page of clients that can't be reached."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.firm_pages import OWN_CLIENTS, PagesPortal, tables, texts
from tests.pages.insight_pages import insight_portal, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with insight_portal(tmp_path) as portal:
        yield portal


def problems(portal: PagesPortal, *bounced: str) -> set[tuple[str, str]]:
    found = portal.warehouse.rows(
        "clients/contact_hygiene",
        sees_all=True,
        staff_id=None,
        currency="USD",
        bounced=list(bounced),
    )
    return {(row["client_id"], row["problem"]) for row in found}


def test_every_kind_of_problem_is_found_at_clients_that_owe_something(portal) -> None:
    found = problems(portal, "uwe@zt.test")

    assert ("11", "No contact at all") in found
    assert ("13", "Nobody to write to") in found
    assert ("12", "No statement contact") in found
    assert ("16", "Address came back") in found
    assert not any(client == "10" for client, _ in found)


def test_the_page_lists_them(portal) -> None:
    at = visit(portal, "contact_hygiene")

    assert len(tables(at)) == 1


def test_somebody_without_clients_sees_nobody(portal) -> None:
    at = visit(portal, "contact_hygiene", OWN_CLIENTS, staff_id=None)

    assert "Everybody can be reached" in texts(at)
