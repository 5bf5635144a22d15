"""Statements by address: only for those with the right and the client; no script in them."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.testclient import TestClient

from portal.domain.collection_rules import CollectionRules, Trigger
from portal.domain.permissions import Permission
from portal.mail.post_office import open_post_office
from portal.services.save_collection_rules import SaveCollectionRules
from portal.web.security import MAIL_POLICY, Security, SecurityPolicy
from tests.collections_fixture import CAROL
from tests.pages.firm_pages import PagesPortal
from tests.pages.insight_pages import insight_portal
from tests.web.list_portal import EVERYTHING, OWN_CLIENTS, Browser

HERE = "http://127.0.0.1:8501"
STAGED = "/mail/staged/ST-20260630-10"
OPEN_ITEMS = "/documents/account/10/USD/open.pdf"


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    """Acme Holdings has a staged statement; its partner is 1, its manager 3."""
    with insight_portal(tmp_path) as portal:
        rules = CollectionRules(triggers=(Trigger(days=146),))
        portal.collections.save_rules(SaveCollectionRules(actor=CAROL, rules=rules, based_on=0))
        portal.collections.run_statements(portal.now())
        post_office = open_post_office(portal.settings, portal.store, None, lambda name: None)
        portal.correspondence = SimpleNamespace(post_office=post_office)
        yield portal


def test_a_staged_mail_and_its_paper_are_what_would_be_sent(portal) -> None:
    browser = Browser(portal)

    guarded = Security(portal.app, policy=SecurityPolicy(HERE))
    http = TestClient(guarded, base_url=HERE, cookies=browser.http.cookies)
    page = http.get(f"{STAGED}.html")
    paper = browser.http.get(f"{STAGED}.pdf")

    assert page.status_code == paper.status_code == 200
    assert "Acme Holdings" in page.text and "<script" not in page.text
    assert page.headers["content-security-policy"] == MAIL_POLICY
    assert paper.content.startswith(b"%PDF")


@pytest.mark.parametrize("place", [f"{STAGED}.html", f"{STAGED}.pdf"])
def test_a_staged_mail_of_somebody_elses_client_is_as_if_it_were_not_there(portal, place) -> None:
    assert Browser(portal, OWN_CLIENTS, "2").http.get(place).status_code == 404
    assert Browser(portal, OWN_CLIENTS, "1").http.get(place).status_code == 200
    nobody = EVERYTHING - {Permission.SEND_STATEMENTS}
    assert Browser(portal, nobody).http.get(place).status_code == 403


def test_a_statement_on_demand_is_printed_for_open_items_and_for_a_period(portal) -> None:
    browser = Browser(portal)

    for place in (OPEN_ITEMS, "/documents/account/10/USD/2026-01-01/2026-06-30.pdf"):
        answer = browser.http.get(place)
        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF")
    wrong = browser.http.get("/documents/account/10/USD/yesterday/2026-06-30.pdf")
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    "place",
    [OPEN_ITEMS, "/documents/account/999/USD/open.pdf", "/documents/account/x/USD/open.pdf"],
)
def test_a_client_that_is_not_theirs_has_no_statement(portal, place) -> None:
    assert Browser(portal, OWN_CLIENTS, "2").http.get(place).status_code == 404


def test_a_stranger_gets_nothing(portal) -> None:
    browser = Browser(portal)
    browser.sign_out()

    assert browser.http.get(OPEN_ITEMS).status_code == 401
    assert browser.http.get(f"{STAGED}.html").status_code == 401
