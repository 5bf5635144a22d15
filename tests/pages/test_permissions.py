"""The permissions page: who may do what, and single permissions that are given and taken back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from portal.domain.permissions import Permission
from portal.services.grant_permission import GrantPermission, grant_permission
from portal.ui.frame import SESSION_KEY
from portal.ui.permission_words import WORDS
from tests.access_fixture import StaffList, a_user
from tests.pages.firm_pages import (
    EVERYTHING,
    SID,
    PagesPortal,
    pages_portal,
    tables,
    texts,
    visit,
)
from tests.services.test_permissions import an_admin


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with pages_portal(tmp_path) as portal:
        portal.staff = StaffList()
        a_user(portal.store, "dora", "users", full_name="Dora *Day*")
        yield portal


def held(portal: PagesPortal) -> list[tuple[str, str, object]]:
    with portal.store.reading() as view:
        return [(one.user_key, one.permission, one.until) for one in view.grants.everything()]


def give(portal: PagesPortal, permission: Permission, **until: int) -> None:
    ends = portal.now() + timedelta(**until) if until else None
    grant_permission(
        GrantPermission(actor=an_admin(), user_key="local:dora", permission=permission, until=ends),
        store=portal.store,
        clock=portal.now,
    )


def test_a_permission_is_given_to_somebody_else_until_a_day(portal):
    visit(portal, "permissions").button(key="grant_new")
    at = AppTest.from_string("from portal.ui import permissions\npermissions.new_grant()")
    at.session_state[SESSION_KEY] = SID
    at.run()
    assert "local:pat" not in at.selectbox(key="grant_who").options
    at.selectbox(key="grant_what").set_value(Permission.REFUND)
    at.date_input(key="grant_until").set_value(portal.today() + timedelta(days=2))

    at.button(key="FormSubmitter:grant-Give it").click().run()

    assert not at.exception
    [(user_key, permission, until)] = held(portal)
    assert (user_key, permission) == ("local:dora", "refund")
    assert until.astimezone(portal.settings.timezone).isoformat() == "2026-07-03T00:00:00-04:00"
    assert "· Refund · until Jul 2, 2026" in texts(visit(portal, "permissions"))


def test_a_permission_is_taken_back(portal):
    give(portal, Permission.EXPORT)
    at = visit(portal, "permissions")
    assert "· Export lists · for good" in texts(at)

    at.button(key="take_back_export_local:dora").click().run()

    assert held(portal) == []
    assert "Nobody may do more than their groups may." in texts(at)


def test_one_that_has_run_out_is_not_shown(portal):
    give(portal, Permission.EXPORT, minutes=1)
    later = portal.now() + timedelta(hours=1)
    portal.now = lambda: later

    assert "Nobody may do more than their groups may." in texts(visit(portal, "permissions"))


def test_people_and_groups_are_shown_to_those_who_manage_permissions_alone(portal):
    at = visit(portal, "permissions", EVERYTHING - {Permission.MANAGE_PERMISSIONS})

    assert "do not have the permission" in texts(at)
    assert tables(at) == []
    assert not at.button


def test_every_permission_has_words():
    assert set(WORDS) == set(Permission)


def test_looking_as_somebody_is_said_on_every_page_and_ended_there(portal):
    said = AppTest.from_string(
        "from portal.ui import frame, looking_as\nlooking_as.banner(frame.principal())"
    )
    said.session_state[SESSION_KEY] = SID
    visit(portal, "permissions")
    assert not said.run().button

    portal.people[SID] = replace(portal.people[SID], full_name="Dora *Day*", seen_by="local:ann")
    said.run()

    assert "You see the portal as **Dora *Day*** does." in texts(said)
    assert said.button(key="stop_looking").label == "Stop looking"
