"""Who is never chased: each reason as the store knows it, from the record to the run's verdict."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.domain.payment_states import PaymentState
from portal.domain.statements import Addressee, Hold
from portal.domain.suppression import Suppressed
from portal.services.collections_ports import HoldKind
from portal.services.dispute_invoice import DisputeInvoice
from portal.services.hold_client import HoldClient
from portal.services.plan_ports import Occurrence, Plan, PlanInvoice, PlanKind
from portal.services.record_promise import RecordPromise
from portal.services.send_statement import SendStatement
from portal.services.statement_ports import Statement, StatementState
from tests.adapters.money_rows import a_payment, an_item
from tests.collections_fixture import CAROL, MORNING, TODAY, Firm, a_firm, overdue

SOON = TODAY + timedelta(days=5)


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    """One client whose invoice comes of age today: without a reason it gets its statement."""
    made = a_firm(tmp_path)
    made.owes("10", overdue(30))
    yield made
    made.store.close()


def verdict(firm: Firm) -> Statement:
    """What the day's run decides about the client."""
    firm.desk.run_statements(MORNING)
    with firm.store.reading() as view:
        return view.statements.of_client("10")[0]


def hold(kind: HoldKind, until: date | None) -> Callable[[Firm], object]:
    return lambda firm: firm.desk.hold_client(
        HoldClient(actor=CAROL, client_id="10", kind=kind, reason="in probate", until=until)
    )


def promise(invoice_id: str | None) -> Callable[[Firm], object]:
    return lambda firm: firm.desk.record_promise(
        RecordPromise(
            actor=CAROL,
            client_id="10",
            amount_cents=1_000,
            promised_on=SOON,
            currency="USD",
            invoice_id=invoice_id,
            invoice_number="INV-100",
        )
    )


def dispute(firm: Firm) -> None:
    firm.desk.dispute_invoice(
        DisputeInvoice(
            actor=CAROL,
            client_id="10",
            invoice_id="100",
            invoice_number="INV-100",
            reason="wrong hours",
        )
    )


def disputed_at_the_pms(firm: Firm) -> None:
    firm.owes("10", replace(overdue(30), dispute=Hold(reason="so says the PMS")))


def paid_here(state: PaymentState) -> Callable[[Firm], None]:
    def pay(firm: Firm) -> None:
        captured = 50_000 if state is PaymentState.SUCCEEDED else 0
        payment = a_payment(
            client_id="10", amount_cents=50_000, captured_cents=captured, state=state,
            gateway_ref="g1",
        )  # fmt: skip
        item = an_item(invoice_id="100", cents=50_000, is_live=False)
        with firm.store.unit_of_work() as uow:
            uow.payments.add(payment, [item])
            uow.commit()

    return pay


def plan(kind: PlanKind, *invoices: str) -> Callable[[Firm], None]:
    def start(firm: Firm) -> None:
        made = Plan(
            plan_id="p1",
            request_id="request-1",
            fingerprint="f",
            kind=kind,
            client_id="10",
            name="Plan",
            method_id="m1",
            currency="USD",
            start_date=TODAY,
            authorised_by="Ann",
            authorised_text="I am authorized",
            created_by="local:carol",
            created_at=MORNING,
            updated_at=MORNING,
            **PLAN_TERMS[kind],
        )
        pays = [PlanInvoice(plan_id="p1", invoice_id=one, cents=50_000) for one in invoices]
        with firm.store.unit_of_work() as uow:
            uow.plans.add(made, pays)
            uow.occurrences.add(
                [
                    Occurrence(
                        occurrence_id="o1", plan_id="p1", number=1, due_date=SOON,
                        amount_cents=50_000 if invoices else None,
                    )
                ]
            )  # fmt: skip
            uow.commit()

    return start


