"""The home page: each kind of user sees what needs them, and every figure opens its rows."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from portal.domain.collection_rules import CollectionRules, Trigger
from portal.domain.payment_states import PaymentState
from portal.domain.permissions import Permission
from portal.jobs.refreshing import Freshness, FreshnessState
from portal.services.mail_ports import Happening, LetterEvent
from portal.services.payout_ports import WorkException
from portal.services.record_promise import RecordPromise
from portal.services.save_collection_rules import SaveCollectionRules
from portal.ui.grid_state import decode_link
from portal.warehouse.store_mirror import StoreMirror
from tests.adapters.money_rows import a_payment, an_item
from tests.collections_fixture import CAROL
from tests.mail_fixture import a_letter, put
from tests.pages.firm_pages import NOW, OWN_CLIENTS, PagesPortal, figures, texts
from tests.pages.insight_pages import insight_portal, links_of, pictures, view_of, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with insight_portal(tmp_path) as portal:
        yield portal


def test_a_partner_sees_own_receivable_news_movers_and_the_most_overdue(portal) -> None:
    at = visit(portal, "home", OWN_CLIENTS, staff_id="1", home="partner")

    assert figures(at)["Outstanding"] == "$1.02K"
    assert "clients where you are partner or manager" in texts(at)
    for title in ("Receivable by age", "Most overdue", "In the last 7 days"):
        assert title in texts(at)
    assert "Acme Holdings" in links_of(at)
    assert "Zürich Trading 🚚" not in links_of(at), "another partner's client"


def test_a_figure_opens_the_rows_it_counts(portal) -> None:
    at = visit(portal, "home", home="partner")

    at.button("card_Overdue").click().run()

    link = view_of(at)
    assert at.title[0].value == "Invoices"
    assert link["filter"] == {"status": {"filterType": "set", "values": ["Overdue"]}}


def test_the_aging_picture_says_its_amounts_in_words(portal) -> None:
    at = visit(portal, "home", home="partner")

    assert any("Not due" in said and "No due date" in said for said in pictures(at))


def test_the_second_visit_tells_what_changed_since_the_first(portal) -> None:
    first = visit(portal, "home", home="partner")
    portal.now = lambda: NOW + timedelta(hours=2)
    second = visit(portal, "home", home="partner")

    assert "In the last 7 days" in texts(first)
    assert "Since your last visit" in texts(second)
    assert "Dated 30 Jun 2026 or later" in texts(second)


def test_a_manager_sees_billing_against_collecting_and_days_to_pay(portal) -> None:
    at = visit(portal, "home", OWN_CLIENTS, staff_id="3", home="manager")

    assert {"Billed and collected", "Days to pay"} <= {h.value for h in at.header}
    assert any(label.startswith("Days to pay") for label in figures(at))


def test_a_collector_sees_whom_to_contact_and_why(portal) -> None:
    at = visit(portal, "home", home="collector")

    assert "Contact today" in texts(at)
    assert figures(at)["Clients to contact"] == "5"
    assert figures(at)["Newly overdue this week"] == "$2.00K"
    assert "oldest" in texts(at)


def opened(at, label: str) -> tuple[str, dict]:
    """Where a small figure leads, and how its list opens there."""
    page, _, query = links_of(at)[label].partition("?")
    return page, decode_link(dict(parse_qsl(query))["view"])


def test_a_collector_sees_promises_due_and_statements_to_review(portal) -> None:
    rules = CollectionRules(triggers=(Trigger(days=146),))
    portal.collections.save_rules(SaveCollectionRules(actor=CAROL, rules=rules, based_on=0))
    portal.collections.run_statements(portal.now())
    portal.collections.record_promise(
        RecordPromise(
            actor=CAROL, client_id="10", amount_cents=100, promised_on=portal.today(),
            currency="USD",
        )
    )  # fmt: skip
    StoreMirror(portal.warehouse, portal.store).renew()

    at = visit(portal, "home", home="collector")

    page, view = opened(at, "1 promise due")
    assert page == "worklist"
    assert view["toggle"] == "all"
    assert view["filter"]["promise_state"]["values"] == ["open"]
    assert opened(at, "1 statement to review") == (
        "statements", {"filter": {}, "search": "", "toggle": "staged"},
    )  # fmt: skip


def test_a_collector_of_no_client_of_anothers_promises_is_told_none(portal) -> None:
    portal.collections.record_promise(
        RecordPromise(
            actor=CAROL, client_id="10", amount_cents=100, promised_on=portal.today(),
            currency="USD",
        )
    )  # fmt: skip
    StoreMirror(portal.warehouse, portal.store).renew()

    at = visit(portal, "home", OWN_CLIENTS, staff_id="2", home="collector")

    assert "0 promises due" in links_of(at)


def test_an_admin_sees_failed_payments_lost_mails_and_open_exceptions(portal) -> None:
    failed = a_payment(client_id="10", state=PaymentState.DECLINED, created_at=NOW, updated_at=NOW)
    wrong = WorkException(
        exception_id="e1", kind="unmatched_receipt", subject="PI-9", detail={}, opened_at=NOW
    )
    (letter_id,) = put(portal.store, a_letter("k1", client_id="10"), at=NOW)
    with portal.store.unit_of_work() as uow:
        uow.payments.add(failed, [an_item(invoice_id="100")])
        uow.exceptions.add(wrong)
        uow.commit()
    portal.correspondence.post_office.deliver(portal.now)
    with portal.store.unit_of_work() as uow:
        uow.mail_news.note(Happening(letter_id=letter_id, event=LetterEvent.BOUNCED_HARD, at=NOW))
        uow.commit()
    StoreMirror(portal.warehouse, portal.store).renew()

    at = visit(portal, "home", home="admin")

    page, view = opened(at, "1 failed payment this week")
    assert (page, view["toggle"]) == ("payments", "failed")
    page, view = opened(at, "1 mail that did not arrive this week")
    assert page == "email-delivery"
    assert "Bounced" in view["filter"]["status"]["values"]
    assert "1 open exception" in links_of(at)


def test_an_admin_sees_freshness_failures_and_the_tie_out(portal) -> None:
    at = visit(portal, "home", home="admin")

    shown = figures(at)
    assert shown["Data"] == "Live"
    assert shown["Tie-out"] == "Ties"
    assert shown["Failed refreshes, 24 hours"] == "0"


def test_an_admin_sees_when_the_source_is_away(portal) -> None:
    away = Freshness(1, NOW, NOW, FreshnessState.AWAY, "The file is locked.", NOW)
    portal.say(away, portal.refreshing.tie_out())

    at = visit(portal, "home", home="admin")

    assert figures(at)["Data"] == "Away"
    assert "The file is locked." in texts(at)


def test_somebody_the_firm_does_not_know_is_told_so(portal) -> None:
    at = visit(portal, "home", OWN_CLIENTS, staff_id=None, home="partner")

    assert "No clients of yours yet" in texts(at)
    assert not at.metric


def test_without_the_right_to_invoices_no_figure_is_shown(portal) -> None:
    at = visit(portal, "home", frozenset({Permission.VIEW_DATA}), home="user")

    assert not at.metric
    assert "Welcome" in texts(at)


def test_without_the_right_to_payments_no_payment_is_shown(portal) -> None:
    rights = OWN_CLIENTS - {Permission.VIEW_PAYMENTS}

    at = visit(portal, "home", rights, staff_id="1", home="partner")

    assert "received" not in texts(at)
    assert not any("Collected" in label for label in figures(at))
