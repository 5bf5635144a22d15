"""A payment is taken once, never beyond what is owed, and reserves at once what it takes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import OperationalError

from portal.domain.applications import Line, Overpaid
from portal.domain.card_numbers import CardNumberRefused
from portal.domain.errors import Denied, Invalid, NotFound
from portal.domain.payers import EntryKind, Payer
from portal.domain.payment_states import PaymentState
from portal.gateways.sandbox.faults import FaultKind
from portal.gateways.sandbox.rows import PaymentRow
from portal.services.finish_hosted_payment import FinishHostedPayment, finish_hosted_payment
from portal.services.gateway_states import MethodKind
from portal.services.money_actors import ByItself
from portal.services.money_ports import Source
from portal.services.money_requests import RequestReused
from portal.services.open_payment_page import PageUnavailable, open_payment_page
from portal.services.remove_method import RemoveMethod, remove_method
from portal.services.take_payment import InProgress, TakePayment, take_payment
from portal.store import Store, StoreBusy, UnitOfWork, engine
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
S = PaymentState


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> MoneyDesk:
    desk = a_desk(store, tmp_path)
    desk.owe(
        invoice("i1"), invoice("i2", 5_000), invoice("i3", client_id="c2"),
        invoice("credit", -500, entry_kind="credit_memo"), invoice("euro", currency="EUR"),
    )  # fmt: skip
    return desk


def test_a_part_payment_of_two_invoices_is_pending_at_once(desk):
    paid = desk.pay({"i1": 4_000, "i2": 5_000})

    assert paid.state is S.SUCCEEDED
    assert (paid.amount_cents, paid.fee_cents, paid.captured_cents) == (9_000, 270, 9_000)
    assert desk.captured_at_gateway() == 9_270
    assert (desk.payable("i1"), desk.payable("i2")) == (6_000, 0)
    assert [item.cents for item in desk.items(paid.payment_id)] == [4_000, 5_000]


def test_money_without_an_invoice_is_unapplied(desk):
    paid = desk.pay({None: 7_500}, "ach")

    assert paid.state is S.PROCESSING
    assert desk.read(lambda view: view.payments.unapplied()) == []
    desk.gateway.move_clock(timedelta(days=7))
    desk.settle()
    assert [item.cents for item in desk.read(lambda view: view.payments.unapplied())] == [7_500]


def test_what_one_payer_has_saved_no_other_payer_of_the_client_pays_with_or_removes(desk):
    firms, theirs = desk.method(), desk.method("mastercard")
    with desk.store.unit_of_work() as uow:
        uow.methods.save(replace(theirs, portal_user_id="u2"))
        uow.commit()
    payer = Payer(session_id="s", entry=EntryKind.ACCOUNT, client_ids=("c1",), portal_user_id="u1")

    guest = replace(payer, entry=EntryKind.GUEST, portal_user_id=None)

    for actor, method in ((payer, theirs), (guest, theirs), (guest, firms)):
        with pytest.raises(NotFound, match="no such payment method"):
            desk.take(actor, lines={"i1": 100}, method_id=method.method_id)
    with pytest.raises(NotFound, match="no such payment method"):
        remove_method(
            RemoveMethod(actor=payer, method_id=theirs.method_id),
            store=desk.store, gateway=desk.gateway, directory=desk.directory, clock=desk.clock,
        )  # fmt: skip
    owner = replace(payer, portal_user_id="u2")
    for actor, method in ((owner, theirs), (payer, firms)):
        taken = desk.take(actor, lines={"i1": 100}, method_id=method.method_id)
        assert taken.payment.state is S.SUCCEEDED


def test_a_receipt_and_a_refund_say_the_firms_day(desk):
    desk.policy = replace(desk.policy, timezone=ZoneInfo("America/New_York"))
    desk.clock.now = datetime(2026, 6, 2, 1, 30, tzinfo=UTC)

    desk.pay({"i1": 4_000})

    (receipt,) = desk.letters("receipt")
    assert receipt.facts["paid_on"] == "2026-06-01"


def test_the_payer_gets_one_receipt_and_staff_and_partner_copies(desk):
    desk.policy = replace(desk.policy, partner_receipts=True)
    desk.pay({"i1": 4_000}, receipt_emails=("PAYER@alder.example", "cfo@alder.example"))

    (receipt,) = desk.letters("receipt")
    assert [one.address for one in receipt.recipients] == [
        "payer@alder.example", "cfo@alder.example", "pat@firm.example",
    ]  # fmt: skip
    assert receipt.facts["amount_cents"] == 4_120
    assert receipt.facts["lines"][0]["cents"] == 4_000


def test_every_step_is_in_the_timeline_and_the_audit_log(desk):
    paid = desk.pay({"i1": 4_000})

    steps = desk.read(lambda view: view.payments.events(paid.payment_id))
    assert [step.to_state for step in steps] == [S.CREATED, S.PENDING, S.SUCCEEDED]
    audited = desk.read(
        lambda view: [r.action for r in view.audit.rows() if r.subject == paid.payment_id]
    )
    assert audited == ["payment.succeeded", "payment.pending", "payment.created"]


@pytest.mark.catalogue(10)
def test_an_overpayment_by_a_cent_is_refused_and_the_gateway_is_not_asked(desk):
    desk.pay({"i1": 4_000})

    with pytest.raises(Overpaid, match=r"\$60\.00"):
        desk.pay({"i1": 6_001})
    assert len(gateway_rows(desk, PaymentRow)) == 1


@pytest.mark.catalogue(11)
def test_a_credit_is_never_paid(desk):
    with pytest.raises(Invalid, match="credit"):
        desk.pay({"credit": 100})


@pytest.mark.catalogue(12)
def test_a_payment_is_for_one_client(desk):
    with pytest.raises(NotFound):
        desk.pay({"i1": 100, "i3": 100})


@pytest.mark.catalogue(13)
@pytest.mark.parametrize("currency", ["USD", "EUR", "JPY"])
def test_a_payment_is_in_the_currency_of_the_invoice_and_the_firm(desk, currency):
    with pytest.raises(Invalid):
        desk.pay({"euro": 100}, currency=currency)


@pytest.mark.catalogue(1)
@pytest.mark.catalogue(2)
@pytest.mark.parametrize("cents", [0, -500])
def test_nothing_and_less_than_nothing_is_no_payment(desk, cents):
    with pytest.raises(Invalid):
        desk.pay({"i1": cents})


@pytest.mark.catalogue(43)
def test_a_card_number_in_the_note_is_refused_before_anything_happens(desk):
    with pytest.raises(CardNumberRefused):
        desk.pay({"i1": 100}, note="read out: 4242 4242 4242 4242")
    assert gateway_rows(desk, PaymentRow) == []


@pytest.mark.catalogue(53)
def test_who_may_not_take_payments_moves_nothing(desk):
    before = desk.read(lambda view: view.audit.count())

    with pytest.raises(Denied):
        desk.take(LOOKER, lines={"i1": 100})
    assert desk.read(lambda view: view.audit.count()) == before
    assert gateway_rows(desk, PaymentRow) == []


@pytest.mark.catalogue(52)
def test_another_partners_client_is_as_if_it_did_not_exist(desk):
    with pytest.raises(NotFound) as foreign:
        desk.take(PARTNER, client_id="c2", lines={"i3": 100})
    with pytest.raises(NotFound) as missing:
        desk.take(PARTNER, client_id="none", lines={"i3": 100})
    assert str(foreign.value) == str(missing.value)


def test_a_payer_pays_for_clients_they_came_for_and_no_others(desk):
    payer = Payer(session_id="s", entry=EntryKind.LINK, client_ids=("c1",), link_id="l1")
    page = desk.take(
        payer, lines={"i1": 100}, source=Source.PORTAL, return_url="http://127.0.0.1:8501/r"
    )

    assert page.payment.taken_by == "link:l1"
    with pytest.raises(NotFound):
        desk.take(payer, client_id="c2", lines={"i3": 100}, source=Source.PORTAL)


def test_a_method_of_another_client_is_never_charged(desk):
    other = desk.method("visa", "c2")

    with pytest.raises(NotFound):
        desk.take(lines={"i1": 100}, method_id=other.method_id)


def test_a_kind_the_firm_has_switched_off_is_refused(desk):
    method = desk.method("ach")
    desk.policy = replace(desk.policy, kinds=frozenset({"credit"}))

    with pytest.raises(Invalid, match="takes no payments"):
        desk.take(lines={"i1": 100}, method_id=method.method_id)


def test_only_credit_cards_bear_the_fee(desk):
    fees = {named: desk.pay({None: 10_000}, named).fee_cents for named in
            ("visa", "visa_debit", "card_unknown", "ach")}  # fmt: skip

    assert fees == {"visa": 300, "visa_debit": 0, "card_unknown": 0, "ach": 0}


@pytest.mark.catalogue(19)
def test_a_double_click_charges_once(desk):
    method = desk.method()
    taken = [desk.take(lines={"i1": 4_000}, method_id=method.method_id, request_id="one-form-1")
             for _ in range(2)]  # fmt: skip

    assert taken[0].payment == taken[1].payment
    assert desk.charges() == 1


@pytest.mark.catalogue(25)
def test_the_same_form_with_another_amount_is_refused(desk):
    method = desk.method()
    desk.take(lines={"i1": 4_000}, method_id=method.method_id, request_id="one-form-1")

    with pytest.raises(RequestReused):
        desk.take(lines={"i1": 4_001}, method_id=method.method_id, request_id="one-form-1")
    assert desk.captured_at_gateway() == 4_120


@pytest.mark.catalogue(25)
def test_a_key_that_the_gateway_knows_with_other_contents_freezes_the_attempt(desk):
    method = desk.method()
    customer = desk.read(lambda view: view.methods.customer("sandbox", "c1"))
    desk.gateway.customer("c9", "X", "", key="pay.one-form-1.start")

    taken = desk.take(lines={"i1": 4_000}, method_id=method.method_id, request_id="one-form-1")

    assert customer
    assert taken.payment.state is S.UNKNOWN
    assert desk.exceptions() == ["key_reused"]
    assert desk.charges() == 0


@pytest.mark.catalogue(20)
def test_while_an_invoice_is_being_paid_another_attempt_is_told_so(desk):
    desk.take(lines={"i1": 4_000})

    with pytest.raises(InProgress, match="already in progress"):
        desk.take(SECOND, lines={"i1": 100})


@pytest.mark.catalogue(23)
@pytest.mark.parametrize(
    "fault",
    [FaultKind.DROPPED_AFTER, FaultKind.ERROR_AFTER, FaultKind.GARBLED, FaultKind.HANGS_AFTER],
)
def test_an_answer_that_got_lost_is_unknown_and_then_found(desk, fault):
    method = desk.method()
    desk.gateway.plan_faults(fault, call="confirm_payment")

    taken = desk.take(lines={"i1": 4_000}, method_id=method.method_id)
    assert taken.payment.state is S.UNKNOWN
    assert desk.payable("i1") == 6_000
    desk.settle()

    assert desk.payment(taken.payment.payment_id).state is S.SUCCEEDED
    assert desk.charges() == 1
    assert len(desk.letters("receipt")) == 1


@pytest.mark.parametrize("call", ["start_payment", "confirm_payment"])
@pytest.mark.parametrize(
    "fault", [FaultKind.CONNECTION_REFUSED, FaultKind.TIMEOUT_BEFORE, FaultKind.ERROR_BEFORE]
)
def test_what_never_reached_the_gateway_frees_the_invoice(desk, call, fault):
    method = desk.method()
    desk.gateway.plan_faults(fault, call=call)

    taken = desk.take(lines={"i1": 4_000}, method_id=method.method_id)
    assert taken.payment.state is S.UNKNOWN
    desk.settle()

    assert desk.payment(taken.payment.payment_id).state is S.VOIDED
    assert (desk.payable("i1"), desk.charges()) == (10_000, 0)


def test_a_busy_gateway_is_asked_again_with_the_same_key(desk):
    method = desk.method()
    desk.gateway.plan_faults(FaultKind.TOO_MANY, FaultKind.IN_FLIGHT, call="confirm_payment")

    assert desk.take(lines={"i1": 4_000}, method_id=method.method_id).payment.state is S.SUCCEEDED
    assert desk.charges() == 1


@pytest.mark.catalogue(24)
def test_a_form_sent_again_after_a_day_reads_and_never_charges(desk):
    method = desk.method()
    desk.gateway.plan_faults(FaultKind.TIMEOUT_BEFORE, call="start_payment")
    asked = {"lines": {"i1": 4_000}, "method_id": method.method_id, "request_id": "one-form-1"}
    desk.take(**asked)
    desk.clock.pass_(hours=25)

    again = desk.take(**asked)

    assert again.payment.state is S.VOIDED
    assert desk.charges() == 0


def test_a_decline_frees_the_invoice_and_says_why(desk):
    paid = desk.pay({"i1": 4_000}, "no_funds")

    assert (paid.state, paid.decline_code) == (S.DECLINED, "insufficient_funds")
    assert desk.payable("i1") == 10_000
    assert desk.letters("receipt") == []


def test_a_plans_payment_whose_guard_says_no_leaves_nothing_behind(desk):
    def cancelled(uow):
        raise Denied("The plan was cancelled.")

    with pytest.raises(Denied):
        desk.pay({"i1": 4_000}, actor=ByItself("job:plans"), guard=cancelled)
    assert desk.payable("i1") == 10_000


def on_page(desk, named="visa", **changes):
    taken = desk.take(lines={"i1": 4_000}, return_url="http://127.0.0.1:8501/back", **changes)
    page_ref = desk.payment(taken.payment.payment_id).page_ref
    if named:
        desk.gateway.choose(page_ref, desk.gateway.view_page(page_ref).version, named)
    return taken, page_ref


def finish(desk, page_ref, actor=ADMIN):
    return finish_hosted_payment(FinishHostedPayment(actor=actor, page_ref=page_ref), **desk.tools)


def test_on_the_gateways_page_the_payer_chooses_and_the_fee_follows_the_choice(desk):
    taken, page_ref = on_page(desk)
    paid = finish(desk, page_ref)

    assert taken.page_url
    assert (paid.state, paid.kind, paid.last4) == (S.SUCCEEDED, MethodKind.CREDIT, "4242")
    assert (paid.amount_cents, paid.fee_cents) == (4_000, 120)
    assert desk.captured_at_gateway() == 4_120


@pytest.mark.catalogue(21)
def test_coming_back_from_the_page_twice_is_one_payment(desk):
    taken, page_ref = on_page(desk)
    first, second = finish(desk, page_ref), finish(desk, page_ref)

    assert first == second
    assert len(desk.letters("receipt")) == 1
    again = desk.take(lines={"i1": 4_000}, return_url="http://127.0.0.1:8501/back",
                      request_id=taken.payment.request_id)  # fmt: skip
    assert again.payment.state is S.SUCCEEDED
    assert desk.charges() == 1


def test_a_payer_who_never_comes_back_is_found_by_the_job(desk):
    taken, _ = on_page(desk)
    desk.settle()

    assert desk.payment(taken.payment.payment_id).state is S.SUCCEEDED


class PageTellsLess:
    """A gateway whose page tells the payment as it was paid, as Stripe's does."""

    def __init__(self, gateway):
        self._gateway = gateway

    def __getattr__(self, name):
        return getattr(self._gateway, name)

    def read_page(self, page_ref):
        page = self._gateway.read_page(page_ref)
        return replace(page, payment=replace(page.payment, return_code=None, dispute=None))


