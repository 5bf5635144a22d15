"""The sandbox's file: killed at any moment, opened by many, moved in time."""

import multiprocessing
import os
import random
import signal
import stat
import threading
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from portal.gateways.sandbox.gateway import SandboxGateway
from portal.gateways.sandbox.ledger import SandboxRates
from portal.gateways.sandbox.named_methods import DECLINES, NAMED_METHODS
from portal.services.gateway import GatewayRefused, GatewayUnsure, KeyReused, PaymentOrder
from portal.services.gateway_states import DisputeState, GatewayState, LineKind, MethodKind
from tests.adapters.gateway_benches import START, SandboxBench

FORK = multiprocessing.get_context("fork")


def gateway_at(path: Path) -> SandboxGateway:
    return SandboxGateway(path, clock=lambda: START, secret="s", pause=lambda _: None)


@pytest.fixture
def bench(tmp_path: Path):
    bench = SandboxBench(tmp_path)
    yield bench
    bench.close()


# Killed -------------------------------------------------------------------------------------------


@pytest.mark.catalogue(22)
def test_a_process_killed_at_any_moment_leaves_whole_calls_and_repeating_them_charges_once(
    tmp_path: Path,
):
    """A child pays again and again with keys the parent knows; it is killed, the parent repeats."""
    path = tmp_path / "sandbox.sqlite"
    first = gateway_at(path)
    customer = first.customer("7", "Acme", "a@client.test", key="c")
    method = first.keep_method(customer, "visa").ref
    first.close()
    chance = random.Random(7)
    for run in range(12):
        child = FORK.Process(target=pay, args=(path, customer, method, run, 200))
        child.start()
        time.sleep(chance.uniform(0.01, 0.12))
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        pay(path, customer, method, run, 3)

    again = gateway_at(path)
    again.move_clock(timedelta(days=30))
    lines = [line for payout in again.payouts(date(2026, 1, 1)) for line in payout.lines]
    refs = [line.payment_ref for line in lines]
    assert len(refs) == len(set(refs))
    for run in range(12):
        for number in range(3):
            found = again.find_payment(f"PI-{run:04d}-{number:04d}", customer)
            assert found.state is GatewayState.SUCCEEDED
            assert refs.count(found.ref) == 1


def pay(path: Path, customer: str, method: str, run: int, count: int) -> None:
    gateway = gateway_at(path)
    for number in range(count):
        our_id = f"PI-{run:04d}-{number:04d}"
        order = PaymentOrder(
            our_id=our_id, customer_ref=customer, method_ref=method, amount_cents=100 + number,
            currency="USD",
        )  # fmt: skip
        started = gateway.start_payment(order, key=f"start {our_id}")
        gateway.confirm_payment(started.ref, key=f"confirm {our_id}")
    gateway.close()


def test_what_was_answered_survives_a_loss_of_power(bench):
    with bench.gateway._file.writing() as book:
        mode = book._connection.execute("pragma synchronous").fetchone()
        journal = book._connection.execute("pragma journal_mode").fetchone()

    assert mode == (2,)
    assert journal == ("wal",)


def test_the_file_is_its_owners_alone(bench, tmp_path):
    bench.customer()

    assert stat.S_IMODE((tmp_path / "sandbox.sqlite").stat().st_mode) == 0o600


# Many at once -------------------------------------------------------------------------------------


def race(work, count: int, *given: object) -> list:
    with FORK.Pool(count) as pool:
        return pool.starmap(work, [(number, *given) for number in range(count)], chunksize=1)


def open_and_ask(number: int, path: Path) -> str:
    return gateway_at(path).customer("7", "Acme", "a@client.test", key="same")


def test_eight_processes_may_open_a_new_file_at_once(tmp_path):
    found = race(open_and_ask, 8, tmp_path / "sandbox.sqlite")

    assert len(set(found)) == 1


def confirm(number: int, path: Path, ref: str, key: str) -> str:
    return gateway_at(path).confirm_payment(ref, key=key or f"key {number}").state.value


@pytest.mark.parametrize("key", ["one key", ""], ids=["one key", "a key each"])
def test_eight_processes_confirming_one_payment_charge_it_once(bench, tmp_path, key):
    order = bench.order()
    started = bench.gateway.start_payment(order, key="start")
    bench.gateway.close()

    states = race(confirm, 8, tmp_path / "sandbox.sqlite", started.ref, key)

    assert set(states) == {"succeeded"}
    assert bench.charges(order.our_id, order.customer_ref) == 1


def refund(number: int, path: Path, ref: str) -> int:
    try:
        made = gateway_at(path).refund(ref, 12_345, f"RF-{number}", key=f"refund {number}")
    except GatewayRefused as refusal:
        assert refusal.code == "refund_above_captured"
        return 0
    return made.amount_cents


