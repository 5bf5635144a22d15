"""The lists of the trends page: months, methods, partners and offices side by side."""

from fractions import Fraction

import streamlit as st

from portal.domain import metrics
from portal.domain.metrics import METRICS
from portal.domain.month_figures import MonthFigures, last_day
from portal.lists.columns import Column, Kind
from portal.ui import charts, filters, frame, grid, links, list_slices, reads
from portal.ui import format as write
from portal.ui import months as month_reads
from portal.ui.charts import Series
from portal.ui.trends import PARTS, Chosen

MOST_BARS = 8


def by_month(chosen: Chosen, months: list[MonthFigures]) -> None:
    """Every month with its metrics; a click opens the payments of the month."""
    rows = [_month_row(m) for m in reversed(months)]
    event = grid.small_grid(
        rows,
        (
            Column(id="month_name", label="Month", kind=Kind.TEXT, width=140, opens="open_month"),
            _money("billed_cents", "billed", total=True),
            _money("collected_cents", "collected", total=True),
            _number("days_to_pay", "Days to pay"),
            _number("weighted_days_to_pay", "Weighted"),
            _number("on_time_rate", "On time %"),
            _number("dso", "DSO"),
            _number("count_back_dso", "Count-back"),
            _number("best_possible_dso", "Best possible"),
            _number("days_delinquent", "Delinquent"),
            _number("collection_effectiveness", "Effectiveness %"),
            _number("return_rate", "Returned %"),
            _number("failure_rate", "Failed %", hidden=True),
            _number("promise_rate", "Promises kept %", hidden=True),
            Column(id="outstanding_cents", label="Outstanding at end", kind=Kind.MONEY, width=150),
        ),
        row_id="month",
        key="trends_months",
        title="Months",
    )
    if event is not None and event.row_id and chosen.page_of("payments"):
        found = next(m for m in months if m.entries.month.isoformat() == event.row_id)
        links.go("payments", **list_slices.payments_in(
            found.entries.month, status=list_slices.POSTED, **chosen.for_lists))  # fmt: skip


def by_method(chosen: Chosen) -> None:
    """What came in by each method, month by month and in all."""
    found = reads.rows(
        "trends/methods",
        **chosen.narrowed,
        first_month=chosen.first_month,
        last_month=month_reads.this_month(),
    )
    if not found:
        frame.empty("No payments", "Nobody has paid in these months.")
        return
    months = [m.entries.month for m in month_reads.read(chosen.count, **chosen.narrowed)]
    methods = list(dict.fromkeys(row["method"] for row in found))
    cells = {(row["method"], row["month"]): row["amount_cents"] for row in found}
    series = [
        Series(write.method(m), [cells.get((m, month), 0) for month in months]) for m in methods
    ]
    currency = frame.portal().settings.currency
    with st.container(border=True, gap=None):
        st.header("Collected by method", anchor=False)
        charts.show(
            charts.monthly_bars(months, series, currency=currency, stacked=True, height=290),
            key="trends_methods",
            alt="Payments by method, month by month",
        )
    _methods_list(chosen, {row["method"]: row for row in found})


def by_owner(chosen: Chosen) -> None:
    """Partners or offices side by side over the range."""
    found = reads.rows(
        "trends/owners",
        **chosen.narrowed,
        by=chosen.part,
        first_month=chosen.first_month,
        last_month=month_reads.this_month(),
    )
    if not found:
        frame.empty("Nothing here", "Nothing was billed or paid in these months.")
        return
    days = (frame.portal().today() - chosen.first_month).days + 1
    rows = [_owner_row(row, days) for row in found]
    name = chosen.part.capitalize()
    _owner_pictures(rows)
    event = grid.small_grid(
        rows,
        (
            Column(id="owner_name", label=name, kind=Kind.TEXT, width=200, opens="open_owner"),
            _money("billed_cents", "billed", total=True),
            _money("collected_cents", "collected", total=True),
            _number("days_to_pay", "Days to pay"),
            _number("weighted_days_to_pay", "Weighted", hidden=True),
            _number("on_time_rate", "On time %"),
            _number("dso", "DSO now"),
            Column(id="outstanding_cents", label="Outstanding", kind=Kind.MONEY, total=True),
            Column(id="overdue_cents", label="Overdue", kind=Kind.MONEY, total=True),
            _number("overdue_rate", "Overdue %"),
        ),
        row_id="owner_id",
        key=f"trends_{chosen.part}s",
        title=f"{name}s, last {chosen.count} months",
    )
    st.caption(
        "DSO now: what is outstanding today against what was billed in these months. "
        "Clients count for the partner and office they have now."
    )
    if event is not None and event.row_id:
        _open_owner(chosen, next(row for row in rows if row["owner_id"] == event.row_id))


