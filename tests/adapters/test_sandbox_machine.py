"""Whatever is done to the sandbox in whatever order, no cent is lost, doubled or invented."""

import itertools
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from portal.gateways.sandbox.faults import FaultKind
from portal.gateways.sandbox.named_methods import NAMED_METHODS
from portal.services.gateway import (
    GatewayBusy,
    GatewayRefused,
    GatewayUnsure,
    PageRequest,
    PaymentOrder,
)
from portal.services.gateway_states import (
    DisputeState,
    GatewayState,
    LineKind,
    PagePurpose,
    RefundState,
)
from tests.adapters.gateway_benches import SandboxBench

EVENTFUL = ("ach_r10", "disputed_lost", "disputed_won", "refund_fails")
"""Methods with which something happens after the money came: half of all."""
METHODS = st.sampled_from(EVENTFUL) | st.sampled_from(sorted(NAMED_METHODS))
DAYS = st.sampled_from([1, 2, 7, 15])
PERCENT = st.sampled_from([10, 50, 100, 101])
CENTS = st.integers(min_value=1, max_value=500_000)
_UNANSWERED = (GatewayRefused, GatewayBusy, GatewayUnsure)


class SandboxMachine(RuleBasedStateMachine):
    """Pays, refunds, voids, breaks and lets time pass."""

    payments = Bundle("payments")
    pages = Bundle("pages")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="sandbox")
        self.bench = SandboxBench(Path(self.folder.name))
        self.gateway = self.bench.gateway
        self.customer = self.gateway.customer("7", "Acme", "a@client.test", key="customer")
        self.numbers = itertools.count(1)
        self.refs: set[str] = set()
        self.seen: dict[str, GatewayState] = {}

    def teardown(self) -> None:
        self.bench.close()
        self.folder.cleanup()

    @rule(target=payments, named=METHODS, cents=CENTS, off_session=st.booleans())
    def start(self, named: str, cents: int, off_session: bool) -> tuple[str, str]:
        number = next(self.numbers)
        order = PaymentOrder(
            our_id=f"PI-{number:04d}-0001",
            customer_ref=self.customer,
            method_ref=self.gateway.keep_method(self.customer, named).ref,
            amount_cents=cents,
            currency="USD",
            off_session=off_session,
            return_url="http://127.0.0.1:8501/back",
        )
        ref = self.gateway.start_payment(order, key=f"start {number}").ref
        self.refs.add(ref)
        return ref, f"confirm {number}"

    @rule(target=payments, named=METHODS, cents=CENTS)
    def pay(self, named: str, cents: int) -> tuple[str, str]:
        payment = self.start(named, cents, False)
        self.confirm(payment)
        return payment

    @rule(payment=payments)
    def confirm(self, payment: tuple[str, str]) -> None:
        ref, key = payment
        self.attempt(lambda: self.gateway.confirm_payment(ref, key=key))

    @rule(payment=payments, kind=st.sampled_from(FaultKind))
    def confirm_badly(self, payment: tuple[str, str], kind: FaultKind) -> None:
        ref, key = payment
        self.gateway.plan_faults(kind, call="confirm_payment")
        self.attempt(lambda: self.gateway.confirm_payment(ref, key=key))

    @rule(named=METHODS, before=DAYS, percent=PERCENT, after=DAYS)
    def pay_wait_refund_and_wait(self, named: str, before: int, percent: int, after: int) -> None:
        payment = self.pay(named, 10_000)
        self.let_time_pass(before)
        self.refund(payment, percent, False)
        self.let_time_pass(after)

    @rule(payment=payments)
    def void(self, payment: tuple[str, str]) -> None:
        self.attempt(lambda: self.gateway.void_payment(payment[0], key=f"void {payment[0]}"))

    @rule(payment=payments, percent=PERCENT, again=st.booleans())
    def refund(self, payment: tuple[str, str], percent: int, again: bool) -> None:
        ref, number = payment[0], next(self.numbers)
        cents = max(1, self.gateway.read_payment(ref).amount_cents * percent // 100)
        for _ in range(1 + again):
            self.attempt(lambda: self.gateway.refund(ref, cents, f"RF-{number}", key=f"r {number}"))

    @rule(target=pages, cents=CENTS, purpose=st.sampled_from(PagePurpose))
    def open_page(self, cents: int, purpose: PagePurpose) -> str:
        number = next(self.numbers)
        request = PageRequest(
            customer_ref=self.customer,
            purpose=purpose,
            return_url="http://127.0.0.1:8501/back",
            our_id=f"PI-{number:04d}-0001",
            amount_cents=cents,
        )
        page = self.gateway.open_page(request, key=f"page {number}")
        payment = self.gateway.read_page(page.ref).payment
        self.refs |= {payment.ref} if payment else set()
        return page.ref

    @rule(page=pages, named=METHODS, stale=st.integers(min_value=0, max_value=1))
    def choose(self, page: str, named: str, stale: int) -> None:
        version = self.gateway.view_page(page).version - stale
        self.attempt(lambda: self.gateway.choose(page, version, named))

    @rule(page=pages, agrees=st.booleans())
    def answer_bank(self, page: str, agrees: bool) -> None:
        version = self.gateway.view_page(page).version
        self.attempt(lambda: self.gateway.answer_bank(page, version, agrees=agrees))

    @rule(page=pages)
    def close_page(self, page: str) -> None:
        self.gateway.close_page(page)

    @rule(days=DAYS)
    def let_time_pass(self, days: int) -> None:
        self.bench.move(days=days)

    def attempt(self, ask: object) -> None:
        try:
            ask()
        except _UNANSWERED:
            return

    @invariant()
    def what_moved_is_what_the_payments_say(self) -> None:
        moved = self.moved()
        for ref in self.refs:
            payment = self.gateway.read_payment(ref)
            refunds = self.gateway.read_refunds(ref)
            gone = sum(each.amount_cents for each in refunds if each.state != RefundState.FAILED)
            assert payment.refunded_cents == gone <= payment.captured_cents
            left = payment.captured_cents - gone
            is_back = payment.return_code and payment.captured_cents
            is_taken = payment.dispute in (DisputeState.OPEN, DisputeState.LOST)
            assert moved.get(ref, 0) == (0 if is_back or is_taken else left)

    @invariant()
    def captured_means_succeeded_and_the_end_is_the_end(self) -> None:
        final = (GatewayState.SUCCEEDED, GatewayState.DECLINED, GatewayState.CANCELLED)
        for ref in self.refs:
            payment = self.gateway.read_payment(ref)
            is_paid = payment.state is GatewayState.SUCCEEDED
            assert payment.captured_cents == (payment.amount_cents if is_paid else 0)
            before = self.seen.get(ref)
            assert before not in final or before is payment.state
            self.seen[ref] = payment.state

    @invariant()
    def a_payout_is_the_sum_of_its_lines_and_no_line_is_in_two(self) -> None:
        lines = []
        for payout in self.gateway.payouts(date(2026, 1, 1)):
            assert payout.amount_cents == sum(line.net_cents for line in payout.lines) > 0
            lines += [line.payment_ref for line in payout.lines if line.kind is LineKind.PAYMENT]
        assert len(lines) == len(set(lines))

    def moved(self) -> dict[str, int]:
        """What the firm has of each payment by the sandbox's own books, fees left out."""
        with self.gateway._file.reading() as book:
            rows = book._connection.execute(
                "select payment_ref, sum(gross_cents) from entries group by payment_ref"
            )
            return dict(rows.fetchall())


def run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        SandboxMachine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True,
            database=None, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_no_cent_is_lost_doubled_or_invented() -> None:
    run(examples=25, steps=25)


@pytest.mark.long
def test_no_cent_is_lost_doubled_or_invented_in_a_long_run() -> None:
    run(examples=500, steps=50)
