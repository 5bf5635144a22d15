"""The client group page: what its clients owe together."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.domain.permissions import Permission
from tests.pages.firm_pages import (
    EVERYTHING,
    OWN_CLIENTS,
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
