"""The cards of the home pages below their figures: pictures, and short lists of clients."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import streamlit as st

from portal.domain.permissions import Permission, Principal
from portal.services.record_visit import RecordVisit, record_visit
from portal.ui import buckets, charts, frame, links, list_slices, reads
from portal.ui import format as write
from portal.ui import months as month_reads
from portal.ui.charts import Series

MOST_LINES = 7
LONGEST_NAME = 25
LONGEST_IN_WIDE = 48
"""Letters of a name that fit beside its amount, in the narrow and in the wide column."""

WEEK = timedelta(days=7)
_FIRST_VISIT_LOOKS_BACK = WEEK


def aging(book: str) -> None:
    """What is owed by age, and the way to the aging page."""
    st.header("Receivable by age", anchor=False)
    row = reads.one(
        "aging/aging_totals",
        book=book,
        as_of=frame.portal().today(),
        lens="due",
    )
    parts = buckets.parts(row) if row else []
    if not any(cents for _, _, cents in parts):
        st.caption("Nothing is outstanding.")
        return
    currency = _currency()
    figure = charts.aging_bars(
        [label for _, label, _ in parts],
        [key for key, _, _ in parts],
        [cents for _, _, cents in parts],
        currency=currency,
    )
    said = ", ".join(f"{label} {write.short_money(cents, currency)}" for _, label, cents in parts)
    charts.show(figure, key="home_aging", alt=f"Outstanding by days past due: {said}")
    _further("AR aging", "aging")


def news(book: str, viewer: Principal) -> None:
    """What happened since the person's visit before this one."""
    before = _visit_before(viewer)
    today = frame.portal().today()
    since = _day_of(before) if before else today - _FIRST_VISIT_LOOKS_BACK
    found = reads.one("home/news", book=book, since=since) or {}
    title = "Since your last visit" if before else "In the last 7 days"
    st.header(title, anchor=False)
    st.caption(f"Dated {write.day(since)} or later")
    currency = _currency()
    _line(
        write.count(found["invoices"], "invoice") + " posted",
        write.money(found["invoiced_cents"], currency),
        "invoices",
        list_slices.invoices_dated(since),
    )
    if viewer.may(Permission.VIEW_PAYMENTS):
        _line(
            write.count(found["payments"], "payment") + " received",
            write.money(found["paid_cents"], currency),
            "payments",
            list_slices.payments_dated(since),
        )
    _line(
        write.count(found["newly_overdue"], "invoice") + " newly overdue",
        write.money(found["newly_overdue_cents"], currency),
        "invoices",
        list_slices.newly_overdue(since, today),
    )


def movers(book: str) -> None:
    """The clients whose balance moved most within a week."""
    today = frame.portal().today()
    st.header("Biggest movers this week", anchor=False)
    st.caption(f"Change of what is outstanding since {write.day(today - WEEK)}")
    found = reads.rows("home/movers", book=book, since=today - WEEK, most=MOST_LINES)
    for row in found:
        cents = row["change_cents"]
        arrow = "▲" if cents > 0 else "▼"
        _client_line(row, f"{arrow} {write.money(abs(cents), _currency())}")
    if not found:
        st.caption("No balance has moved.")


def slipped(book: str) -> None:
    """The clients of which something has become a bucket older within a week."""
    portal = frame.portal()
    today = portal.today()
    st.header("Slipped this week", anchor=False)
    st.caption("What has passed into an older bucket, and the oldest of it")
    found = reads.rows(
        "home/slipped",
        book=book,
        since=today - WEEK,
        edges=tuple(portal.settings.aging_edges),
        most=MOST_LINES,
    )
    for row in found:
        amount = write.money(row["slipped_cents"], _currency())
        _client_line(row, amount, write.days(row["days_overdue"]))
    if not found:
        st.caption("Nothing has.")


