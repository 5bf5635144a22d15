"""Pictures of figures: one house style, light and dark, drawn from whole cents and days.

Every picture has a text for those who don't see it, and its numbers in words on hover; colour
never says alone what a bar is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go
import streamlit as st

from portal.domain.money import format_cents
from portal.ui import format as written
from portal.ui import theme
from portal.ui.chart_style import (
    axis_money,
    distinct,
    framed,
    money_axis,
    month_axis,
    series_colours,
    short_name,
)

CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}
_DASHES = ("solid", "dash", "dot", "dashdot")


@dataclass(frozen=True)
class Series:
    """A named row of values, one per place on the axis; None where there is nothing."""

    name: str
    values: Sequence[int | float | None]
    colour: str | None = None


def show(figure: go.Figure, *, key: str, alt: str) -> None:
    """Put a picture on the page; `alt` says what it shows to those who can't see it."""
    st.plotly_chart(figure, width="stretch", theme=None, config=CONFIG, key=key, alt=alt)


def aging_bars(
    labels: Sequence[str],
    keys: Sequence[str],
    cents: Sequence[int],
    *,
    currency: str,
    height: int = 230,
) -> go.Figure:
    """One bar per aging bucket with its amount on top."""
    bars = go.Bar(
        x=[label.replace("No due date", "No due<br>date") for label in labels],
        y=list(cents),
        marker={"color": theme.bucket_colours(list(keys))},
        text=[axis_money(value, currency, exact=False) if value else "" for value in cents],
        textposition="outside",
        textfont={"size": 11},
        constraintext="none",
        cliponaxis=False,
        customdata=[format_cents(value, currency) for value in cents],
        hovertemplate="%{x}: %{customdata}<extra></extra>",
        showlegend=False,
    )
    figure = framed(go.Figure(bars), height=height)
    figure.update_layout(bargap=0.38, margin={"t": 22})
    figure.update_xaxes(showgrid=False)
    money_axis(figure, [*cents, 0], currency, axis="y")
    return figure


def aging_by_group(
    names: Sequence[str],
    buckets: Sequence[tuple[str, str, Sequence[int]]],
    *,
    currency: str,
    height: int | None = None,
) -> go.Figure:
    """Stacked bars, one per group, the first on top; `buckets` are key, label and cents."""
    figure = go.Figure()
    shown = distinct([short_name(name) for name in names])
    colours = theme.bucket_colours([key for key, _, _ in buckets])
    for (_, label, cents), colour in zip(buckets, colours, strict=True):
        figure.add_bar(
            y=shown,
            x=list(cents),
            name=label,
            orientation="h",
            marker={"color": colour},
            customdata=[format_cents(value, currency) for value in cents],
            hovertemplate="%{y}<br>" + label + ": %{customdata}<extra></extra>",
        )
    framed(figure, height=height or 72 + 20 * max(len(shown), 2))
    figure.update_layout(
        barmode="stack", bargap=0.34 if len(shown) > 2 else 0.6, legend_traceorder="normal"
    )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    sums = [sum(values) for values in zip(*(cents for _, _, cents in buckets), strict=True)]
    money_axis(figure, [*sums, 0], currency, axis="x")
    return figure


def monthly_bars(
    months: Sequence[date],
    series: Sequence[Series],
    *,
    currency: str,
    stacked: bool = False,
    height: int = 250,
) -> go.Figure:
    """Bars of money month by month: beside each other, or stacked."""
    figure = go.Figure()
    axis = [written.month(month) for month in months]
    for place, one in enumerate(series):
        figure.add_bar(
            x=axis,
            y=list(one.values),
            name=one.name,
            marker={"color": one.colour or series_colours()[place % len(series_colours())]},
            customdata=[format_cents(value, currency) for value in one.values],
            hovertemplate="%{x} – " + one.name + ": %{customdata}<extra></extra>",
        )
    framed(figure, height=height)
    figure.update_layout(barmode="stack" if stacked else "group", bargap=0.3, bargroupgap=0.06)
    money_axis(figure, _extent(series, stacked), currency, axis="y")
    month_axis(figure, months)
    return figure


