"""The months of a page: read once, with the history their metrics need."""

from datetime import date
from fractions import Fraction

from portal.domain.month_figures import (
    PERIOD_MONTHS,
    MonthEntries,
    MonthFigures,
    month_figures,
    months_before,
)
from portal.ui import frame, reads

HISTORY_MONTHS = 36
"""How far counting back may go before the first month shown."""
SHORT_RANGE = 12


def this_month() -> date:
    """The first day of the running month."""
    return frame.portal().today().replace(day=1)


def first_of(count: int) -> date:
    """The first of `count` months that end with the running one."""
    return months_before(this_month(), count - 1)


def read(
    count: int = SHORT_RANGE,
    *,
    book: str,
    partner_id: str | None = None,
    office: str | None = None,
    is_glance: bool = False,
    with_portal: bool = False,
) -> list[MonthFigures]:
    """The figures of the last `count` months, oldest first; the running month is the last.

    With `is_glance` what was owed at the months' ends may be a minute old: where it only makes a
    trend, it is not worth reading a year's applications anew at each change. `with_portal` adds
    what only the portal knows: promises, and payments that failed.
    """
    ask_ends = reads.lately if is_glance else reads.rows
    first = first_of(count)
    narrowed = {"book": book, "partner_id": partner_id, "office": office}
    entries = reads.rows(
        "trends/months",
        **narrowed,
        first_month=months_before(first, HISTORY_MONTHS),
        last_month=this_month(),
    )
    ends = {
        row["month"]: row
        for row in ask_ends(
            "trends/month_ends", **narrowed, first_month=months_before(first, PERIOD_MONTHS)
        )
    }
    beside = _of_portal(first, narrowed) if with_portal else {}
    months = [
        MonthEntries(
            **row, **_facts(ends.get(row["month"], {})), **_facts(beside.get(row["month"], {}))
        )
        for row in entries
    ]
    return month_figures(months)[-count:]


def last_complete(months: list[MonthFigures]) -> MonthFigures:
    """The month before the running one, or the running one where there is no other."""
    return months[-2] if len(months) > 1 else months[-1]


def number(value: Fraction | None, *, times: int = 1) -> float | None:
    """A metric as a picture needs it."""
    return None if value is None else round(float(value * times), 2)


def days(value: Fraction | None) -> str:
    """Write a number of days with one decimal: `41.8 days`."""
    return "–" if value is None else f"{float(value):,.1f} days"


def percent(value: Fraction | None) -> str:
    """Write a share as a percentage: `83.4%`."""
    return "–" if value is None else f"{float(value) * 100:.1f}%"


def _of_portal(first: date, narrowed: dict[str, str | None]) -> dict[date, dict[str, object]]:
    found = reads.rows(
        "trends/portal_months", **narrowed, first_month=first, last_month=this_month()
    )
    return {row["month"]: row for row in found}


def _facts(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name != "month"}