def _owner_pictures(rows: list[dict]) -> None:
    shown = rows[:MOST_BARS]
    names = [str(row["owner_name"]) for row in shown]
    pictures = (
        ("Average days to pay", "days_to_pay", "days"),
        ("Paid on time", "on_time_rate", "%"),
    )
    for column, (title, key, unit) in zip(st.columns(2, gap="small"), pictures, strict=True):
        with column, st.container(border=True, gap=None):
            st.header(title, anchor=False)
            figure = charts.ranked_bars(names, [row[key] for row in shown], unit=unit)
            charts.show(figure, key=f"trends_{key}", alt=f"{title} of {', '.join(names)}")


def _open_owner(chosen: Chosen, row: dict[str, object]) -> None:
    if not row["owner_key"]:
        return
    filters.turn(by=PARTS["month"], **{chosen.part: str(row["owner_name"])})


def _methods_list(chosen: Chosen, found: dict[str, dict]) -> None:
    rows = [
        {
            "method": key,
            "method_name": write.method(key),
            "payments": row["method_payments"],
            "amount_cents": row["method_cents"],
            "share": _percent(metrics.share(row["method_cents"], row["all_cents"])),
            "average_cents": row["method_cents"] // max(row["method_payments"], 1),
        }
        for key, row in found.items()
    ]
    event = grid.small_grid(
        rows,
        (
            Column(id="method_name", label="Method", kind=Kind.TEXT, opens="open_method"),
            Column(id="payments", label="Payments", kind=Kind.NUMBER, total=True),
            Column(id="amount_cents", label="Collected", kind=Kind.MONEY, total=True),
            _number("share", "Share %"),
            Column(id="average_cents", label="Average payment", kind=Kind.MONEY),
        ),
        row_id="method",
        key="trends_methods_list",
        title=f"Methods, last {chosen.count} months",
    )
    if event is not None and event.row_id and chosen.page_of("payments"):
        chosen_method = {
            "method": [event.row_id], "status": list_slices.POSTED, **chosen.for_lists
        }  # fmt: skip
        last = last_day(month_reads.this_month())
        rows_of = list_slices.payments_dated(chosen.first_month, last, **chosen_method)
        links.go("payments", **rows_of)


def _month_row(m: MonthFigures) -> dict[str, object]:
    running = m.entries.month == month_reads.this_month()
    return {
        "month": m.entries.month.isoformat(),
        "month_name": write.month(m.entries.month) + (" so far" if running else ""),
        "billed_cents": m.entries.billed_cents,
        "collected_cents": m.entries.collected_cents,
        "days_to_pay": _whole(m.days_to_pay),
        "weighted_days_to_pay": _whole(m.weighted_days_to_pay),
        "on_time_rate": _percent(m.on_time_rate),
        "dso": _whole(m.dso),
        "count_back_dso": _whole(m.count_back_dso),
        "best_possible_dso": _whole(m.best_possible_dso),
        "days_delinquent": _whole(m.days_delinquent),
        "collection_effectiveness": _percent(m.collection_effectiveness),
        "return_rate": _percent(m.return_rate),
        "failure_rate": _percent(m.failure_rate),
        "promise_rate": _percent(m.promise_rate),
        "outstanding_cents": m.entries.outstanding_cents,
    }


def _owner_row(row: dict[str, object], days: int) -> dict[str, object]:
    return {
        **{name: row[name] for name in ("owner_key", "owner_name", "billed_cents",
                                        "collected_cents", "outstanding_cents", "overdue_cents")},
        "owner_id": str(row["owner_key"] or "none"),
        "days_to_pay": _whole(
            metrics.average_days_to_pay(row["days_to_pay_sum"], row["paid_invoices"])
        ),
        "weighted_days_to_pay": _whole(
            metrics.weighted_days_to_pay(row["cents_days_sum"], row["paid_cents"])
        ),
        "on_time_rate": _percent(metrics.share(row["on_time_invoices"], row["due_invoices"])),
        "dso": _whole(
            metrics.days_sales_outstanding(row["outstanding_cents"], row["billed_cents"], days)
        ),
        "overdue_rate": _percent(metrics.share(row["overdue_cents"], row["outstanding_cents"])),
    }  # fmt: skip


def _money(column: str, metric: str, *, total: bool = False) -> Column:
    return Column(
        id=column,
        label=METRICS[metric].label,
        kind=Kind.MONEY,
        width=130,
        total=total,
        help=METRICS[metric].definition,
    )


def _number(column: str, label: str, *, hidden: bool = False) -> Column:
    metric = METRICS.get(column)
    return Column(
        id=column, label=label, kind=Kind.NUMBER, width=115, hidden=hidden,
        help=metric.definition if metric else "",
    )  # fmt: skip


def _whole(value: Fraction | None) -> int | None:
    return None if value is None else round(value)


def _percent(value: Fraction | None) -> int | None:
    return None if value is None else round(value * 100)
