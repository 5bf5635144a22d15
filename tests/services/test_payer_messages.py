"""What payers ask, and what the firm answers: once, by mail, by those who may."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from portal.domain.errors import Denied, Invalid, NotFound
from portal.domain.payers import AskKind, EntryKind, Payer
from portal.mail.compose import Composer
from portal.services.answer_payer_message import AnswerPayerMessage
from portal.services.ask_the_firm import AskLimits, AskTheFirm, ask_the_firm
from portal.services.client_story import client_story
from portal.services.handle_payer_message import HandlePayerMessage
from portal.services.mail_ports import LetterKind
from portal.services.payer_ports import PayerMessage
from portal.services.record_payer_message import RecordPayerMessage
from tests.adapters.money_rows import a_balance
from tests.collections_fixture import CAROL, MORNING, PETE, TODAY, Firm, SpokenClients, a_firm
from tests.mail_fixture import OUR_BRAND, PaperDrawer

PIA = Payer(session_id="s", entry=EntryKind.LINK, client_ids=("10",), email="pia@client.example")
LIMITS = AskLimits(today=TODAY, most_installments=6)


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    made = a_firm(tmp_path)
    made.owes("10")
    made.owes("20", partner_id="2", manager_id="4")
    yield made
    made.store.close()


def ask(firm: Firm, kind: AskKind = AskKind.QUESTION, **changes: object) -> PayerMessage:
    asked = {
        "payer": PIA,
        "request_id": f"form of {kind} {sorted(changes)}",
        "kind": kind,
        "client_id": "10",
        "text": "What is item 2?",
    }
    return ask_the_firm(
        AskTheFirm(**{**asked, **changes}),
        store=firm.store,
        clock=firm.clock,
        limits=changes.pop("limits", LIMITS),
    )


def answer(firm: Firm, message: PayerMessage, text: str = "The audit.", **changes: object) -> str:
    asked = {"actor": CAROL, "message_id": message.message_id, "text": text}
    return firm.desk.answer_payer(AnswerPayerMessage(**{**asked, **changes}))


def kept(firm: Firm) -> list[PayerMessage]:
    return client_story(
        CAROL, "10", store=firm.store, directory=SpokenClients(firm.debts)
    ).asked  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (AskKind.QUESTION, {}),
        (AskKind.DISPUTE, {"text": "We never ordered this."}),
        (AskKind.PROMISE, {"promised_date": TODAY + timedelta(days=7), "cents": 50_000}),
        (AskKind.INSTALLMENTS, {"parts": 3, "text": ""}),
        (AskKind.CREDIT, {"cents": 12_500}),
    ],
)
def test_whatever_is_asked_stands_with_the_client_until_somebody_has_seen_to_it(
    firm: Firm, kind: AskKind, more: dict
) -> None:
    message = ask(firm, kind, **more)
    assert [(one.kind, one.state) for one in kept(firm)] == [(kind, "open")]

    command = HandlePayerMessage(actor=CAROL, message_id=message.message_id)
    firm.desk.handle_payer_message(command)
    firm.clock.pass_(minutes=5)
    firm.desk.handle_payer_message(replace(command, actor=PETE))

    (after,) = kept(firm)
    assert (after.state, after.handled_by_name, after.answer) == ("handled", "Carol Ito", None)
    with firm.store.reading() as view:
        actions = [row.action for row in view.audit.rows()]
    assert actions.count("payer_message.handled") == 1
    assert actions.count(f"payer.asked_{kind.value}") == 1


@pytest.mark.parametrize(
    ("kind", "more", "why"),
    [
        (AskKind.QUESTION, {"text": " "}, "Write a few words"),
        (AskKind.DISPUTE, {"text": ""}, "Write a few words"),
        (AskKind.PROMISE, {}, "Choose a day"),
        (AskKind.PROMISE, {"promised_date": TODAY - timedelta(days=1)}, "Choose a day"),
        (AskKind.PROMISE, {"promised_date": TODAY, "cents": 0}, "more than 0.00"),
        (AskKind.INSTALLMENTS, {"parts": 7}, "2 to 6"),
        (AskKind.QUESTION, {"text": "x" * 2_001}, "2,000"),
        (AskKind.QUESTION, {"reply_to": "a@b.example\r\nBcc: x@y.example"}, "not an email"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_what_to_do(firm, kind, more, why) -> None:
    with pytest.raises(Invalid, match=why):
        ask(firm, kind, **more)
    assert kept(firm) == []


def test_the_answer_goes_by_mail_once_and_stands_beside_the_question(firm: Firm) -> None:
    message = ask(firm)
    firm.clock.pass_(minutes=90)

    letter_id = answer(firm, message, "The audit.\n\nOf the books.")
    assert answer(firm, message, "The audit.\n\nOf the books.") == letter_id
    with pytest.raises(Invalid, match="answered already"):
        answer(firm, message, "Something else", actor=PETE)

    (after,) = kept(firm)
    assert (after.state, after.answer) == ("handled", "The audit.\n\nOf the books.")
    with firm.store.reading() as view:
        stored = view.outbox.find(letter_id)
        assert len(view.outbox.of_client("10")) == 1
        assert view.audit.rows(limit=1)[0].action == "payer_message.answered"
    assert stored.letter.kind is LetterKind.ANSWER
    mail = message_from_bytes(
        Composer(brand=OUR_BRAND, documents=PaperDrawer()).compose(stored, MORNING).raw,
        policy=default,
    )
    plain = mail.get_body(("plain",)).get_content()
    assert (mail["To"], mail["Reply-To"]) == ("pia@client.example", "carol@firm.test")
    assert mail["Auto-Submitted"] is None
    for said in ("The audit.", "Of the books.", "You wrote on", "What is item 2?", "Carol Ito"):
        assert said in plain
    assert "client-portal" not in plain


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        (AskKind.INSTALLMENTS, {"parts": 3}, "May we pay in 3 installments?"),
        (AskKind.PROMISE, {"promised_date": TODAY}, "We will pay by June 30, 2026."),
        (AskKind.CREDIT, {"cents": 100}, "Please use our credit."),
    ],
)
def test_an_answer_says_what_was_asked_even_without_a_word(firm: Firm, kind, more, said) -> None:
    letter_id = answer(firm, ask(firm, kind, text="", **more))

    with firm.store.reading() as view:
        assert view.outbox.find(letter_id).letter.facts["asked"] == said


def test_a_message_that_was_handled_can_still_be_answered(firm: Firm) -> None:
    message = ask(firm)
    firm.desk.handle_payer_message(HandlePayerMessage(actor=PETE, message_id=message.message_id))

    answer(firm, message)

    assert kept(firm)[0].handled_by_name == "Carol Ito"


def test_without_an_address_there_is_nothing_to_answer_to(firm: Firm) -> None:
    message = ask(firm, payer=replace(PIA, email=""))

    with pytest.raises(Invalid, match="No address was left"):
        answer(firm, message)
    assert kept(firm)[0].state == "open"


@pytest.mark.parametrize("text", ["", "  ", "x" * 2_001, "card 4242 4242 4242 4242"])
def test_an_answer_that_says_nothing_or_too_much_is_not_sent(firm: Firm, text: str) -> None:
    message = ask(firm)

    with pytest.raises(Invalid):
        answer(firm, message, text)
    with firm.store.reading() as view:
        assert view.outbox.of_client("10") == []


def test_nobody_sees_to_messages_of_other_peoples_clients(firm: Firm) -> None:
    theirs = ask(firm, client_id="20", payer=replace(PIA, client_ids=("20",)))
    without = replace(CAROL, permissions=frozenset())

    for message_id in (theirs.message_id, "unknown"):
        with pytest.raises(NotFound, match="no such message"):
            firm.desk.answer_payer(
                AnswerPayerMessage(actor=PETE, message_id=message_id, text="Hello")
            )
        with pytest.raises(NotFound, match="no such message"):
            firm.desk.handle_payer_message(HandlePayerMessage(actor=PETE, message_id=message_id))
        with pytest.raises(NotFound, match="no such message"):
            firm.desk.record_payer_message(RecordPayerMessage(actor=PETE, message_id=message_id))
    with pytest.raises(Denied):
        answer(firm, theirs, actor=without)


def record(firm: Firm, message: PayerMessage, **changes: object) -> None:
    asked = {"actor": CAROL, "message_id": message.message_id}
    firm.desk.record_payer_message(RecordPayerMessage(**{**asked, **changes}))


@pytest.fixture
def billed(firm: Firm) -> Firm:
    """The firm with an open invoice of client 10."""
    with firm.store.unit_of_work() as uow:
        uow.balances.replace_all([a_balance("i1", client_id="10", open_cents=8_000)], 1, MORNING)
        uow.commit()
    return firm


def test_a_dispute_that_is_recorded_runs_in_the_payers_words(billed: Firm) -> None:
    message = ask(billed, AskKind.DISPUTE, invoice_id="i1", text="We never ordered this.")
    with billed.store.reading() as view:
        assert view.invoice_disputes.running("i1") is None

    record(billed, message)

    with billed.store.reading() as view:
        dispute = view.invoice_disputes.running("i1")
        actions = {row.action for row in view.audit.rows(limit=2)}
    assert (dispute.reason, dispute.source) == ("We never ordered this.", "payer")
    assert dispute.opened_by == CAROL.user_key
    assert actions == {"payer_message.recorded", "invoice.disputed"}
    assert kept(billed)[0].handled_by_name == "Carol Ito"
    with pytest.raises(Invalid, match="seen to this message already"):
        record(billed, message, actor=PETE)


@pytest.mark.parametrize(("said", "cents"), [(None, 8_000), (3_000, 3_000)])
def test_a_promise_that_is_recorded_is_for_what_was_said_or_all_that_is_open(
    billed: Firm, said: int | None, cents: int
) -> None:
    day = TODAY + timedelta(days=7)
    message = ask(
        billed, AskKind.PROMISE, invoice_id="i1", text="x" * 400, promised_date=day, cents=said
    )

    record(billed, message)

    with billed.store.reading() as view:
        (promise,) = view.promises.of_client("10")
    assert (promise.amount_cents, promise.promised_on, promise.source) == (cents, day, "payer")
    assert len(promise.note) == 300
    assert kept(billed)[0].state == "handled"


def test_what_cannot_be_recorded_stays_open(billed: Firm) -> None:
    question = ask(billed, invoice_id="i1")
    day = TODAY + timedelta(days=1)
    late = ask(billed, AskKind.PROMISE, invoice_id="i1", promised_date=day)
    billed.clock.pass_(days=3)

    for message in (question, late):
        with pytest.raises(Invalid):
            record(billed, message)
    assert {one.state for one in kept(billed)} == {"open"}
    with billed.store.reading() as view:
        assert view.promises.of_client("10") == []
