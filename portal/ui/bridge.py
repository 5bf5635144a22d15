"""The AR bridge: how the net receivable moved in a month, every step with its rows."""

from datetime import date

import streamlit as st

from portal.domain.metrics import Bridge
from portal.domain.month_figures import last_day, months_before
from portal.lists.columns import Column, Kind
from portal.ui import charts, frame, grid, links, list_slices, reads
from portal.ui import format as write
from portal.ui import months as month_reads
from portal.ui.trends import Chosen, aging_of

_STEPS = (
    ("opening_cents", "Opening"),
    ("billed_cents", "Billed"),
    ("collected_cents", "Collected"),
    ("credited_cents", "Credits"),
    ("written_off_cents", "Write-offs"),
    ("refunded_cents", "Sent back"),
    ("other_cents", "Other"),
    ("closing_cents", "Closing"),
)
_HELP = {
    "refunded_cents": "Refunds, returned payments and reversals.",
    "other_cents": "What changes one side alone; docs/metrics.md names the cases.",
}
_TURNED = {"+": "–", "–": "+"}


def draw(chosen: Chosen) -> None:
    """The month's bridge as a picture and as lines, and below it every month of the range."""
    found = reads.rows(
        "bridge/months",
        **chosen.narrowed,
        first_month=chosen.first_month,
        last_month=month_reads.this_month(),
    )
    month = _month([row["month"] for row in found])
    row = next(row for row in found if row["month"] == month)
    bridge = Bridge(**{name: row[name] for name, _ in _STEPS[:-1]})
    left, right = st.columns([3, 2], gap="small")
    with left, st.container(border=True, height="stretch", gap=None):
        _picture(month, bridge)
    with right, st.container(border=True, height="stretch", gap="xxsmall"):
        _lines(chosen, month, bridge)
    _months(chosen, found)


def _month(months: list[date]) -> date:
    return st.selectbox(
        "Month",
        months[::-1],
        format_func=write.month,
        key="bridge_month",
        label_visibility="collapsed",
        width=170,
    )


def _picture(month: date, bridge: Bridge) -> None:
    st.header(f"Net receivable in {write.month(month)}", anchor=False)
    steps = [
        ("Opening", bridge.opening_cents, True),
        ("Billed", bridge.billed_cents, False),
        ("Collected", -bridge.collected_cents, False),
        ("Credits", -bridge.credited_cents, False),
        ("Write-offs", -bridge.written_off_cents, False),
        ("Refunds,<br>returns", bridge.refunded_cents, False),
    ]
    if bridge.other_cents:
        steps.append(("Other", bridge.other_cents, False))
    steps.append(("Closing", bridge.closing_cents, True))
    currency = frame.portal().settings.currency
    said = ", ".join(f"{label} {write.money(cents, currency)}" for label, cents, _ in steps)
    charts.show(
        charts.waterfall(steps, currency=currency),
        key="bridge_picture",
        alt=said.replace("<br>", " "),
    )
    st.caption("Outstanding less unapplied cash. The axis may start above 0.")


def _lines(chosen: Chosen, month: date, bridge: Bridge) -> None:
    st.header("Every step", anchor=False)
    narrowed = chosen.for_lists
    before = last_day(months_before(month, 1))
    _line("Opening", bridge.opening_cents, "", "aging", aging_of(chosen, before))
    _line(
        "Billed",
        bridge.billed_cents,
        "+",
        chosen.page_of("invoices"),
        list_slices.invoices_in(month, **narrowed),
    )
    kinds = (
        ("Collected", bridge.collected_cents, "–", ["Payment"]),
        ("Credits", bridge.credited_cents, "–", ["Credit memo"]),
        ("Write-offs", bridge.written_off_cents, "–", ["Write-off"]),
        ("Refunds, returns, reversals", bridge.refunded_cents, "+",
         ["Refund", "Return", "Reversal"]),
    )  # fmt: skip
    for label, cents, sign, kind in kinds:
        slice_ = list_slices.entries_in(
            month, entry_kind=kind, status=list_slices.POSTED, **narrowed
        )
        _line(label, cents, sign, chosen.page_of("payments"), slice_)
    if bridge.other_cents:
        _line("Other", bridge.other_cents, "+", "", {})
    _line("Closing", bridge.closing_cents, "=", "aging", aging_of(chosen, last_day(month)))
    _tie(chosen, last_day(month), bridge.closing_cents)


def _line(label: str, cents: int, sign: str, page: str, params: dict[str, str]) -> None:
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        if page:
            links.link(label, page, **params)
        else:
            st.markdown(frame.plain(label), width="content")
        if cents < 0 and sign in _TURNED:
            sign, cents = _TURNED[sign], -cents
        amount = write.money(cents, frame.portal().settings.currency)
        st.markdown(frame.plain(f"{sign} {amount}".strip()), width="content")


def _tie(chosen: Chosen, day: date, closing_cents: int) -> None:
    """Compare with the aging of that day, which is computed from every invoice's own balance."""
    narrowed = {k: v for k, v in chosen.narrowed.items() if k != "book"}
    found = reads.rows(
        "aging/aging_by_group",
        book=chosen.book,
        as_of=day,
        # the bridge is made of the practice management system's entries: nothing pending
        today=date.max,
        group_by="all",
        lens="due",
        manager_id=None,
        client_group=None,
        **narrowed,
    )
    row = reads.in_firm_currency(found)
    currency = frame.portal().settings.currency
    outstanding, unapplied = row.get("outstanding_cents", 0), row.get("unapplied_cents", 0)
    net = row.get("net_cents", 0)
    text = (
        f"{write.day(day)}: outstanding {write.money(outstanding, currency)} less unapplied "
        f"{write.money(unapplied, currency)} is {write.money(net, currency)}"
    )
    if net == closing_cents:
        st.caption(f":green[:material/check_circle:] {frame.plain(text)}: it ties.")
    else:
        st.caption(
            f":red[:material/error:] {frame.plain(text)}: "
            f"{frame.plain(write.money(net - closing_cents, currency))} apart."
        )


def _months(chosen: Chosen, found: list[dict]) -> None:
    columns = [Column(id="month_name", label="Month", kind=Kind.TEXT, width=110)]
    quiet = not any(row["other_cents"] for row in found)
    columns += [
        Column(
            id=name,
            label=label,
            kind=Kind.MONEY,
            width=130,
            hidden=name == "other_cents" and quiet,
            help=_HELP.get(name, ""),
            total=name not in ("opening_cents", "closing_cents"),
        )
        for name, label in _STEPS
    ]
    rows = [
        {**row, "month": row["month"].isoformat(), "month_name": write.month(row["month"])}
        for row in reversed(found)
    ]
    grid.small_grid(
        rows,
        columns,
        row_id="month",
        key="bridge_months",
        title=f"AR bridge, last {chosen.count} months",
    )
