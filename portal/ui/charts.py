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

FONT = "Inter, 'Segoe UI', system-ui, sans-serif"
CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}
MOST_TICKS = 5
LONGEST_NAME = 26
_STEPS = (1, 2, 5, 10)
_SIZES = ((10**11, "B"), (10**8, "M"), (10**5, "K"))
_DASHES = ("solid", "dash", "dot", "dashdot")
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}


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
        x=list(labels),
        y=list(cents),
        marker={"color": theme.bucket_colours(list(keys))},
        text=[axis_money(value, currency, exact=False) if value else "" for value in cents],
        textposition="outside",
        cliponaxis=False,
        customdata=[format_cents(value, currency) for value in cents],
        hovertemplate="%{x}: %{customdata}<extra></extra>",
        showlegend=False,
    )
    figure = _framed(go.Figure(bars), height=height)
    figure.update_layout(bargap=0.38, margin={"t": 22})
    _money_axis(figure, [*cents, 0], currency, axis="y")
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
    shown = _distinct([_short(name) for name in names])
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
    _framed(figure, height=height or 92 + 23 * max(len(shown), 2))
    figure.update_layout(barmode="stack", bargap=0.34, legend_traceorder="normal")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    sums = [sum(values) for values in zip(*(cents for _, _, cents in buckets), strict=True)]
    _money_axis(figure, [*sums, 0], currency, axis="x")
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
    axis = [_month(month) for month in months]
    for place, one in enumerate(series):
        figure.add_bar(
            x=axis,
            y=list(one.values),
            name=one.name,
            marker={"color": one.colour or series_colours()[place % len(series_colours())]},
            customdata=[format_cents(value, currency) for value in one.values],
            hovertemplate="%{x} – " + one.name + ": %{customdata}<extra></extra>",
        )
    _framed(figure, height=height)
    figure.update_layout(barmode="stack" if stacked else "group", bargap=0.3, bargroupgap=0.06)
    _money_axis(figure, _extent(series, stacked), currency, axis="y")
    _month_axis(figure, axis)
    return figure


def monthly_lines(
    months: Sequence[date], series: Sequence[Series], *, unit: str = "days", height: int = 250
) -> go.Figure:
    """Lines of days or percentages month by month; each has a dash of its own."""
    figure = go.Figure()
    axis = [_month(month) for month in months]
    pattern = "%{y:.1f} %" if unit == "%" else "%{y:.1f} " + unit
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
    _framed(figure, height=height)
    figure.update_yaxes(rangemode="tozero", nticks=6, ticksuffix=" %" if unit == "%" else "")
    _month_axis(figure, axis)
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
    _framed(figure, height=height)
    figure.update_layout(waterfallgap=0.35, margin={"t": 26})
    reached, levels = 0, [0]
    for _, cents, is_total in steps:
        reached = cents if is_total else reached + cents
        levels.append(reached)
    _money_axis(figure, levels, currency, axis="y")
    return figure


def sparkline(values: Sequence[int | float | None]) -> list[float] | None:
    """The values of a small trend, without gaps; None where they would not make a line."""
    known = [float(value) for value in values if value is not None]
    return known if len(known) > 1 and any(known) else None


def series_colours() -> tuple[str, ...]:
    """The colours of series in their order, for the mode on screen."""
    if theme.mode() == theme.DARK:
        return ("#818CF8", "#34D399", "#38BDF8", "#FBBF24", "#F472B6", "#94A3B8")
    return ("#4F46E5", "#10B981", "#0EA5E9", "#F59E0B", "#DB2777", "#64748B")


def axis_money(cents: int, currency: str, *, exact: bool = True) -> str:
    """Write cents beside an axis: `$1.2M`, `$950K`, never `$1000M`; `exact` drops no digit."""
    sign = "-" if cents < 0 else ""
    symbol = _SIGNS.get(currency, f"{currency} ")
    size, letter = next(((s, u) for s, u in _SIZES if abs(cents) >= s * 0.9995), (100, ""))
    scaled = abs(cents) / size
    digits = 2 if exact else 0 if scaled >= 99.95 or not letter else 1
    text = f"{scaled:,.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{sign}{symbol}{text}{letter}"


def nice_ticks(low: int, high: int) -> list[int]:
    """Round values that span an axis from `low` to `high`, at most six of them, 0 among them."""
    low, high = min(low, 0), max(high, 0)
    span = max(high - low, 100)
    power = 10 ** max(len(str(span // MOST_TICKS)) - 1, 0)
    step = next(power * n for n in _STEPS if power * n * MOST_TICKS >= span)
    first, last = low // step, -(-high // step)
    return [step * place for place in range(first, last + 1)]


def _money_axis(figure: go.Figure, cents: Sequence[int], currency: str, *, axis: str) -> None:
    ticks = nice_ticks(min(cents), max(cents))
    room = (ticks[-1] - ticks[0]) * 0.03
    update = figure.update_yaxes if axis == "y" else figure.update_xaxes
    update(
        tickvals=ticks,
        ticktext=[axis_money(tick, currency) for tick in ticks],
        range=[ticks[0], ticks[-1] + room],
        showgrid=True,
    )


def _month_axis(figure: go.Figure, axis: Sequence[str]) -> None:
    every = max(1, -(-len(axis) // 12))
    figure.update_xaxes(tickvals=list(axis)[::-1][::every][::-1], showgrid=False, type="category")


def _extent(series: Sequence[Series], stacked: bool) -> list[int]:
    columns = list(zip(*(one.values for one in series), strict=True))
    if stacked:
        return [0, *(sum(v or 0 for v in column) for column in columns)]
    return [0, *(int(v or 0) for column in columns for v in column)]


def _framed(figure: go.Figure, *, height: int) -> go.Figure:
    colours = theme.palette()
    quiet = {"family": FONT, "size": 11, "color": colours.quiet}
    figure.update_layout(
        height=height,
        margin={"l": 4, "r": 8, "t": 8, "b": 4},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 11, "color": colours.text},
        barcornerradius=3,
        legend={
            "orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom",
            "font": {"family": FONT, "size": 11, "color": colours.text}, "title": {"text": ""},
            "itemclick": False, "itemdoubleclick": False,
        },
        hoverlabel={
            "bgcolor": colours.raised, "bordercolor": colours.line,
            "font": {"family": FONT, "size": 12, "color": colours.text},
        },
        dragmode=False,
    )  # fmt: skip
    figure.update_xaxes(
        gridcolor=colours.line, zeroline=False, tickfont=quiet, automargin=True, fixedrange=True
    )
    figure.update_yaxes(
        gridcolor=colours.line, zeroline=False, tickfont=quiet, automargin=True, fixedrange=True
    )
    return figure


def _month(month: date) -> str:
    name, year = written.month(month).split()
    return f"{name} ’{year[2:]}"


def _short(name: str) -> str:
    plain = name.replace("<", "‹").replace(">", "›")
    return plain if len(plain) <= LONGEST_NAME else f"{plain[: LONGEST_NAME - 1]}…"


def _distinct(names: Sequence[str]) -> list[str]:
    """Two groups of one name stay two bars."""
    seen: dict[str, int] = {}
    made = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        made.append(name + "\u200b" * (seen[name] - 1))
    return made
