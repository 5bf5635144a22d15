"""The day's run, its queue, and sending: each client is written to once, whatever happens."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from portal.collections_desk import CollectionsDesk
from portal.domain.errors import Denied, Invalid, NotFound
from portal.domain.permissions import Permission
from portal.domain.statements import Addressee
from portal.services.change_statement import DropStatement, EditStatement
from portal.services.collections_ports import HoldKind
from portal.services.hold_client import HoldClient
from portal.services.send_statement import SendStatement
from portal.services.statement_ports import Statement, StatementState
from tests.collections_fixture import (
    CAROL,
    MORNING,
    NEW_YORK,
    PETE,
    RULES,
    TODAY,
    Firm,
    a_firm,
    overdue,
)
from tests.mail_fixture import a_letter


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    made = a_firm(tmp_path)
    made.owes("10", overdue(30), overdue(3, "101", 700))
    made.owes("11", overdue(60, "110"))
    made.owes("12", overdue(91, "120"))
    made.owes("13", overdue(30, "130"), recipients=())
    made.owes("14", overdue(29, "140"))
    yield made
    made.store.close()


def kept(firm: Firm) -> dict[str, Statement]:
    """The statements of every client, the newest of each."""
    found = {}
    with firm.store.reading() as view:
        for client_id in firm.debts.known:
            for one in view.statements.of_client(client_id)[:1]:
                found[client_id] = one
    return found


def letters(firm: Firm) -> list[str]:
    """The keys of the letters in the outbox."""
    with firm.store.reading() as view:
        found = [one for c in firm.debts.known for one in view.outbox.of_client(c)]
    return sorted(one.letter.dedupe_key for one in found)


def test_a_run_stages_sends_and_suppresses_and_says_why(firm: Firm) -> None:
    result = firm.desk.run_statements(firm.clock())

    assert result.run is not None
    assert (result.run.staged, result.run.sent, result.run.suppressed) == (2, 1, 1)
    found = kept(firm)
    assert {c: s.state.value for c, s in found.items()} == {
        "10": "staged",
        "11": "sent",
        "12": "staged",
        "13": "suppressed",
    }
    assert found["13"].suppressed_by == "no_recipient"
    assert found["10"].open_cents == 50_700
    assert found["10"].reason_invoice_number == "INV-100"
    assert found["12"].cc_people == (("ada@firm.test", "Ada Quill"),)
    assert letters(firm) == ["statement:ST-20260630-11"]


def test_running_again_changes_nothing(firm: Firm) -> None:
    firm.desk.run_statements(firm.clock())
    before = kept(firm)

    firm.clock.pass_(hours=2)
    again = firm.desk.run_statements(firm.clock())

    assert again.run is not None and again.run.state == "done"
    assert kept(firm) == before
    assert len(letters(firm)) == 1


def test_before_its_time_on_a_holiday_and_when_switched_off_nothing_runs(firm: Firm) -> None:
    early = firm.desk.run_statements(MORNING - timedelta(minutes=31))
    sunday = firm.desk.run_statements(MORNING + timedelta(days=5))
    firm.save_rules(replace(firm.rules, is_on=False))
    off = firm.desk.run_statements(MORNING)

    assert early.why == "Today's statements are staged at 11:30."
    assert sunday.why == "Today is a weekend or a holiday."
    assert off.why == "Statements are switched off."
    assert kept(firm) == {}


def test_a_clock_that_goes_back_a_day_sends_nothing_twice(firm: Firm) -> None:
    firm.desk.run_statements(MORNING)

    back = firm.desk.run_statements(MORNING - timedelta(days=1))

    assert back.run is None and "gone back" in back.why
    assert len(letters(firm)) == 1


@pytest.mark.parametrize(
    ("night", "send_at"),
    [(date(2026, 3, 8), time(2, 30)), (date(2026, 11, 1), time(1, 30))],
    ids=["an hour is skipped", "an hour comes twice"],
)
def test_in_the_night_the_clocks_change_each_client_is_written_to_once(
    firm: Firm, night: date, send_at: time
) -> None:
    """Looked at every 20 minutes, as a scheduler would, from the evening before to noon."""
    every_day = replace(firm.rules, send_at=send_at, weekdays=tuple(range(7)), throttle_days=1)
    firm.save_rules(every_day)
    firm.debts.known.clear()
    for client in ("40", "41"):
        firm.owes(client, overdue(60, f"{client}0", on=night))
    at = datetime(night.year, night.month, night.day, tzinfo=UTC) - timedelta(hours=2)
    ran = []
    while at < datetime(night.year, night.month, night.day, 17, tzinfo=UTC):
        firm.clock.now = at
        result = firm.desk.run_statements(at)
        if result.run is not None and result.run.run_day == night:
            ran.append(at)
        at += timedelta(minutes=20)

    assert ran and ran[0].astimezone(NEW_YORK).date() == night
    assert len(letters(firm)) == 2
    assert {one.run_day for one in kept(firm).values()} == {night}


def test_two_schedulers_at_once_write_to_each_client_once(firm: Firm) -> None:
    for client in range(100, 160):
        firm.owes(str(client), overdue(60, f"{client}0"))
    start = threading.Barrier(2)

    def run() -> None:
        start.wait()
        firm.desk.run_statements(MORNING)

    both = [threading.Thread(target=run) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert len(letters(firm)) == len(set(letters(firm))) == 61
    with firm.store.reading() as view:
        run = view.statements.run(TODAY)
    assert run is not None and run.sent == 61


def test_a_staged_statement_is_sent_once_with_everything_open(firm: Firm) -> None:
    firm.desk.run_statements(MORNING)
    asked = SendStatement(actor=CAROL, statement_id="ST-20260630-10")

    sent = firm.desk.send_statement(asked)

    assert (sent.state, sent.sent_on) == (StatementState.SENT, TODAY)
    with pytest.raises(Invalid, match="no longer waiting"):
        firm.desk.send_statement(asked)
    with firm.store.reading() as view:
        (letter,) = view.outbox.of_client("10")
    assert letter.letter.facts["open_cents"] == 50_700
    assert letter.letter.facts["overdue_cents"] == 50_700
    assert [one["invoice_number"] for one in letter.letter.facts["invoices"]] == [
        "INV-100",
        "INV-101",
    ]
    assert letter.letter.pay_scope == ()


def test_what_was_paid_or_paused_since_the_run_is_not_sent(firm: Firm) -> None:
    firm.desk.run_statements(MORNING)
    firm.owes("10")
    firm.desk.hold_client(
        HoldClient(
            actor=CAROL,
            client_id="12",
            kind=HoldKind.PAUSE,
            reason="the owner died",
            until=TODAY + timedelta(days=30),
        )
    )

    paid = firm.desk.send_statement(SendStatement(actor=CAROL, statement_id="ST-20260630-10"))
    paused = firm.desk.send_statement(SendStatement(actor=CAROL, statement_id="ST-20260630-12"))

    assert (paid.state, paid.suppressed_by) == (StatementState.SUPPRESSED, "paid")
    assert (paused.state, paused.suppressed_by) == (StatementState.SUPPRESSED, "paused")
    assert "the owner died" in paused.detail
    assert len(letters(firm)) == 1


def edit(**changes: object) -> EditStatement:
    asked = {
        "actor": CAROL,
        "statement_id": "ST-20260630-10",
        "to_people": (("ann@10.test", "Ann Bell"),),
    }
    return EditStatement(**{**asked, **changes})


def test_recipients_and_invoices_of_a_staged_statement_can_be_changed(firm: Firm) -> None:
    second = Addressee(email="bob@10.test", name="Bob")
    firm.owes("10", overdue(30), overdue(3, "101", 700), recipients=(second,))
    firm.desk.run_statements(MORNING)

    firm.desk.edit_statement(
        edit(
            to_people=(("bob@10.test", "Bob"),),
            cc_people=(("carol@firm.test", "Carol"),),
            left_out=("101",),
        )
    )
    firm.desk.send_statement(SendStatement(actor=CAROL, statement_id="ST-20260630-10"))

    with firm.store.reading() as view:
        (letter,) = view.outbox.of_client("10")
    assert [(r.address, r.role.value) for r in letter.letter.recipients] == [
        ("bob@10.test", "to"),
        ("carol@firm.test", "cc"),
    ]
    assert letter.letter.facts["open_cents"] == 50_000


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"to_people": (("eve@else.test", ""),)}, "does not receive statements"),
        ({"to_people": ()}, "somebody to go to"),
        ({"left_out": ("100",)}, "is why this statement is sent"),
        ({"cc_people": (("not an address", ""),)}, "is not an email address"),
        ({"cc_people": (("a@b.test\r\nBcc: c@d.test", ""),)}, "is not an email address"),
    ],
)
def test_a_statement_reaches_nobody_it_should_not(firm: Firm, changes: dict, said: str) -> None:
    firm.desk.run_statements(MORNING)

    with pytest.raises(Invalid, match=said):
        firm.desk.edit_statement(edit(**changes))


def with_pdfs(firm: Firm, *invoice_ids: str) -> CollectionsDesk:
    """The firm's desk, once the PDFs of these invoices have come in."""
    sender = replace(firm.desk.sender, has_pdf=lambda invoice_id: invoice_id in invoice_ids)
    return replace(firm.desk, sender=sender)


