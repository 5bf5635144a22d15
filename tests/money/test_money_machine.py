"""Anything may happen in any order, and the books stay right: a random walk over all of money."""

import os
import shutil
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from portal import failpoints
from portal.domain.applications import Line
from portal.domain.errors import PortalError
from portal.domain.payment_states import CAPTURED, RESERVING, PaymentState
from portal.gateways.sandbox.faults import FaultKind
from portal.services.apply_unapplied import ApplyUnapplied, apply_unapplied
from portal.services.approve_refund import ApproveRefund, approve_refund
from portal.services.associate_payment import AssociatePayment, associate_payment
from portal.services.finish_hosted_payment import FinishHostedPayment, finish_hosted_payment
from portal.services.money_actors import ByItself
from portal.services.money_ports import Source
from portal.services.record_gateway_event import RecordGatewayEvent, record_gateway_event
from portal.services.reject_refund import RejectRefund, reject_refund
from portal.services.void_payment import VoidPayment, void_payment
from tests.money.fresh_desk import folder, fresh_desk
from tests.money.invariants import settled_violations, violations
from tests.services.money_desk import ADMIN, LOOKER, SECOND, invoice

EXAMPLES, STEPS = int(os.environ.get("PORTAL_MONEY_EXAMPLES", "200")), 40
INVOICES = {"i1": ("c1", 10_000), "i2": ("c1", 2_500), "i3": ("c2", 7_000), "i4": ("c2", 1)}
METHODS = (
    "visa", "visa_debit", "ach", "no_funds", "lost_after", "lost_before", "bank_asks", "ach_r01",
    "ach_r10", "ach_r29", "disputed_lost", "disputed_won", "refund_fails", "expired",
)  # fmt: skip
FAULTS = list(FaultKind)
CALLS = (
    "start_payment",
    "confirm_payment",
    "refund",
    "open_page",
    "read_payment",
    "read_page",
    "find_payment",
)
PICK = st.integers(0, 40)
CENTS = st.sampled_from([1, 33, 500, 2_500, 2_501, 5_000, 9_999, 10_000, 10_001])


class Killed(BaseException):
    """The process ends here, as far as the code can tell."""


