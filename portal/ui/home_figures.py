"""The figures at the head of the home pages; each opens its rows."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from portal.domain.month_figures import MonthFigures
from portal.domain.permissions import Permission
from portal.ui import cards, charts, frame, list_slices, reads
from portal.ui import format as write
from portal.ui import months as month_reads
from portal.ui.cards import Figure

WEEK = timedelta(days=7)
_STATES = {"live": "Live", "stale": "Behind", "away": "Away", "empty": "None yet"}


def receivable_figures(book: str) -> None:
    """What is owed, and for those who may see payments what came in, with a year's trend."""
    months = month_reads.read(book=book, is_glance=True)
    shown = [*_owed(book, months), *_received(book, months)]
    cards.figures(*shown)


def _owed(book: str, months: list[MonthFigures]) -> list[Figure]:
    standing, currency = _standing(book), _currency()
    before = month_reads.last_complete(months)
    outstanding = [m.entries.outstanding_cents for m in months]
    overdue = [_overdue(m) for m in months]
    return [
        Figure(
            label="Outstanding",
            value=write.short_money(standing["outstanding_cents"], currency),
            metric="outstanding",
            trend=_trend(outstanding),
            **_change(outstanding, before, currency),
            rows=write.count(standing["open_invoices"], "open invoice"),
            page="invoices",
            params=list_slices.outstanding(),
        ),
        Figure(
            label="Overdue",
            value=write.short_money(standing["overdue_cents"], currency),
            metric="overdue",
            trend=_trend(overdue),
            **_change(overdue, before, currency),
            rows=write.count(standing["overdue_invoices"], "overdue invoice"),
            page="invoices",
            params=list_slices.overdue(),
        ),
    ]


def _received(book: str, months: list[MonthFigures]) -> list[Figure]:
    if not frame.principal().may(Permission.VIEW_PAYMENTS):
        return []
    now, before = months[-1], month_reads.last_complete(months)
    # what the payments page shows too: payments of the portal count before they are posted
    received = reads.of_firm_currency(reads.rows("payments/months", book=book))
    collected = [row["amount_cents"] for row in received] or [0]
    return [
        Figure(
            label=f"Collected in {_month_name(now)}",
            value=write.short_money(collected[-1], _currency()),
            metric="received_this_month",
            trend=_trend(collected),
            trend_kind="bar",
            **_collected_before(collected, months),
            rows=write.count(received[-1]["payments"] if received else 0, "payment"),
            page="payments",
            params=list_slices.payments_in(now.entries.month),
        ),
        Figure(
            label=f"Days to pay, {_month_name(before)}",
            value=month_reads.days(before.days_to_pay),
            metric="days_to_pay",
            **_slower(months),
            trend=_trend([month_reads.number(m.days_to_pay) for m in months]),
            rows=write.count(before.entries.paid_invoices, "invoice") + " paid off",
            page="trends",
        ),
    ]


def collector_figures(book: str) -> None:
    """What is overdue, what has just become so, and how it splits."""
    standing = _standing(book)
    today, currency = frame.portal().today(), _currency()
    cards.figures(
        Figure(
            label="Overdue",
            value=write.short_money(standing["overdue_cents"], currency),
            metric="overdue",
            rows=write.count(standing["overdue_invoices"], "overdue invoice"),
            page="invoices",
            params=list_slices.overdue(),
        ),
        Figure(
            label="Clients to contact",
            value=f"{standing['overdue_clients']:,}",
            definition="Clients with at least one overdue invoice.",
            rows="Worklist",
            page="worklist",
        ),
        Figure(
            label="Newly overdue this week",
            value=write.short_money(standing["newly_overdue_cents"], currency),
            definition="Outstanding on invoices that became overdue in the last 7 days.",
            rows=write.count(standing["newly_overdue_invoices"], "invoice"),
            page="invoices",
            params=list_slices.newly_overdue(today - WEEK, today),
        ),
        Figure(
            label="Unapplied",
            value=write.short_money(standing["unapplied_cents"], currency),
            metric="unapplied",
            rows="Payments to apply",
            page="payments",
            params=cards.toggled("unapplied"),
        ),
    )


