"""One bar of what is outstanding by age, with the amount of every bucket in words below it."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import streamlit as st

from portal.domain.aging import NO_DUE_DATE, NOT_DUE, buckets
from portal.ui import format as write
from portal.ui import frame, theme

HEIGHT = 76
_CLEAR = "rgba(0,0,0,0)"


def draw(rows: Sequence[Mapping[str, object]]) -> None:
    """Draw a strip per currency; nothing where nothing is outstanding."""
    for row in rows:
        currency = str(row["currency"])
        with st.container(border=True):
            st.plotly_chart(
                strip(row, frame.portal().settings.aging_edges, theme.mode()),
                config={"displayModeBar": False},
                key=f"aging_strip_{currency}",
            )


def strip(row: Mapping[str, object], edges: Sequence[int], mode: str) -> go.Figure:
    """Make the bar of one currency; its legend names every bucket with its amount."""
    currency = str(row["currency"])
    parts = _parts(row, edges)
    colours = theme.bucket_colours([key for key, _label, _cents in parts], mode)
    figure = go.Figure(
        [
            _segment(label, cents, currency, colour)
            for (_key, label, cents), colour in zip(parts, colours, strict=True)
        ]
    )
    figure.update_layout(
        barmode="stack",
        height=HEIGHT,
        margin={"l": 0, "r": 0, "t": 2, "b": 46, "pad": 0},
        paper_bgcolor=_CLEAR,
        plot_bgcolor=_CLEAR,
        xaxis={"visible": False, "fixedrange": True, "range": [0, row["outstanding_cents"]]},
        yaxis={"visible": False, "fixedrange": True},
        font={"family": "Inter, sans-serif", "size": 13, "color": theme.palette(mode).text},
        legend={
            "orientation": "h", "x": 0, "xanchor": "left", "y": 0, "yref": "container",
            "yanchor": "bottom", "traceorder": "normal", "itemclick": False,
            "itemdoubleclick": False, "entrywidthmode": "fraction",
            "entrywidth": 0.98 / len(parts), "itemsizing": "constant",
        },
    )  # fmt: skip
    return figure


def _parts(row: Mapping[str, object], edges: Sequence[int]) -> list[tuple[str, str, int]]:
    overdue = [
        (bucket.key, f"{bucket.label} days late", int(row[f"b{place}_cents"]))
        for place, bucket in enumerate(buckets(edges), start=1)
    ]
    parts = [(NOT_DUE, "Not due", int(row["not_due_cents"])), *overdue]
    if row["no_due_date_cents"]:
        parts.append((NO_DUE_DATE, "No due date", int(row["no_due_date_cents"])))
    return parts


def _segment(label: str, cents: int, currency: str, colour: str) -> go.Bar:
    amount = write.money(cents, currency)
    return go.Bar(
        x=[cents],
        y=[""],
        orientation="h",
        name=f"{label}<br><b>{amount}</b>",
        marker={"color": colour, "line": {"width": 0}},
        hovertemplate=f"{label}: {amount}<extra></extra>",
        showlegend=True,
    )
