"""Receivables metrics: how long does the firm wait for its money, and how well does it collect?

Whole cents and whole days go in, exact fractions come out; None means not defined, never 0.
docs/metrics.md says each one in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A metric as people read it: its name, what it says, and how it is computed."""

    key: str
    label: str
    meaning: str
    formula: str
    is_lower_better: bool | None = None

    @property
    def definition(self) -> str:
        """Meaning and formula in one text, for the question mark beside the figure."""
        return f"{self.meaning} = {self.formula}."


METRICS: dict[str, Metric] = {
    metric.key: metric
    for metric in (
        Metric(
            key="billed",
            label="Billed",
            meaning="Invoices, service charges and debit memos dated in the month, void ones not",
            formula="sum of bill amounts",
        ),
        Metric(
            key="collected",
            label="Collected",
            meaning="Payments dated in the month and posted in the practice management system; "
            "credit memos, write-offs and refunds not",
            formula="sum of amounts",
            is_lower_better=False,
        ),
        Metric(
            key="days_to_pay",
            label="Average days to pay",
            meaning="Days from invoice date to the last application, of invoices fully paid in "
            "the month",
            formula="sum of days / paid invoices",
            is_lower_better=True,
        ),
        Metric(
            key="weighted_days_to_pay",
            label="Weighted days to pay",
            meaning="Days to pay where a large invoice counts for more than a small one",
            formula="sum of amount x days / sum of amounts",
            is_lower_better=True,
        ),
        Metric(
            key="on_time_rate",
            label="Paid on time",
            meaning="Invoices fully paid in the month with their last application on or before "
            "the due date; invoices without a due date are left out",
            formula="on time / paid invoices with a due date",
            is_lower_better=False,
        ),
        Metric(
            key="days_late",
            label="Average days late",
            meaning="Days past the due date of invoices fully paid in the month; paid early is 0",
            formula="sum of days late / paid invoices with a due date",
            is_lower_better=True,
        ),
        Metric(
            key="dso",
            label="DSO",
            meaning="Days sales outstanding, over the three months that end here, in real days. "
            "Disputed invoices count, unapplied cash is not taken off",
            formula="outstanding / billed in the period x days of the period",
            is_lower_better=True,
        ),
        Metric(
            key="count_back_dso",
            label="DSO, count-back",
            meaning="Whole months of billing are taken off what is outstanding, newest first; "
            "each adds its real days, the last one its part",
            formula="days of the months used up",
            is_lower_better=True,
        ),
        Metric(
            key="best_possible_dso",
            label="Best possible DSO",
            meaning="What DSO would be if nothing were overdue, over the same three months",
            formula="outstanding and not overdue / billed in the period x days of the period",
            is_lower_better=True,
        ),
        Metric(
            key="days_delinquent",
            label="Average days delinquent",
            meaning="The part of DSO that comes from paying late",
            formula="DSO - best possible DSO",
            is_lower_better=True,
        ),
        Metric(
            key="collection_effectiveness",
            label="Collection effectiveness",
            meaning="The share of what could be collected in the month that was; not defined "
            "when nothing could be",
            formula="(opening + billed - closing) / (opening + billed - closing not overdue), "
            "opening and closing being what is outstanding",
            is_lower_better=False,
        ),
        Metric(
            key="return_rate",
            label="Returned payments",
            meaning="Payments the bank sent back, against payments received in the month",
            formula="returns / payments",
            is_lower_better=True,
        ),
        Metric(
            key="failure_rate",
            label="Failed payments",
            meaning="Payments through the portal that were declined, voided, returned or disputed, "
            "against all of the month that came to an end, line by line",
            formula="failed / tried",
            is_lower_better=True,
        ),
        Metric(
            key="promise_rate",
            label="Promises kept",
            meaning="Promises to pay by a day of the month that payments kept; open and withdrawn "
            "ones not",
            formula="kept / (kept + broken)",
            is_lower_better=False,
        ),
    )
}


def share(part: int, whole: int) -> Fraction | None:
    """A part of a whole; None of nothing."""
    return Fraction(part, whole) if whole > 0 else None


def average_days_to_pay(days_sum: int, invoices: int) -> Fraction | None:
    """The plain average over paid invoices."""
    return share(days_sum, invoices)


def weighted_days_to_pay(cents_days_sum: int, cents: int) -> Fraction | None:
    """The average in which each cent paid counts alike."""
    return share(cents_days_sum, cents)


def days_sales_outstanding(receivable_cents: int, sales_cents: int, days: int) -> Fraction | None:
    """Simple DSO: how many days of billing the receivable is; None if nothing was billed.

    With what is not overdue as the receivable it is the best possible DSO.
    """
    found = share(receivable_cents, sales_cents)
    return None if found is None else found * days


def count_back_days(
    receivable_cents: int, sales_and_days: Sequence[tuple[int, int]]
) -> Fraction | None:
    """Count-back DSO: days of the months whose billing uses the receivable up, newest first.

    None when the months given are used up before the receivable is.
    """
    left, days = receivable_cents, Fraction(0)
    for sales_cents, month_days in sales_and_days:
        if left <= 0:
            return days
        if sales_cents > left:
            return days + Fraction(left, sales_cents) * month_days
        left -= sales_cents
        days += month_days
    return days if left <= 0 else None


def days_delinquent(dso: Fraction | None, best_possible: Fraction | None) -> Fraction | None:
    """The days of DSO that late payment causes."""
    return None if dso is None or best_possible is None else dso - best_possible


def collection_effectiveness(
    *, opening_cents: int, sales_cents: int, closing_cents: int, not_overdue_cents: int, months: int
) -> Fraction | None:
    """Collected out of collectable over a period of `months`; 1 is everything.

    None where nothing could be collected. Below 0 when the receivable grew by more than was billed.
    """
    start = opening_cents + Fraction(sales_cents, months)
    collectable = start - not_overdue_cents
    return (start - closing_cents) / collectable if collectable > 0 else None


@dataclass(frozen=True, kw_only=True)
class Bridge:
    """How the net receivable moved in a month. Steps are positive in their own direction."""

    opening_cents: int
    billed_cents: int
    collected_cents: int
    credited_cents: int
    written_off_cents: int
    refunded_cents: int
    other_cents: int = 0

    @property
    def closing_cents(self) -> int:
        """Opening plus billed less collected, credits and write-offs, plus what went back."""
        return (
            self.opening_cents
            + self.billed_cents
            - self.collected_cents
            - self.credited_cents
            - self.written_off_cents
            + self.refunded_cents
            + self.other_cents
        )