def top_overdue(book: str, *, longest: int = LONGEST_NAME) -> None:
    """The clients with the most overdue; names as long as their card has room for."""
    st.header("Most overdue", anchor=False)
    st.caption("Overdue amount, and days since the oldest due date")
    found = reads.rows("home/top_overdue", book=book, most=MOST_LINES)
    for row in found:
        late = write.money(row["overdue_cents"], _currency())
        _client_line(row, late, write.days(row["oldest_days"]), longest=longest)
    if not found:
        st.caption("Nobody is overdue.")


def billed_and_collected(book: str) -> None:
    """A year of billing beside a year of payments."""
    months = month_reads.read(book=book, is_glance=True)
    st.header("Billed and collected", anchor=False)
    series = [Series("Billed", [m.entries.billed_cents for m in months])]
    if frame.principal().may(Permission.VIEW_PAYMENTS):
        series.append(Series("Collected", [m.entries.collected_cents for m in months]))
    axis = [m.entries.month for m in months]
    figure = charts.monthly_bars(axis, series, currency=_currency())
    charts.show(figure, key="home_billed", alt="Billed and collected in each of twelve months")
    _further("Payment trends", "trends")


def days_to_pay(book: str) -> None:
    """A year of days to pay, plain and weighted by amount."""
    months = month_reads.read(book=book, is_glance=True)
    st.header("Days to pay", anchor=False)
    figure = charts.monthly_lines(
        [m.entries.month for m in months],
        [
            Series("Average", [month_reads.number(m.days_to_pay) for m in months]),
            Series(
                "Weighted by amount", [month_reads.number(m.weighted_days_to_pay) for m in months]
            ),
        ],
    )
    charts.show(figure, key="home_days", alt="Days to pay in each of twelve months")


def contact_today(book: str) -> None:
    """The top of the worklist with the reasons."""
    st.header("Contact today", anchor=False)
    st.caption("The top of the worklist, and why")
    found = reads.table("worklist/overdue_clients", book=book, most=MOST_LINES, row_id=None)
    found = found[found["place"] == "now"]
    for row in found.to_dict("records"):
        overdue = write.money(int(row["overdue_cents"]), row["currency"])
        _client_line(row, overdue, longest=LONGEST_IN_WIDE)
        reasons = str(row["reasons"]).split(" · ")
        # The amount stands beside the name already.
        st.caption(frame.plain(" · ".join(r for r in reasons if not r.endswith(" overdue"))))
    if found.empty:
        st.caption("Nothing to chase today.")
    _further("Worklist", "worklist")


def _further(label: str, page: str) -> None:
    if links.find_page(page):
        links.link(label, page, icon=":material/chevron_right:", icon_after=True)


def _line(label: str, amount: str, page: str, params: dict[str, str]) -> None:
    name, figure = st.columns([3, 2], gap="small", vertical_alignment="center")
    with name:
        links.link(label, page, **params)
    with figure:
        _amount(amount)


def _client_line(
    row: Mapping[str, object], amount: str, detail: str = "", *, longest: int = LONGEST_NAME
) -> None:
    shares = [5, 2, 3] if detail else [3, 2]
    places = st.columns(shares, gap="small", vertical_alignment="center")
    full = str(row["client_name"])
    shown = full if len(full) <= longest else f"{full[: longest - 1]}…"
    with places[0]:
        links.link(shown, "client", id=str(row["client_id"]), hint=full if shown != full else None)
    if detail:
        places[1].caption(detail, text_alignment="right")
    with places[-1]:
        _amount(amount)


def _amount(text: str) -> None:
    st.markdown(f":small[{frame.plain(text)}]", text_alignment="right")


def _visit_before(viewer: Principal) -> datetime | None:
    portal = frame.portal()
    return record_visit(
        RecordVisit(actor=viewer, page="home"), store=portal.store, clock=portal.now
    )


def _day_of(at: datetime) -> date:
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return frame.portal().settings.today(aware)


def _currency() -> str:
    return frame.portal().settings.currency
