"""The store keeps money records whole and refuses wrong states, on SQLite and PostgreSQL alike."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.domain.payment_states import TRANSITIONS, PaymentState
from portal.services.money_ports import PaymentEvent, RefundItem, RefundState, WebhookEvent
from portal.services.payout_ports import WorkException
from portal.services.plan_ports import Occurrence, Plan, PlanKind
from portal.services.ports import UnitOfWork
from portal.store import Store
from tests.access_fixture import NOON
from tests.adapters.money_rows import a_balance, a_payment, a_refund, an_item
from tests.adapters.store_backends import cluster, store, store_url

__all__ = ["cluster", "store", "store_url"]


def captured(**changes):
    done = {"state": PaymentState.SUCCEEDED, "captured_cents": 10_000, "gateway_ref": "g1"}
    return a_payment(**{**done, **changes})


def keep(store: Store, *payments, items=()) -> None:
    with store.unit_of_work() as uow:
        for payment in payments:
            uow.payments.add(
                payment, [item for item in items if item.payment_id == payment.payment_id]
            )
        uow.commit()


def test_a_payment_comes_back_as_it_was_kept(store):
    keep(store, a_payment(), items=[an_item()])

    with store.reading() as view:
        assert view.payments.find("PI-0001") == a_payment()
        assert view.payments.find_by_request("r1") == a_payment()
        assert view.payments.items("PI-0001") == [an_item()]


def test_numbers_are_given_once(store):
    with store.unit_of_work() as uow:
        first = [uow.payments.next_action(), uow.payments.next_action(), uow.payments.next_item()]
        uow.commit()
    with store.unit_of_work() as uow:
        assert uow.payments.next_action() == first[1] + 1 == first[0] + 2


def test_one_form_makes_one_payment(store):
    keep(store, a_payment())

    with pytest.raises(IntegrityError):
        keep(store, a_payment(2, request_id="r1"))


def test_an_invoice_has_one_live_attempt(store):
    keep(store, a_payment(), items=[an_item()])

    with pytest.raises(IntegrityError):
        keep(store, a_payment(2), items=[an_item(2, item_id="x", payment_id="PI-0002")])


def test_payments_without_a_client_are_found_among_all_others(store):
    nobodys = {"client_id": None, "source": "quick_link"}
    keep(store, captured(), captured(payment_id="PI-0002", action_no=2, request_id="r2",
         gateway_key="k2", gateway_ref="g2", **nobodys))  # fmt: skip

    with store.reading() as view:
        found = view.payments.without_client([PaymentState.SUCCEEDED])
        none = view.payments.without_client([PaymentState.VOIDED])
    assert [payment.payment_id for payment in found] == ["PI-0002"]
    assert none == []


def test_an_attempt_that_has_ended_frees_its_invoices(store):
    keep(store, a_payment(), items=[an_item()])
    with store.unit_of_work() as uow:
        uow.payments.save(a_payment(state=PaymentState.VOIDED))
        uow.commit()

    keep(store, a_payment(2), items=[an_item(2, item_id="x", payment_id="PI-0002")])

    with store.reading() as view:
        assert [payment.payment_id for payment in view.payments.live_on(["i1"])] == ["PI-0002"]


def money_of(state: PaymentState) -> dict:
    return {
        PaymentState.SUCCEEDED: {"captured_cents": 10_000},
        PaymentState.PART_REFUNDED: {"captured_cents": 10_000, "refunded_cents": 1},
        PaymentState.REFUNDED: {"captured_cents": 10_000, "refunded_cents": 10_000},
        PaymentState.DISPUTED: {"captured_cents": 10_000},
    }.get(state, {})


@pytest.mark.parametrize("before", PaymentState)
def test_a_payment_goes_only_where_the_table_lets_it(store, before):
    for number, after in enumerate(PaymentState, start=1):
        keep(store, a_payment(number, state=before, **money_of(before)))
        refused = after is not before and after not in TRANSITIONS[before]
        try:
            with store.unit_of_work() as uow:
                uow.payments.save(a_payment(number, state=after, **money_of(after)))
                uow.commit()
        except DBAPIError:
            assert refused, f"{before} to {after} was refused"
        else:
            assert not refused, f"{before} to {after} was let through"


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_cents": 0},
        {"amount_cents": -500},
        {"captured_cents": 1},
        {"state": PaymentState.SUCCEEDED, "captured_cents": 9_999},
        {"state": PaymentState.SUCCEEDED, "captured_cents": 10_001},
        {"state": PaymentState.REFUNDED, "captured_cents": 10_000, "refunded_cents": 1},
        {"state": PaymentState.PART_REFUNDED, "captured_cents": 10_000, "refunded_cents": 10_001},
        {"client_id": None},
        {"last4": "4242424242424242"},
    ],
)
def test_a_payment_that_cannot_be_is_refused(store, wrong):
    with pytest.raises(IntegrityError):
        keep(store, a_payment(**wrong))


def test_items_never_exceed_their_payment(store):
    with pytest.raises(DBAPIError):
        keep(
            store,
            a_payment(),
            items=[an_item(cents=6_000), an_item(2, cents=4_001, invoice_id="i2")],
        )


def test_what_was_agreed_is_never_changed_or_deleted(store):
    keep(store, a_payment(), items=[an_item()])
    with pytest.raises(DBAPIError), store.unit_of_work() as uow:
        uow.payments.save(a_payment(amount_cents=20_000))
    with pytest.raises(DBAPIError), store.unit_of_work() as uow:
        uow._connection.exec_driver_sql("delete from payment_items")


def test_a_step_of_a_timeline_is_never_changed(store):
    keep(store, a_payment())
    step = PaymentEvent(
        payment_id="PI-0001", at=NOON, from_state=None, to_state=PaymentState.CREATED,
        actor="local:ann", reason="taken",
    )  # fmt: skip
    with store.unit_of_work() as uow:
        uow.payments.add_event(step)
        uow.commit()

    with pytest.raises(DBAPIError), store.unit_of_work() as uow:
        uow._connection.exec_driver_sql("update payment_events set actor = 'local:eve'")
    with store.reading() as view:
        assert view.payments.events("PI-0001") == [replace(step, seq=1)]


def test_refunds_never_exceed_what_was_captured(store):
    keep(store, captured(), items=[an_item(is_live=False)])
    with store.unit_of_work() as uow:
        uow.refunds.add(a_refund(), [])
        uow.commit()

    with pytest.raises(DBAPIError), store.unit_of_work() as uow:
        uow.refunds.add(a_refund(10, amount_cents=4_001), [])
    with store.unit_of_work() as uow:
        uow.refunds.add(a_refund(11, amount_cents=4_000), [])


def test_a_refund_that_failed_gives_its_part_back(store):
    keep(store, captured())
    with store.unit_of_work() as uow:
        uow.refunds.add(a_refund(), [])
        uow.refunds.save(a_refund(state=RefundState.FAILED))
        uow.refunds.add(a_refund(10, amount_cents=10_000), [])
        uow.commit()

    with store.reading() as view:
        assert [refund.refund_id for refund in view.refunds.of_payment("PI-0001")] == [
            "PI-0009", "PI-0010",
        ]  # fmt: skip


def test_refunds_of_a_line_never_exceed_the_line(store):
    keep(store, captured(), items=[an_item(cents=3_000, is_live=False)])
    line = RefundItem(
        line_id="PI-0009-0005", item_no=5, refund_id="PI-0009", item_id="PI-0001-0001", cents=3_001
    )

    with pytest.raises(DBAPIError), store.unit_of_work() as uow:
        uow.refunds.add(a_refund(), [line])


def payable(uow: UnitOfWork) -> int:
    return uow.balances.payable(["i1"])["i1"]


def test_what_may_be_paid_follows_every_turn_of_a_payment(store):
    part = replace(an_item(), cents=4_000)
    keep(store, a_payment(amount_cents=4_000), items=[part])
    with store.unit_of_work() as uow:
        uow.balances.replace_all([a_balance()], 7, NOON)
        assert uow.balances.version() == 7
        assert payable(uow) == 6_000
        done = captured(amount_cents=4_000, captured_cents=4_000)
        uow.payments.save(a_payment(amount_cents=4_000, state=PaymentState.PENDING))
        uow.payments.save(done)
        assert payable(uow) == 6_000
        # the PMS shows the payment
        uow.balances.put([a_balance(open_cents=6_000)])
        uow.balances.mark_posted({part.item_id: 4_000})
        assert payable(uow) == 6_000
        # 1,000 go back before the PMS knows
        uow.payments.save_item(
            replace(part, refunded_cents=1_000, posted_cents=4_000, is_live=False)
        )
        uow.payments.save(replace(done, state=PaymentState.PART_REFUNDED, refunded_cents=1_000))
        assert payable(uow) == 7_000
        uow.payments.save(replace(done, state=PaymentState.RETURNED, refunded_cents=1_000))
        assert payable(uow) == 10_000


def test_balances_are_put_dropped_and_replaced(store):
    with store.unit_of_work() as uow:
        uow.balances.replace_all([a_balance("i1"), a_balance("i2", client_id="c2")], 1, NOON)
        uow.balances.put([a_balance("i1", open_cents=5), a_balance("i3")])
        uow.balances.drop(["i2"])
        uow.balances.set_version(2, NOON)
        assert uow.balances.of_client("c1") == [a_balance("i1", open_cents=5), a_balance("i3")]
        assert uow.balances.of_invoices(["i2"]) == []
        assert uow.balances.version() == 2


def a_plan(plan_id: str, **changes) -> Plan:
    known = {
        "plan_id": plan_id, "request_id": plan_id, "fingerprint": "f", "kind": PlanKind.AUTOPAY,
        "client_id": "c1", "name": "AutoPay", "method_id": "m1", "currency": "USD",
        "start_date": date(2026, 1, 1), "authorised_by": "a", "authorised_text": "t",
        "created_by": "local:ann", "created_at": NOON, "updated_at": NOON,
    }  # fmt: skip
    return Plan(**{**known, **changes})


def test_a_client_has_one_autopay(store):
    with store.unit_of_work() as uow:
        uow.plans.add(a_plan("p1"))
        uow.plans.add(a_plan("p2", kind=PlanKind.RECURRING))
        uow.commit()

    with pytest.raises(IntegrityError), store.unit_of_work() as uow:
        uow.plans.add(a_plan("p3"))


def test_an_occurrence_is_charged_by_one_payment(store):
    with store.unit_of_work() as uow:
        uow.plans.add(a_plan("p1"))
        due = Occurrence(
            occurrence_id="o1", plan_id="p1", number=1, due_date=date(2026, 2, 1), amount_cents=None
        )
        uow.occurrences.add([due])
        assert uow.occurrences.due(date(2026, 1, 31), NOON) == []
        assert uow.occurrences.due(date(2026, 2, 1), NOON) == [due]
        uow.commit()
    keep(store, a_payment(occurrence_id="o1", state=PaymentState.DECLINED))
    keep(store, a_payment(2, occurrence_id="o1"))

    with pytest.raises(IntegrityError):
        keep(store, a_payment(3, occurrence_id="o1"))


def test_one_scheduler_at_a_time_holds_a_job(store):
    later = NOON + timedelta(minutes=5)
    with store.unit_of_work() as uow:
        first = uow.leases.take("autopay", "one", NOON, later)
        assert first is not None
        assert uow.leases.take("autopay", "two", NOON, later) is None
        second = uow.leases.take("autopay", "two", later, later + timedelta(minutes=5))
        assert second is not None
        assert second.fence == first.fence + 1
        assert not uow.leases.is_held(first, later)
        uow.leases.give_back(second)
        assert uow.leases.take("autopay", "one", later, later + timedelta(minutes=5)) is not None


def test_listeners_hear_which_tables_a_commit_changed(store):
    heard = []
    store.on_commit(heard.append)

    keep(store, a_payment(), items=[an_item()])
    with store.unit_of_work() as uow:
        uow.payments.save(a_payment(state=PaymentState.VOIDED))

    assert heard == [frozenset({"payments", "payment_items"})]


def test_an_event_a_file_and_an_exception_are_new_once_on_either_database(store):
    event = WebhookEvent(
        event_id="e1", gateway="sandbox", kind="k", happened_at=NOON, received_at=NOON
    )
    wrong = WorkException(
        exception_id="x1", kind="posted_twice", subject="PI-1", opened_at=NOON, owner="o"
    )
    with store.unit_of_work() as uow:
        assert [uow.webhooks.add(event), uow.webhooks.add(event)] == [True, False]
        assert [
            uow.exceptions.add(wrong),
            uow.exceptions.add(replace(wrong, exception_id="x2")),
        ] == [
            True,
            False,
        ]
