"""The page of clients that can't be reached."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.services.payer_ports import PortalUser, UserClient
from portal.store.portal_users import PortalUserRows
from portal.warehouse.store_mirror import StoreMirror
from tests.pages.firm_pages import OWN_CLIENTS, PagesPortal, tables, texts
from tests.pages.insight_pages import insight_portal, visit
from tests.web.list_portal import NOW


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
        problem=None,
    )
    return {(row["client_id"], row["problem"]) for row in found}


def test_every_kind_of_problem_is_found_at_clients_that_owe_something(portal) -> None:
    found = problems(portal, "uwe@zt.test")

    assert ("11", "No contact at all") in found
    assert ("13", "Nobody to write to") in found
    assert ("12", "No statement contact") in found
    assert ("16", "Address came back") in found
    assert not any(client == "10" for client, _ in found)


def portal_user(portal: PagesPortal, email: str, *client_ids: str) -> None:
    """Somebody with a client portal account that shows these clients."""
    with portal.store.unit_of_work() as uow:
        uow.portal_users.save(
            PortalUser(
                portal_user_id="u1", email=email, full_name="Uwe Frei", verified_at=NOW,
                password_hash="x", is_active=True, created_at=NOW,
            )
        )  # fmt: skip
        for client_id in client_ids:
            uow.portal_users.link(
                UserClient(
                    portal_user_id="u1", client_id=client_id, linked_by="test", linked_at=NOW
                )
            )
        uow.commit()
    StoreMirror(portal.warehouse, portal.store).renew()


def test_a_portal_user_who_is_a_contact_of_a_client_without_being_linked_is_found(portal) -> None:
    portal_user(portal, "uwe@zt.test", "10")

    assert ("16", "Portal user not linked") in problems(portal)


def test_a_portal_user_who_is_linked_is_no_problem(portal) -> None:
    portal_user(portal, "uwe@zt.test", "10", "16")

    assert not any(problem == "Portal user not linked" for _, problem in problems(portal))


def test_the_page_asks_no_question_for_each_portal_user(portal, monkeypatch) -> None:
    portal_user(portal, "uwe@zt.test", "10")
    monkeypatch.setattr(PortalUserRows, "clients_of", None)

    at = visit(portal, "contact_hygiene")

    assert "Portal user not linked (1)" in [
        label for pills in at.get("button_group") for label in pills.options
    ]


def test_my_clients_are_only_those_of_my_book(portal) -> None:
    portal_user(portal, "uwe@zt.test", "10")

    at = visit(portal, "contact_hygiene", staff_id="1")

    assert not any(
        "not linked" in label for pills in at.get("button_group") for label in pills.options
    )


def test_the_page_lists_them(portal) -> None:
    at = visit(portal, "contact_hygiene")

    assert len(tables(at)) == 1


def test_somebody_without_clients_sees_nobody(portal) -> None:
    at = visit(portal, "contact_hygiene", OWN_CLIENTS, staff_id=None)

    assert "Everybody can be reached" in texts(at)