def test_a_debit_taken_on_a_page_that_comes_back_later_is_found_by_the_job(desk):
    desk.gateway = PageTellsLess(desk.gateway)
    taken, page_ref = on_page(desk, "ach_r10")
    finish(desk, page_ref)
    desk.gateway.move_clock(timedelta(days=30))
    desk.settle()
    desk.settle(looks_back=True)

    after = desk.payment(taken.payment.payment_id)
    assert (after.state, after.return_code) == (S.RETURNED, "R10")


def test_a_page_nobody_pays_on_is_closed_and_frees_the_invoice(desk):
    taken, _ = on_page(desk, named=None)
    desk.settle()
    assert desk.payment(taken.payment.payment_id).state is S.CREATED
    desk.settle(minutes=40)

    assert desk.payment(taken.payment.payment_id).state is S.VOIDED
    assert desk.payable("i1") == 10_000


def test_a_page_left_open_gives_way_to_the_same_persons_next_attempt(desk):
    first, _ = on_page(desk, named=None)

    paid = desk.pay({"i1": 10_000})

    assert paid.state is S.SUCCEEDED
    assert desk.payment(first.payment.payment_id).state is S.VOIDED


def test_the_method_of_a_page_is_kept_when_the_payer_wants_it(desk):
    _, page_ref = on_page(desk, "ach", save_method=True)
    finish(desk, page_ref)
    finish(desk, page_ref)

    (method,) = desk.read(lambda view: view.methods.of_client("c1"))
    assert (method.kind, method.last4) == (MethodKind.ACH, "6789")
    assert "Oak & Co" in desk.read(lambda view: view.mandates.standing(method.method_id)).wording


