"""Starting, changing, pausing and cancelling plans: what each may do, and that it is told once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.domain.errors import Denied, Invalid, NotFound
from portal.domain.payers import EntryKind, Payer
from portal.domain.permissions import Permission, Principal
from portal.services.cancel_plan import CancelPlan, cancel_plan
from portal.services.change_occurrence import ChangeOccurrence, change_occurrence
from portal.services.choose_receipts import ChooseReceipts, choose_receipts
from portal.services.edit_plan import EditPlan, PlanChangedMeanwhile, edit_plan
from portal.services.money_requests import RequestReused
from portal.services.pause_plan import PausePlan, pause_plan
from portal.services.payer_ports import PortalUser
from portal.services.plan_ports import OccurrenceState, PlanKind, PlanState
from portal.services.resume_plan import ResumePlan, resume_plan
from portal.services.skip_occurrence import SkipOccurrence, skip_occurrence
from portal.services.start_autopay import AutopayExists, EndsRecurringPlans
from portal.services.start_installments import InvoiceInPlan
from portal.services.start_recurring import AutopayRuns
from portal.store import Store
from tests.adapters.store_backends import cluster, store, store_url
from tests.services.plan_fixture import ADMIN, MORNING, TODAY, Desk, a_method

__all__ = ["cluster", "store", "store_url"]

STRANGER = Principal(
    user_key="local:sam", full_name="Sam", email="sam@firm.example",
    permissions=frozenset({Permission.MANAGE_PLANS}), staff_id="p9",
)  # fmt: skip
ONLOOKER = replace(ADMIN, permissions=frozenset({Permission.VIEW_PAYMENTS}))
PAYER = Payer(
    session_id="s1", entry=EntryKind.ACCOUNT, client_ids=("c1",), portal_user_id="u1",
)  # fmt: skip


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def edit(plan, **changes) -> EditPlan:
    as_is = {
        "actor": ADMIN, "plan_id": plan.plan_id, "seen_at": plan.updated_at, "name": plan.name,
        "method_id": plan.method_id, "amount_cents": plan.amount_cents,
        "end_date": plan.end_date, "occurrence_limit": plan.occurrence_limit,
        "total_cents": plan.total_cents, "day_of_month": plan.day_of_month,
        "monthly_cap_cents": plan.monthly_cap_cents,
    }  # fmt: skip
    return EditPlan(**{**as_is, **changes})


def test_a_recurring_plan_starts_with_its_next_payments(desk):
    plan = desk.recurring().plan

    dues = [each.due_date for each in desk.occurrences(plan.plan_id)]
    assert dues[:3] == [date(2026, 3, 2), date(2026, 4, 2), date(2026, 5, 4)]
    assert len(dues) == 6
    assert plan.authorised_by == "local:ann"
    assert "authorized" in plan.authorised_text
    assert desk.audit_actions() == ["plan.started"]


def test_the_same_form_sent_twice_makes_one_plan_and_one_mail(desk):
    first = desk.recurring()
    again = desk.recurring()

    assert (first.is_new, again.is_new) == (True, False)
    assert first.plan == again.plan
    with desk.store.reading() as view:
        assert len(view.plans.of_client("c1")) == 1
        assert len(view.outbox.of_client("c1")) == 1


def test_the_same_form_with_other_contents_is_refused(desk):
    desk.recurring()

    with pytest.raises(RequestReused):
        desk.recurring(amount_cents=6_000)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"is_authorised": False}, Invalid),
        ({"name": "  "}, Invalid),
        ({"name": "card 4242 4242 4242 4242"}, Invalid),
        ({"amount_cents": 0}, Invalid),
        ({"start_date": TODAY - timedelta(days=1)}, Invalid),
        ({"method_id": "card-c2"}, NotFound),
        ({"client_id": "c9"}, NotFound),
        ({"receipt_emails": ("no address",)}, Invalid),
        ({"actor": ONLOOKER}, Denied),
        ({"actor": STRANGER}, NotFound),
        ({"actor": PAYER, "client_id": "c2", "method_id": "card-c2"}, NotFound),
        ({"actor": replace(PAYER, entry=EntryKind.GUEST)}, Denied),
        ({"actor": replace(PAYER, may_pay=False)}, Denied),
        ({"actor": replace(PAYER, may_plan=False)}, Denied),
    ],
)
def test_a_plan_that_may_not_be_is_refused_and_leaves_nothing_behind(desk, changes, refusal):
    with pytest.raises(refusal):
        desk.recurring(**changes)

    with desk.store.reading() as view:
        assert view.plans.in_states(PlanState) == []
        assert view.audit.count() == 0


def test_an_expired_card_and_an_account_without_authorization_start_no_plan(desk):
    with desk.store.unit_of_work() as uow:
        uow.methods.save(replace(uow.methods.find("card-c1"), exp_month=2, exp_year=2026))
        uow.mandates.revoke("bank-c1", "revoked", desk.clock())
        uow.commit()

    with pytest.raises(Invalid, match="expired"):
        desk.recurring()
    with pytest.raises(Invalid, match="revoked"):
        desk.recurring(method_id="bank-c1")


def test_a_portal_user_starts_a_plan_for_a_client_of_theirs(desk):
    plan = desk.recurring(actor=PAYER).plan

    assert plan.portal_user_id == "u1"
    assert plan.authorised_by == "payer:u1"


def test_the_running_plans_of_a_payer_send_their_receipts_where_the_payer_says(desk):
    payer = replace(PAYER, email="pia@c1.example")
    with desk.store.unit_of_work() as uow:
        uow.portal_users.save(
            PortalUser(
                portal_user_id="u1", email="pia@c1.example", full_name="Pia", password_hash=None,
                verified_at=MORNING, is_active=True, created_at=MORNING,
            )
        )  # fmt: skip
        uow.commit()
    own = desk.recurring(actor=payer).plan
    firms = desk.recurring(request_id="request-of-the-firm", receipt_emails=("x@c1.example",)).plan

    command = ChooseReceipts(payer=payer, receipt_emails=("books@c1.example",))
    choose_receipts(command, store=desk.store, clock=desk.clock)

    assert desk.plan(own.plan_id).receipt_emails == ("pia@c1.example", "books@c1.example")
    assert desk.plan(firms.plan_id).receipt_emails == ("x@c1.example",)


def test_a_portal_user_lets_no_plan_charge_what_another_one_has_saved(desk):
    with desk.store.unit_of_work() as uow:
        uow.methods.save(a_method("theirs", "c1", portal_user_id="u2"))
        uow.methods.save(a_method("own", "c1", portal_user_id="u1"))
        uow.commit()

    with pytest.raises(NotFound, match="no such payment method"):
        desk.recurring(actor=PAYER, method_id="theirs")
    plan = desk.recurring(actor=PAYER, method_id="own").plan
    with pytest.raises(NotFound, match="no such payment method"):
        edit_plan(edit(plan, actor=PAYER, method_id="theirs"), **desk.rules)
    assert desk.plan(plan.plan_id).method_id == "own"


def test_autopay_ends_recurring_plans_only_after_a_confirmation(desk):
    recurring = desk.recurring().plan

    with pytest.raises(EndsRecurringPlans, match="Bookkeeping"):
        desk.autopay()
    assert desk.plan(recurring.plan_id).state is PlanState.ACTIVE

    autopay = desk.autopay(ends_recurring=True).plan
    assert desk.plan(recurring.plan_id).state is PlanState.CANCELLED
    assert autopay.kind is PlanKind.AUTOPAY


def test_a_client_has_one_autopay_and_no_recurring_plan_beside_it(desk):
    desk.autopay()

    with pytest.raises(AutopayExists):
        desk.autopay(request_id="request-autopay-2")
    with pytest.raises(AutopayRuns):
        desk.recurring()


def test_autopay_starts_with_days_whose_reminder_can_still_go_out(desk):
    plan = desk.autopay(day_of_month=6).plan

    dues = [each.due_date for each in desk.occurrences(plan.plan_id)]
    assert dues == [date(2026, 4, 6), date(2026, 5, 6), date(2026, 6, 8)]


@pytest.mark.parametrize("changes", [{"day_of_month": 0}, {"day_of_month": 32},
                                     {"monthly_cap_cents": 0}])  # fmt: skip
def test_autopay_terms_that_mean_nothing_are_refused(desk, changes):
    with pytest.raises(Invalid):
        desk.autopay(**changes)


@pytest.mark.catalogue(9)
def test_installments_cover_what_is_payable_and_the_last_takes_the_odd_cent(desk):
    with desk.store.unit_of_work() as uow:
        uow.balances.put([replace(uow.balances.of_invoices(["i2"])[0], open_cents=5_001)])
        uow.commit()

    plan = desk.installments(seen_cents=15_001).plan

    parts = [each.amount_cents for each in desk.occurrences(plan.plan_id)]
    assert parts == [5_000, 5_000, 5_001]
    with desk.store.reading() as view:
        covered = {each.invoice_id: each.cents for each in view.plans.invoices(plan.plan_id)}
    assert covered == {"i1": 10_000, "i2": 5_001}


@pytest.mark.parametrize(
    ("changes", "refusal", "said"),
    [
        ({"seen_cents": 14_999}, Invalid, "changed"),
        ({"invoice_ids": ("i1", "i3")}, NotFound, "client"),
        ({"invoice_ids": ("i1", "i9")}, NotFound, "paid"),
        ({"invoice_ids": ()}, Invalid, "Choose"),
        ({"count": 0}, Invalid, "installments"),
    ],
)
def test_installments_of_what_is_not_owed_are_refused(desk, changes, refusal, said):
    with pytest.raises(refusal, match=said):
        desk.installments(**changes)


def test_an_invoice_is_in_one_installment_plan_at_the_most(desk):
    desk.installments()

    with pytest.raises(InvoiceInPlan):
        desk.installments(request_id="request-second", invoice_ids=("i1",), seen_cents=10_000)


def test_a_skipped_installment_moves_to_the_end_and_the_sum_stays(desk):
    plan = desk.installments().plan
    second = desk.occurrences(plan.plan_id)[1]

    skip_occurrence(SkipOccurrence(actor=ADMIN, occurrence_id=second.occurrence_id), **desk.rules)
    skip_occurrence(SkipOccurrence(actor=ADMIN, occurrence_id=second.occurrence_id), **desk.rules)

    found = desk.occurrences(plan.plan_id)
    assert [each.state.value for each in found] == [
        "scheduled", "skipped", "scheduled", "scheduled",
    ]  # fmt: skip
    assert found[-1].due_date == date(2026, 6, 2)
    waiting = [each for each in found if each.state is OccurrenceState.SCHEDULED]
    assert sum(each.amount_cents for each in waiting) == 15_000


def test_a_skipped_payment_of_a_recurring_plan_is_followed_by_the_next(desk):
    plan = desk.recurring().plan
    first = desk.occurrences(plan.plan_id)[0]

    skip_occurrence(SkipOccurrence(actor=ADMIN, occurrence_id=first.occurrence_id), **desk.rules)

    found = desk.occurrences(plan.plan_id)
    assert found[0].state is OccurrenceState.SKIPPED
    assert len(found) == 7


def test_a_changed_installment_is_balanced_by_the_last(desk):
    plan = desk.installments().plan
    first = desk.occurrences(plan.plan_id)[0]

    change_occurrence(
        ChangeOccurrence(
            actor=ADMIN, occurrence_id=first.occurrence_id, amount_cents=8_000,
            due_date=date(2026, 3, 7), method_id="bank-c1",
        ),
        **desk.rules,
    )  # fmt: skip

    found = desk.occurrences(plan.plan_id)
    assert [each.amount_cents for each in found] == [8_000, 5_000, 2_000]
    assert found[0].due_date == date(2026, 3, 9), "a Saturday is charged on Monday"
    assert found[0].method_id == "bank-c1"
    with pytest.raises(Invalid, match="nothing"):
        change_occurrence(
            ChangeOccurrence(actor=ADMIN, occurrence_id=first.occurrence_id, amount_cents=10_000),
            **desk.rules,
        )


def test_a_payment_made_larger_is_taken_from_the_last_ones_of_a_plan_towards_a_total(desk):
    plan = desk.recurring(amount_cents=5_000, total_cents=25_000).plan
    second = desk.occurrences(plan.plan_id)[1].occurrence_id

    change_occurrence(
        ChangeOccurrence(actor=ADMIN, occurrence_id=second, amount_cents=12_000), **desk.rules
    )

    found = desk.occurrences(plan.plan_id)
    assert [(each.state.value, each.amount_cents) for each in found] == [
        ("scheduled", 5_000), ("scheduled", 12_000), ("scheduled", 5_000), ("scheduled", 3_000),
        ("cancelled", 5_000),
    ]  # fmt: skip
    with pytest.raises(Invalid, match="more than is left"):
        change_occurrence(
            ChangeOccurrence(actor=ADMIN, occurrence_id=second, amount_cents=25_001), **desk.rules
        )


def test_a_payment_that_is_skipped_or_made_smaller_is_made_up_for_towards_a_total(desk):
    plan = desk.recurring(amount_cents=5_000, total_cents=10_000).plan
    first, second = (each.occurrence_id for each in desk.occurrences(plan.plan_id))

    skip_occurrence(SkipOccurrence(actor=ADMIN, occurrence_id=first), **desk.rules)
    change_occurrence(
        ChangeOccurrence(actor=ADMIN, occurrence_id=second, amount_cents=1_000), **desk.rules
    )

    found = desk.occurrences(plan.plan_id)
    assert [(each.state.value, each.amount_cents) for each in found] == [
        ("skipped", 5_000), ("scheduled", 1_000), ("scheduled", 5_000), ("scheduled", 4_000),
    ]  # fmt: skip


def test_an_edited_total_keeps_what_its_payments_come_to(desk):
    plan = desk.recurring(amount_cents=5_000, total_cents=10_000).plan
    first = desk.occurrences(plan.plan_id)[0].occurrence_id
    skip_occurrence(SkipOccurrence(actor=ADMIN, occurrence_id=first), **desk.rules)

    edit_plan(edit(plan, total_cents=13_000), **desk.rules)

    found = desk.occurrences(plan.plan_id)
    assert [each.amount_cents for each in found if each.state is OccurrenceState.SCHEDULED] == [
        5_000, 5_000, 3_000,
    ]  # fmt: skip


def test_the_last_installment_made_smaller_leaves_one_more(desk):
    plan = desk.installments(count=1).plan
    only = desk.occurrences(plan.plan_id)[0]

    change_occurrence(
        ChangeOccurrence(actor=ADMIN, occurrence_id=only.occurrence_id, amount_cents=6_000),
        **desk.rules,
    )

    assert [each.amount_cents for each in desk.occurrences(plan.plan_id)] == [6_000, 9_000]
    with pytest.raises(NotFound):
        change_occurrence(
            ChangeOccurrence(actor=STRANGER, occurrence_id=only.occurrence_id, amount_cents=1),
            **desk.rules,
        )


def test_a_paused_plan_goes_on_from_today_without_charging_for_the_pause(desk):
    plan = desk.recurring().plan
    pause_plan(PausePlan(actor=ADMIN, plan_id=plan.plan_id, reason="asked by phone"), **desk.ports)
    assert desk.plan(plan.plan_id).paused_reason == "asked by phone"

    desk.clock.pass_(days=45)
    resume_plan(ResumePlan(actor=ADMIN, plan_id=plan.plan_id), **desk.rules)

    found = desk.occurrences(plan.plan_id)
    assert [each.state.value for each in found[:3]] == ["skipped", "skipped", "scheduled"]
    assert desk.plan(plan.plan_id).state is PlanState.ACTIVE
    assert desk.audit_actions() == ["plan.started", "plan.paused", "plan.resumed"]


def test_installments_move_on_by_the_time_they_were_paused(desk):
    plan = desk.installments().plan
    pause_plan(PausePlan(actor=ADMIN, plan_id=plan.plan_id), **desk.ports)
    desk.clock.pass_(days=45)

    resume_plan(ResumePlan(actor=ADMIN, plan_id=plan.plan_id), **desk.rules)

    found = desk.occurrences(plan.plan_id)
    assert [each.due_date for each in found] == [
        date(2026, 5, 4), date(2026, 6, 2), date(2026, 7, 2),
    ]  # fmt: skip
    assert sum(each.amount_cents for each in found) == 15_000


def test_a_plan_does_not_go_on_with_a_method_that_is_not_authorized_any_more(desk):
    plan = desk.recurring(method_id="bank-c1").plan
    pause_plan(PausePlan(actor=ADMIN, plan_id=plan.plan_id), **desk.ports)
    with desk.store.unit_of_work() as uow:
        uow.mandates.revoke("bank-c1", "R10", desk.clock())
        uow.commit()

    with pytest.raises(Invalid, match="revoked"):
        resume_plan(ResumePlan(actor=ADMIN, plan_id=plan.plan_id), **desk.rules)

    resumed = resume_plan(
        ResumePlan(actor=ADMIN, plan_id=plan.plan_id, method_id="card-c1"), **desk.rules
    )
    assert resumed.method_id == "card-c1"


def test_a_cancelled_plan_has_nothing_left_to_charge_and_can_not_come_back(desk):
    plan = desk.installments().plan

    done = cancel_plan(CancelPlan(actor=ADMIN, plan_id=plan.plan_id), **desk.ports)
    again = cancel_plan(CancelPlan(actor=ADMIN, plan_id=plan.plan_id), **desk.ports)

    assert done.plan.state is PlanState.CANCELLED
    assert again == done
    states = {each.state for each in desk.occurrences(plan.plan_id)}
    assert states == {OccurrenceState.CANCELLED}
    with pytest.raises(Invalid):
        resume_plan(ResumePlan(actor=ADMIN, plan_id=plan.plan_id), **desk.rules)
    with pytest.raises(Invalid):
        pause_plan(PausePlan(actor=ADMIN, plan_id=plan.plan_id), **desk.ports)
    assert desk.audit_actions().count("plan.cancelled") == 1


def test_somebody_elses_plan_is_not_found_whatever_is_asked(desk):
    plan = desk.recurring().plan
    for ask in (
        lambda: cancel_plan(CancelPlan(actor=STRANGER, plan_id=plan.plan_id), **desk.ports),
        lambda: pause_plan(PausePlan(actor=STRANGER, plan_id=plan.plan_id), **desk.ports),
        lambda: resume_plan(ResumePlan(actor=STRANGER, plan_id=plan.plan_id), **desk.rules),
        lambda: edit_plan(edit(plan, actor=STRANGER), **desk.rules),
        lambda: skip_occurrence(
            SkipOccurrence(actor=STRANGER, occurrence_id=f"{plan.plan_id}-1"), **desk.rules
        ),
    ):
        with pytest.raises(NotFound, match="There is no such"):
            ask()
    assert desk.plan(plan.plan_id) == plan


def test_an_edited_amount_counts_from_the_next_payment_on(desk):
    plan = desk.recurring(occurrence_limit=4).plan

    edit_plan(edit(plan, amount_cents=7_500, occurrence_limit=3), **desk.rules)

    found = desk.occurrences(plan.plan_id)
    assert [(each.amount_cents, each.state.value) for each in found] == [
        (7_500, "scheduled"), (7_500, "scheduled"), (7_500, "scheduled"), (5_000, "cancelled"),
    ]  # fmt: skip
    longer = edit_plan(edit(desk.plan(plan.plan_id), occurrence_limit=5), **desk.rules)
    assert longer.occurrence_limit == 5
    states = [each.state.value for each in desk.occurrences(plan.plan_id)]
    assert states == ["scheduled"] * 5


def test_an_edited_day_of_autopay_moves_what_nobody_was_reminded_of(desk):
    plan = desk.autopay(day_of_month=20).plan

    edit_plan(edit(plan, day_of_month=31, monthly_cap_cents=9_000), **desk.rules)

    found = desk.occurrences(plan.plan_id)
    assert [each.due_date for each in found] == [
        date(2026, 3, 31), date(2026, 4, 30), date(2026, 6, 1),
    ]  # fmt: skip
    assert desk.plan(plan.plan_id).monthly_cap_cents == 9_000


def test_a_day_of_autopay_that_is_moved_on_never_charges_twice_in_a_month(desk):
    plan = desk.autopay(day_of_month=10).plan
    with desk.store.unit_of_work() as uow:
        first = uow.occurrences.of_plan(plan.plan_id)[0]
        uow.occurrences.save(replace(first, state=OccurrenceState.PAID))
        uow.commit()
    desk.clock.now = desk.clock.now.replace(day=11)

    edit_plan(edit(plan, day_of_month=31), **desk.rules)

    dues = [each.due_date for each in desk.occurrences(plan.plan_id)]
    assert dues[:2] == [date(2026, 3, 10), date(2026, 4, 30)]


def test_a_plan_that_was_changed_meanwhile_is_not_overwritten(desk):
    plan = desk.recurring().plan
    desk.clock.pass_(minutes=1)
    edit_plan(edit(plan, name="Other name"), **desk.rules)

    with pytest.raises(PlanChangedMeanwhile):
        edit_plan(edit(plan, name="Third name"), **desk.rules)