@pytest.mark.catalogue(14)
def test_of_eight_refunds_racing_for_the_whole_one_wins(bench, tmp_path):
    paid = bench.paid()
    bench.gateway.close()

    assert sum(race(refund, 8, tmp_path / "sandbox.sqlite", paid.ref)) == 12_345
    assert bench.gateway.read_payment(paid.ref).refunded_cents == 12_345


def test_a_thousand_threads_leave_no_more_files_open_than_a_few(bench):
    started = bench.start()
    for _ in range(50):
        readers = [
            threading.Thread(target=bench.gateway.read_payment, args=(started.ref,))
            for _ in range(20)
        ]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()

    open_files = [
        str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()
    ]
    assert 0 < sum("sandbox.sqlite" in name for name in open_files) <= 3 * 8


@pytest.mark.catalogue(42)
def test_on_a_full_disk_whatever_is_not_told_as_charged_is_not_charged(bench):
    orders = [bench.order() for _ in range(30)]
    waiting = [bench.gateway.start_payment(order, key=bench.key()) for order in orders]
    with bench.gateway._file.reading() as book:
        disk = book._connection
    size = disk.execute("pragma page_count").fetchone()[0]
    disk.execute(f"pragma max_page_count = {size + 3}")
    told = {}
    for payment in waiting:
        try:
            told[payment.ref] = bench.gateway.confirm_payment(payment.ref, key=bench.key()).state
        except GatewayUnsure:
            told[payment.ref] = GatewayState.WAITING
    disk.execute("pragma max_page_count = 1000000")

    assert set(told.values()) == {GatewayState.SUCCEEDED, GatewayState.WAITING}
    for order, payment in zip(orders, waiting, strict=True):
        assert bench.gateway.read_payment(payment.ref).state is told[payment.ref]
        charges = bench.charges(order.our_id, order.customer_ref)
        assert charges == (told[payment.ref] is GatewayState.SUCCEEDED)


# Keys and refusals --------------------------------------------------------------------------------


@pytest.mark.catalogue(15)
def test_a_refund_of_one_cent_too_much_changes_nothing_at_the_gateway(bench):
    paid = bench.paid()

    with pytest.raises(GatewayRefused):
        bench.gateway.refund(paid.ref, 12_346, "RF-1", key="k")
    assert bench.gateway.read_refunds(paid.ref) == []
    assert bench.gateway.read_payment(paid.ref).refunded_cents == 0


@pytest.mark.catalogue(16)
@pytest.mark.parametrize("days", [0, 20], ids=["processing", "returned"])
def test_a_bank_debit_processing_or_returned_is_not_refunded(bench, days):
    paid = bench.paid("ach_r10", kind=MethodKind.ACH)
    bench.move(days=days)

    with pytest.raises(GatewayRefused):
        bench.gateway.refund(paid.ref, 1, "RF-1", key="k")


@pytest.mark.catalogue(24)
def test_after_25_hours_the_key_is_forgotten_and_the_payment_is_still_found_and_charged_once(bench):
    order = bench.order()
    started = bench.gateway.start_payment(order, key="start")
    bench.gateway.confirm_payment(started.ref, key="confirm")
    bench.move(hours=25)

    anew = bench.gateway.start_payment(order, key="start")

    assert anew.ref != started.ref
    assert bench.gateway.find_payment(order.our_id, order.customer_ref).ref == started.ref
    assert bench.charges(order.our_id, order.customer_ref) == 1


@pytest.mark.catalogue(25)
def test_a_key_with_another_amount_is_refused_before_anything_is_written(bench):
    order = bench.order()
    bench.gateway.start_payment(order, key="start")
    other = bench.order(our_id=order.our_id, amount_cents=1)

    with pytest.raises(KeyReused):
        bench.gateway.start_payment(other, key="start")
    assert bench.gateway.find_payment(order.our_id, order.customer_ref).amount_cents == 12_345


def test_a_key_of_one_call_is_refused_for_another(bench):
    started = bench.start()
    bench.gateway.confirm_payment(started.ref, key="one")

    with pytest.raises(KeyReused):
        bench.gateway.void_payment(started.ref, key="one")


def test_a_refusal_is_the_keys_answer_too(bench):
    paid = bench.paid("ach", kind=MethodKind.ACH)

    for _ in range(2):
        with pytest.raises(GatewayRefused) as refusal:
            bench.gateway.refund(paid.ref, 1, "RF-1", key="k")
        bench.move(hours=1)
    assert refusal.value.code == "payment_processing"


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_must_be_1_to_255_characters(bench, key):
    with pytest.raises(GatewayRefused):
        bench.gateway.start_payment(bench.order(), key=key)


# Time and money -----------------------------------------------------------------------------------


def test_moving_the_clock_holds_for_every_process(bench, tmp_path):
    before = bench.gateway.now()
    bench.gateway.move_clock(timedelta(days=3))

    assert gateway_at(tmp_path / "sandbox.sqlite").now() - before == timedelta(days=3)