def test_a_page_that_cannot_be_opened_frees_the_invoice(desk):
    desk.method()
    desk.gateway.plan_faults(FaultKind.CONNECTION_REFUSED, call="open_page")

    with pytest.raises(PageUnavailable):
        desk.take(lines={"i1": 4_000})
    assert desk.payable("i1") == 10_000


@pytest.mark.parametrize("fault", [FaultKind.TOO_MANY, FaultKind.TIMEOUT_BEFORE])
def test_a_page_that_cannot_be_opened_again_stays_payable_by_who_has_it(desk, fault):
    taken, page_ref = on_page(desk, named=None)
    desk.gateway.plan_faults(*[fault] * 4, call="open_page")

    with pytest.raises(PageUnavailable, match="again"):
        on_page(desk, named=None, request_id=taken.payment.request_id)

    assert desk.payment(taken.payment.payment_id).state is S.CREATED
    desk.gateway.choose(page_ref, desk.gateway.view_page(page_ref).version, "visa")
    assert finish(desk, page_ref).state is S.SUCCEEDED
    assert (desk.charges(), desk.exceptions()) == (1, [])


def test_of_two_that_open_one_forms_page_the_one_without_an_answer_ends_nothing(desk):
    taken, _ = on_page(desk, named=None)
    seen_before = replace(desk.payment(taken.payment.payment_id), page_ref=None)
    desk.gateway.plan_faults(FaultKind.TIMEOUT_BEFORE, call="open_page")

    with pytest.raises(PageUnavailable):
        open_payment_page(
            desk.till, seen_before, return_url="http://127.0.0.1:8501/back", save_method=False
        )

    assert desk.payment(taken.payment.payment_id).state is S.CREATED


