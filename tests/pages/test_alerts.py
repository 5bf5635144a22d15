"""The page of one's own alerts: what may be seen is offered, and it is kept for oneself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.domain.permissions import Permission
from portal.domain.staff_alerts import Alert, Whose
from tests.pages.firm_pages import (
    EVERYTHING,
    OWN_CLIENTS,
    PagesPortal,
    pages_portal,
    texts,
    visit,
)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with pages_portal(tmp_path) as portal:
        yield portal


def kept(portal: PagesPortal, user_key: str = "local:pat") -> dict[Alert, Whose]:
    with portal.store.reading() as view:
        return view.alerts.of_user(user_key)


def test_a_choice_is_kept_for_oneself_and_found_again(portal):
    at = visit(portal, "alerts")
    assert "Payment received" in texts(at)
    assert kept(portal) == {}

    at.button_group(key="alert_refund").set_value("mine").run()
    at.button(key="alerts_save").click().run()

    assert not at.exception
    assert kept(portal) == {Alert.REFUND: Whose.MINE}
    assert kept(portal, "local:ann") == {}
    again = visit(portal, "alerts")
    assert again.button_group(key="alert_refund").value == "mine"


def test_only_what_somebody_may_see_is_offered(portal):
    said = texts(visit(portal, "alerts", EVERYTHING - {Permission.RECONCILE}))

    assert "Refund" in said
    assert "Exception" not in said


def test_whoever_no_longer_sees_all_clients_is_left_with_their_own(portal):
    with portal.store.unit_of_work() as uow:
        uow.alerts.choose("local:pat", {Alert.REFUND: Whose.ALL})
        uow.commit()

    at = visit(portal, "alerts", OWN_CLIENTS, staff_id="1")

    assert at.button_group(key="alert_refund").value == "mine"
    at.button(key="alerts_save").click().run()
    assert kept(portal) == {Alert.REFUND: Whose.MINE}
