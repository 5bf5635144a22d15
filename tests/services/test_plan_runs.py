"""Plans charge on their days: once, never early, never after a cancellation."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from portal.domain.errors import Invalid
from portal.gateways.sandbox.faults import FaultKind
from portal.gateways.sandbox.gateway import SandboxGateway
from portal.services.cancel_plan import CancelPlan, cancel_plan
from portal.services.change_occurrence import ChangeOccurrence, change_occurrence
from portal.services.dispute_invoice import DisputeInvoice, dispute_invoice
from portal.services.expire_methods import expire_methods
from portal.services.mail_ports import LetterKind
from portal.services.pause_plan import PausePlan, pause_plan
from portal.services.plan_ports import OccurrenceState, PlanKind, PlanState
from portal.services.resume_plan import ResumePlan, resume_plan
from portal.services.take_payment import TakePayment, take_payment
from portal.services.void_payment import VoidPayment, void_payment
from portal.store import Store
from tests.access_fixture import HandClock, a_user
from tests.adapters.money_rows import a_balance
from tests.adapters.store_backends import cluster, store, store_url
from tests.services.plan_fixture import ADMIN, MORNING, Desk

__all__ = ["cluster", "store", "store_url"]


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    clock = HandClock(MORNING)
    gateway = SandboxGateway(
        tmp_path / "gateway.sqlite", clock=clock, secret="s", pause=lambda seconds: None
    )
    return Desk(store, clock=clock, gateway=gateway)


def disputed_in_the_pms(desk: Desk, invoice_id: str) -> None:
    """The practice management system says that the invoice is disputed."""
    with desk.store.unit_of_work() as uow:
        (balance,) = uow.balances.of_invoices([invoice_id])
        uow.balances.put([replace(balance, is_disputed=True)])
        uow.commit()


def disputed_in_the_portal(desk: Desk, invoice_id: str, until: date | None = None) -> None:
    """Somebody of the firm notes that the client contests the invoice."""
    command = DisputeInvoice(
        actor=ADMIN, client_id="c1", invoice_id=invoice_id, invoice_number=f"N-{invoice_id}",
        reason="Not ordered", until=until,
    )  # fmt: skip
    dispute_invoice(command, today=desk.policy.today, **desk.ports)


def settled(desk: Desk, invoice_id: str) -> None:
    """Nobody contests the invoice any more."""
    with desk.store.unit_of_work() as uow:
        (balance,) = uow.balances.of_invoices([invoice_id])
        uow.balances.put([replace(balance, is_disputed=False)])
        running = uow.invoice_disputes.running(invoice_id)
        if running is not None:
            uow.invoice_disputes.save(replace(running, closed_by="ann", closed_at=desk.clock()))
        uow.commit()


def test_what_is_due_is_charged_once_however_often_it_is_run(desk):
    plan = desk.recurring(method_id=desk.method("visa"), occurrence_limit=3).plan

    first, again = desk.run(), desk.run()

    assert first == {"charged": 1}
    assert again == {"charged": 0}
    (payment,) = desk.payments()
    assert payment.amount_cents == 5_000
    assert payment.plan_id == plan.plan_id
    assert payment.source == "recurring"
    assert desk.states(plan.plan_id) == ["paid", "scheduled", "scheduled"]
    assert desk.occurrences(plan.plan_id)[0].payment_id == payment.payment_id


def test_nothing_is_charged_before_its_day(desk):
    desk.recurring(method_id=desk.method("visa"), start_date=date(2026, 3, 3))

    assert desk.run() == {"charged": 0}
    desk.clock.pass_(days=1)
    assert desk.run() == {"charged": 1}


def test_a_finished_plan_ends_by_itself(desk):
    plan = desk.recurring(method_id=desk.method("visa"), occurrence_limit=2).plan
    desk.run()
    desk.clock.pass_(days=31)

    desk.run()

    assert desk.states(plan.plan_id) == ["paid", "paid"]
    assert desk.plan(plan.plan_id).state is PlanState.ENDED
    assert desk.audit_actions()[-1] == "plan.ended"


def test_installments_pay_their_invoices_in_order_and_their_sum_is_the_plan(desk):
    plan = desk.installments(method_id=desk.method("visa")).plan
    for _ in range(3):
        desk.run()
        desk.clock.pass_(days=32)

    with desk.store.reading() as view:
        paid = {"i1": 0, "i2": 0}
        for payment in view.payments.of_client("c1"):
            for item in view.payments.items(payment.payment_id):
                paid[item.invoice_id] += item.cents
        assert paid == {"i1": 10_000, "i2": 5_000}
        first = view.payments.items(min(p.payment_id for p in view.payments.of_client("c1")))
    assert [item.invoice_id for item in first] == ["i2"], "the older invoice comes first"
    assert desk.plan(plan.plan_id).state is PlanState.ENDED


def test_an_installment_never_pays_what_was_paid_by_another_route(desk):
    method_id = desk.method("visa")
    plan = desk.installments(method_id=method_id, count=2).plan
    desk.run()
    with desk.store.unit_of_work() as uow:
        uow.balances.drop(["i1"])
        uow.commit()
    desk.clock.pass_(days=31)

    assert desk.run() == {"charged": 0, "nothing_owed": 1}
    assert desk.plan(plan.plan_id).state is PlanState.ENDED
    assert len(desk.payments()) == 1


@pytest.mark.catalogue(32)
def test_after_a_jump_of_the_clock_one_payment_is_charged_and_the_others_are_missed(desk):
    plan = desk.recurring(method_id=desk.method("visa"), frequency="weekly").plan
    desk.clock.pass_(days=31)

    assert desk.run() == {"charged": 1, "missed": 4}
    assert desk.run() == {"charged": 0}
    assert desk.states(plan.plan_id)[:5] == ["paid", *["missed"] * 4]
    with desk.store.reading() as view:
        kinds = [each.kind for each in view.exceptions.open()]
    assert kinds == ["plan_payment_missed"] * 4


def test_a_missed_payment_is_charged_when_somebody_gives_it_a_date(desk):
    plan = desk.recurring(method_id=desk.method("visa"), frequency="weekly").plan
    desk.clock.pass_(days=10)
    desk.run()
    missed = desk.occurrences(plan.plan_id)[1]

    change_occurrence(
        ChangeOccurrence(
            actor=ADMIN, occurrence_id=missed.occurrence_id, due_date=date(2026, 3, 12)
        ),
        **desk.rules,
    )

    assert desk.run() == {"charged": 1}


@pytest.mark.catalogue(34)
def test_a_plan_that_is_cancelled_during_a_run_is_not_charged(desk):
    plan = desk.recurring(method_id=desk.method("visa")).plan

    class CancelsFirst:
        """A client list that is asked between the reading and the charge."""

        def client(self, client_id):
            if not cancelled:
                cancelled.append(1)
                cancel_plan(CancelPlan(actor=ADMIN, plan_id=plan.plan_id), **ports)
            return clients.client(client_id)

    cancelled: list[int] = []
    clients, ports = desk.directory, desk.ports
    desk.directory = CancelsFirst()

    assert desk.run() == {"charged": 0}
    assert cancelled
    assert desk.payments() == []
    assert set(desk.states(plan.plan_id)) == {"cancelled"}


def test_a_paused_plan_is_not_charged(desk):
    plan = desk.recurring(method_id=desk.method("visa")).plan
    pause_plan(PausePlan(actor=ADMIN, plan_id=plan.plan_id), **desk.ports)

    assert desk.run() == {"charged": 0}


@pytest.mark.catalogue(35)
def test_an_expired_card_is_declined_told_and_tried_four_times_at_the_most(desk):
    plan = desk.recurring(method_id=desk.method("visa"), occurrence_limit=2).plan
    expired = desk.method("expired")
    with desk.store.unit_of_work() as uow:
        uow.plans.save(replace(plan, method_id=expired))
        uow.commit()

    assert desk.run() == {"charged": 0, "declined": 1}
    again = desk.occurrences(plan.plan_id)[0]
    assert again.state is OccurrenceState.SCHEDULED
    assert again.next_try_at.date() == date(2026, 3, 5)
    assert desk.run(retries=True) == {"charged": 0}, "not before its next try"
    for _ in range(20):
        desk.clock.pass_(days=1)
        desk.run(retries=True)

    tried = [payment for payment in desk.payments() if payment.state == "declined"]
    assert len(tried) == 4
    assert desk.states(plan.plan_id)[0] == "failed"
    with desk.store.reading() as view:
        letters = [each.letter for each in view.outbox.of_client("c1")]
    assert sum(letter.kind == "payment_failure" for letter in letters) == 4
    assert desk.plan(plan.plan_id).state is PlanState.ACTIVE, "its next date is tried as well"


def test_a_card_that_works_at_the_second_try_pays(desk):
    plan = desk.recurring(method_id=desk.method("second_try"), occurrence_limit=1).plan
    desk.run()
    desk.clock.pass_(days=3)

    assert desk.run(retries=True) == {"charged": 1}
    assert desk.states(plan.plan_id) == ["paid"]
    assert [payment.state for payment in desk.payments()] == ["declined", "succeeded"]


@pytest.mark.catalogue(36)
def test_a_debit_returned_three_times_for_lack_of_money_is_not_presented_again(desk):
    plan = desk.recurring(method_id=desk.method("ach_r01"), occurrence_limit=1).plan
    desk.run()
    for _ in range(50):
        desk.settle(days=1)
        desk.run(retries=True)

    assert len(desk.payments()) == 3
    assert desk.states(plan.plan_id) == ["failed"]


@pytest.mark.catalogue(37)
def test_a_debit_nobody_authorized_ends_the_mandate_and_stops_the_plan(desk):
    bank = desk.method("ach_r10")
    plan = desk.recurring(method_id=bank, occurrence_limit=6).plan
    desk.run()
    assert desk.states(plan.plan_id)[0] == "processing"
    for _ in range(20):
        desk.settle(days=1)

    assert desk.plan(plan.plan_id).state is PlanState.PAUSED
    assert "authorized" in desk.plan(plan.plan_id).paused_reason
    assert desk.states(plan.plan_id)[0] == "failed"
    with desk.store.reading() as view:
        assert view.mandates.standing(bank) is None
    desk.clock.pass_(days=60)
    assert desk.run() == {"charged": 0}


def test_autopay_pays_what_its_reminder_announced_and_what_is_posted_later_waits(desk):
    plan = desk.autopay(method_id=desk.method("visa"), day_of_month=20).plan
    desk.clock.now = desk.clock.now.replace(day=15)
    assert desk.remind() == 1
    assert desk.remind() == 0
    with desk.store.unit_of_work() as uow:
        uow.balances.put([a_balance("i9", open_cents=900, invoice_date=date(2026, 3, 16))])
        uow.commit()
    desk.clock.now = desk.clock.now.replace(day=20)

    assert desk.run() == {"charged": 1}
    (payment,) = desk.payments()
    assert payment.amount_cents == 15_000
    with desk.store.reading() as view:
        paid = {item.invoice_id for item in view.payments.items(payment.payment_id)}
    assert paid == {"i1", "i2"}
    assert desk.states(plan.plan_id)[0] == "paid"


def test_autopay_never_pays_an_invoice_that_was_paid_in_between(desk):
    method_id = desk.method("visa")
    desk.autopay(method_id=method_id, day_of_month=20)
    desk.clock.now = desk.clock.now.replace(day=15)
    desk.remind()
    desk.clock.now = desk.clock.now.replace(day=20)
    _pay(desk, method_id, {"i1": 10_000})

    assert desk.run() == {"charged": 1}
    assert [payment.amount_cents for payment in desk.payments()] == [10_000, 5_000]


def test_autopay_stays_within_its_monthly_maximum_the_oldest_first(desk):
    desk.autopay(method_id=desk.method("visa"), day_of_month=20, monthly_cap_cents=6_000)
    desk.clock.now = desk.clock.now.replace(day=15)
    desk.remind()
    desk.clock.now = desk.clock.now.replace(day=20)
    desk.run()

    (payment,) = desk.payments()
    with desk.store.reading() as view:
        parts = {item.invoice_id: item.cents for item in view.payments.items(payment.payment_id)}
    assert parts == {"i2": 5_000, "i1": 1_000}


def test_autopay_with_nothing_owed_passes_quietly(desk):
    plan = desk.autopay(method_id=desk.method("visa"), day_of_month=20).plan
    with desk.store.unit_of_work() as uow:
        uow.balances.drop(["i1", "i2"])
        uow.commit()
    desk.clock.now = desk.clock.now.replace(day=15)
    assert desk.remind() == 0
    desk.clock.now = desk.clock.now.replace(day=20)

    assert desk.run() == {"charged": 0, "nothing_owed": 1}
    assert desk.states(plan.plan_id) == ["skipped", "scheduled", "scheduled", "scheduled"]


def test_autopay_leaves_out_what_is_disputed_or_paid_in_installments(desk):
    method_id = desk.method("visa")
    desk.installments(
        method_id=method_id, invoice_ids=("i2",), seen_cents=5_000, start_date=date(2026, 6, 1)
    )
    with desk.store.unit_of_work() as uow:
        uow.balances.put([a_balance("i8", open_cents=800, is_disputed=True)])
        uow.commit()
    desk.autopay(method_id=method_id, day_of_month=20)
    desk.clock.now = desk.clock.now.replace(day=15)
    desk.remind()
    desk.clock.now = desk.clock.now.replace(day=20)

    desk.run(PlanKind.AUTOPAY)

    assert [payment.amount_cents for payment in desk.payments()] == [10_000]


@pytest.mark.parametrize("reminded", [True, False], ids=["after the reminder", "before it"])
@pytest.mark.parametrize("dispute", [disputed_in_the_pms, disputed_in_the_portal])
def test_autopay_leaves_out_what_is_disputed_by_its_day(desk, dispute, reminded):
    desk.autopay(method_id=desk.method("visa"), day_of_month=20)
    desk.clock.now = desk.clock.now.replace(day=15)
    if reminded:
        desk.remind()
    dispute(desk, "i2")
    if not reminded:
        desk.remind()
    desk.clock.now = desk.clock.now.replace(day=20)

    assert desk.run() == {"charged": 1}
    (payment,) = desk.payments()
    assert payment.amount_cents == 10_000
    with desk.store.reading() as view:
        (announced,) = [
            kept.letter
            for kept in view.outbox.of_client("c1")
            if kept.letter.kind is LetterKind.AUTOPAY_REMINDER
        ]
    assert announced.facts["amount_cents"] == (15_000 if reminded else 10_000)


def test_autopay_pays_again_what_is_no_longer_disputed(desk):
    desk.autopay(method_id=desk.method("visa"), day_of_month=20)
    disputed_in_the_portal(desk, "i2", until=date(2026, 3, 19))
    desk.clock.now = desk.clock.now.replace(day=20)

    desk.run()

    assert [payment.amount_cents for payment in desk.payments()] == [15_000]


@pytest.mark.parametrize("dispute", [disputed_in_the_pms, disputed_in_the_portal])
def test_an_installment_waits_while_the_invoice_it_pays_is_disputed_and_says_why(desk, dispute):
    plan = desk.installments(
        method_id=desk.method("visa"), invoice_ids=("i2",), seen_cents=5_000, count=2
    ).plan
    dispute(desk, "i2")

    assert desk.run() == {"charged": 0, "waiting": 1}
    assert desk.run() == {"charged": 0}
    assert desk.payments() == []
    held = desk.plan(plan.plan_id)
    assert held.state is PlanState.PAUSED
    assert "Disputed: invoice N-i2" in held.paused_reason
    assert desk.states(plan.plan_id) == ["scheduled", "scheduled"]

    settled(desk, "i2")
    resume_plan(ResumePlan(actor=ADMIN, plan_id=plan.plan_id), **desk.rules)
    assert desk.run() == {"charged": 1}
    assert [payment.amount_cents for payment in desk.payments()] == [2_500]


def test_an_installment_pays_the_invoices_nobody_disputes_while_they_are_enough_for_it(desk):
    plan = desk.installments(method_id=desk.method("visa")).plan
    disputed_in_the_portal(desk, "i2")

    desk.run()
    desk.clock.pass_(days=31)
    desk.run()

    with desk.store.reading() as view:
        paid = [
            item.invoice_id
            for payment in desk.payments()
            for item in view.payments.items(payment.payment_id)
        ]
    assert paid == ["i1", "i1"]
    desk.clock.pass_(days=32)
    assert desk.run() == {"charged": 0, "waiting": 1}
    assert desk.plan(plan.plan_id).state is PlanState.PAUSED


def test_an_invoice_disputed_in_the_portal_is_put_in_no_plan(desk):
    disputed_in_the_portal(desk, "i2")

    with pytest.raises(Invalid, match="disputed"):
        desk.installments()


def test_autopay_whose_reminder_never_went_out_pays_the_older_invoices_and_the_firm_is_told(desk):
    desk.autopay(method_id=desk.method("visa"), day_of_month=20)
    with desk.store.unit_of_work() as uow:
        uow.balances.put([a_balance("i9", open_cents=900, invoice_date=date(2026, 3, 16))])
        uow.commit()
    desk.clock.now = desk.clock.now.replace(day=20)

    assert desk.run() == {"charged": 1}
    assert [payment.amount_cents for payment in desk.payments()] == [15_000]
    with desk.store.reading() as view:
        assert [each.kind for each in view.exceptions.open()] == ["autopay_without_reminder"]


def test_a_lost_answer_is_settled_by_reading_and_charges_once(desk):
    plan = desk.recurring(method_id=desk.method("lost_after"), occurrence_limit=1).plan

    assert desk.run() == {"charged": 0, "unsure": 1}
    assert desk.run() == {"charged": 0}
    desk.settle(minutes=10)

    assert desk.states(plan.plan_id) == ["paid"]
    assert len(desk.payments()) == 1


def test_a_key_the_gateway_refuses_fails_no_plan_and_mails_nobody(desk):
    plan = desk.recurring(method_id=desk.method("visa"), occurrence_limit=1).plan
    desk.gateway.plan_faults(FaultKind.KEY_REFUSED, call="start_payment")

    assert desk.run() == {"charged": 0, "unsure": 1}
    desk.settle(minutes=10)
    assert desk.run(retries=True) == {"charged": 1}

    assert desk.states(plan.plan_id) == ["paid"]
    assert [payment.state for payment in desk.payments()].count("succeeded") == 1
    with desk.store.reading() as view:
        kinds = [each.letter.kind for each in view.outbox.of_client("c1")]
    assert LetterKind.PAYMENT_FAILURE not in kinds


def test_an_unknown_installment_that_staff_voids_moves_to_the_end(desk):
    a_user(desk.store, "ann", "admins")
    plan = desk.installments(method_id=desk.method("lost_before"), count=2).plan
    assert desk.run() == {"charged": 0, "unsure": 1}
    (payment,) = desk.payments()

    void_payment(VoidPayment(actor=ADMIN, payment_id=payment.payment_id), **desk.tools)

    found = desk.occurrences(plan.plan_id)
    assert [(each.state.value, each.amount_cents) for each in found] == [
        ("skipped", 7_500), ("scheduled", 7_500), ("scheduled", 7_500),
    ]  # fmt: skip


def test_a_removed_method_puts_the_plan_on_hold_and_the_firm_is_told_once(desk):
    method_id = desk.method("visa")
    plan = desk.recurring(method_id=method_id).plan
    with desk.store.unit_of_work() as uow:
        uow.methods.save(replace(uow.methods.find(method_id), state="removed"))
        uow.commit()

    assert desk.run() == {"charged": 0, "refused": 1}
    assert desk.plan(plan.plan_id).state is PlanState.PAUSED
    assert desk.run() == {"charged": 0}


def test_a_payment_that_cannot_begin_keeps_none_beside_it_from_being_charged(desk):
    gone = desk.method("visa")
    held = desk.recurring(method_id=gone).plan
    paid = desk.recurring(
        client_id="c2", method_id=desk.method("visa", "c2"), request_id="request-of-c2"
    ).plan
    with desk.store.unit_of_work() as uow:
        uow.methods.save(replace(uow.methods.find(gone), state="removed"))
        uow.commit()

    assert desk.run() == {"charged": 1, "refused": 1}
    assert desk.plan(held.plan_id).state is PlanState.PAUSED
    assert desk.occurrences(held.plan_id)[0].tries == 0, "nothing of its claim is left"
    assert desk.occurrences(paid.plan_id)[0].state is OccurrenceState.PAID


def test_the_plans_of_one_client_take_their_turns_beside_those_of_others(desk):
    mine, theirs = desk.method("visa"), desk.method("no_funds", "c2")
    for number in range(3):
        desk.recurring(method_id=mine, request_id=f"request-mine-{number}")
    desk.recurring(client_id="c2", method_id=theirs, request_id="request-theirs")

    assert desk.run() == {"charged": 3, "declined": 1}
    assert [one.state for one in desk.payments("c1")] == ["succeeded"] * 3
    assert [one.state for one in desk.payments("c2")] == ["declined"]


def test_cards_that_expire_are_told_of_once_and_marked_when_they_have(desk):
    plan = desk.recurring(method_id="card-c1").plan
    with desk.store.unit_of_work() as uow:
        uow.methods.save(replace(uow.methods.find("card-c1"), exp_month=3, exp_year=2026))
        uow.commit()

    first = expire_methods(guard=lambda uow: None, **desk.rules)
    again = expire_methods(guard=lambda uow: None, **desk.rules)
    desk.clock.pass_(days=31)
    over = expire_methods(guard=lambda uow: None, **desk.rules)

    assert (first.told, again.told, over.told) == (1, 0, 0)
    assert (first.expired, over.expired) == (0, 1)
    with desk.store.reading() as view:
        assert view.methods.find("card-c1").state == "expired"
        subjects = [each.letter.facts.get("event") for each in view.outbox.of_client("c1")]
    assert subjects.count("card expires") == 1
    assert plan.plan_id


def _pay(desk: Desk, method_id: str, lines: dict[str, int]) -> None:
    from portal.domain.applications import Line
    from portal.services.money_ports import Source

    take_payment(
        TakePayment(
            actor=ADMIN,
            request_id="request-by-hand",
            source=Source.STAFF,
            client_id="c1",
            lines=tuple(Line(invoice_id=each, cents=cents) for each, cents in lines.items()),
            method_id=method_id,
        ),
        **desk.tools,
    )
