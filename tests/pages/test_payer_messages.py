"""What payers asked, on the firm's pages: answered by mail, or marked as seen to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.domain.payers import AskKind, EntryKind, Payer
from portal.services.answer_payer_message import AnswerPayerMessage
from portal.services.ask_the_firm import AskLimits, AskTheFirm, ask_the_firm
from portal.warehouse.store_mirror import StoreMirror
from tests.adapters.money_rows import a_balance
from tests.pages.firm_pages import EVERYTHING, SID, PagesPortal, texts
from tests.pages.insight_pages import insight_portal, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    """A payer of client 10 has asked a question and, as a guest, wants installments."""
    with insight_portal(tmp_path) as portal:
        payer = Payer(session_id="s", entry=EntryKind.LINK, client_ids=("10",))
        for kind, more in (
            (AskKind.QUESTION, {"text": "What is *item* 2?", "reply_to": "pia@client.example"}),
            (AskKind.INSTALLMENTS, {"parts": 3}),
        ):
            ask_the_firm(
                AskTheFirm(payer=payer, request_id=kind, kind=kind, client_id="10", **more),
                store=portal.store,
                clock=portal.now,
                limits=AskLimits(today=portal.today()),
            )
        StoreMirror(portal.warehouse, portal.store).renew()
        yield portal


def keys(at, start: str) -> list[str]:
    return [one.key for one in at.button if str(one.key).startswith(start)]


def test_open_messages_stand_above_the_worklist_and_go_when_handled(portal: PagesPortal) -> None:
    at = visit(portal, "worklist")
    said = texts(at)
    assert "Question · Acme Holdings" in said
    assert "Wants installments · Acme Holdings · 3 parts" in said
    assert "What is *item* 2?" in said
    assert len(keys(at, "answer_")) == 1, "a guest who left no address is called instead"

    for key in keys(at, "handled_"):
        at.button(key=key).click().run()
    StoreMirror(portal.warehouse, portal.store).renew()
    portal.say(type(portal.fresh)(2, portal.fresh.data_as_of, portal.fresh.since, "live"))

    assert "Wants installments" not in texts(visit(portal, "worklist"))
    with portal.store.reading() as view:
        assert view.payer_messages.open_ones() == []


def test_an_answer_stays_on_the_clients_page_beside_the_question(portal: PagesPortal) -> None:
    at = visit(portal, "client", EVERYTHING, id="10", show="Notes")
    at.button(key=keys(at, "answer_")[0]).click().run()
    assert "Goes by mail to pia@client.example. Replies come to you." in texts(at)
    with portal.store.reading() as view:
        asked = next(one for one in view.payer_messages.of_client("10") if one.asked_email)

    portal.collections.answer_payer(
        AnswerPayerMessage(actor=portal.people[SID], message_id=asked.message_id, text="The audit")
    )

    said = texts(visit(portal, "client", EVERYTHING, id="10", show="Notes"))
    assert "**Answer** The audit" in said
    assert "Answered by Pat Example" in said


def test_one_click_makes_a_dispute_count_and_it_stands_above_no_worklist_any_more(
    portal: PagesPortal,
) -> None:
    with portal.store.unit_of_work() as uow:
        uow.balances.replace_all([a_balance("100", client_id="10")], 1, portal.now())
        uow.commit()
    payer = Payer(session_id="s", entry=EntryKind.LINK, client_ids=("10",))
    command = AskTheFirm(
        payer=payer, request_id="d", kind=AskKind.DISPUTE, client_id="10", invoice_id="100",
        text="Not ordered",
    )  # fmt: skip
    limits = AskLimits(today=portal.today())
    ask_the_firm(command, store=portal.store, clock=portal.now, limits=limits)
    at = visit(portal, "client", EVERYTHING, id="10", show="Notes")

    (key,) = keys(at, "record_")
    at.button(key=key).click().run()

    with portal.store.reading() as view:
        assert view.invoice_disputes.running("100").reason == "Not ordered"
    assert keys(at, "record_") == []
