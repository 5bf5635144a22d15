"""The AR aging page: what is chosen stands in its URL; a click on a group leads to its clients."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from portal.domain.permissions import Permission
from portal.ui import (
    aging_drill,
    buckets,
    charts,
    filters,
    frame,
    grid,
    links,
    paper_links,
    reads,
)
from portal.ui import format as write
from portal.ui.grid_event import GridEvent
from portal.ui.grid_options import Place

LENSES = {"due": "By due date", "invoice": "By invoice date"}
GROUPS = {
    "partner": "Partner",
    "manager": "Manager",
    "office": "Office",
    "group": "Client group",
    "client": "Client",
}
MOST_BARS = 6
EARLIEST = date(2000, 1, 1)
_NARROWING = {
    "partner": "partner_id",
    "manager": "manager_id",
    "office": "office",
    "group": "client_group",
}
_WHOSE = {**_NARROWING, "client": "client_id"}
"""By what a line's invoices are told from others."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the page shows; the list and the picture take the same."""

    book: str
    lens: str
    group_by: str
    as_of: date
    narrowed: dict[str, str]

    @property
    def params(self) -> dict[str, str]:
        """The parameters of the aging list."""
        return {
            "book": self.book,
            "lens": self.lens,
            "group_by": self.group_by,
            "as_of": self.as_of.isoformat(),
            **self.narrowed,
        }

    @property
    def narrowing(self) -> dict[str, str | None]:
        """What every query of the page is narrowed to."""
        return {**dict.fromkeys(_NARROWING.values()), **self.narrowed}

    @property
    def is_past(self) -> bool:
        """Whether the page shows another day than today."""
        return self.as_of != frame.portal().today()


def controls() -> Chosen:
    """Choose lens, day and grouping, and print it so; the row of controls of the page."""
    frame.require(Permission.VIEW_COLLECTIONS)
    filters.turned()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        book = filters.book()
        lens = filters.switch("lens", "Age by", LENSES)
        # one's own book has one partner: its clients say more
        first = "client" if book == reads.MINE else "partner"
        group_by = filters.switch("group_by", "One line per", GROUPS, default=first)
        narrowed = {
            name: st.query_params[name] for name in _NARROWING.values() if name in st.query_params
        }
        chosen = Chosen(book=book, lens=lens, group_by=group_by, as_of=_day(), narrowed=narrowed)
        paper_links.aging(chosen.params)
    return chosen


def note(chosen: Chosen) -> None:
    """Say what the page is narrowed to, and what a past day means."""
    for name in chosen.narrowed:
        _narrowed_to(chosen, name)
    if chosen.is_past:
        st.caption(
            f"{write.day(chosen.as_of)}: as the practice management system's dated entries say "
            "it stood; owners and flags as they are now."
        )
    else:
        _dated_after(chosen)


def groups(chosen: Chosen) -> pd.DataFrame:
    """Read the groups, a line for each of their currencies, the largest first."""
    return reads.table(
        "aging/aging_by_group",
        book=chosen.book,
        as_of=chosen.as_of,
        group_by=chosen.group_by,
        lens=chosen.lens,
        **chosen.narrowing,
    )


def picture(chosen: Chosen, found: pd.DataFrame) -> None:
    """Draw the largest groups in the firm's currency as stacked bars."""
    currency = frame.portal().settings.currency
    owing = found[(found["outstanding_cents"] > 0) & (found["currency"] == currency)]
    if owing.empty:
        return
    shown = owing.head(MOST_BARS)
    stacks = [
        (key, label, [int(cents) for cents in shown[column]])
        for key, label, column in buckets.columns(chosen.lens)
    ]
    names = [str(name) for name in shown["group_name"]]
    with st.container(border=True, gap=None):
        charts.show(
            charts.aging_by_group(names, stacks, currency=currency),
            key="aging_picture",
            alt=f"Outstanding by age of {', '.join(names)}; the list below has every amount",
        )
        if len(owing) > len(shown):
            st.caption(f"The {len(shown)} largest of {len(owing):,}; the list has all of them.")


def listed(chosen: Chosen, found: pd.DataFrame) -> None:
    """Draw the list, and follow a click on one of its lines."""
    one = GROUPS[chosen.group_by]
    labels = {"group_name": one}
    if chosen.lens == "invoice":
        labels["not_due_cents"] = buckets.CURRENT
    event = grid.list_grid(
        "aging",
        params=chosen.params,
        title=f"Aging by {one.lower()}",
        place=Place(noun=f"{one.lower()}s", labels=labels, search_hint=one, totals_row=True),
    )
    if event is None:
        return
    line = found[found["row_id"] == event.row_id]
    if line.empty:
        return
    _follow(event, chosen, line.iloc[0])


def _follow(event: GridEvent, chosen: Chosen, line: pd.Series) -> None:
    key = None if pd.isna(line["group_key"]) else str(line["group_key"])
    if not key:
        st.toast(f"{line['group_name']}: these clients are in the list by client.")
    elif aging_drill.is_drill(event.action):
        _open_invoices(event.action or "", chosen, key, line)
    elif chosen.group_by == "client":
        links.go("client", id=key)
    else:
        filters.turn({_NARROWING[chosen.group_by]: key}, group_by=GROUPS["client"])


def _open_invoices(action: str, chosen: Chosen, key: str, line: pd.Series) -> None:
    if not int(line[aging_drill.column_of(action)]):
        st.toast("There is nothing behind this amount.")
        return
    if chosen.is_past:
        st.toast(
            f"Invoices are listed as they stand today, not on {write.day(chosen.as_of)}. "
            "Choose today above to open them.",
            icon=":material/history:",
        )
        return
    portal = frame.portal()
    slice_of = aging_drill.invoices_behind(
        action,
        {**chosen.narrowed, _WHOSE[chosen.group_by]: key},
        lens=chosen.lens,
        currency=str(line["currency"]),
        today=portal.today(),
        edges=portal.settings.aging_edges,
    )
    links.go("invoices", **filters.same_book(chosen.book), **slice_of)


def _day() -> date:
    today = frame.portal().today()
    st.caption("As of", width="content")
    picked = st.date_input(
        "As of",
        value=today,
        min_value=EARLIEST,
        max_value=today,
        format="MM/DD/YYYY",
        key="as_of",
        bind="query-params",
        width=150,
        label_visibility="collapsed",
        help="Ages are counted to this day.",
    )
    return picked or today


def _dated_after(chosen: Chosen) -> None:
    """Name what the invoices list counts as outstanding beyond today's entries."""
    found = reads.rows(
        "aging/dated_after", book=chosen.book, as_of=chosen.as_of, **chosen.narrowing
    )
    row = reads.in_firm_currency(found)
    if row.get("moved_cents"):
        amount = write.money(row["moved_cents"], row["currency"])
        text = f"The invoices list has {amount} more: entries dated after today are not in here."
        st.caption(frame.plain(text))


def _narrowed_to(chosen: Chosen, name: str) -> None:
    value = chosen.narrowed[name]
    group = next(group for group, column in _NARROWING.items() if column == name)
    if group in ("partner", "manager"):
        choices = reads.rows("trends/choices")
        value = next(
            (
                c["choice_name"]
                for c in choices
                if (c["choice_kind"], c["choice_key"]) == (group, value)
            ),
            "unknown",
        )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(frame.plain(f"{GROUPS[group]}: {value}"), icon=":material/filter_alt:")
        back = f"Back to all {GROUPS[group].lower()}s"
        if st.button(back, icon=":material/arrow_back:", type="tertiary", key=f"aging_all_{group}"):
            filters.turn({name: None}, group_by=GROUPS[group])
