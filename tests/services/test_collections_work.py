"""Working the list: notes, promises, disputes, holds, requests; who may, and what is kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.domain.collection_rules import CollectionRules
from portal.domain.errors import Denied, Invalid, NotFound
from portal.domain.permissions import Permission
from portal.domain.promises import Payment, PromiseState
from portal.services.add_note import AddNote
from portal.services.collections_ports import HoldKind, RequestKind, RequestState
from portal.services.dispute_invoice import DisputeInvoice, SettleDispute
from portal.services.hold_client import HoldClient, ReleaseClient
from portal.services.mark_worklist import AssignClients, DoneForToday, SetNextAction
from portal.services.record_promise import RecordPromise
from portal.services.request_write_off import DecideWriteOff, FinishWriteOff, RequestWriteOff
from portal.services.save_collection_rules import SaveCollectionRules
from portal.services.withdraw_promise import WithdrawPromise
from tests.access_fixture import HandClock, a_user
from tests.collections_fixture import CAROL, PETE, TODAY, Firm, a_firm, overdue

FRIDAY = TODAY + timedelta(days=3)


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    made = a_firm(tmp_path)
    made.owes("10", overdue(30))
    made.owes("20", overdue(40, "200"), partner_id="2", manager_id="4")
    yield made
    made.store.close()


def promise(**changes: object) -> RecordPromise:
    asked = {
        "actor": CAROL,
        "client_id": "10",
        "amount_cents": 50_000,
        "promised_on": FRIDAY,
        "currency": "USD",
        "note": "Ann said the check is signed",
    }
    return RecordPromise(**{**asked, **changes})


def paid(firm: Firm, cents: int, day: date) -> None:
    firm.debts.paid.setdefault("10", []).append(Payment(currency="USD", paid_on=day, cents=cents))


def state_of_promise(firm: Firm) -> PromiseState:
    with firm.store.reading() as view:
        return view.promises.of_client("10")[0].state


def test_a_note_and_a_call_are_kept_with_who_wrote_them(firm: Firm) -> None:
    firm.desk.add_note(AddNote(actor=CAROL, client_id="10", text="prefers email"))
    firm.clock.pass_(minutes=1)
    firm.desk.add_note(AddNote(actor=CAROL, client_id="10", text="", outcome="voicemail"))

    with firm.store.reading() as view:
        kept = view.notes.of_client("10")
        mark = view.marks.find("10")
    assert [(one.kind.value, one.outcome, one.text, one.author_name) for one in kept] == [
        ("call", "voicemail", "", "Carol Ito"),
        ("note", None, "prefers email", "Carol Ito"),
    ]
    assert mark is not None and mark.last_contact_on == TODAY


def test_a_promise_is_kept_by_a_payment_and_by_nothing_else(firm: Firm) -> None:
    firm.desk.record_promise(promise())
    assert firm.desk.judge_promises().kept == 0

    paid(firm, 50_000, TODAY + timedelta(days=1))
    firm.clock.pass_(days=1)
    judged = firm.desk.judge_promises()

    assert judged.kept == 1
    assert state_of_promise(firm) is PromiseState.KEPT
    assert firm.desk.judge_promises().kept == 0


def test_a_payment_of_the_same_day_that_was_known_before_keeps_no_promise(firm: Firm) -> None:
    paid(firm, 50_000, TODAY)
    firm.desk.record_promise(promise())

    firm.desk.judge_promises()

    assert state_of_promise(firm) is PromiseState.OPEN


def test_a_promise_is_broken_after_its_grace_days_and_a_return_breaks_a_kept_one(
    firm: Firm,
) -> None:
    firm.desk.record_promise(promise())
    paid(firm, 50_000, FRIDAY)
    firm.clock.pass_(days=4)
    firm.desk.judge_promises()
    assert state_of_promise(firm) is PromiseState.KEPT

    paid(firm, -50_000, FRIDAY + timedelta(days=2))
    firm.clock.pass_(days=3)

    assert firm.desk.judge_promises().broken == 1
    assert state_of_promise(firm) is PromiseState.BROKEN


def test_only_an_open_promise_can_be_withdrawn(firm: Firm) -> None:
    made = firm.desk.record_promise(promise())
    asked = WithdrawPromise(actor=CAROL, promise_id=made.promise_id)

    assert firm.desk.withdraw_promise(asked).state is PromiseState.WITHDRAWN
    with pytest.raises(Invalid):
        firm.desk.withdraw_promise(asked)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_cents": 0},
        {"amount_cents": -5},
        {"promised_on": TODAY - timedelta(days=1)},
        {"promised_on": TODAY + timedelta(days=3_000)},
    ],
)
def test_what_is_no_promise_is_refused(firm: Firm, wrong: dict) -> None:
    with pytest.raises(Invalid):
        firm.desk.record_promise(promise(**wrong))


def dispute(**changes: object) -> DisputeInvoice:
    asked = {
        "actor": CAROL,
        "client_id": "10",
        "invoice_id": "100",
        "invoice_number": "INV-100",
        "reason": "wrong hours",
    }
    return DisputeInvoice(**{**asked, **changes})


def test_an_invoice_has_one_dispute_at_a_time_until_it_is_settled(firm: Firm) -> None:
    firm.desk.dispute_invoice(dispute())
    firm.desk.dispute_invoice(dispute(reason="wrong rate", until=FRIDAY))

    with firm.store.reading() as view:
        running = view.invoice_disputes.running("100")
    assert running is not None and running.reason == "wrong rate"
    firm.desk.settle_dispute(SettleDispute(actor=CAROL, client_id="10", invoice_id="100"))
    with pytest.raises(NotFound):
        firm.desk.settle_dispute(SettleDispute(actor=CAROL, client_id="10", invoice_id="100"))


def test_a_pause_ends_by_itself_and_an_exclusion_may_be_for_good(firm: Firm) -> None:
    asked = HoldClient(actor=CAROL, client_id="10", kind=HoldKind.PAUSE, reason="moving offices")
    with pytest.raises(Invalid, match="until when"):
        firm.desk.hold_client(asked)

    firm.desk.hold_client(replace(asked, until=FRIDAY))
    firm.desk.hold_client(replace(asked, kind=HoldKind.EXCLUSION, reason="family"))

    with firm.store.reading() as view:
        assert view.holds.running("10", HoldKind.PAUSE) is not None
    firm.desk.release_client(ReleaseClient(actor=CAROL, client_id="10", kind=HoldKind.PAUSE))
    with firm.store.reading() as view:
        assert view.holds.running("10", HoldKind.PAUSE) is None
        assert len(view.holds.all_running(HoldKind.EXCLUSION)) == 1


def test_clients_can_be_assigned_taken_up_later_and_done_for_today(firm: Firm) -> None:
    user = a_user(firm.store, "drew")
    firm.desk.assign_clients(
        AssignClients(actor=CAROL, client_ids=["10", "20"], assignee=user.user_key)
    )
    firm.desk.set_next_action(
        SetNextAction(actor=CAROL, client_id="10", day=FRIDAY, action="call Ann")
    )
    firm.desk.done_for_today(DoneForToday(actor=CAROL, client_ids=["10"]))

    with firm.store.reading() as view:
        mark = view.marks.find("10")
    assert mark is not None
    assert (mark.assignee_name, mark.next_action_on, mark.next_action, mark.done_on) == (
        "Drew",
        FRIDAY,
        "call Ann",
        TODAY,
    )
    with pytest.raises(Invalid):
        firm.desk.assign_clients(
            AssignClients(actor=CAROL, client_ids=["10"], assignee="local:nobody")
        )


def test_somebody_elses_client_is_as_if_it_did_not_exist(firm: Firm) -> None:
    for attempt in (
        lambda: firm.desk.add_note(AddNote(actor=PETE, client_id="20", text="x")),
        lambda: firm.desk.record_promise(promise(actor=PETE, client_id="20")),
        lambda: firm.desk.dispute_invoice(dispute(actor=PETE, client_id="20")),
        lambda: firm.desk.done_for_today(DoneForToday(actor=PETE, client_ids=["10", "20"])),
        lambda: firm.desk.add_note(AddNote(actor=PETE, client_id="999", text="x")),
    ):
        with pytest.raises(NotFound, match="no such client"):
            attempt()


def test_without_the_right_to_collections_nothing_is_written(firm: Firm) -> None:
    nobody = replace(CAROL, permissions=frozenset({Permission.ALL_CLIENTS}))

    with pytest.raises(Denied):
        firm.desk.add_note(AddNote(actor=nobody, client_id="10", text="x"))


def ask(**changes: object) -> RequestWriteOff:
    asked = {
        "actor": PETE,
        "request_id": "form-1",
        "kind": RequestKind.WRITE_OFF,
        "client_id": "10",
        "currency": "USD",
        "amount_cents": 1_234,
        "reason": "rounding from 2019",
    }
    return RequestWriteOff(**{**asked, **changes})


def test_a_write_off_is_asked_approved_by_somebody_else_and_entered(firm: Firm) -> None:
    request = firm.desk.request_write_off(ask())

    with pytest.raises(Denied, match="Somebody else"):
        firm.desk.decide_write_off(
            DecideWriteOff(actor=PETE, request_id=request.request_id, is_approved=True)
        )
    approve = DecideWriteOff(actor=CAROL, request_id=request.request_id, is_approved=True)
    firm.desk.decide_write_off(approve)
    with pytest.raises(Invalid, match="decided already"):
        firm.desk.decide_write_off(approve)
    firm.desk.finish_write_off(FinishWriteOff(actor=CAROL, request_id=request.request_id))

    with firm.store.reading() as view:
        (kept,) = view.write_offs.of_client("10")
    assert kept.state is RequestState.DONE
    assert kept.decided_by_name == "Carol Ito"


def test_a_double_click_asks_for_one_write_off(firm: Firm) -> None:
    first = firm.desk.request_write_off(ask())

    assert firm.desk.request_write_off(ask()) == first

    firm.desk.request_write_off(ask(request_id="form-2"))
    with firm.store.reading() as view:
        assert len(view.write_offs.of_client("10")) == 2
        assert sum(row.action == "write_off.asked" for row in view.audit.rows()) == 2


def test_a_rejection_says_why_and_a_write_off_says_how_much(firm: Firm) -> None:
    with pytest.raises(Invalid, match="Say the amount"):
        firm.desk.request_write_off(ask(amount_cents=None))
    hold = firm.desk.request_write_off(ask(kind=RequestKind.HOLD, amount_cents=None))

    with pytest.raises(Invalid, match="why it is rejected"):
        firm.desk.decide_write_off(
            DecideWriteOff(actor=CAROL, request_id=hold.request_id, is_approved=False)
        )


def test_rules_are_versions_and_two_people_do_not_overwrite_each_other(firm: Firm) -> None:
    with firm.store.reading() as view:
        seen = view.rules.current()
    mine = SaveCollectionRules(
        actor=CAROL, rules=CollectionRules(throttle_days=10), based_on=seen.version
    )
    saved = firm.desk.save_rules(mine)

    assert saved.version == seen.version + 1
    with pytest.raises(Invalid, match="changed these rules meanwhile"):
        firm.desk.save_rules(replace(mine, rules=CollectionRules(throttle_days=3)))
    with firm.store.reading() as view:
        assert view.rules.current().rules.throttle_days == 10
        assert view.rules.find(seen.version).rules == seen.rules


def test_the_clock_of_a_promise_is_the_firms_day(firm: Firm) -> None:
    firm.clock = HandClock(firm.clock().replace(hour=3))

    made = firm.desk.record_promise(promise())

    assert made.made_on == TODAY - timedelta(days=1)
