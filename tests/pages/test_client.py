"""The client page: facts, balance and aging, and the parts a person may see."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.permissions import Permission
from portal.services.payer_ports import PayLink
from portal.ui import client_parts, links
from portal.ui.grid_state import decode_link
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

ONLY_CLIENTS = frozenset({Permission.VIEW_CLIENTS, Permission.ALL_CLIENTS})


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with pages_portal(tmp_path) as portal:
        yield portal


def test_the_head_says_who_the_client_is_and_who_looks_after_it(portal) -> None:
    said = texts(visit(portal, "client", id="10"))

    for fact in ("Acme Holdings", "C-0010", "Ada Quill", "Cleo Marsh", "Boston", "Acme group"):
        assert fact in said
    assert "01 Jan 2020" in said


def test_the_balance_is_outstanding_overdue_unapplied_and_net(portal) -> None:
    at = visit(portal, "client", id="10")

    assert figures(at) == {
        "Outstanding": "$877.50",
        "Overdue": "$800.50",
        "Unapplied": "$100.00",
        "Payments to date": "$1,000.00",
        "Days to pay": "–",
    }
    assert "Net $777.50" in [button.label for button in at.button]


def test_a_client_with_entries_in_two_currencies_has_a_balance_in_each(portal) -> None:
    at = visit(portal, "client", id="12")

    assert [metric.value for metric in at.metric if metric.label == "Outstanding"] == [
        "\\$450\\.00",
        "€0\\.00",
    ]


@pytest.mark.parametrize("client_id", ["999", "abc", "", "9" * 40, "10; drop table clients"])
def test_an_id_that_leads_nowhere_is_not_found(portal, client_id: str) -> None:
    at = visit(portal, "client", id=client_id)

    assert "There is no such client" in texts(at)
    assert not at.metric


def test_somebody_elses_client_is_not_found_in_the_same_words(portal) -> None:
    foreign = texts(visit(portal, "client", OWN_CLIENTS, staff_id="4", id="10"))
    missing = texts(visit(portal, "client", OWN_CLIENTS, staff_id="4", id="999"))

    assert foreign == missing
    assert "Acme" not in foreign


def test_the_manager_of_a_client_sees_it(portal) -> None:
    assert "Acme Holdings" in texts(visit(portal, "client", OWN_CLIENTS, staff_id="3", id="10"))


@pytest.mark.parametrize(
    ("permissions", "parts"),
    [
        (
            EVERYTHING,
            [
                "Invoices",
                "Payments",
                "Plans",
                "Methods",
                "Contacts",
                "Engagements",
                "Activity",
                "Notes",
                "Statements",
                "Emails",
                "Links to pay",
            ],
        ),
        (ONLY_CLIENTS, ["Contacts", "Engagements"]),
        (
            ONLY_CLIENTS | {Permission.VIEW_PAYMENTS},
            ["Payments", "Plans", "Contacts", "Engagements"],
        ),
    ],
)
def test_the_parts_are_those_the_person_may_see(portal, permissions, parts) -> None:
    at = visit(portal, "client", permissions, id="10")

    assert at.segmented_control(key="show").options == parts


@pytest.mark.parametrize("part", ["Payments", "Contacts", "Engagements", "Activity"])
def test_every_part_opens_by_its_address(portal, part: str) -> None:
    at = visit(portal, "client", id="10", show=part)

    assert at.segmented_control(key="show").value == part
    assert tables(at)


def test_a_client_without_contacts_has_nobody_to_write_to(portal) -> None:
    assert "Nobody to write to" in texts(visit(portal, "client", id="17", show="Contacts"))


def test_a_client_without_entries_says_so(portal) -> None:
    at = visit(portal, "client", id="17", show="Activity")

    assert "Nothing yet" in texts(at)
    assert figures(at)["Outstanding"] == "$0.00"


def test_a_name_full_of_code_is_shown_as_it_is(portal) -> None:
    assert '=HYPERLINK("http://x.test","go")' in texts(visit(portal, "client", id="13"))


def test_the_page_is_refused_without_the_permission(portal) -> None:
    at = visit(portal, "client", frozenset({Permission.VIEW_INVOICES}), id="10")

    assert "You do not have the permission for this" in texts(at)
    assert "Acme" not in texts(at)


def test_a_link_to_pay_is_revoked_on_the_page_after_a_question(portal) -> None:
    with portal.store.unit_of_work() as uow:
        uow.pay_links.add(
            PayLink(
                link_id="l1", token_hash="h", client_id="10", invoice_ids=(), email="",
                created_by="local:pat", created_at=portal.now(),
                expires_at=portal.now() + timedelta(days=60),
            )
        )  # fmt: skip
        uow.commit()
    at = visit(portal, "client", id="10", show="Links to pay")
    assert "not opened yet" in texts(at)

    at.button(key="pay_link_l1").click().run()
    at.button(key="pay_link_l1_keep").click().run()
    at.button(key="pay_link_l1").click().run()
    with portal.store.reading() as view:
        assert view.pay_links.find("l1").revoked_at is None
    at.button(key="pay_link_l1_sure").click().run()

    with portal.store.reading() as view:
        assert view.pay_links.find("l1").revoked_at is not None
    assert "No link works" in texts(at)


def test_every_named_part_can_be_drawn() -> None:
    assert set(client_parts.PARTS) == {
        "Invoices",
        "Payments",
        "Plans",
        "Methods",
        "Contacts",
        "Engagements",
        "Activity",
        "Notes",
        "Statements",
        "Emails",
        "Links to pay",
    }


def test_a_figure_leads_to_the_clients_own_rows(portal, monkeypatch) -> None:
    gone: dict[str, str] = {}
    monkeypatch.setattr(links, "go", lambda page, **params: gone.update(params, page=page))
    at = visit(portal, "client", id="10")

    next(button for button in at.button if "overdue invoice" in button.label).click().run()

    assert (gone["page"], gone["id"], gone["show"]) == ("client", "10", "Invoices")
    assert decode_link(gone["view"])["filter"] == {
        "status": {"filterType": "set", "values": ["Overdue"]}
    }


@pytest.mark.parametrize(
    ("module", "gone"),
    [
        ("invoices", {"Invoices", "Activity"}),
        ("payments", {"Payments", "Plans", "Methods", "Activity"}),
        ("collections", {"Notes", "Statements"}),
        ("email_delivery", {"Emails"}),
        ("engagements", {"Engagements"}),
    ],
)
def test_a_client_has_no_part_that_the_firm_has_switched_off(portal, module, gone) -> None:
    def parts() -> set[str]:
        at = visit(portal, "client", id="10")
        return set(at.segmented_control(key="show").options)

    everything = parts()
    portal.settings = replace(portal.settings, modules={module: False})

    assert everything - parts() == gone