def test_time_passed_at_once_or_bit_by_bit_ends_the_same(tmp_path):
    ends = []
    for number, steps in enumerate(((60,), (1,) * 60, (7, 13, 2, 38))):
        (tmp_path / str(number)).mkdir()
        bench = SandboxBench(tmp_path / str(number))
        for named in NAMED_METHODS.values():
            if named.answer_lost:
                continue
            paid = bench.paid(named.code, our_id=f"PI-{named.code}")
            if named.refund_fails:
                bench.gateway.refund(paid.ref, 2_345, "RF-1", key="r")
        for days in steps:
            bench.move(days=days)
            bench.gateway.payouts(date(2026, 1, 1))
        payouts = bench.gateway.payouts(date(2026, 1, 1))
        ends.append([(payout.paid_date, payout.amount_cents) for payout in payouts])
        bench.close()

    assert ends[0] == ends[1] == ends[2]


def test_the_gateways_fee_is_taken_from_the_payout_and_told_line_by_line(tmp_path):
    bench = SandboxBench(tmp_path)
    bench.paid(amount_cents=100_000)
    bench.paid("ach", amount_cents=100_000, kind=MethodKind.ACH)
    bench.move(days=20)

    fees = {
        line.fee_cents for payout in bench.gateway.payouts(date(2026, 1, 1))
        for line in payout.lines
    }  # fmt: skip
    bench.close()

    assert fees == {2_930, 500}


def test_a_lost_dispute_costs_the_payment_and_a_fee_and_a_won_one_costs_nothing(tmp_path):
    for fate, end, lost in (("disputed_lost", "lost", 13_845), ("disputed_won", "won", 0)):
        (tmp_path / end).mkdir()
        bench = SandboxBench(tmp_path / end)
        paid = bench.paid(fate)
        for _ in range(3):
            bench.paid(amount_cents=50_000)
        bench.move(days=30)
        bench.paid(amount_cents=50_000)
        bench.move(days=30)
        lines = [
            line for payout in bench.gateway.payouts(date(2026, 1, 1)) for line in payout.lines
            if line.kind is LineKind.DISPUTE
        ]  # fmt: skip

        assert bench.gateway.read_payment(paid.ref).dispute is DisputeState(end)
        assert sum(line.net_cents for line in lines) == -lost
        bench.close()


def test_what_the_firm_owes_the_gateway_waits_until_a_payout_can_bear_it(bench):
    returned = bench.paid("ach_r10", kind=MethodKind.ACH)
    bench.move(days=40)
    before = bench.gateway.payouts(date(2026, 1, 1))
    bench.paid(amount_cents=50_000)
    bench.move(days=5)

    after = bench.gateway.payouts(date(2026, 1, 1))
    last = [(line.kind, line.payment_ref) for line in after[-1].lines]

    assert len(after) == len(before) + 1
    assert all(payout.amount_cents > 0 for payout in after)
    assert (LineKind.RETURN, returned.ref) in last


@pytest.mark.parametrize(
    ("paid_on", "out_on"),
    [
        (datetime(2026, 6, 30, 16, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 9, 3, 16, tzinfo=UTC), date(2026, 9, 8)),  # over Labor Day
        (datetime(2026, 7, 10, 16, tzinfo=UTC), date(2026, 7, 14)),  # a Friday
        (datetime(2026, 7, 11, 16, tzinfo=UTC), date(2026, 7, 14)),  # a Saturday
        (datetime(2026, 7, 1, 3, tzinfo=UTC), date(2026, 7, 2)),  # still June 30 in New York
    ],
)
def test_a_payout_comes_two_days_later_on_which_banks_are_open(bench, paid_on, out_on):
    bench.time = paid_on
    bench.paid()
    bench.move(days=10)

    assert [payout.paid_date for payout in bench.gateway.payouts(date(2026, 1, 1))] == [out_on]


def test_rates_round_half_a_cent_up_and_bank_debits_have_a_most():
    rates = SandboxRates()

    assert rates.of(MethodKind.CREDIT, 10_050) == 291 + 30 + 0
    assert rates.of(MethodKind.CREDIT, 50) == 1 + 30
    assert rates.of(MethodKind.ACH, 62_500) == 500
    assert rates.of(MethodKind.ACH, 9_999_999) == 500


# The named methods --------------------------------------------------------------------------------


def test_no_two_methods_can_be_mistaken_for_each_other():
    shown = {(named.title, named.last4) for named in NAMED_METHODS.values()}

    assert len(shown) == len(NAMED_METHODS)
    assert all(len(named.last4) == 4 for named in NAMED_METHODS.values())


def test_every_decline_is_told_in_words(tmp_path):
    bench = SandboxBench(tmp_path)
    for named in NAMED_METHODS.values():
        if named.answer_lost:
            continue
        for is_off_session in (False, True):
            told = bench.paid(named.code, off_session=is_off_session)
            assert told.decline_code is None or told.decline_code in DECLINES
    bench.close()
