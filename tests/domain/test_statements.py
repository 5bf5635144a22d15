"""Who gets a statement, because of what, copied to whom; who does not, and why."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.domain.collection_rules import Basis, CollectionRules, PartnerCopy, Trigger
from portal.domain.statement_days import Window
from portal.domain.statements import (
    Account,
    Addressee,
    Hold,
    OpenInvoice,
    RunningPromise,
    decide,
)
from portal.domain.suppression import Suppressed

DAY = date(2026, 6, 30)
WINDOW = Window(after=DAY - timedelta(days=1), day=DAY)
RULES = CollectionRules(
    triggers=(
        Trigger(days=30),
        Trigger(days=91, partner=PartnerCopy.CC),
        Trigger(days=10, basis=Basis.INVOICE),
    )
)
ANN = Addressee(email="ann@acme.test", name="Ann Bell")
PARTNER = Addressee(email="ada@firm.test", name="Ada Quill")


def invoice(days_overdue: int = 30, **changes: object) -> OpenInvoice:
    due = DAY - timedelta(days=days_overdue)
    asked = {
        "invoice_id": "100",
        "invoice_number": "INV-100",
        "invoice_date": due - timedelta(days=30),
        "due_date": due,
        "currency": "USD",
        "open_cents": 50_000,
    }
    return OpenInvoice(**{**asked, **changes})


def account(*invoices: OpenInvoice, **changes: object) -> Account:
    asked = {
        "client_id": "10",
        "client_number": "C-10",
        "client_name": "Acme",
        "partner": PARTNER,
        "recipients": (ANN,),
        "invoices": invoices or (invoice(),),
    }
    return Account(**{**asked, **changes})


def test_an_invoice_that_reaches_the_age_today_brings_one_statement_over_everything_open() -> None:
    found = decide(account(invoice(), invoice(3, invoice_id="101", open_cents=700)), WINDOW, RULES)

    assert found is not None and found.is_sent
    assert (found.trigger.key, found.invoice.invoice_id) == ("due-30", "100")
    assert found.open_cents == 50_700
    assert found.to == (ANN,)
    assert found.cc == found.bcc == ()


@pytest.mark.parametrize("days", [29, 31, 0, -5])
def test_an_invoice_of_another_age_brings_nothing(days: int) -> None:
    assert decide(account(invoice(days)), WINDOW, RULES) is None


def test_an_age_can_count_from_the_invoice_date() -> None:
    made_ten_days_ago = invoice(0, due_date=None, invoice_date=DAY - timedelta(days=10))

    found = decide(account(made_ten_days_ago), WINDOW, RULES)

    assert found is not None and found.trigger.key == "invoice-10"


def test_of_several_triggers_the_most_severe_one_counts() -> None:
    found = decide(account(invoice(30), invoice(91, invoice_id="9")), WINDOW, RULES)

    assert found is not None
    assert (found.trigger.key, found.invoice.invoice_id) == ("due-91", "9")


def test_an_invoice_that_is_not_chased_gives_way_to_another_that_reached_an_age() -> None:
    contested = invoice(91, invoice_id="9", dispute=Hold(reason="wrong hours"))

    found = decide(account(invoice(30), contested), WINDOW, RULES)

    assert found is not None and found.is_sent
    assert found.trigger.key == "due-30"


def test_the_partner_is_copied_only_when_something_is_overdue_for_longer_than_the_rule_says() -> (
    None
):
    beyond = decide(account(invoice(91)), WINDOW, RULES)
    not_beyond = decide(account(invoice(91)), WINDOW, replace(RULES, partner_after_days=91))

    assert beyond is not None and beyond.cc == (PARTNER,)
    assert not_beyond is not None and not_beyond.cc == ()


def test_a_partner_who_receives_the_statement_anyway_gets_no_copy() -> None:
    both = account(invoice(91), recipients=(ANN, replace(PARTNER, email="ADA@firm.test")))

    found = decide(both, WINDOW, RULES)

    assert found is not None and found.cc == ()


HELD = {
    Suppressed.EXCLUDED: account(exclusion=Hold(reason="family of the partner")),
    Suppressed.PAUSED: account(pause=Hold(reason="new owner", until=DAY)),
    Suppressed.PENDING: account(invoice(pending_cents=50_000)),
    Suppressed.DISPUTED: account(invoice(dispute=Hold(reason="wrong hours"))),
    Suppressed.AUTOPAY: account(invoice(autopay_on=DAY)),
    Suppressed.PROMISED: account(
        promises=(
            RunningPromise(
                promised_on=DAY - timedelta(days=2),
                grace_days=2,
                amount_cents=1,
                currency="USD",
            ),
        )
    ),
    Suppressed.CREDITS: account(credit_cents={"USD": 50_000}),
    Suppressed.TOO_SMALL: account(invoice(open_cents=99)),
    Suppressed.WAITING: account(is_waiting=True),
    Suppressed.THROTTLED: account(last_statement_on=DAY - timedelta(days=6)),
    Suppressed.NO_RECIPIENT: account(recipients=()),
}


@pytest.mark.parametrize("reason", HELD)
def test_nobody_is_chased_who_should_not_be_and_the_reason_is_said(reason: Suppressed) -> None:
    found = decide(HELD[reason], WINDOW, RULES)

    assert found is not None
    assert found.suppressed is reason
    assert found.detail


def test_every_reason_for_silence_has_a_name_and_a_test() -> None:
    assert set(HELD) == set(Suppressed) - {Suppressed.PAID}
    assert all(reason.label for reason in Suppressed)


OVER = [
    account(exclusion=Hold(reason="x", until=DAY - timedelta(days=1))),
    account(pause=Hold(reason="x", until=DAY - timedelta(days=1))),
    account(invoice(pending_cents=49_000)),
    account(invoice(dispute=Hold(reason="x", until=DAY - timedelta(days=1)))),
    account(invoice(autopay_on=DAY - timedelta(days=1))),
    account(
        promises=(
            RunningPromise(
                promised_on=DAY - timedelta(days=3), grace_days=2, amount_cents=1, currency="USD"
            ),
        )
    ),
    account(
        promises=(
            RunningPromise(
                promised_on=DAY, grace_days=0, amount_cents=1, currency="USD", invoice_id="other"
            ),
        )
    ),
    account(credit_cents={"USD": 49_900, "EUR": 99_999_999}),
    account(invoice(open_cents=100)),
    account(last_statement_on=DAY - timedelta(days=7)),
]


@pytest.mark.parametrize("case", OVER)
def test_what_has_run_out_keeps_nobody_from_a_statement(case: Account) -> None:
    found = decide(case, WINDOW, RULES)

    assert found is not None and found.is_sent


def test_credits_and_other_currencies_never_join() -> None:
    euros = invoice(open_cents=1_000_000, invoice_id="7", currency="EUR", days_overdue=3)

    found = decide(account(invoice(), euros, credit_cents={"USD": 49_000}), WINDOW, RULES)

    assert found is not None and found.is_sent
    assert (found.currency, found.open_cents) == ("USD", 50_000)
