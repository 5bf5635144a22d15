"""What happens to a payment besides being taken: void, return, association, application."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.applications import Line, Overpaid
from portal.domain.errors import Denied, Invalid, NotFound
from portal.domain.payment_states import PaymentState
from portal.services.apply_unapplied import ApplyUnapplied, apply_unapplied
from portal.services.approve_refund import ApproveRefund, approve_refund
from portal.services.associate_payment import (
    AssociatedAlready,
    AssociatePayment,
    associate_payment,
)
from portal.services.finish_hosted_payment import FinishHostedPayment, finish_hosted_payment
from portal.services.finish_save_method import FinishSaveMethod, finish_save_method
from portal.services.gateway_states import GatewayState
from portal.services.money_actors import ByItself
from portal.services.money_ports import Source
from portal.services.payment_outcome import News, record_outcome
from portal.services.payout_ports import key_of_payment
from portal.services.quote_payment import QuotePayment, quote_payment
from portal.services.raise_misfits import Misfit, raise_misfits
from portal.services.remove_method import RemoveMethod, remove_method
from portal.services.save_method import SaveMethod, save_method
from portal.services.void_payment import VoidPayment, VoidRefused, void_payment
from portal.store import Store
from tests.services.money_desk import ADMIN, LOOKER, SECOND, MoneyDesk, a_desk, invoice
from tests.services.store_fixture import store

__all__ = ["store"]
S = PaymentState


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> MoneyDesk:
    desk = a_desk(store, tmp_path)
    desk.owe(invoice("i1"), invoice("i2", 5_000), invoice("i3", client_id="c2"))
    return desk


def records(desk):
    return {name: desk.tools[name] for name in ("store", "directory", "clock")}


def void(desk, payment_id, actor=ADMIN):
    return void_payment(VoidPayment(actor=actor, payment_id=payment_id), **desk.tools)


def test_a_payment_on_an_open_page_is_voided_and_its_page_closed(desk):
    taken = desk.take(lines={"i1": 4_000})

    assert void(desk, taken.payment.payment_id).state is S.VOIDED
    assert desk.payable("i1") == 10_000
    page = desk.payment(taken.payment.payment_id).page_ref
    assert desk.gateway.read_page(page).state != "open"


def test_a_payment_whose_bank_asks_is_voided_at_the_gateway(desk):
    method = desk.method("bank_asks")
    taken = desk.take(lines={"i1": 4_000}, method_id=method.method_id)

    assert void(desk, taken.payment.payment_id).state is S.VOIDED


def test_money_that_was_taken_is_refunded_and_never_voided(desk):
    paid = desk.pay({"i1": 4_000})

    with pytest.raises(VoidRefused, match="Refund"):
        void(desk, paid.payment_id)
    with pytest.raises(Denied):
        void(desk, paid.payment_id, LOOKER)


def test_a_bank_debit_that_is_with_the_bank_cannot_be_voided(desk):
    paid = desk.pay({"i1": 4_000}, "ach")

    with pytest.raises(VoidRefused, match="bank has this payment"):
        void(desk, paid.payment_id)
    assert desk.payment(paid.payment_id).state is S.PROCESSING


@pytest.mark.catalogue(36)
def test_a_return_for_lack_of_money_opens_the_invoice_again_and_the_payer_hears(desk):
    paid = desk.pay({"i1": 4_000}, "ach_r01")
    assert desk.payable("i1") == 6_000
    desk.gateway.move_clock(timedelta(days=7))
    desk.settle()

    after = desk.payment(paid.payment_id)
    assert (after.state, after.return_code) == (S.RETURNED, "R01")
    assert desk.payable("i1") == 10_000
    assert len(desk.letters("payment_failure")) == 1


@pytest.mark.catalogue(37)
def test_a_debit_nobody_authorised_ends_the_mandate(desk):
    paid = desk.pay({"i1": 4_000}, "ach_r10")
    assert desk.read(lambda view: view.mandates.standing(paid.method_id)) is not None
    desk.gateway.move_clock(timedelta(days=30))
    desk.settle()
    desk.settle(looks_back=True)

    assert desk.payment(paid.payment_id).state is S.RETURNED
    assert desk.read(lambda view: view.mandates.standing(paid.method_id)) is None


def test_a_return_after_the_pms_has_posted_opens_the_invoice_until_the_pms_reverses(desk):
    paid = desk.pay({"i1": 4_000}, "ach_r10")
    desk.gateway.move_clock(timedelta(days=6))
    desk.settle()
    (item,) = desk.items(paid.payment_id)
    desk.owe(invoice("i1", 6_000), posted_cents={item.item_id: 4_000})
    assert desk.payable("i1") == 6_000
    desk.gateway.move_clock(timedelta(days=30))
    desk.settle(looks_back=True, minutes=100)
    assert desk.payable("i1") == 10_000

    desk.owe(invoice("i1", 10_000), posted_cents={item.item_id: 0})

    assert desk.payable("i1") == 10_000


def quick(desk, cents=5_000):
    taken = desk.take(
        ByItself("quick_link:q1"), client_id=None, source=Source.QUICK_LINK, lines={None: cents},
        quick_link_id="q1",
    )  # fmt: skip
    page = desk.payment(taken.payment.payment_id).page_ref
    desk.gateway.choose(page, desk.gateway.view_page(page).version, "visa_debit")
    command = FinishHostedPayment(actor=ByItself("quick_link:q1"), page_ref=page)
    return finish_hosted_payment(command, **desk.tools)


def test_a_quick_links_payment_gets_its_client_once(desk):
    paid = quick(desk)
    command = AssociatePayment(actor=ADMIN, payment_id=paid.payment_id, client_id="c1")

    first = associate_payment(command, **records(desk))
    assert associate_payment(command, **records(desk)) == first

    with pytest.raises(AssociatedAlready):
        other = AssociatePayment(actor=ADMIN, payment_id=paid.payment_id, client_id="c2")
        associate_payment(other, **records(desk))
    audited = desk.read(lambda view: [row.action for row in view.audit.rows()])
    assert audited.count("payment.associated") == 1


def test_a_late_association_is_a_step_of_the_payment_and_no_second_receipt_of_money(desk):
    paid = quick(desk)
    (item,) = desk.items(paid.payment_id)
    with desk.store.unit_of_work() as uow:
        uow.files.mark_filed([key_of_payment(item.item_id)], desk.clock().date())
        uow.commit()

    command = AssociatePayment(actor=ADMIN, payment_id=paid.payment_id, client_id="c1")
    associate_payment(command, **records(desk))

    steps = desk.read(lambda view: view.payments.events(paid.payment_id))
    assert (steps[-1].to_state, steps[-1].reason) == (S.SUCCEEDED, "associated after its file")
    audited = desk.read(lambda view: [row.action for row in view.audit.rows()])
    assert audited.count("payment.succeeded") == 1


@pytest.mark.parametrize("kind", ["posted_to_another_client", "posted_twice"])
def test_a_bookkeeper_has_a_week_for_a_transfer_before_it_is_somebodys(desk, kind):
    paid = quick(desk)
    (item,) = desk.items(paid.payment_id)
    misfit = Misfit(kind=kind, subject=f"{item.item_id} 5000")
    with desk.store.unit_of_work() as uow:
        uow.files.mark_filed([key_of_payment(item.item_id)], desk.clock().date())
        uow.commit()
    command = AssociatePayment(actor=ADMIN, payment_id=paid.payment_id, client_id="c1")
    associate_payment(command, **records(desk))

    assert raise_misfits([misfit], store=desk.store, clock=desk.clock) == 0
    desk.clock.pass_(days=7)
    assert raise_misfits([misfit], store=desk.store, clock=desk.clock) == 1


def apply(desk, item_id, lines, actor=ADMIN):
    command = ApplyUnapplied(
        actor=actor, item_id=item_id,
        lines=tuple(Line(invoice_id=one, cents=cents) for one, cents in lines.items()),
    )  # fmt: skip
    return apply_unapplied(command, **records(desk))


def test_unapplied_money_is_set_against_invoices_to_the_cent(desk):
    paid = desk.pay({None: 8_000})
    (item,) = desk.items(paid.payment_id)

    apply(desk, item.item_id, {"i1": 3_000, "i2": 5_000})

    after = desk.items(paid.payment_id)
    assert sorted((one.invoice_id, one.cents) for one in after) == [("i1", 3_000), ("i2", 5_000)]
    assert (desk.payable("i1"), desk.payable("i2")) == (7_000, 0)
    assert desk.read(lambda view: view.payments.unapplied()) == []


def test_part_of_it_stays_unapplied_and_can_be_applied_later(desk):
    paid = desk.pay({None: 8_000})
    (item,) = desk.items(paid.payment_id)
    apply(desk, item.item_id, {"i1": 3_000})

    (left,) = desk.read(lambda view: view.payments.unapplied())
    assert (left.item_id, left.cents) == (item.item_id, 5_000)
    with pytest.raises(Invalid):
        apply(desk, item.item_id, {"i1": 5_001})
    desk.pay({"i2": 1})
    with pytest.raises(Overpaid):
        apply(desk, item.item_id, {"i2": 5_000})


def test_what_the_pms_has_posted_is_applied_there(desk):
    paid = desk.pay({None: 8_000})
    (item,) = desk.items(paid.payment_id)
    desk.owe(invoice("i1"), posted_cents={item.item_id: 8_000})

    with pytest.raises(Invalid, match="Apply it there"):
        apply(desk, item.item_id, {"i1": 3_000})


def test_what_a_payment_file_has_told_as_unapplied_is_applied_in_the_pms(desk):
    paid = desk.pay({None: 8_000})
    (item,) = desk.items(paid.payment_id)
    with desk.store.unit_of_work() as uow:
        uow.files.mark_filed([key_of_payment(item.item_id)], desk.clock().date())
        uow.commit()

    with pytest.raises(Invalid, match="practice management system once it is posted"):
        apply(desk, item.item_id, {"i1": 3_000})
    assert desk.payable("i1") == 10_000


def test_money_of_one_client_never_pays_anothers_invoice(desk):
    paid = desk.pay({None: 8_000})
    (item,) = desk.items(paid.payment_id)

    with pytest.raises(NotFound):
        apply(desk, item.item_id, {"i3": 100})
    with pytest.raises(Denied):
        apply(desk, item.item_id, {"i1": 100}, LOOKER)


def test_a_method_is_saved_on_the_gateways_page_and_removed_for_good(desk):
    command = SaveMethod(actor=ADMIN, request_id="save-form-1", client_id="c1",
                         return_url="http://127.0.0.1:8501/back")  # fmt: skip
    opened = save_method(command, **desk.tools)
    assert finish_save_method(FinishSaveMethod(page_ref=opened.page_ref), **desk.tools) is None
    desk.gateway.choose(opened.page_ref, desk.gateway.view_page(opened.page_ref).version, "visa")
    asked = FinishSaveMethod(page_ref=opened.page_ref)
    method = finish_save_method(asked, **desk.tools)
    assert finish_save_method(asked, **desk.tools) == method

    tools = {name: desk.tools[name] for name in ("store", "gateway", "directory", "clock")}
    remove_method(RemoveMethod(actor=ADMIN, method_id=method.method_id), **tools)

    assert desk.read(lambda view: view.methods.of_client("c1")) == []
    with pytest.raises(NotFound):
        desk.take(lines={"i1": 100}, method_id=method.method_id)


def test_a_form_to_pay_shows_what_may_be_paid_with_what_and_at_which_fee(desk):
    desk.pay({"i1": 4_000})
    desk.take(lines={"i2": 1_000})

    command = QuotePayment(actor=ADMIN, client_id="c1")
    quote = quote_payment(command, store=desk.store, directory=desk.directory, policy=desk.policy)

    shown = {one.invoice.invoice_id: one for one in quote.invoices}
    assert (shown["i1"].payable_cents, shown["i1"].in_progress) == (6_000, False)
    assert (shown["i2"].payable_cents, shown["i2"].in_progress) == (4_000, True)
    assert [method.last4 for method in quote.methods] == ["4242"]
    assert quote.fee_cents("credit", 10_000) == 300
    with pytest.raises(Denied):
        quote_payment(QuotePayment(actor=LOOKER, client_id="c1"), store=desk.store,
                      directory=desk.directory, policy=desk.policy)  # fmt: skip


def test_money_that_is_asked_back_is_not_applied_while_it_waits_for_approval(desk):
    desk.owe(invoice("i1", 500_000))
    paid = desk.pay({None: 200_000})
    (item,) = desk.items(paid.payment_id)
    refund = desk.refund(paid.payment_id, cents=150_000)

    with pytest.raises(Invalid):
        apply(desk, item.item_id, {"i1": 120_000})
    apply(desk, item.item_id, {"i1": 50_000})

    approve_refund(ApproveRefund(actor=SECOND, refund_id=refund.refund_id), **desk.tools)
    after = desk.payment(paid.payment_id)
    assert (after.state, after.refunded_cents) == (S.PART_REFUNDED, 150_000)
    assert sorted((one.invoice_id, one.cents, one.refunded_cents)
                  for one in desk.items(paid.payment_id) if one.invoice_id) == [
        ("i1", 50_000, 0)
    ]  # fmt: skip


def bank_says(desk, paid, code, **changes):
    told = replace(desk.gateway.read_payment(paid.gateway_ref), return_code=code, **changes)
    return record_outcome(
        desk.till, paid.payment_id, News(told=told, actor="gateway", reason="event")
    )


@pytest.mark.catalogue(37)
@pytest.mark.parametrize("code", ["R05", "R07", "R10", "R29", "R51"])
def test_a_debit_nobody_authorised_ends_the_mandate_before_it_has_settled_too(desk, code):
    paid = desk.pay({"i1": 4_000}, "ach")

    after = bank_says(desk, paid, code, state=GatewayState.DECLINED)

    assert after.state is S.RETURNED
    assert desk.read(lambda view: view.mandates.standing(paid.method_id)) is None


def test_the_mandate_of_an_account_saved_on_the_page_ends_with_its_first_debit(desk):
    taken = desk.take(lines={"i1": 4_000}, save_method=True)
    page = desk.payment(taken.payment.payment_id).page_ref
    desk.gateway.choose(page, desk.gateway.view_page(page).version, "ach")
    paid = finish_hosted_payment(FinishHostedPayment(actor=ADMIN, page_ref=page), **desk.tools)
    (method,) = desk.read(lambda view: view.methods.of_client("c1"))

    bank_says(desk, paid, "R10", state=GatewayState.DECLINED)

    assert desk.read(lambda view: view.mandates.standing(method.method_id)) is None


@pytest.mark.catalogue(37)
def test_a_bank_account_without_a_standing_mandate_is_not_debited(desk):
    method = desk.method("ach")
    with desk.store.unit_of_work() as uow:
        uow.mandates.revoke(method.method_id, "R10", desk.clock())
        uow.commit()

    with pytest.raises(Invalid, match="authorization"):
        desk.take(lines={"i1": 4_000}, method_id=method.method_id)
    assert desk.charges() == 0
