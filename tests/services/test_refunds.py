"""Money goes back by line, never above what was taken, and a large sum needs a second person."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.applications import Overpaid
from portal.domain.card_numbers import CardNumberRefused
from portal.domain.errors import Denied, Invalid, NotFound
from portal.domain.payment_states import PaymentState
from portal.gateways.sandbox.faults import FaultKind
from portal.gateways.sandbox.rows import PaymentRow, RefundRow
from portal.services.approve_refund import ApproveRefund, approve_refund
from portal.services.decide_refund import AlreadyDecided
from portal.services.gateway_states import DisputeState
from portal.services.money_ports import RefundState
from portal.services.money_requests import RequestReused
from portal.services.payment_outcome import News, record_outcome
from portal.services.read_outcome import read_outcome
from portal.services.reject_refund import RejectRefund, reject_refund
from portal.services.request_refund import RefundRefused
from portal.store import Store
from tests.services.money_desk import (
    ADMIN,
    LOOKER,
    PARTNER,
    SECOND,
    MoneyDesk,
    a_desk,
    gateway_rows,
    invoice,
)
from tests.services.store_fixture import store

__all__ = ["store"]
S, R = PaymentState, RefundState


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> MoneyDesk:
    desk = a_desk(store, tmp_path)
    desk.owe(invoice("i1", 500_000), invoice("i2", 5_000), invoice("i3", client_id="c2"))
    return desk


def asked_at_gateway(desk: MoneyDesk) -> int:
    return len(gateway_rows(desk, RefundRow))


def test_part_of_a_payment_goes_back_by_line_and_the_invoice_opens_by_it(desk):
    paid = desk.pay({"i1": 4_000, "i2": 5_000})
    line = desk.items(paid.payment_id)[1].item_id

    refund = desk.refund(paid.payment_id, lines={line: 2_000})

    assert refund.state is R.SUCCEEDED
    after = desk.payment(paid.payment_id)
    assert (after.state, after.refunded_cents) == (S.PART_REFUNDED, 2_000)
    assert (desk.payable("i1"), desk.payable("i2")) == (496_000, 2_000)
    assert desk.captured_at_gateway() == 9_270 - 2_000 - 60


def test_a_full_refund_returns_the_fee_and_both_sides_hear_of_it(desk):
    paid = desk.pay({"i1": 4_000})
    desk.refund(paid.payment_id, cents=1_001)
    desk.refund(paid.payment_id)

    after = desk.payment(paid.payment_id)
    assert (after.state, after.refunded_cents, after.refunded_fee_cents) == (S.REFUNDED, 4_000, 120)
    assert desk.captured_at_gateway() == 0
    assert [one.recipients[0].address for one in desk.letters("refund")] == [
        "payer@alder.example"
    ] * 2


@pytest.mark.catalogue(15)
def test_a_cent_above_what_is_left_is_refused_without_asking_the_gateway(desk):
    paid = desk.pay({"i1": 4_000})
    desk.refund(paid.payment_id, cents=3_000)

    with pytest.raises(Overpaid, match=r"\$10\.00"):
        desk.refund(paid.payment_id, cents=1_001)
    line = desk.items(paid.payment_id)[0].item_id
    with pytest.raises(Overpaid):
        desk.refund(paid.payment_id, lines={line: 1_001})
    assert asked_at_gateway(desk) == 1


@pytest.mark.catalogue(16)
def test_a_bank_debit_is_not_refunded_while_it_is_processing_or_after_its_return(desk):
    paid = desk.pay({"i1": 4_000}, "ach_r10")
    with pytest.raises(RefundRefused, match="still working"):
        desk.refund(paid.payment_id)
    desk.gateway.move_clock(timedelta(days=30))
    desk.settle()
    desk.settle(looks_back=True)

    assert desk.payment(paid.payment_id).state is S.RETURNED
    with pytest.raises(RefundRefused, match="taken this payment back"):
        desk.refund(paid.payment_id)
    assert asked_at_gateway(desk) == 0


@pytest.mark.catalogue(38)
@pytest.mark.parametrize(
    ("named", "state"), [("disputed_lost", S.DISPUTED), ("disputed_won", S.SUCCEEDED)]
)
def test_a_disputed_payment_is_not_refunded_and_stands_again_when_it_is_won(desk, named, state):
    paid = desk.pay({"i1": 4_000}, named)
    desk.gateway.move_clock(timedelta(days=9))
    told = desk.gateway.read_payment(paid.gateway_ref)
    record_outcome(desk.till, paid.payment_id, News(told=told, actor="gateway", reason="event"))
    with pytest.raises(RefundRefused):
        desk.refund(paid.payment_id)
    assert desk.payable("i1") == 500_000
    desk.gateway.move_clock(timedelta(days=120))
    told = desk.gateway.read_payment(paid.gateway_ref)
    record_outcome(desk.till, paid.payment_id, News(told=told, actor="gateway", reason="event"))

    assert desk.payment(paid.payment_id).state is state
    assert desk.exceptions() == ["dispute"]


@pytest.mark.parametrize(
    ("left", "kind"), [((), "invoice_gone"), ((invoice("i1", 100),), "invoice_overpaid")]
)
def test_a_dispute_won_on_an_invoice_that_has_gone_meanwhile_is_somebodys(desk, left, kind):
    paid = desk.pay({"i1": 4_000}, "disputed_won")
    for days in (9, 120):
        desk.gateway.move_clock(timedelta(days=days))
        told = desk.gateway.read_payment(paid.gateway_ref)
        record_outcome(desk.till, paid.payment_id, News(told=told, actor="gateway", reason="event"))
        if days == 9:
            desk.owe(*left)
            assert desk.exceptions() == ["dispute"]

    assert desk.payment(paid.payment_id).state is S.SUCCEEDED
    assert kind in desk.exceptions()


def test_a_refund_needs_a_reason_without_a_card_number(desk):
    paid = desk.pay({"i1": 4_000})

    with pytest.raises(Invalid, match="why"):
        desk.refund(paid.payment_id, reason="  ")
    with pytest.raises(CardNumberRefused):
        desk.refund(paid.payment_id, reason="to 4242424242424242")


def test_after_the_firms_days_no_refund_is_taken(desk):
    paid = desk.pay({"i1": 4_000})
    desk.clock.pass_(days=91)

    with pytest.raises(RefundRefused, match="90 days"):
        desk.refund(paid.payment_id)


@pytest.mark.catalogue(53)
def test_who_may_not_refund_moves_nothing(desk):
    paid = desk.pay({"i1": 4_000})
    other = desk.pay({"i3": 100}, client_id="c2")

    with pytest.raises(Denied):
        desk.refund(paid.payment_id, LOOKER)
    with pytest.raises(NotFound):
        desk.refund(other.payment_id, PARTNER)
    assert asked_at_gateway(desk) == 0


@pytest.mark.catalogue(54)
def test_a_permission_taken_away_denies_the_next_refund(desk):
    paid = desk.pay({"i1": 4_000})
    desk.refund(paid.payment_id, cents=100)
    without = replace(ADMIN, permissions=ADMIN.permissions - {"refund"})

    with pytest.raises(Denied):
        desk.refund(paid.payment_id, without, cents=100)


def test_above_the_limit_a_second_person_decides(desk):
    paid = desk.pay({"i1": 200_000}, "ach")
    desk.gateway.move_clock(timedelta(days=7))
    desk.settle()
    refund = desk.refund(paid.payment_id, cents=100_001)
    assert (refund.state, asked_at_gateway(desk)) == (R.AWAITING_APPROVAL, 0)
    with pytest.raises(Denied, match="Somebody else"):
        approve_refund(ApproveRefund(actor=ADMIN, refund_id=refund.refund_id), **desk.tools)

    approved = approve_refund(ApproveRefund(actor=SECOND, refund_id=refund.refund_id), **desk.tools)

    assert (approved.state, approved.decided_by, asked_at_gateway(desk)) == (
        R.PENDING,
        "local:second",
        1,
    )
    with pytest.raises(AlreadyDecided):
        approve_refund(ApproveRefund(actor=SECOND, refund_id=refund.refund_id), **desk.tools)
    desk.gateway.move_clock(timedelta(days=10))
    desk.settle()
    assert desk.payment(paid.payment_id).refunded_cents == 100_001


def test_a_refund_that_waits_holds_its_money_until_it_is_rejected(desk):
    paid = desk.pay({"i1": 200_000})
    refund = desk.refund(paid.payment_id, cents=150_000)
    with pytest.raises(Overpaid):
        desk.refund(paid.payment_id, cents=50_001)

    tools = {name: desk.tools[name] for name in ("store", "directory", "clock")}
    rejected = reject_refund(RejectRefund(actor=SECOND, refund_id=refund.refund_id), **tools)

    assert rejected.state is R.REJECTED
    assert desk.refund(paid.payment_id, cents=50_001).state is R.SUCCEEDED


def test_the_same_form_sends_money_back_once(desk):
    paid = desk.pay({"i1": 4_000})
    once = {"request_id": "refund-form-1", "cents": 1_000}
    assert desk.refund(paid.payment_id, **once) == desk.refund(paid.payment_id, **once)

    with pytest.raises(RequestReused):
        desk.refund(paid.payment_id, request_id="refund-form-1", cents=2_000)
    assert desk.payment(paid.payment_id).refunded_cents == 1_000


@pytest.mark.parametrize(
    "fault", [FaultKind.DROPPED_AFTER, FaultKind.ERROR_AFTER, FaultKind.TIMEOUT_BEFORE]
)
def test_a_refund_without_an_answer_is_found_by_reading(desk, fault):
    paid = desk.pay({"i1": 4_000})
    desk.gateway.plan_faults(fault, call="refund")

    refund = desk.refund(paid.payment_id, cents=1_000)
    assert refund.state is R.UNKNOWN
    desk.settle()

    found = desk.read(lambda view: view.refunds.find(refund.refund_id))
    happened = fault is not FaultKind.TIMEOUT_BEFORE
    assert found.state is (R.SUCCEEDED if happened else R.FAILED)
    assert desk.payment(paid.payment_id).refunded_cents == (1_000 if happened else 0)
    assert asked_at_gateway(desk) == happened


def test_a_refund_that_fails_later_gives_the_money_back_to_the_payment(desk):
    paid = desk.pay({"i1": 4_000}, "refund_fails")
    desk.refund(paid.payment_id)
    desk.gateway.move_clock(timedelta(days=5))
    desk.settle()

    after = desk.payment(paid.payment_id)
    assert (after.state, after.refunded_cents) == (S.SUCCEEDED, 0)
    assert desk.exceptions() == ["refund_failed"]


def test_a_refund_made_at_the_gateway_itself_becomes_visible_here(desk):
    paid = desk.pay({"i1": 4_000})
    desk.gateway.refund(paid.gateway_ref, 1_500, "by-hand", key="by-hand")
    told = desk.gateway.read_payment(paid.gateway_ref)
    news = News(told=told, refunds=tuple(desk.gateway.read_refunds(paid.gateway_ref)),
                actor="gateway", reason="event")  # fmt: skip
    record_outcome(desk.till, paid.payment_id, news)
    record_outcome(desk.till, paid.payment_id, news)

    assert desk.payment(paid.payment_id).refunded_cents == 1_500
    assert desk.exceptions() == ["refund_elsewhere"]


def read_again(desk, paid, **changes):
    told = replace(desk.gateway.read_payment(paid.gateway_ref), **changes)
    news = News(told=told, refunds=tuple(desk.gateway.read_refunds(paid.gateway_ref)),
                actor="gateway", reason="event")  # fmt: skip
    return record_outcome(desk.till, paid.payment_id, news)


def test_a_refund_at_the_gateway_beside_one_that_waits_here_is_said_and_moves_no_books(desk):
    paid = desk.pay({"i1": 200_000})
    waiting = desk.refund(paid.payment_id, cents=150_000)
    desk.gateway.refund(paid.gateway_ref, 100_000, "by-hand", key="by-hand")

    assert read_again(desk, paid).refunded_cents == 0
    assert desk.exceptions() == ["refund_elsewhere"]

    tools = {name: desk.tools[name] for name in ("store", "directory", "clock")}
    reject_refund(RejectRefund(actor=SECOND, refund_id=waiting.refund_id), **tools)
    assert read_again(desk, paid).refunded_cents == 100_000
    assert desk.captured_at_gateway() == 106_000


def test_a_refund_made_at_the_gateway_that_takes_days_is_waited_for(desk):
    paid = desk.pay({"i1": 4_000}, "ach")
    desk.gateway.move_clock(timedelta(days=7))
    desk.settle()
    desk.gateway.refund(paid.gateway_ref, 1_500, "by-hand", key="by-hand")
    read_again(desk, paid)
    desk.settle()

    (refund,) = desk.read(lambda view: view.refunds.of_payment(paid.payment_id))
    assert refund.state is R.PENDING
    desk.gateway.move_clock(timedelta(days=7))
    desk.settle()
    assert desk.payment(paid.payment_id).refunded_cents == 1_500


def test_a_refund_that_had_gone_back_and_then_fails_is_read_and_somebodys(desk):
    paid = desk.pay({"i1": 4_000})
    refund = desk.refund(paid.payment_id)
    with desk.gateway._file.writing() as book:
        (row,) = book._rows(RefundRow, "")
        book.put(replace(row, state="failed"))
        book.put(replace(book.one(PaymentRow, paid.gateway_ref), refunded_cents=0))

    read_outcome(desk.till, desk.payment(paid.payment_id))
    read_outcome(desk.till, desk.payment(paid.payment_id))

    assert desk.exceptions() == ["refund_contradicts"]
    assert desk.read(lambda view: view.refunds.find(refund.refund_id)).state is R.SUCCEEDED


@pytest.mark.parametrize("cents", [1_000, None])
@pytest.mark.parametrize(
    ("named", "loss"), [("ach", {"return_code": "R01"}), ("visa", {"dispute": DisputeState.OPEN})]
)
def test_a_bank_debit_that_comes_back_after_its_refund_is_somebodys(desk, named, loss, cents):
    paid = desk.pay({"i1": 4_000}, named)
    desk.gateway.move_clock(timedelta(days=7))
    desk.settle()
    desk.refund(paid.payment_id, cents=cents)
    desk.gateway.move_clock(timedelta(days=7))
    desk.settle()

    after = [read_again(desk, paid, **loss) for _ in range(2)][-1]

    is_part = cents is not None
    gone = S.RETURNED if named == "ach" else S.DISPUTED
    assert after.state is (gone if is_part else S.REFUNDED)
    is_said_as_dispute = is_part and named == "visa"
    assert desk.exceptions() == ["dispute" if is_said_as_dispute else "lost_after_refund"]


@pytest.mark.catalogue(38)
def test_a_second_dispute_after_a_won_one_takes_the_money_back_again(desk):
    paid = desk.pay({"i1": 4_000})
    for ref, dispute, state in [
        ("dp_1", DisputeState.OPEN, S.DISPUTED),
        ("dp_1", DisputeState.WON, S.SUCCEEDED),
        ("dp_1", DisputeState.WON, S.SUCCEEDED),
        ("dp_2", DisputeState.OPEN, S.DISPUTED),
        ("dp_3", DisputeState.OPEN, S.DISPUTED),
        ("dp_3", DisputeState.WON, S.SUCCEEDED),
    ]:
        assert read_again(desk, paid, dispute=dispute, dispute_ref=ref).state is state

    kept = desk.read(lambda view: view.disputes.of_payment(paid.payment_id))
    assert [one.state for one in kept] == ["won"] * 3
