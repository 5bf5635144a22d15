"""Figures at the head of a page: each with its definition, and a link to the rows behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from portal.ui import format as write
from portal.ui import frame, links
from portal.ui.definitions import DEFINITIONS
from portal.ui.grid_state import encode_link


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure. `metric` names its definition; `rows` says what the link leads to."""

    label: str
    value: str
    metric: str = ""
    definition: str = ""
    rows: str = ""
    page: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    """Tells figures of one label apart: a client's in two currencies."""
    delta: str | None = None
    delta_color: str = "off"
    delta_description: str | None = None
    delta_arrow: str = "auto"
    trend: Sequence[float] = ()
    trend_kind: str = "area"


def figures(*shown: Figure) -> None:
    """Draw figures in one row."""
    for column, figure in zip(st.columns(len(shown), gap="small"), shown, strict=True):
        with column:
            _card(figure)


def other_currencies(rows: Sequence[Mapping[str, object]], label: str, column: str) -> None:
    """Name what the figures leave out: amounts in other currencies are never added up."""
    own = frame.portal().settings.currency
    said = [
        write.money(int(row[column]), str(row["currency"]))
        for row in rows
        if row["currency"] != own and row[column]
    ]
    if said:
        st.caption(frame.plain(f"Besides, in other currencies: {label} {', '.join(said)}."))


def short(cents: int) -> str:
    """Write an amount of the firm's currency for a card."""
    return write.short_money(cents, frame.portal().settings.currency)


def toggled(toggle: str) -> dict[str, str]:
    """The parameters of a link that opens a list with its switch set and nothing filtered."""
    return {"view": encode_link(toggle=toggle)}


def sorted_by(column: str, way: str, *, toggle: str) -> dict[str, str]:
    """The parameters of a link that opens a list in another order."""
    return {"view": encode_link(sort=[(column, way)], toggle=toggle)}


def filtered(**model: Mapping[str, object]) -> dict[str, str]:
    """The parameters of a link that opens a list with its columns filtered."""
    return {"view": encode_link(filter_model=model, toggle="all")}


def one_of(*values: object) -> dict[str, object]:
    """The filter of a column that keeps these values; None stands for a blank."""
    return {"filterType": "set", "values": list(values)}


def between(first: str, last: str) -> dict[str, object]:
    """The filter of a date column that keeps the days from first to last."""
    return {"filterType": "date", "type": "inRange", "dateFrom": first, "dateTo": last}


def whole_days(average: float | None) -> str:
    """Write an average number of days."""
    return "–" if average is None else f"{average:,.0f} days"


def _card(figure: Figure) -> None:
    with st.container(border=True, height="stretch", gap=None):
        st.metric(
            figure.label,
            frame.plain(figure.value),
            figure.delta,
            delta_color=figure.delta_color,
            delta_description=figure.delta_description,
            delta_arrow=figure.delta_arrow,
            help=figure.definition or DEFINITIONS.get(figure.metric),
            chart_data=list(figure.trend) or None,
            chart_type=figure.trend_kind,
        )
        if figure.rows and figure.page and links.find_page(figure.page):
            if st.button(
                figure.rows,
                icon=":material/chevron_right:",
                icon_position="right",
                type="tertiary",
                key=f"card_{figure.key or figure.label}",
            ):
                links.go(figure.page, **figure.params)
        elif figure.rows:
            st.caption(frame.plain(figure.rows))
