"""The client group page: what its clients owe together."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from portal.domain.permissions import Permission, Principal
from portal.jobs.recording import Recording
from portal.services.gateway_customers import customer_of_client
from portal.services.keep_method import keep_method
from portal.ui.frame import SESSION_KEY
from portal.warehouse.open_balances import OpenBalances
from tests.pages.firm_pages import (
    EVERYTHING,
    OWN_CLIENTS,
    SID,
    PagesPortal,
    figures,
    pages_portal,
    tables,
    texts,
    visit,
)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with pages_portal(tmp_path) as portal:
        yield portal


def test_the_clients_of_a_group_are_added_up(portal) -> None:
    at = visit(portal, "group", name="Acme group")

    assert "Client group of 2 clients" in texts(at)
    assert figures(at)["Outstanding"] == "$887.49"
    assert figures(at)["Overdue"] == "$800.50"
    assert tables(at)


def test_a_group_with_a_quote_in_its_name_opens(portal) -> None:
    assert figures(visit(portal, "group", name="O'Neil"))["Outstanding"] == "$2,088.00"


def test_only_the_clients_a_person_may_see_count(portal) -> None:
    at = visit(portal, "group", OWN_CLIENTS, staff_id="4", name="Acme group")

    assert "Client group of 1 client" in texts(at)
    assert figures(at)["Outstanding"] == "$9.99"


@pytest.mark.parametrize("name", ["", "No such group", "Acme group' or '1'='1"])
def test_a_group_that_does_not_exist_is_not_found(portal, name: str) -> None:
    at = visit(portal, "group", name=name)

    assert "There is no such client group" in texts(at)
    assert not at.metric


def test_a_group_of_other_peoples_clients_is_not_found(portal) -> None:
    at = visit(portal, "group", OWN_CLIENTS, staff_id="3", name="O'Neil")

    assert "There is no such client group" in texts(at)


def test_the_page_is_refused_without_the_permission(portal) -> None:
    at = visit(portal, "group", frozenset({Permission.VIEW_INVOICES}), name="Acme group")

    assert "You do not have the permission for this" in texts(at)


def test_statements_of_all_its_clients_can_be_mailed_at_once(portal) -> None:
    at = visit(portal, "group", name="Acme group")

    next(button for button in at.button if button.label == "Mail statements").click().run()

    said = texts(at)
    assert "Acme Holdings ·" in said and "acme tools · $9.99" in said
    assert any(button.label == "Send 2 statements" for button in at.button)


def test_without_the_right_to_send_nothing_is_offered(portal) -> None:
    at = visit(portal, "group", EVERYTHING - {Permission.SEND_STATEMENTS}, name="Acme group")

    assert not any(button.label == "Mail statements" for button in at.button)


def paying(portal, named: str | None) -> AppTest:
    """The dialog that pays for Acme group; the first client may have a saved method."""
    record_balances_of(portal)
    if named:
        till = portal.money.till
        customer = customer_of_client(till, "10", "ann@acme.test")
        told = portal.gateway.keep_method(customer, named)
        keep_method(till, told, client_id="10", actor="test")
    portal.people[SID] = Principal(
        user_key="local:pat", full_name="Pat Example", email="pat@firm.test", permissions=EVERYTHING
    )
    at = AppTest.from_string(
        "from portal.ui import group_payment\ngroup_payment.contents('Acme group')\n",
        default_timeout=30,
    )
    at.session_state[SESSION_KEY] = SID
    at.run()
    assert not at.exception, at.exception
    return at


def record_balances_of(portal) -> None:
    recording = Recording(OpenBalances(portal.warehouse), portal.store, clock=portal.now)
    recording.record()


def test_the_whole_group_is_paid_with_one_method_and_each_client_told(portal) -> None:
    at = paying(portal, "visa_debit")
    assert any(button.label == "Charge 2 payments" for button in at.button)

    next(one for one in at.button if one.key == "group_payment_go").click().run()

    said = texts(at)
    assert "2 done" in said
    assert "Acme Holdings: Paid" in said and "acme tools: Paid" in said
    with portal.store.reading() as view:
        found = [one for c in ("10", "12") for one in view.payments.of_client(c)]
    assert {one.state.value for one in found} == {"succeeded"}


def test_without_a_saved_method_it_says_where_to_save_one(portal) -> None:
    said = texts(paying(portal, None))

    assert "No client of this group has a saved method" in said


def test_who_may_take_no_payments_is_offered_none(portal) -> None:
    at = visit(portal, "group", EVERYTHING - {Permission.TAKE_PAYMENT}, name="Acme group")

    assert not any(button.label == "Pay for the group" for button in at.button)
