"""The health of a plan: what somebody should know before it goes wrong."""

from datetime import date

from portal.domain.plan_health import (
    Health,
    PlanFacts,
    clears_balance,
    health_notes,
    monthly_rate,
    overall,
)
from portal.domain.schedules import Frequency

TODAY = date(2026, 3, 2)


def notes(**facts: object):
    return health_notes(PlanFacts(today=TODAY, currency="USD", **facts))


def test_a_plan_with_nothing_wrong_is_good():
    found = notes(card_expires=(2028, 1), last_due_date=date(2026, 12, 1), remaining_cents=100,
                  covers_cents=100)  # fmt: skip

    assert found == ()
    assert overall(found) is Health.GOOD


def test_a_card_that_expires_before_the_last_payment_is_told_of():
    found = notes(card_expires=(2026, 11), last_due_date=date(2026, 12, 1))

    assert [note.text for note in found] == [
        "The card expires on Nov 30, 2026, before the plan ends."
    ]
    assert notes(card_expires=(2026, 12), last_due_date=date(2026, 12, 31)) == ()


def test_a_card_that_has_expired_puts_the_plan_at_risk():
    assert overall(notes(card_expires=(2026, 2))) is Health.AT_RISK


def test_a_plan_without_an_end_tells_of_a_card_two_months_ahead():
    assert notes(card_expires=(2026, 5)) == ()
    assert overall(notes(card_expires=(2026, 4))) is Health.WATCH


def test_a_plan_that_leaves_something_unpaid_says_how_much():
    found = notes(remaining_cents=90_00, covers_cents=100_00)

    assert found[0].text == "It leaves $10.00 unpaid at its end."
    facts = PlanFacts(today=TODAY, currency="USD", remaining_cents=100, covers_cents=100)
    assert clears_balance(facts) is True
    assert clears_balance(PlanFacts(today=TODAY, currency="USD")) is None


def test_new_invoices_that_outpace_a_plan_are_told_of_while_something_is_owed():
    pace = {"monthly_cents": 100_00, "billed_monthly_cents": 150_00}

    assert "outpace" in notes(owed_cents=1, **pace)[0].text
    assert notes(owed_cents=0, **pace) == ()


def test_the_worst_comes_first():
    found = notes(is_paused=True, paused_reason="The card was declined", skipped=1, missed=2)

    assert [note.health for note in found] == [Health.AT_RISK, Health.AT_RISK, Health.WATCH]
    assert found[0].text == "Paused: The card was declined"


def test_an_average_month_of_a_plan_follows_its_frequency():
    assert monthly_rate(12_00, Frequency.WEEKLY) == 52_00
    assert monthly_rate(12_00, Frequency.QUARTERLY) == 4_00
    assert monthly_rate(12_00, Frequency.YEARLY) == 1_00