def test_a_busy_gateway_is_asked_again_for_the_page(desk):
    desk.gateway.plan_faults(FaultKind.TOO_MANY, FaultKind.IN_FLIGHT, call="open_page")

    assert on_page(desk, named=None)[0].page_url


def test_another_address_of_the_payer_does_not_keep_the_client_from_paying(desk):
    desk.gateway.plan_faults(FaultKind.DROPPED_AFTER, call="customer")
    with pytest.raises(PageUnavailable):
        on_page(desk, named=None)

    assert on_page(desk, named=None, payer_email="cfo@alder.example")[0].page_url


@pytest.mark.parametrize("call", ["start_payment", "confirm_payment"])
def test_a_key_the_gateway_refuses_declines_nobody_and_waits_for_the_right_one(desk, call):
    method = desk.method()
    desk.gateway.plan_faults(FaultKind.KEY_REFUSED, call=call)

    taken = desk.take(lines={"i1": 4_000}, method_id=method.method_id)
    assert taken.payment.state is S.UNKNOWN
    desk.gateway.plan_faults(*[FaultKind.KEY_REFUSED] * 2)
    desk.settle()
    assert desk.payment(taken.payment.payment_id).state is S.UNKNOWN
    assert desk.exceptions() == ["gateway_refuses_key"]
    while desk.payment(taken.payment.payment_id).state is S.UNKNOWN:
        desk.settle()

    assert desk.payment(taken.payment.payment_id).state is S.VOIDED
    assert (desk.payable("i1"), desk.charges()) == (10_000, 0)


