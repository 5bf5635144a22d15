"""The trends page: what is chosen, and the figures and pictures of its months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from portal.domain.metrics import METRICS
from portal.domain.month_figures import MonthFigures
from portal.domain.permissions import Permission
from portal.ui import cards, charts, filters, frame, list_slices, reads
from portal.ui import format as write
from portal.ui import months as month_reads
from portal.ui.cards import Figure
from portal.ui.charts import Series

RANGES = {"12": "12 months", "24": "24 months", "36": "36 months"}
PARTS = {
    "month": "Month",
    "method": "Method",
    "partner": "Partner",
    "office": "Office",
    "bridge": "AR bridge",
}


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Whose clients, which months, and seen from which side."""

    book: str
    part: str
    count: int
    partner_id: str | None
    partner_name: str | None
    office: str | None

    @property
    def narrowed(self) -> dict[str, str | None]:
        """What every query of the page is narrowed to."""
        return {"book": self.book, "partner_id": self.partner_id, "office": self.office}

    @property
    def first_month(self) -> date:
        """The first month shown."""
        return month_reads.first_of(self.count)

    @property
    def for_lists(self) -> dict[str, Sequence[str]]:
        """The column filters that narrow a list like the page."""
        return {"partner": [self.partner_name]} if self.partner_name else {}

    def page_of(self, name: str) -> str:
        """The page whose list shows the rows of a figure; none where it can't be narrowed alike."""
        return "" if self.office else name


def controls() -> Chosen:
    """Choose the side, the range and whose clients; the row of controls of the page."""
    frame.require(Permission.VIEW_TRENDS)
    filters.turned()
    partners, offices = choices("partner"), choices("office")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        part = filters.switch("by", "Seen by", PARTS)
        count = filters.switch("range", "Months", RANGES)
        book = filters.book()
        partner = filters.pick("partner", "All partners", partners)
        office = filters.pick("office", "All offices", offices)
    return Chosen(
        book=book,
        part=part,
        count=int(count),
        partner_id=partner,
        partner_name=partners.get(partner or ""),
        office=office,
    )


def choices(kind: str) -> dict[str, str]:
    """Partners, managers or offices of the clients within reach, by key -> name."""
    found = reads.rows("trends/choices")
    return {row["choice_key"]: row["choice_name"] for row in found if row["choice_kind"] == kind}


def read(chosen: Chosen) -> list[MonthFigures]:
    """The months chosen."""
    return month_reads.read(chosen.count, **chosen.narrowed, with_portal=True)


def figures(chosen: Chosen, months: list[MonthFigures]) -> None:
    """The metrics of the last complete month, each with its definition and its rows."""
    now = month_reads.last_complete(months)
    month = now.entries.month
    currency = frame.portal().settings.currency
    st.caption(f"{write.month(month)}, the last complete month")
    paid = list_slices.invoices_paid_in(month, **chosen.for_lists)
    cards.figures(
        _figure("billed", write.short_money(now.entries.billed_cents, currency),
                write.count(now.entries.invoice_count, "invoice"), chosen.page_of("invoices"),
                list_slices.invoices_in(month, **chosen.for_lists)),
        _figure("collected", write.short_money(now.entries.collected_cents, currency),
                write.count(now.entries.payment_count, "payment"), chosen.page_of("payments"),
                list_slices.payments_in(month, status=list_slices.POSTED, **chosen.for_lists)),
        _figure("days_to_pay", month_reads.days(now.days_to_pay),
                write.count(now.entries.paid_invoices, "invoice") + " paid off",
                chosen.page_of("invoices"), paid),
        _figure("weighted_days_to_pay", month_reads.days(now.weighted_days_to_pay),
                write.short_money(now.entries.paid_cents, currency) + " paid off",
                chosen.page_of("invoices"), paid),
        _figure("on_time_rate", month_reads.percent(now.on_time_rate),
                f"{now.entries.on_time_invoices:,} of "
                + write.count(now.entries.due_invoices, "invoice"),
                chosen.page_of("invoices"),
                list_slices.invoices_paid_in(month, with_due_date=True, **chosen.for_lists)),
    )  # fmt: skip
    outstanding = write.short_money(now.entries.outstanding_cents, currency)
    aged = aging_of(chosen, now.entries.last_day)
    cards.figures(
        _figure("dso", month_reads.days(now.dso), f"{outstanding} open", "aging", aged),
        _figure("count_back_dso", month_reads.days(now.count_back_dso), f"{outstanding} open",
                "aging", aged),
        _figure("best_possible_dso", month_reads.days(now.best_possible_dso),
                write.short_money(now.entries.not_overdue_cents, currency) + " not overdue",
                "aging", aged),
        _figure("days_delinquent", month_reads.days(now.days_delinquent), "DSO less best possible",
                "aging", aged),
        _figure("collection_effectiveness", month_reads.percent(now.collection_effectiveness),
                "of what could be collected"),
    )  # fmt: skip
    cards.figures(*_promises_and_failures(chosen, now))


