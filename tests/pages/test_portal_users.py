"""The portal users page: payers with an account, linked and de-linked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.domain.permissions import Scope
from portal.jobs.mirroring import Mirroring
from portal.lists.registry import LISTS
from portal.services.payer_ports import PortalUser, UserClient
from portal.warehouse.rows import RowsRequest, list_page
from portal.warehouse.store_mirror import StoreMirror
from tests.access_fixture import NOON
from tests.pages.firm_pages import OWN_CLIENTS, PagesPortal, pages_portal, texts, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with pages_portal(tmp_path) as portal:
        yield portal


def test_the_page_says_what_it_is_for_and_needs_its_permission(portal):
    assert "add or de-link clients" in texts(visit(portal, "portal_users"))
    assert "add or de-link clients" not in texts(visit(portal, "portal_users", frozenset()))


def keep(portal: PagesPortal, user_id: str, name: str, *client_ids: str) -> None:
    """Keep an account that is linked to clients."""
    user = PortalUser(
        portal_user_id=user_id, email=f"{user_id}@acme.example", full_name=name,
        password_hash="x", verified_at=NOON, is_active=True, created_at=NOON,
    )  # fmt: skip
    with portal.store.unit_of_work() as uow:
        uow.portal_users.save(user)
        for client_id in client_ids:
            uow.portal_users.link(
                UserClient(
                    portal_user_id=user_id,
                    client_id=client_id,
                    linked_by="local:pat",
                    linked_at=NOON,
                )
            )
        uow.commit()
    Mirroring(StoreMirror(portal.warehouse, portal.store), lambda: None).renew()


def listed(portal: PagesPortal, scope: Scope, search: str = "") -> list[dict[str, object]]:
    """The rows of the list for somebody."""
    request = RowsRequest(end_row=100, search=search)
    today = portal.today()
    return list_page(portal.warehouse, LISTS["portal_users"], request, scope, today, "USD").rows


def test_a_manager_sees_of_a_user_with_clients_of_others_only_their_own(portal):
    keep(portal, "u1", "Ann Bell", "10", "12")
    keep(portal, "u2", "Jon Ives", "12")
    own = Scope(all_clients=False, staff_id="1")

    (row,) = listed(portal, own)
    everybody = {each["full_name"]: each for each in listed(portal, Scope(all_clients=True))}

    assert (row["client_names"], row["client_count"]) == ("Acme Holdings", 1)
    assert row["client_numbers"] == "C-0010"
    assert listed(portal, own, "Müller") == []
    assert everybody["Ann Bell"]["client_names"] == "Acme Holdings, Müller & Söhne"
    assert everybody["Jon Ives"]["client_count"] == 1


def test_an_address_opens_no_user_of_somebody_elses_clients(portal):
    keep(portal, "u1", "Ann Bell", "10", "12")
    keep(portal, "u2", "Jon Ives", "12")

    foreign = texts(visit(portal, "portal_users", OWN_CLIENTS, staff_id="1", id="u2"))
    own = texts(visit(portal, "portal_users", OWN_CLIENTS, staff_id="1", id="u1"))

    assert "Jon Ives" not in foreign
    assert "Ann Bell" in own
    assert "Müller" not in own


def test_a_portal_user_is_opened_by_an_address_with_what_can_be_done(portal):
    keep(portal, "u1", "Ann Bell")

    said = texts(visit(portal, "portal_users", id="u1"))

    assert "Ann Bell · u1@acme.example" in said
    assert "No account yet" in said


OPENING = [one for one in LISTS.values() if any(c.opens == "open" for c in one.columns)]


@pytest.mark.parametrize("listed", OPENING, ids=lambda one: one.name)
def test_a_list_whose_names_open_rows_says_which_page_they_lead_to(listed):
    assert listed.opens.startswith("/")