def test_somebody_elses_page_is_none_of_ours(desk):
    with pytest.raises(NotFound):
        finish(desk, "page_nobody_knows")


def test_the_bank_may_ask_the_payer_of_a_saved_card(desk):
    method = desk.method("bank_asks")
    taken = desk.take(
        lines={"i1": 4_000}, method_id=method.method_id, return_url="http://127.0.0.1:8501/r"
    )
    assert taken.payment.state is S.REQUIRES_ACTION
    page_ref = taken.page_url.rsplit("/", 1)[1]
    desk.gateway.answer_bank(page_ref, desk.gateway.view_page(page_ref).version, agrees=True)

    assert finish(desk, page_ref).state is S.SUCCEEDED


def test_an_attempt_without_a_request_number_is_refused(desk):
    with pytest.raises(Invalid, match="Open it again"):
        desk.take(lines={"i1": 100}, request_id="")


@pytest.mark.catalogue(17)
def test_an_invoice_deleted_meanwhile_leaves_the_money_unapplied_and_in_the_queue(desk):
    _, page_ref = on_page(desk)
    desk.owe(invoice("i2", 5_000))

    paid = finish(desk, page_ref)

    assert paid.state is S.SUCCEEDED
    assert [(item.invoice_id, item.cents) for item in desk.items(paid.payment_id)] == [
        (None, 4_000)
    ]
    assert "invoice_gone" in desk.exceptions()


