"""One bar of what is outstanding by age, with the amount of every bucket in words below it."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import streamlit as st

from portal.domain.aging import NO_DUE_DATE, NOT_DUE, buckets
from portal.ui import charts, frame, theme
from portal.ui import format as write

HEIGHT = 62
BAR_HEIGHT = 20
FONT = "Inter, 'Segoe UI', system-ui, sans-serif"
_CLEAR = "rgba(0,0,0,0)"


def draw(rows: Sequence[Mapping[str, object]]) -> None:
    """Draw a strip per currency; nothing where nothing is outstanding."""
    edges = frame.portal().settings.aging_edges
    for row in rows:
        currency = str(row["currency"])
        parts = _parts(row, edges)
        said = ", ".join(f"{label} {write.money(cents, currency)}" for _, label, cents in parts)
        with st.container(border=True):
            charts.show(
                strip(parts, currency),
                key=f"aging_strip_{currency}",
                alt=f"Outstanding by days past the due date: {said}",
            )


def strip(parts: Sequence[tuple[str, str, int]], currency: str) -> go.Figure:
    """Make the bar of one currency; below it every bucket is named with its amount."""
    colours = theme.bucket_colours([key for key, _, _ in parts])
    figure = go.Figure()
    for place, ((_, label, cents), colour) in enumerate(zip(parts, colours, strict=True)):
        amount = write.money(cents, currency)
        figure.add_bar(
            x=[cents],
            y=[""],
            orientation="h",
            marker={"color": colour, "line": {"width": 0}},
            hovertemplate=f"{label}: {amount}<extra></extra>",
        )
        figure.add_annotation(
            text=f'<span style="color:{colour}">■</span> {label}<br><b>{amount}</b>',
            x=place / len(parts),
            y=0,
            yshift=-8,
            xref="paper",
            yref="paper",
            xanchor="left",
            yanchor="top",
            align="left",
            showarrow=False,
        )
    figure.update_layout(
        barmode="stack",
        bargap=0,
        height=HEIGHT,
        showlegend=False,
        margin={"l": 0, "r": 0, "t": 2, "b": HEIGHT - BAR_HEIGHT - 2},
        paper_bgcolor=_CLEAR,
        plot_bgcolor=_CLEAR,
        xaxis={"visible": False, "fixedrange": True, "range": [0, sum(p[2] for p in parts)]},
        yaxis={"visible": False, "fixedrange": True},
        font={"family": FONT, "size": 12.5, "color": theme.palette().text},
    )
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
