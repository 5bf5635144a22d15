"""The house style of pictures: axes in readable money, months, colours for light and dark."""

from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go

from portal.ui import format as written
from portal.ui import theme

FONT = "Inter, 'Segoe UI', system-ui, sans-serif"
MOST_TICKS = 5
MOST_MONTHS = 12
LONGEST_NAME = 26
_STEPS = (1, 2, 5, 10)
_SIZES = ((10**11, "B"), (10**8, "M"), (10**5, "K"))
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}


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
    """Round values that span an axis from `low` to `high`, at most seven of them."""
    span = max(high - low, 100)
    power = 10 ** max(len(str(span // MOST_TICKS)) - 1, 0)
    step = next(power * n for n in _STEPS if power * n * MOST_TICKS >= span)
    first = low // step
    last = max(-(-high // step), first + 1)
    return [step * place for place in range(first, last + 1)]


def money_axis(
    figure: go.Figure, cents: Sequence[int], currency: str, *, axis: str, floor: int = 0
) -> None:
    """Give an axis round amounts of money that span these cents, from `floor` or below."""
    low, high = min(*cents, floor), max(*cents, floor)
    room = max((high - low) * 0.05, 1)
    ticks = [tick for tick in nice_ticks(low, high) if low - room <= tick <= high + room]
    update = figure.update_yaxes if axis == "y" else figure.update_xaxes
    update(
        tickvals=ticks,
        ticktext=[axis_money(tick, currency) for tick in ticks],
        range=[low - room if low < 0 else low, high + room],
        showgrid=True,
    )


def month_axis(figure: go.Figure, months: Sequence[date]) -> None:
    """Name the months below, at most twelve of them, the year where it begins."""
    every = max(1, -(-len(months) // MOST_MONTHS))
    shown = list(months)[::-1][::every][::-1]
    labels, year = [], 0
    for month in shown:
        name = written.month(month)[:3]
        labels.append(name if month.year == year else f"{name}<br>{month.year}")
        year = month.year
    figure.update_xaxes(
        tickvals=[written.month(month) for month in shown],
        ticktext=labels,
        tickangle=0,
        showgrid=False,
        type="category",
    )


def framed(figure: go.Figure, *, height: int) -> go.Figure:
    """Give a picture the house's font, lines and margins; its ground stays transparent."""
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


def short_name(name: str) -> str:
    """A name that fits beside a bar, without anything that would be read as markup."""
    plain = name.replace("<", "‹").replace(">", "›")
    return plain if len(plain) <= LONGEST_NAME else f"{plain[: LONGEST_NAME - 1]}…"


def distinct(names: Sequence[str]) -> list[str]:
    """Two groups of one name stay two bars."""
    seen: dict[str, int] = {}
    made = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        made.append(name + "\u200b" * (seen[name] - 1))
    return made