def data_figures() -> None:
    """How fresh the data is and how reading it went, for whoever answers for that."""
    portal = frame.portal()
    fresh = portal.refreshing.freshness()
    since = portal.now().astimezone(UTC).replace(tzinfo=None, second=0, microsecond=0)
    lately = reads.one("home/refreshes", since=since - timedelta(days=1)) or {}
    as_of = fresh.data_as_of
    cards.figures(
        Figure(
            label="Data",
            value=_STATES[fresh.state],
            definition="Whether the practice management system was read within its interval.",
            rows=f"As of {write.moment(as_of, portal.settings.timezone)}" if as_of else "Data page",
            page="data",
        ),
        Figure(
            label="Changes read, 24 hours",
            value=f"{lately.get('changed_rows', 0):,}",
            definition="Rows of the practice management system taken over in the last 24 hours.",
            rows=write.count(lately.get("done", 0), "refresh", "refreshes"),
            page="data",
        ),
        Figure(
            label="Failed refreshes, 24 hours",
            value=f"{lately.get('failed', 0):,}",
            definition="Times the practice management system could not be read. The last good "
            "data stays on screen.",
            rows=_last_failure(lately) or "Refresh log",
            page="data",
        ),
        _tie_out_figure(),
    )


def _tie_out_figure() -> Figure:
    checked = _tie_out(str(frame.portal().warehouse.path))
    return Figure(
        label="Tie-out",
        value=checked["value"],
        definition="Every client's balance here against the practice management system's own "
        "arithmetic, compared at most every ten minutes.",
        rows=f"{checked['said']}, {write.ago(checked['at'], frame.portal().now())}",
        page="data",
    )


@st.cache_data(ttl=600, max_entries=4, show_spinner="Comparing with the source …")
def _tie_out(home: str) -> dict[str, object]:
    portal = frame.portal()
    found = portal.refreshing.tie_out()
    differ = found.clients_that_differ
    said = write.count(differ, "client differs", "clients differ") if differ else "To the cent"
    return {
        "value": "Ties"
        if not found.difference_cents
        else write.money(found.difference_cents, _currency()),
        "said": said,
        "at": portal.now(),
    }


def _last_failure(lately: dict[str, object]) -> str | None:
    at = lately.get("last_failed_at")
    return write.moment(at, frame.portal().settings.timezone) if isinstance(at, datetime) else None


def _standing(book: str) -> dict[str, int]:
    today = frame.portal().today()
    return reads.one("home/standing", book=book, since=today - WEEK) or {}


def _change(cents: list[int], before: MonthFigures, currency: str) -> dict[str, str]:
    """What the last month's end and today are apart; less is better."""
    if len(cents) < 2:
        return {}
    moved = cents[-1] - cents[-2]
    sign = "+" if moved > 0 else ""
    return {
        "delta": f"{sign}{write.short_money(moved, currency)}",
        "delta_color": "inverse" if moved else "off",
        "delta_description": f"since end of {_month_name(before)}",
    }


def _collected_before(collected: list[int], months: list[MonthFigures]) -> dict[str, str]:
    """What the last complete month brought, to read the running one against."""
    if len(collected) < 2:
        return {}
    return {
        "delta": write.short_money(collected[-2], _currency()),
        "delta_arrow": "off",
        "delta_description": f"in all of {_month_name(months[-2])}",
    }


def _slower(months: list[MonthFigures]) -> dict[str, str]:
    """Days to pay of the last complete month against the one before."""
    if len(months) < 3 or None in (months[-2].days_to_pay, months[-3].days_to_pay):
        return {}
    moved = float(months[-2].days_to_pay - months[-3].days_to_pay)
    return {
        "delta": f"{moved:+.1f} days",
        "delta_color": "inverse",
        "delta_description": f"against {_month_name(months[-3])}",
    }


def _trend(values: list[int | float | None]) -> list[float]:
    return charts.sparkline(values) or []


def _overdue(month: MonthFigures) -> int:
    return month.entries.outstanding_cents - month.entries.not_overdue_cents


def _month_name(month: MonthFigures) -> str:
    return write.month(month.entries.month).split()[0]


def _currency() -> str:
    return frame.portal().settings.currency