@pytest.mark.catalogue(17)
@pytest.mark.parametrize(
    ("open_now", "kind"),
    [(invoice("i2", 5_000), "invoice_gone"), (invoice("i1", 10), "invoice_overpaid")],
)
def test_a_bank_debit_on_an_invoice_that_no_longer_owes_it_is_in_the_queue_at_once(
    desk, open_now, kind
):
    _, page_ref = on_page(desk, "ach")
    desk.owe(open_now)

    assert finish(desk, page_ref).state is S.PROCESSING
    assert kind in desk.exceptions()


def test_a_quick_links_payment_waits_for_its_client(desk):
    link = ByItself("quick_link:q1")
    taken = desk.take(link, client_id=None, source=Source.QUICK_LINK, lines={None: 5_000},
                      quick_link_id="q1", return_url="http://127.0.0.1:8501/r")  # fmt: skip

    assert taken.payment.client_id is None
    with pytest.raises(NotFound):
        desk.take(ADMIN, client_id=None, source=Source.QUICK_LINK, lines={None: 5_000})


def test_lines_name_an_invoice_once(desk):
    line = Line(invoice_id="i1", cents=1)
    with pytest.raises(Invalid, match="once"):
        take_payment(
            TakePayment(actor=ADMIN, request_id="request-xx", source=Source.STAFF, client_id="c1",
                        lines=(line, line)),
            **desk.tools,
        )  # fmt: skip


@pytest.mark.catalogue(41)
def test_while_the_store_is_locked_nobody_is_charged(desk, monkeypatch):
    method = desk.method()
    monkeypatch.setattr(engine, "WRITER_SECONDS", 0.05)

    with desk.store.unit_of_work(), pytest.raises(StoreBusy):
        desk.take(lines={"i1": 4_000}, method_id=method.method_id)

    assert gateway_rows(desk, PaymentRow) == []
    assert desk.payable("i1") == 10_000


@pytest.mark.catalogue(42)
def test_a_full_disk_refuses_the_payment_before_anybody_is_charged(desk, monkeypatch):
    method = desk.method()

    def full(self):
        raise OperationalError("commit", {}, Exception("database or disk is full"))

    monkeypatch.setattr(UnitOfWork, "commit", full)
    with pytest.raises(OperationalError):
        desk.take(lines={"i1": 4_000}, method_id=method.method_id)
    monkeypatch.undo()

    assert gateway_rows(desk, PaymentRow) == []
    assert desk.payable("i1") == 10_000


@pytest.mark.catalogue(86)
@pytest.mark.parametrize("field", ["note", "payer_name"])
def test_a_text_of_a_megabyte_is_refused_before_anything_is_kept(desk, field):
    with pytest.raises(Invalid):
        desk.take(lines={"i1": 1_000}, **{field: "x" * 1_000_000})

    assert desk.read(lambda view: view.payments.of_client("c1")) == []