def an_earlier_one_waits(firm: Firm) -> None:
    firm.owes("10", overdue(30, "99", on=TODAY - timedelta(days=1)))
    firm.desk.run_statements(MORNING - timedelta(days=1))
    firm.owes("10", overdue(30), overdue(31, "99"))


def an_earlier_one_went_out(firm: Firm) -> None:
    an_earlier_one_waits(firm)
    firm.clock.now = MORNING - timedelta(days=1)
    firm.desk.send_statement(SendStatement(actor=CAROL, statement_id="ST-20260629-10"))


def credits(firm: Firm) -> None:
    firm.owes("10", overdue(30), credit_cents={"USD": 50_000})


def nobody(firm: Firm) -> None:
    firm.owes("10", overdue(30), recipients=())


PLAN_TERMS: dict[PlanKind, dict] = {PlanKind.AUTOPAY: {}, PlanKind.INSTALLMENT: {}}
REASONS = {
    "excluded for good": (Suppressed.EXCLUDED, hold(HoldKind.EXCLUSION, None)),
    "excluded until a day": (Suppressed.EXCLUDED, hold(HoldKind.EXCLUSION, TODAY)),
    "paused": (Suppressed.PAUSED, hold(HoldKind.PAUSE, TODAY)),
    "paid through the portal": (Suppressed.PENDING, paid_here(PaymentState.SUCCEEDED)),
    "with the bank": (Suppressed.PENDING, paid_here(PaymentState.PROCESSING)),
    "without an answer yet": (Suppressed.PENDING, paid_here(PaymentState.UNKNOWN)),
    "disputed here": (Suppressed.DISPUTED, dispute),
    "disputed at the PMS": (Suppressed.DISPUTED, disputed_at_the_pms),
    "AutoPay": (Suppressed.AUTOPAY, plan(PlanKind.AUTOPAY)),
    "installments": (Suppressed.AUTOPAY, plan(PlanKind.INSTALLMENT, "100")),
    "the account promised": (Suppressed.PROMISED, promise(None)),
    "the invoice promised": (Suppressed.PROMISED, promise("100")),
    "nothing but credits": (Suppressed.CREDITS, credits),
    "an earlier one waits": (Suppressed.WAITING, an_earlier_one_waits),
    "an earlier one went out": (Suppressed.THROTTLED, an_earlier_one_went_out),
    "no statement contact": (Suppressed.NO_RECIPIENT, nobody),
}


def test_without_a_reason_the_statement_is_staged(firm: Firm) -> None:
    assert verdict(firm).state is StatementState.STAGED


@pytest.mark.parametrize("why", REASONS)
def test_whom_the_firm_leaves_alone_is_not_written_to_and_the_reason_is_kept(
    firm: Firm, why: str
) -> None:
    reason, happen = REASONS[why]
    happen(firm)

    found = verdict(firm)

    assert (found.state, found.suppressed_by) == (StatementState.SUPPRESSED, reason.value)
    assert found.detail
    with firm.store.reading() as view:
        assert all(one.created_at < MORNING for one in view.outbox.of_client("10"))


@pytest.mark.parametrize("why", ["paid through the portal", "disputed here", "AutoPay", "paused"])
def test_what_happens_between_the_run_and_the_review_holds_a_statement_back(
    firm: Firm, why: str
) -> None:
    reason, happen = REASONS[why]
    staged = verdict(firm)
    happen(firm)

    done = firm.desk.send_statement(SendStatement(actor=CAROL, statement_id=staged.statement_id))

    assert (done.state, done.suppressed_by) == (StatementState.SUPPRESSED, reason.value)


def test_only_contacts_with_the_flag_are_written_to_whoever_else_there_is(firm: Firm) -> None:
    """What the PMS flags is all there is to choose from: nobody is guessed."""
    flagged = Addressee(email="books@acme.test", name="Bea")
    firm.owes("10", overdue(30), recipients=(flagged,))

    assert verdict(firm).to_people == (("books@acme.test", "Bea"),)
