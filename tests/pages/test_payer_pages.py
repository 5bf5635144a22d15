"""Payer pages: what is owed, choosing and paying it, asking, and what nobody else sees."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from portal.bootstrap import Portal
from portal.domain.payers import AskKind, PastPayment
from portal.domain.payment_states import PaymentState
from portal.services.answer_payer_message import AnswerPayerMessage, answer_payer_message
from portal.services.associate_payment import AssociatePayment, associate_payment
from portal.services.finish_hosted_payment import FinishHostedPayment
from portal.services.money_actors import ByItself
from tests.adapters.money_rows import a_payment
from tests.pages.payer_pages import Cards, button, by_link, payer_portal, texts, visit
from tests.payer_fixture import ADMIN


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    with payer_portal(tmp_path) as portal:
        yield portal


def test_a_stranger_sees_a_door_and_no_staff_chrome(portal: Portal) -> None:
    at = visit("invoices")

    assert [field.label for field in at.text_input] == ["Client number", "Invoice number"]
    assert "Acme" not in texts(at)
    assert not at.sidebar.button


def test_a_link_shows_the_clients_unpaid_invoices_and_no_debit_memo(portal: Portal) -> None:
    at = visit("invoices", by_link(portal))

    assert [box.label for box in at.checkbox] == ["Invoice 1001", "Invoice 1002"]
    assert [metric.value.replace("\\", "") for metric in at.metric] == ["$700.00", "$500.00"]
    assert button(at, "Pay").label.replace("\\", "") == "Pay $700.00"
    assert "2001" not in texts(at)


def test_the_invoice_of_the_mail_stands_first_and_alone_is_chosen(portal: Portal) -> None:
    at = visit("invoices", by_link(portal, invoice_ids=("8",)))

    assert [(box.label, box.value) for box in at.checkbox] == [
        ("Invoice 1002", True),
        ("Invoice 1001", False),
    ]
    assert button(at, "Pay").label.replace("\\", "") == "Pay $200.00"


def test_a_part_can_be_paid_but_not_more_than_is_owed(portal: Portal) -> None:
    at = visit("invoices", by_link(portal, invoice_ids=("8",), email="pia@client.example"))
    amount = next(field for field in at.text_input if field.label == "Amount to pay")

    amount.set_value("75.5").run()
    assert button(at, "Pay").label.replace("\\", "") == "Pay $75.50"
    next(f for f in at.text_input if f.label == "Amount to pay").set_value("200.01").run()
    assert "more than is owed: $200.00 is left on invoice 1002" in texts(at)
    next(f for f in at.text_input if f.label == "Amount to pay").set_value("1.234,50").run()
    assert "Type the amount like 1,234.50" in texts(at)


@pytest.mark.catalogue(19)
def test_paying_twice_over_goes_to_one_page_and_reserves_once(portal: Portal) -> None:
    at = visit("invoices", by_link(portal, invoice_ids=("8",), email="pia@client.example"))

    button(at, "Pay").click().run()
    assert "Taking you to the secure payment page" in texts(at)
    button(at, "Pay").click().run()

    with portal.store.reading() as view:
        made = view.payments.of_client("10")
        assert len(made) == 1
        assert view.balances.payable(["8"]) == {"8": 0}
        assert made[0].payer_email == "pia@client.example"


def test_who_comes_back_without_having_paid_is_told_and_may_try_again(portal: Portal) -> None:
    sid = by_link(portal, invoice_ids=("8",), email="pia@client.example")
    button(visit("invoices", sid), "Pay").click().run()
    with portal.store.reading() as view:
        page_ref = view.payments.of_client("10")[0].page_ref

    at = visit("invoices", sid, page=page_ref)
    assert "You have not paid yet. Nothing was charged." in texts(at)
    assert [box.disabled for box in at.checkbox] == [False, False]
    button(at, "Pay").click().run()
    with portal.store.reading() as view:
        states = [payment.state for payment in view.payments.of_client("10")]
    assert states == ["created"] or sorted(states) == ["created", "voided"]


def test_an_invoice_somebody_else_is_paying_cannot_be_chosen(portal: Portal) -> None:
    mine = by_link(portal, invoice_ids=("8",), email="pia@client.example")
    theirs = by_link(portal, invoice_ids=("8",), email="other@client.example")
    button(visit("invoices", mine), "Pay").click().run()

    at = visit("invoices", theirs)
    assert "being paid right now" in texts(at)
    assert [box.disabled for box in at.checkbox] == [True, False]


def test_without_an_address_the_receipt_asks_for_one(portal: Portal) -> None:
    at = visit("invoices", by_link(portal))

    button(at, "Pay").click().run()
    assert "Type the email address for the receipt." in texts(at)
    with portal.store.reading() as view:
        assert view.payments.of_client("10") == []


@pytest.mark.catalogue(70)
def test_another_clients_invoice_and_payment_are_not_there(portal: Portal) -> None:
    sid = by_link(portal)

    assert "There is no such invoice" in texts(visit("invoice", sid, id="20"))
    assert "There is no such invoice" in texts(visit("invoice", sid, id="999"))
    assert "There is no such payment" in texts(visit("receipt", sid, payment="PI-0001"))


def test_an_invoice_says_whom_to_ask_and_takes_a_question(portal: Portal) -> None:
    at = visit("invoice", by_link(portal, email="pia@client.example"), id="7")
    assert "Rita Staff" in texts(at)
    assert "Tax return 2025" in texts(at)

    at.button_group[0].set_value(AskKind.QUESTION).run()
    at.text_area[0].set_value("What is item 2?")
    button(at, "Send").click().run()

    assert "Your question is with us" in texts(at)
    with portal.store.reading() as view:
        (message,) = view.payer_messages.of_client("10")
        assert view.audit.rows(limit=1)[0].action == "payer.asked_question"
    assert (message.text, message.invoice_number) == ("What is item 2?", "1001")


@pytest.mark.catalogue(43)
def test_a_card_number_in_a_question_is_refused(portal: Portal) -> None:
    at = visit("invoice", by_link(portal, email="pia@client.example"), id="7")
    at.button_group[0].set_value(AskKind.QUESTION).run()
    at.text_area[0].set_value("take 4242 4242 4242 4242")
    button(at, "Send").click().run()

    assert "looks like a card number" in texts(at)
    with portal.store.reading() as view:
        assert view.payer_messages.of_client("10") == []


@pytest.mark.catalogue(75)
def test_markdown_in_names_stays_text(portal: Portal) -> None:
    directory = portal.client_portal.directory
    evil = "![](http://evil.example/x) [pay](javascript:alert) <b>"
    directory.clients = {"10": type(directory.clients["10"])(
        **{**vars(directory.clients["10"]), "client_name": evil}
    )}  # fmt: skip
    at = visit("invoices", by_link(portal))

    written = [*at.caption, *at.markdown]
    shown = next(one.value for one in written if "evil" in one.value)
    assert "![](" not in shown
    assert "](javascript" not in shown


def test_a_firm_without_history_shows_none(tmp_path: Path) -> None:
    with payer_portal(tmp_path, history=False) as portal:
        at = visit("history", by_link(portal))
        assert "does not show past payments" in texts(at)


def test_past_payments_stand_by_day_wherever_they_were_made_and_more_are_a_click_away(
    portal: Portal,
) -> None:
    portal.client_portal.directory.receipts = [
        PastPayment(
            receipt_id=str(day), receipt_date=date(2026, 6, 30) - timedelta(days=day),
            method="check", reference=None, currency="USD", amount_cents=10_000 + day,
        )
        for day in range(60)
    ]  # fmt: skip
    with portal.store.unit_of_work() as uow:
        for number, day in ((1, date(2026, 6, 28)), (2, date(2026, 5, 3))):
            at = datetime.combine(day, time(15), UTC)
            made = a_payment(
                number, client_id="10", state=PaymentState.SUCCEEDED, created_at=at,
                captured_at=at, amount_cents=number, captured_cents=number,
            )  # fmt: skip
            uow.payments.add(made, [])
        uow.commit()
    at = visit("history", by_link(portal))
    said = texts(at)

    assert said.index("$100.01") < said.index("$0.01") < said.index("$100.03")
    assert "$0.02" not in said
    button(at, "Show more").click().run()
    said = texts(at)
    assert said.index("$100.57") < said.index("$0.02") < said.index("$100.59")
    assert not [one for one in at.button if one.label == "Show more"]


def test_the_quick_page_is_filled_from_its_address(portal: Portal) -> None:
    at = visit(
        "quick", companyName="Zed & Co", amount="125.00", email="z@zed.example",
        paymentDescription="Seminar",
    )  # fmt: skip

    assert [field.value for field in at.text_input] == [
        "Zed & Co", "z@zed.example", "Seminar", "125.00",
    ]  # fmt: skip
    button(at, "Pay").click().run()
    with portal.store.reading() as view:
        (payment,) = view.payments.in_states(["created"])
    assert (payment.client_id, payment.amount_cents, payment.note) == (None, 12_500, "Seminar")
    assert payment.source == "quick_link"


def test_a_quick_payment_shows_its_receipt_also_when_the_firm_has_said_whose_it_is(
    portal: Portal,
) -> None:
    at = visit("quick", companyName="Zed & Co", amount="125.00", email="z@zed.example")
    button(at, "Pay").click().run()
    with portal.store.reading() as view:
        (payment,) = view.payments.in_states(["created"])
    gateway = portal.money.gateway
    gateway.choose(payment.page_ref, gateway.view_page(payment.page_ref).version, "visa")
    portal.money.finish_page(
        FinishHostedPayment(actor=ByItself("quick_link:page"), page_ref=payment.page_ref)
    )
    associate_payment(
        AssociatePayment(actor=ADMIN, payment_id=payment.payment_id, client_id="10"),
        store=portal.store, directory=portal.money.directory, clock=portal.now,
    )  # fmt: skip

    shown = texts(visit("quick", page=payment.page_ref))

    assert "Paid. Thank you." in shown
    assert "Nothing was charged" not in shown


def test_a_firm_without_quick_links_has_no_such_page(tmp_path: Path) -> None:
    with payer_portal(tmp_path, quick_links=False):
        at = visit("quick")
        assert "does not work any more" in texts(at)
        assert not at.text_input


def test_what_is_kept_needs_an_account_and_says_so(portal: Portal) -> None:
    at = visit("settings", by_link(portal))

    assert "With an account you keep payment methods" in texts(at)
    assert not [one for one in at.button if one.label == "Save a method"]


def test_what_was_asked_and_answered_stands_on_the_invoice_for_whoever_asked(
    portal: Portal,
) -> None:
    sid = by_link(portal, email="pia@client.example")
    at = visit("invoice", sid, id="7")
    at.button_group[0].set_value(AskKind.QUESTION).run()
    at.text_area[0].set_value("What is item 2?")
    button(at, "Send").click().run()
    with portal.store.reading() as view:
        (asked,) = view.payer_messages.of_client("10")
    answer_payer_message(
        AnswerPayerMessage(actor=ADMIN, message_id=asked.message_id, text="The audit."),
        store=portal.store,
        clock=portal.now,
        directory=Cards(),
        today=lambda at: at.date(),
    )

    said = texts(visit("invoice", sid, id="7"))
    assert "What is item 2?" in said
    assert "**Adm:** The audit." in said
    assert "The audit." not in texts(visit("invoice", by_link(portal), id="7"))
    assert "The audit." not in texts(visit("invoice", sid, id="8"))