def test_the_pdfs_of_listed_invoices_go_with_statements_where_the_firm_chose_so(
    firm: Firm,
) -> None:
    firm.save_rules(replace(RULES, attach_invoices=True))
    desk = with_pdfs(firm, "100", "110", "120")
    desk.run_statements(firm.clock())
    staged = kept(firm)["10"]
    desk.send_statement(SendStatement(actor=CAROL, statement_id=staged.statement_id))

    with firm.store.reading() as view:
        assert view.rules.current().rules.attach_invoices
        by_hand, by_itself = (view.outbox.of_client(one)[0].letter for one in ("10", "11"))
    assert [one.kind for one in by_hand.attachments] == ["statement", "invoice"]
    assert by_hand.attachments[1].key == "100"
    assert by_hand.attachments[1].file_name == "Invoice-INV-100.pdf"
    assert [one.key for one in by_itself.attachments[1:]] == ["110"]


def test_without_that_choice_a_statement_is_alone(firm: Firm) -> None:
    desk = with_pdfs(firm, "100", "101")
    desk.run_statements(firm.clock())
    staged = kept(firm)["10"]
    desk.send_statement(SendStatement(actor=CAROL, statement_id=staged.statement_id))

    with firm.store.reading() as view:
        (letter,) = view.outbox.of_client("10")
    assert [one.kind for one in letter.letter.attachments] == ["statement"]


