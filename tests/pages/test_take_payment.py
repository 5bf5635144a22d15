"""Taking and returning money on the pages: few clicks, the fee said before, no card field."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from portal.domain.payment_states import PaymentState
from portal.domain.permissions import Permission, Principal
from portal.services.gateway_customers import customer_of_client
from portal.services.keep_method import keep_method
from portal.services.money_ports import OpenBalance
from portal.services.request_refund import RequestRefund
from portal.services.till import Till
from portal.ui.frame import SESSION_KEY
from tests.adapters.money_rows import a_payment
from tests.pages.firm_pages import (
    EVERYTHING,
    OWN_CLIENTS,
    SCRIPT,
    SID,
    PagesPortal,
    pages_portal,
    texts,
    visit,
)

TAKING = "from portal.ui import take_payment\ntake_payment.contents('10', ())"
VOIDING = """
from portal.ui import frame, refund
with frame.portal().store.reading() as view:
    payment = view.payments.find({payment_id!r})
refund.ask_to_void(payment)
"""
REFUNDING = "from portal.ui import refund\nrefund.contents({payment_id!r})"


def owes(invoice_id: str, cents: int) -> OpenBalance:
    return OpenBalance(
        invoice_id=invoice_id, client_id="10", invoice_number=f"INV-{invoice_id}",
        entry_kind="invoice", invoice_date=date(2026, 1, 1), due_date=date(2026, 2, 1),
        currency="USD", amount_cents=cents, open_cents=cents, is_disputed=False,
        partner_id=None, manager_id=None,
    )  # fmt: skip


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with pages_portal(tmp_path) as portal:
        with portal.store.unit_of_work() as uow:
            uow.balances.replace_all([owes("1", 60_000), owes("2", 20_000)], 1, portal.now())
            uow.commit()
        yield portal


def save_a_card(portal: PagesPortal, named: str = "visa") -> None:
    money = portal.money
    till = Till(store=money.store, gateway=money.gateway, directory=money.directory,
                clock=money.now, policy=money.policy)  # fmt: skip
    customer = customer_of_client(till, "10", "")
    keep_method(till, money.gateway.keep_method(customer, named), client_id="10", actor="test")


def dialog(portal: PagesPortal, script: str) -> AppTest:
    """The inside of a dialog, as somebody who may do everything sees it."""
    visit(portal, "client", id="10")
    at = AppTest.from_string(script, default_timeout=30)
    at.session_state[SESSION_KEY] = SID
    at.run()
    assert not at.exception, at.exception
    return at


def taking(portal: PagesPortal) -> AppTest:
    return dialog(portal, TAKING)


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception, at.exception
    return at


def payments(portal: PagesPortal):
    with portal.store.reading() as view:
        return view.payments.of_client("10")


def test_with_a_saved_card_a_payment_takes_two_clicks_and_says_the_fee_first(portal):
    save_a_card(portal)
    at = taking(portal)
    assert "and a card fee of $24.00: **$824.00**" in texts(at)

    press(at, "take_payment_go")

    (paid,) = payments(portal)
    assert (paid.state, paid.amount_cents, paid.fee_cents) == (
        PaymentState.SUCCEEDED,
        80_000,
        2_400,
    )
    assert "Paid" in texts(at)


def test_part_of_what_is_owed_is_set_against_the_oldest_invoice(portal):
    save_a_card(portal)
    at = taking(portal)
    amount = next(field for field in at.text_input if field.label == "Amount")
    amount.set_value("650.00").run()
    press(at, "take_payment_go")

    with portal.store.reading() as view:
        items = view.payments.items(payments(portal)[0].payment_id)
    assert [(item.invoice_id, item.cents) for item in items] == [("1", 60_000), ("2", 5_000)]


def test_more_than_is_owed_is_refused_where_it_is_typed(portal):
    save_a_card(portal)
    at = taking(portal)
    next(field for field in at.text_input if field.label == "Amount").set_value("800.01").run()

    assert "At most" in texts(at)
    assert at.button(key="take_payment_go").disabled


@pytest.mark.catalogue(47)
def test_a_new_card_goes_to_the_payment_page_and_no_field_takes_its_number(portal):
    at = taking(portal)
    assert [field.label for field in at.text_input] == ["Amount", "Receipt or link to"]

    press(at, "take_payment_go")

    (waiting,) = payments(portal)
    assert waiting.state is PaymentState.CREATED
    portal.money.gateway.choose(
        waiting.page_ref, portal.money.gateway.view_page(waiting.page_ref).version, "visa_debit"
    )
    press(at, "take_payment_done")
    assert payments(portal)[0].state is PaymentState.SUCCEEDED


def test_the_payer_who_comes_back_from_the_page_is_told_what_came_of_it(portal):
    at = taking(portal)
    press(at, "take_payment_go")
    page = payments(portal)[0].page_ref
    portal.money.gateway.choose(page, portal.money.gateway.view_page(page).version, "visa_debit")

    visit(portal, "client", id="10")
    at = AppTest.from_string(SCRIPT.format(page="client"), default_timeout=30)
    at.session_state[SESSION_KEY] = SID
    at.query_params["id"], at.query_params["page"] = "10", page
    at.run()

    assert not at.exception
    assert payments(portal)[0].state is PaymentState.SUCCEEDED
    assert "page" not in at.query_params


def test_a_link_to_pay_goes_by_mail(portal):
    at = taking(portal)
    at.radio(key="take_payment_way").set_value("mail").run()
    at.text_input(key="take_payment_email").set_value("cfo@acme.example").run()
    press(at, "take_payment_send")

    with portal.store.reading() as view:
        (letter,) = view.outbox.of_client("10")
    assert letter.letter.facts["amount_cents"] == 80_000


def test_who_may_not_take_payments_sees_no_button(portal):
    at = visit(portal, "client", EVERYTHING - {Permission.TAKE_PAYMENT}, id="10")

    assert "take_payment_button" not in [button.key for button in at.button]


def test_a_link_is_not_sent_for_a_part_of_an_invoice_or_money_on_account(portal):
    at = taking(portal)
    at.radio(key="take_payment_way").set_value("mail").run()
    assert not at.button(key="take_payment_send").disabled
    amount = next(field for field in at.text_input if field.label == "Amount")

    amount.set_value("600.00").run()
    assert not at.button(key="take_payment_send").disabled, "all of the first invoice"
    amount.set_value("650.00").run()

    assert at.button(key="take_payment_send").disabled
    assert "whole invoices" in texts(at)


def a_waiting_refund(portal) -> str:
    """Ask for a refund that somebody else must approve. Returns: the payment."""
    save_a_card(portal)
    at = taking(portal)
    press(at, "take_payment_go")
    payment_id = payments(portal)[0].payment_id
    asker = Principal("local:ann", "Ann", "ann@firm.test", permissions=EVERYTHING)
    portal.money = portal.money.__class__(
        **{**vars(portal.money), "policy": portal.money.policy.__class__(approval_cents=100)}
    )
    portal.money.request_refund(
        RequestRefund(actor=asker, request_id="refund-1234", payment_id=payment_id, reason="twice")
    )
    return payment_id


def test_a_large_refund_waits_on_the_payments_page_for_a_second_person(portal):
    payment_id = a_waiting_refund(portal)

    at = visit(portal, "payments")
    assert "1 refund to approve" in texts(at)
    with portal.store.reading() as view:
        (refund,) = view.refunds.of_payment(payment_id)
    approve = f"approve_{refund.refund_id}"
    press(at, approve)
    assert "goes back to the payer at once" in texts(at)
    press(at, f"{approve}_keep")
    assert payments(portal)[0].state is PaymentState.SUCCEEDED

    press(press(at, approve), f"{approve}_sure")

    assert payments(portal)[0].state is PaymentState.REFUNDED


def test_a_payment_is_voided_after_one_more_question(portal):
    started = a_payment(client_id="10", state=PaymentState.REQUIRES_ACTION)
    with portal.store.unit_of_work() as uow:
        uow.payments.add(started, [])
        uow.commit()
    button = dialog(portal, f"from portal.ui import refund\nrefund.button({started.payment_id!r})")

    press(button, "void_button")
    assert "$100.00 will not be taken" in texts(button)
    assert payments(portal)[0].state is PaymentState.REQUIRES_ACTION
    press(dialog(portal, VOIDING.format(payment_id=started.payment_id)), "void_go")

    assert payments(portal)[0].state is PaymentState.VOIDED


def test_a_refund_to_approve_is_shown_to_nobody_who_does_not_see_its_client(portal):
    a_waiting_refund(portal)

    assert "to approve" not in texts(visit(portal, "payments", OWN_CLIENTS, staff_id="2"))
    assert "1 refund to approve" in texts(visit(portal, "payments", OWN_CLIENTS, staff_id="1"))


def test_a_clients_saved_methods_are_listed_and_removed(portal):
    save_a_card(portal)
    at = visit(portal, "client", id="10", show="Methods")
    assert "Visa ending 4242" in texts(at)

    with portal.store.reading() as view:
        (method,) = view.methods.of_client("10")
    press(at, f"remove_{method.method_id}")
    with portal.store.reading() as view:
        assert view.methods.of_client("10") == [method]
    press(at, f"remove_{method.method_id}_sure")

    with portal.store.reading() as view:
        assert view.methods.of_client("10") == []


def test_a_refund_by_line_needs_a_reason_and_goes_back_at_once(portal):
    save_a_card(portal)
    press(taking(portal), "take_payment_go")
    payment_id = payments(portal)[0].payment_id
    at = dialog(portal, REFUNDING.format(payment_id=payment_id))
    press(at, "refund_go")
    assert "Say why" in texts(at)

    second = at.text_input[1]
    second.set_value("150.00").run()
    at.text_input(key="refund_reason").set_value("Paid twice").run()
    press(at, "refund_go")

    assert payments(portal)[0].refunded_cents == 75_000


def test_the_button_opens_the_dialog_over_the_client(portal):
    at = press(visit(portal, "client", id="10"), "take_payment_button")

    assert "take_payment_go" in [button.key for button in at.button]


def test_what_may_be_done_with_a_payment_depends_on_where_it_stands(portal):
    save_a_card(portal)
    press(taking(portal), "take_payment_go")
    paid = payments(portal)[0].payment_id
    script = "from portal.ui import refund\nrefund.button({payment_id!r})"

    assert [b.key for b in dialog(portal, script.format(payment_id=paid)).button] == [
        "refund_button"
    ]
    assert list(dialog(portal, script.format(payment_id="PI-9999")).button) == []


def test_a_receipt_is_sent_again_to_whom_a_person_names(portal):
    save_a_card(portal)
    at = taking(portal)
    at.text_input(key="take_payment_email").set_value("cfo@acme.example").run()
    press(at, "take_payment_go")
    paid = payments(portal)[0].payment_id
    at = dialog(portal, f"from portal.ui import receipt_again\nreceipt_again.contents({paid!r})")
    assert at.text_area(key="receipt_again_to").value == "cfo@acme.example"
    with portal.store.reading() as view:
        (first,) = view.outbox.of_client("10")
    with portal.store.unit_of_work() as uow:
        uow.sending.record_sent(first.letter_id, at=portal.now())
        uow.commit()

    at.text_area(key="receipt_again_to").set_value("cfo@acme.example, tax@acme.example").run()
    press(at, "receipt_again_go")

    with portal.store.reading() as view:
        letters = view.outbox.of_client("10")
    again = next(one for one in letters if one.letter.resend_of == first.letter_id)
    assert [one.address for one in again.letter.recipients] == [
        "cfo@acme.example",
        "tax@acme.example",
    ]
    assert again.letter.attachments == first.letter.attachments
