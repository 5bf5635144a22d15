"""The portal users page: payers with an account, linked and de-linked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.lists.registry import LISTS
from portal.services.payer_ports import PortalUser
from tests.access_fixture import NOON
from tests.pages.firm_pages import PagesPortal, pages_portal, texts, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with pages_portal(tmp_path) as portal:
        yield portal


def test_the_page_says_what_it_is_for_and_needs_its_permission(portal):
    assert "add or de-link clients" in texts(visit(portal, "portal_users"))
    assert "add or de-link clients" not in texts(visit(portal, "portal_users", frozenset()))


def test_a_portal_user_is_opened_by_an_address_with_what_can_be_done(portal):
    user = PortalUser(
        portal_user_id="u1", email="ann@acme.example", full_name="Ann Bell", password_hash="x",
        verified_at=NOON, is_active=True, created_at=NOON,
    )  # fmt: skip
    with portal.store.unit_of_work() as uow:
        uow.portal_users.save(user)
        uow.commit()

    said = texts(visit(portal, "portal_users", id="u1"))

    assert "Ann Bell · ann@acme.example" in said
    assert "No account yet" in said


OPENING = [one for one in LISTS.values() if any(c.opens == "open" for c in one.columns)]


@pytest.mark.parametrize("listed", OPENING, ids=lambda one: one.name)
def test_a_list_whose_names_open_rows_says_which_page_they_lead_to(listed):
    assert listed.opens.startswith("/")