def _promises_and_failures(chosen: Chosen, now: MonthFigures) -> tuple[Figure, ...]:
    entries, page = now.entries, chosen.page_of("payments")
    returned = list_slices.entries_in(
        entries.month, entry_kind=["Return"], status=list_slices.POSTED, **chosen.for_lists
    )
    return (
        _figure("promise_rate", month_reads.percent(now.promise_rate),
                f"{entries.kept_promises:,} of "
                + write.count(entries.judged_promises, "promise")),
        _figure("failure_rate", month_reads.percent(now.failure_rate),
                write.count(entries.failed_payments, "failed payment"), page,
                list_slices.failed_in(entries.month, **chosen.for_lists)),
        _figure("return_rate", month_reads.percent(now.return_rate),
                write.count(entries.return_count, "return"), page, returned),
    )  # fmt: skip


def aging_of(chosen: Chosen, day: date) -> dict[str, str]:
    """The parameters of a link to the aging of a day, narrowed like the page."""
    params = {"partner_id": chosen.partner_id, "office": chosen.office}
    params["as_of"] = day.isoformat() if day < frame.portal().today() else None
    return {name: value for name, value in params.items() if value}


def pictures(months: list[MonthFigures]) -> None:
    """Four pictures: money, days to pay, DSO, rates."""
    axis = [m.entries.month for m in months]
    currency = frame.portal().settings.currency
    money = charts.monthly_bars(
        axis,
        [
            Series("Billed", [m.entries.billed_cents for m in months]),
            Series("Collected", [m.entries.collected_cents for m in months]),
        ],
        currency=currency,
    )
    paying = charts.monthly_lines(axis, _lines(months, "days_to_pay", "weighted_days_to_pay"))
    dso = charts.monthly_lines(
        axis, _lines(months, "dso", "count_back_dso", "best_possible_dso", "days_delinquent")
    )
    rates = charts.monthly_lines(
        axis, _lines(months, "on_time_rate", "collection_effectiveness", times=100), unit="%"
    )
    _pair(("Billed and collected", money), ("Days to pay", paying))
    _pair(("Days sales outstanding", dso), ("On time, and effectiveness", rates))


def _lines(months: list[MonthFigures], *keys: str, times: int = 1) -> list[Series]:
    return [
        Series(
            METRICS[key].label,
            [month_reads.number(getattr(m, key), times=times) for m in months],
        )
        for key in keys
    ]


def _pair(*titled: tuple[str, object]) -> None:
    for column, (title, figure) in zip(st.columns(2, gap="small"), titled, strict=True):
        with column, st.container(border=True, gap=None):
            st.header(title, anchor=False)
            charts.show(figure, key=f"trends_{title}", alt=f"{title}, month by month")


def _figure(
    key: str, value: str, rows: str, page: str = "", params: dict[str, str] | None = None
) -> Figure:
    metric = METRICS[key]
    return Figure(
        label=metric.label,
        value=value,
        definition=metric.definition,
        rows=rows,
        page=page,
        params=params or {},
    )