def monthly_lines(
    months: Sequence[date], series: Sequence[Series], *, unit: str = "days", height: int = 250
) -> go.Figure:
    """Lines of days or percentages month by month; each has a dash of its own."""
    figure = go.Figure()
    axis = [written.month(month) for month in months]
    pattern = "%{y:.1f}%" if unit == "%" else "%{y:.1f} " + unit
    for place, one in enumerate(series):
        figure.add_scatter(
            x=axis,
            y=list(one.values),
            name=one.name,
            mode="lines+markers",
            line={
                "color": one.colour or series_colours()[place % len(series_colours())],
                "dash": _DASHES[place % len(_DASHES)],
                "width": 2,
            },
            marker={"size": 5},
            hovertemplate="%{x} – " + one.name + ": " + pattern + "<extra></extra>",
        )
    framed(figure, height=height)
    figure.update_yaxes(rangemode="tozero", nticks=6, ticksuffix="%" if unit == "%" else "")
    month_axis(figure, months)
    return figure


def ranked_bars(names: Sequence[str], values: Sequence[int | None], *, unit: str) -> go.Figure:
    """One bar of days or percentages per name, in the order given, its value beside it."""
    shown = distinct([short_name(name) for name in names])
    said = ["–" if v is None else f"{v:,}%" if unit == "%" else f"{v:,} {unit}" for v in values]
    bars = go.Bar(
        y=shown,
        x=[value or 0 for value in values],
        orientation="h",
        marker={"color": series_colours()[0]},
        text=said,
        textposition="outside",
        constraintext="none",
        cliponaxis=False,
        hovertemplate="%{y}: %{text}<extra></extra>",
        showlegend=False,
    )
    figure = framed(go.Figure(bars), height=40 + 22 * max(len(shown), 2))
    figure.update_layout(bargap=0.36, margin={"r": 56})
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(visible=False, rangemode="tozero")
    return figure


def waterfall(
    steps: Sequence[tuple[str, int, bool]], *, currency: str, height: int = 290
) -> go.Figure:
    """From one balance to the next: `steps` are label, signed cents, and whether it is a total."""
    colours = theme.palette()
    figure = go.Figure(
        go.Waterfall(
            x=[label for label, _, _ in steps],
            y=[cents for _, cents, _ in steps],
            measure=["absolute" if is_total else "relative" for _, _, is_total in steps],
            text=[axis_money(cents, currency, exact=False) for _, cents, _ in steps],
            textposition="outside",
            cliponaxis=False,
            customdata=[format_cents(cents, currency) for _, cents, _ in steps],
            hovertemplate="%{x}: %{customdata}<extra></extra>",
            connector={"line": {"color": colours.muted, "width": 1}},
            totals={"marker": {"color": series_colours()[0]}},
            increasing={"marker": {"color": "#F59E0B"}},
            decreasing={"marker": {"color": "#10B981"}},
            showlegend=False,
        )
    )
    framed(figure, height=height)
    figure.update_layout(waterfallgap=0.35, margin={"t": 26})
    figure.update_xaxes(showgrid=False)
    reached, levels = 0, []
    for _, cents, is_total in steps:
        reached = cents if is_total else reached + cents
        levels.append(reached)
    money_axis(figure, levels, currency, axis="y", floor=cut_below(levels))
    return figure


def cut_below(levels: Sequence[int]) -> int:
    """Where the axis of a bridge starts: at 0, or close below the steps where they are small."""
    low, high = min(levels), max(levels)
    return 0 if low <= 0 or high - low > low // 2 else low - (high - low)


def sparkline(values: Sequence[int | float | None]) -> list[float] | None:
    """The values of a small trend, without gaps; None where they would not make a line."""
    known = [float(value) for value in values if value is not None]
    return known if len(known) > 1 and any(known) else None


def _extent(series: Sequence[Series], stacked: bool) -> list[int]:
    columns = list(zip(*(one.values for one in series), strict=True))
    if stacked:
        return [0, *(sum(v or 0 for v in column) for column in columns)]
    return [0, *(int(v or 0) for column in columns for v in column)]