class MoneyMachine(RuleBasedStateMachine):
    """A firm, a payer, a bookkeeper, a bad network and a clock."""

    def __init__(self) -> None:
        super().__init__()
        self.where = folder()
        self.desk = fresh_desk(self.where)
        self.pms = dict(INVOICES)
        self.posted: dict[str, tuple[str | None, int]] = {}
        self.kept: dict[tuple[str, str], str] = {}
        self.sent: list[Any] = []
        self.last: dict[str, Any] | None = None
        self._tell_balances()

    # What people do ---------------------------------------------------------------------------

    @rule(
        named=st.sampled_from(METHODS),
        invoice_id=st.sampled_from(sorted(INVOICES)),
        cents=CENTS,
        off=st.booleans(),
    )
    def pay_one(self, named, invoice_id, cents, off):
        client_id = INVOICES[invoice_id][0]
        self._take(client_id, {invoice_id: cents}, self._method(client_id, named), off_session=off)

    @rule(named=st.sampled_from(METHODS), client_id=st.sampled_from(["c1", "c2"]))
    def pay_all(self, named, client_id):
        payable = {i: self.desk.payable(i) or 0 for i, (c, _) in self.pms.items() if c == client_id}
        lines = {i: cents for i, cents in payable.items() if cents > 0}
        self._take(client_id, lines, self._method(client_id, named))

    @rule(named=st.sampled_from(METHODS), cents=CENTS)
    def pay_on_account(self, named, cents):
        self._take("c1", {None: cents}, self._method("c1", named))

    @rule()
    def send_the_last_form_again(self):
        if self.last:
            self._try(lambda: self.desk.take(**self.last))

    @rule(invoice_id=st.sampled_from(sorted(INVOICES)), cents=CENTS, keep=st.booleans())
    def open_a_page(self, invoice_id, cents, keep):
        self._take(INVOICES[invoice_id][0], {invoice_id: cents}, None, save_method=keep)

    @rule(cents=CENTS)
    def pay_by_quick_link(self, cents):
        self._try(lambda: self.desk.take(
            ByItself("quick_link:q"), client_id=None, source=Source.QUICK_LINK,
            lines={None: cents}, quick_link_id="q",
        ))  # fmt: skip

    @rule(which=PICK, named=st.sampled_from(METHODS))
    def choose_on_a_page(self, which, named):
        page = self._pick(which, self._pages())
        if page:
            self._try(lambda: self.desk.gateway.choose(
                page, self.desk.gateway.view_page(page).version, named))  # fmt: skip

    @rule(which=PICK, agrees=st.booleans())
    def answer_the_bank(self, which, agrees):
        page = self._pick(which, self._pages())
        if page:
            self._try(lambda: self.desk.gateway.answer_bank(
                page, self.desk.gateway.view_page(page).version, agrees=agrees))  # fmt: skip

    @rule(which=PICK)
    def come_back_from_a_page(self, which):
        page = self._pick(which, self._pages())
        if page:
            self._try(lambda: finish_hosted_payment(
                FinishHostedPayment(actor=ADMIN, page_ref=page), **self.desk.tools))  # fmt: skip

    @rule(which=PICK, cents=st.none() | CENTS)
    def refund(self, which, cents):
        payment = self._pick(which, self._payments(CAPTURED))
        if payment:
            self._try(lambda: self.desk.refund(payment.payment_id, cents=cents))

    @rule(which=PICK)
    def refund_one_line(self, which):
        payment = self._pick(which, self._payments(CAPTURED))
        if payment:
            item = self.desk.items(payment.payment_id)[-1]
            self._try(
                lambda: self.desk.refund(payment.payment_id, lines={item.item_id: item.cents})
            )

    @rule(which=PICK, is_yes=st.booleans())
    def decide_a_refund(self, which, is_yes):
        waiting = self.desk.read(lambda view: view.refunds.in_states(["awaiting_approval"]))
        refund = self._pick(which, waiting)
        if refund and is_yes:
            command = ApproveRefund(actor=SECOND, refund_id=refund.refund_id)
            self._try(lambda: approve_refund(command, **self.desk.tools))
        elif refund:
            tools = {name: self.desk.tools[name] for name in ("store", "directory", "clock")}
            self._try(lambda: reject_refund(
                RejectRefund(actor=SECOND, refund_id=refund.refund_id), **tools))  # fmt: skip

    @rule(which=PICK)
    def void(self, which):
        payment = self._pick(which, self._payments(set(PaymentState)))
        if payment:
            command = VoidPayment(actor=ADMIN, payment_id=payment.payment_id)
            self._try(lambda: void_payment(command, **self.desk.tools))

    @rule(which=PICK, client_id=st.sampled_from(["c1", "c2"]))
    def associate(self, which, client_id):
        payment = self._pick(
            which, [p for p in self._payments(set(PaymentState)) if p.quick_link_id]
        )
        if payment:
            tools = {name: self.desk.tools[name] for name in ("store", "directory", "clock")}
            command = AssociatePayment(
                actor=ADMIN, payment_id=payment.payment_id, client_id=client_id
            )
            self._try(lambda: associate_payment(command, **tools))

    @rule(which=PICK, invoice_id=st.sampled_from(sorted(INVOICES)), cents=CENTS)
    def apply_unapplied(self, which, invoice_id, cents):
        item = self._pick(which, self.desk.read(lambda view: view.payments.unapplied()))
        if item:
            tools = {name: self.desk.tools[name] for name in ("store", "directory", "clock")}
            command = ApplyUnapplied(
                actor=ADMIN, item_id=item.item_id,
                lines=(Line(invoice_id=invoice_id, cents=cents),),
            )  # fmt: skip
            self._try(lambda: apply_unapplied(command, **tools))

    @rule(invoice_id=st.sampled_from(sorted(INVOICES)))
    def somebody_without_the_right_changes_nothing(self, invoice_id):
        before = self._counts()
        for forbidden in (
            lambda: self.desk.take(
                LOOKER, client_id=INVOICES[invoice_id][0], lines={invoice_id: 1}
            ),
            lambda: self.desk.refund("PI-0112", LOOKER),
        ):
            with pytest.raises(PortalError):
                forbidden()
        assert self._counts() == before, "I16"

    # What the world does ------------------------------------------------------------------------

    @rule(kind=st.sampled_from(FAULTS), call=st.sampled_from(CALLS))
    def the_next_answer_goes_wrong(self, kind, call):
        self.desk.gateway.plan_faults(kind, call=call)

    @rule(seed=st.randoms(use_true_random=False), times=st.integers(1, 2))
    def events_arrive(self, seed, times):
        """Some are lost, some come twice, in any order, and old ones once more."""
        fresh = self.desk.gateway.post.letters(most=50)
        for letter in fresh:
            self.desk.gateway.post.taken(letter)
        self.sent = (self.sent + fresh)[-60:]
        some = [letter for letter in self.sent if seed.random() < 0.3] * times
        seed.shuffle(some)
        for letter in some[:8]:
            headers = self.desk.gateway.post.sign(letter.body)
            self._try(lambda h=headers, b=letter.body: record_gateway_event(
                RecordGatewayEvent(headers=h, body=b), **self.desk.tools))  # fmt: skip

    @rule(days=st.sampled_from([0, 1, 3, 9, 30]), minutes=st.sampled_from([1, 45]))
    def time_passes(self, days, minutes):
        self.desk.clock.pass_(days=days, minutes=minutes)

    @rule(looks_back=st.booleans())
    def the_job_settles(self, looks_back):
        self._try(lambda: self.desk.settle(looks_back=looks_back))

    @rule()
    def the_bookkeeper_posts(self):
        for payment in self._payments(CAPTURED):
            for item in self.desk.items(payment.payment_id):
                keeps = payment.state in RESERVING
                cents = item.cents - item.refunded_cents if keeps else 0
                self.posted[item.item_id] = (item.invoice_id, cents)
        self._tell_balances()

    @rule(invoice_id=st.sampled_from(sorted(INVOICES)), cents=st.integers(1, 12_000))
    def the_pms_changes_an_invoice(self, invoice_id, cents):
        self.pms[invoice_id] = (INVOICES[invoice_id][0], cents)
        self._tell_balances()

    @rule(invoice_id=st.sampled_from(sorted(INVOICES)))
    def the_pms_deletes_an_invoice(self, invoice_id):
        self.pms.pop(invoice_id, None)
        self._tell_balances()

    @rule(
        at=st.integers(1, 12),
        invoice_id=st.sampled_from(sorted(INVOICES)),
        named=st.sampled_from(METHODS),
    )
    def the_process_dies_while_paying(self, at, invoice_id, named):
        client_id = INVOICES[invoice_id][0]
        method_id = self._method(client_id, named)
        self._die(at, lambda: self._take(client_id, {invoice_id: 1}, method_id))

    @rule(at=st.integers(1, 9), which=PICK)
    def the_process_dies_while_refunding(self, at, which):
        payment = self._pick(which, self._payments(CAPTURED))
        if payment:
            self._die(at, lambda: self.desk.refund(payment.payment_id, cents=1))

    @rule(at=st.integers(1, 9))
    def the_process_dies_while_settling(self, at):
        self._die(at, lambda: self.desk.settle())

    # What must be true --------------------------------------------------------------------------

    @invariant()
    def the_books_are_right(self):
        found = violations(self.desk)
        assert found == [], found

    def teardown(self):
        try:
            with self.desk.gateway._file.writing() as book:
                book._connection.execute("delete from faults")
            for _ in range(3):
                self.desk.clock.pass_(days=40)
                self.desk.settle(minutes=120, looks_back=True)
            found = settled_violations(self.desk)
            assert found == [], found
        finally:
            self.desk.gateway.close()
            self.desk.store.close()
            shutil.rmtree(self.where, ignore_errors=True)

    # In short -----------------------------------------------------------------------------------

    def _take(self, client_id, lines, method_id, **changes):
        if not lines:
            return
        asked = {"client_id": client_id, "lines": lines, "method_id": method_id,
                 "request_id": self.desk.request(), **changes}  # fmt: skip
        self.last = asked
        self._try(lambda: self.desk.take(**asked))

    def _try(self, work):
        try:
            return work()
        except PortalError:
            return None

    def _die(self, at, work):
        left = [at]

        def trap(name):
            left[0] -= 1
            if left[0] == 0:
                raise Killed(name)

        failpoints.set_trap(trap)
        try:
            work()
        except (Killed, PortalError):
            pass
        finally:
            failpoints.set_trap(None)

    def _method(self, client_id, named):
        if (client_id, named) not in self.kept:
            self.kept[client_id, named] = self.desk.method(named, client_id).method_id
        return self.kept[client_id, named]

    def _tell_balances(self):
        open_now = []
        for invoice_id, (client_id, amount) in self.pms.items():
            paid = sum(cents for one, cents in self.posted.values() if one == invoice_id)
            if amount - paid > 0:
                open_now.append(
                    invoice(invoice_id, amount - paid, client_id=client_id, amount_cents=amount)
                )
        known = {
            item.item_id: item
            for p in self._payments(CAPTURED)
            for item in self.desk.items(p.payment_id)
        }
        posted = {key: cents for key, (_, cents) in self.posted.items() if key in known}
        self.desk.owe(*open_now, posted_cents=posted)

    def _payments(self, states):
        return self.desk.read(lambda view: view.payments.in_states(states))

    def _pages(self):
        return [p.page_ref for p in self._payments(set(PaymentState)) if p.page_ref]

    def _pick(self, which, found):
        return found[which % len(found)] if found else None

    def _counts(self):
        store = self.desk.read(lambda view: (
            view.audit.count(),
            view._connection.exec_driver_sql("select count(*) from payments").scalar(),
        ))  # fmt: skip
        with self.desk.gateway._file.reading() as book:
            row = book._connection.execute("select count(*) from payments").fetchone()
        return (*store, row[0])


def walk(examples: int, steps: int, **how: Any) -> None:
    """Let the machine walk; the same walks each time unless told otherwise."""
    run_state_machine_as_test(
        MoneyMachine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None,
            suppress_health_check=list(HealthCheck), derandomize=how.get("derandomize", True),
            database=None,
        ),
    )  # fmt: skip


def test_whatever_happens_the_books_stay_right(suite_line):
    walk(EXAMPLES, STEPS)
    suite_line(f"money: {EXAMPLES} random walks of {STEPS} steps, I1 to I18 after every step")


@pytest.mark.long
def test_long_walks_end_with_the_books_right(suite_line):
    walk(2_000, 60, derandomize=False)
    suite_line("money: 2000 random walks of 60 steps")
