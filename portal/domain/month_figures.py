"""How did each month go? The metrics of a row of months, from their entries and their ends."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from portal.domain import metrics

PERIOD_MONTHS = 3
"""DSO and its best possible look at so many months."""


@dataclass(frozen=True, kw_only=True)
class MonthEntries:
    """What was billed, received and paid off in a month, and what was owed at its end.

    The end's figures are None for months that only serve as billing history. `ahead_cents` is
    the part of what was billed that is dated after today.
    """

    month: date
    billed_cents: int = 0
    ahead_cents: int = 0
    invoice_count: int = 0
    collected_cents: int = 0
    payment_count: int = 0
    returned_cents: int = 0
    return_count: int = 0
    paid_invoices: int = 0
    paid_cents: int = 0
    days_to_pay_sum: int = 0
    cents_days_sum: int = 0
    due_invoices: int = 0
    on_time_invoices: int = 0
    days_late_sum: int = 0
    kept_promises: int = 0
    judged_promises: int = 0
    tried_payments: int = 0
    failed_payments: int = 0
    end_date: date | None = None
    outstanding_cents: int | None = None
    not_overdue_cents: int | None = None

    @property
    def last_day(self) -> date:
        """The last day of the month, or today in the running one."""
        return self.end_date or last_day(self.month)

    @property
    def sales_cents(self) -> int:
        """What was billed up to the month's last day."""
        return self.billed_cents - self.ahead_cents


@dataclass(frozen=True, kw_only=True)
class MonthFigures:
    """The metrics of a month; None where one is not defined."""

    entries: MonthEntries
    days_to_pay: Fraction | None
    weighted_days_to_pay: Fraction | None
    on_time_rate: Fraction | None
    days_late: Fraction | None
    return_rate: Fraction | None
    failure_rate: Fraction | None
    promise_rate: Fraction | None
    dso: Fraction | None
    count_back_dso: Fraction | None
    best_possible_dso: Fraction | None
    days_delinquent: Fraction | None
    collection_effectiveness: Fraction | None


def last_day(month: date) -> date:
    """The last day of a month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def months_before(month: date, count: int) -> date:
    """The first day of the month `count` months before."""
    place = month.year * 12 + month.month - 1 - count
    return date(place // 12, place % 12 + 1, 1)


def month_figures(months: Sequence[MonthEntries]) -> list[MonthFigures]:
    """Compute the metrics of every month whose end is known; `months` are in order, without gaps.

    The earlier months serve as history: three for a period's start, all of them to count back.
    """
    return [
        _figures(months[: place + 1])
        for place, entries in enumerate(months)
        if entries.outstanding_cents is not None
    ]


def _figures(known: Sequence[MonthEntries]) -> MonthFigures:
    now = known[-1]
    period = known[-PERIOD_MONTHS:]
    sales_cents = sum(entries.sales_cents for entries in period)
    days = (now.last_day - period[0].month).days + 1
    outstanding, not_overdue = now.outstanding_cents or 0, now.not_overdue_cents or 0
    dso = metrics.days_sales_outstanding(outstanding, sales_cents, days)
    best = metrics.days_sales_outstanding(not_overdue, sales_cents, days)
    back = [(e.sales_cents, (e.last_day - e.month).days + 1) for e in reversed(known)]
    return MonthFigures(
        entries=now,
        days_to_pay=metrics.average_days_to_pay(now.days_to_pay_sum, now.paid_invoices),
        weighted_days_to_pay=metrics.weighted_days_to_pay(now.cents_days_sum, now.paid_cents),
        on_time_rate=metrics.share(now.on_time_invoices, now.due_invoices),
        days_late=metrics.share(now.days_late_sum, now.due_invoices),
        return_rate=metrics.share(now.return_count, now.payment_count),
        failure_rate=metrics.share(now.failed_payments, now.tried_payments),
        promise_rate=metrics.share(now.kept_promises, now.judged_promises),
        dso=dso,
        count_back_dso=metrics.count_back_days(outstanding, back),
        best_possible_dso=best,
        days_delinquent=metrics.days_delinquent(dso, best),
        collection_effectiveness=_effectiveness(known),
    )


def _effectiveness(known: Sequence[MonthEntries]) -> Fraction | None:
    """Of the month alone: over a season's turn, an average month's billing would say nonsense."""
    if len(known) < 2:
        return None
    opening, now = known[-2].outstanding_cents, known[-1]
    if opening is None or now.outstanding_cents is None or now.not_overdue_cents is None:
        return None
    return metrics.collection_effectiveness(
        opening_cents=opening,
        sales_cents=now.sales_cents,
        closing_cents=now.outstanding_cents,
        not_overdue_cents=now.not_overdue_cents,
        months=1,
    )