def test_a_dropped_statement_is_kept_with_its_reason_and_does_not_count_for_the_throttle(
    firm: Firm,
) -> None:
    firm.desk.run_statements(MORNING)

    firm.desk.drop_statement(
        DropStatement(actor=CAROL, statement_id="ST-20260630-10", reason="called instead")
    )

    assert (kept(firm)["10"].state, kept(firm)["10"].detail) == (
        StatementState.DROPPED,
        "called instead",
    )
    firm.owes("10", overdue(30, "109", on=TODAY + timedelta(days=1)))
    firm.clock.pass_(days=1)
    firm.desk.run_statements(firm.clock())
    assert kept(firm)["10"].state is StatementState.STAGED


def test_only_those_with_the_right_and_the_client_can_review(firm: Firm) -> None:
    firm.owes("12", overdue(91, "120"), partner_id="2", manager_id="4")
    firm.desk.run_statements(MORNING)
    no_right = replace(CAROL, permissions=CAROL.permissions - {Permission.SEND_STATEMENTS})

    with pytest.raises(Denied):
        firm.desk.send_statement(SendStatement(actor=no_right, statement_id="ST-20260630-10"))
    with pytest.raises(NotFound):
        firm.desk.send_statement(SendStatement(actor=PETE, statement_id="ST-20260630-12"))
    assert firm.desk.send_statement(SendStatement(actor=PETE, statement_id="ST-20260630-10"))


def test_the_forecast_of_a_morning_is_what_the_run_then_does(firm: Firm) -> None:
    for place, days in enumerate((25, 26, 27, 28, 29, 56, 58, 59, 88, 90)):
        firm.owes(f"2{place}", overdue(days, f"2{place}0"), overdue(days - 3, f"2{place}1"))
    firm.desk.run_statements(MORNING)
    day = date(2026, 7, 1)
    while day < date(2026, 7, 11):
        said = firm.desk.forecast(CAROL, day)
        firm.clock.pass_(days=1)
        done = firm.desk.run_statements(firm.clock())
        with firm.store.reading() as view:
            made = [
                one
                for client in firm.debts.known
                for one in view.statements.of_client(client)
                if one.run_day == day
            ]
        assert {
            (d.account.client_id, d.trigger.key, d.suppressed and d.suppressed.value)
            for d in said.decisions
        } == {(one.client_id, one.trigger_key, one.suppressed_by) for one in made}
        assert said.is_run_day == (done.run is not None)
        for one in made:
            if one.state is StatementState.STAGED:
                firm.desk.send_statement(SendStatement(actor=CAROL, statement_id=one.statement_id))
        day += timedelta(days=1)


def test_what_is_sent_on_a_holiday_leaves_with_the_mail_of_the_next_run_day(firm: Firm) -> None:
    firm.desk.run_statements(MORNING)
    firm.clock.now = datetime(2026, 7, 4, 15, 0, tzinfo=UTC)

    sent = firm.desk.send_statement(SendStatement(actor=CAROL, statement_id="ST-20260630-10"))

    assert (sent.state, sent.sent_on) == (StatementState.SENT, date(2026, 7, 6))
    with firm.store.reading() as view:
        (letter,) = view.outbox.of_client("10")
    leaves = datetime(2026, 7, 6, 15, 30, tzinfo=UTC)
    assert letter.next_try_at == leaves
    for at, claimed in ((leaves - timedelta(minutes=1), []), (leaves, [letter.letter_id])):
        with firm.store.unit_of_work() as uow:
            found = uow.sending.claim(worker="w", now=at, until=at + timedelta(minutes=5), most=9)
        assert [one.letter_id for one in found if one.letter.client_id == "10"] == claimed


def test_a_letter_that_waits_for_a_run_day_keeps_no_other_letter_waiting(firm: Firm) -> None:
    firm.desk.run_statements(MORNING)
    firm.clock.now = datetime(2026, 7, 4, 15, 0, tzinfo=UTC)
    firm.desk.send_statement(SendStatement(actor=CAROL, statement_id="ST-20260630-10"))
    with firm.store.unit_of_work() as uow:
        receipt = uow.outbox.add(a_letter("receipt", "ann@10.test"), at=firm.clock())
        uow.commit()

    with firm.store.unit_of_work() as uow:
        found = uow.sending.claim(
            worker="w", now=firm.clock(), until=firm.clock() + timedelta(minutes=5), most=9
        )

    assert receipt in {one.letter_id for one in found}
