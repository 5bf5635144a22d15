"""One palette for lists and charts: what colour means overdue, paid or 61–90 days, light and dark.

Text on a pill keeps a contrast of at least 4.5 to 1; no colour carries a meaning alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

LIGHT = "light"
DARK = "dark"


@dataclass(frozen=True, kw_only=True)
class Palette:
    """The colours of one mode."""

    background: str
    surface: str
    raised: str
    text: str
    quiet: str
    line: str
    accent: str
    accent_text: str
    accent_surface: str
    hover: str
    selected: str
    muted: str
    danger: str
    focus: str
    shadow: str


PALETTES: Mapping[str, Palette] = {
    LIGHT: Palette(
        background="#FFFFFF",
        surface="#F8FAFC",
        raised="#FFFFFF",
        text="#0F172A",
        quiet="#596780",
        line="#E2E8F0",
        accent="#4F46E5",
        accent_text="#FFFFFF",
        accent_surface="#EEF2FF",
        hover="#F5F7FF",
        selected="#EEF2FF",
        muted="#CBD5E1",
        danger="#B91C1C",
        focus="#4F46E5",
        shadow="0 10px 30px rgba(15, 23, 42, .14), 0 2px 6px rgba(15, 23, 42, .06)",
    ),
    DARK: Palette(
        background="#0B1120",
        surface="#0F172A",
        raised="#172036",
        text="#E2E8F0",
        quiet="#98A6BC",
        line="#24304B",
        accent="#5D60EE",
        accent_text="#FFFFFF",
        accent_surface="#20294F",
        hover="#182341",
        selected="#222C55",
        muted="#3B4A69",
        danger="#FCA5A5",
        focus="#A5B4FC",
        shadow="0 12px 32px rgba(0, 0, 0, .55)",
    ),
}

_PILLS: Mapping[str, tuple[str, str, str, str]] = {
    "green": ("#DCFCE7", "#166534", "#0B3B2A", "#6EE7B7"),
    "indigo": ("#E0E7FF", "#3730A3", "#232E57", "#B4C0FD"),
    "red": ("#FEE2E2", "#991B1B", "#4A1620", "#FCA5A5"),
    "amber": ("#FEF3C7", "#8A3F0C", "#47300B", "#FCD34D"),
    "cyan": ("#CFFAFE", "#155E75", "#0B3A47", "#67E8F9"),
    "violet": ("#EDE9FE", "#5B21B6", "#2E1F57", "#C4B5FD"),
    "grey": ("#EEF2F6", "#475569", "#1F2A44", "#A7B4C9"),
}

_STATUS_HUES: Mapping[str, str] = {
    "Paid": "green",
    "Open": "indigo",
    "Overdue": "red",
    "Void": "grey",
    "Disputed": "amber",
    "Pending": "cyan",
    "Partly paid": "violet",
    "In plan": "cyan",
    "Promised": "cyan",
    "Payment": "green",
    "Credit memo": "indigo",
    "Write-off": "grey",
    "Refund": "amber",
    "Return": "red",
    "Reversal": "red",
    "Active": "green",
    "Paused": "amber",
    "Failed": "red",
    "Ended": "grey",
    "Cancelled": "grey",
    "Good": "green",
    "Watch": "amber",
    "At risk": "red",
}

AGE_COLOURS: Mapping[str, tuple[str, ...]] = {
    LIGHT: ("#38BDF8", "#F5B301", "#F97316", "#DC2626", "#9F1239", "#831843", "#500724"),
    DARK: ("#38BDF8", "#FDE047", "#FB923C", "#EF4444", "#DB2777", "#C026D3", "#A855F7"),
}
"""One colour per overdue bucket, youngest first; the last stands for all later ones."""

NOT_DUE_COLOUR: Mapping[str, str] = {LIGHT: "#4F46E5", DARK: "#818CF8"}
NO_DUE_DATE_COLOUR: Mapping[str, str] = {LIGHT: "#94A3B8", DARK: "#64748B"}


def mode() -> str:
    """The mode the browser shows now; light where nobody can tell (tests, the first moment)."""
    return DARK if st.context.theme.type == DARK else LIGHT


def palette(shown: str | None = None) -> Palette:
    """The colours of a mode, by default of the one on screen."""
    return PALETTES[shown or mode()]


def status_colours(shown: str) -> dict[str, tuple[str, str]]:
    """Background and text colour of every status word."""
    first = 2 if shown == DARK else 0
    return {
        word: (_PILLS[hue][first], _PILLS[hue][first + 1]) for word, hue in _STATUS_HUES.items()
    }


def bucket_colours(bucket_keys: list[str], shown: str | None = None) -> list[str]:
    """The colours of aging buckets in the order given: not due, each overdue one, no due date."""
    chosen = shown or mode()
    ages = iter(AGE_COLOURS[chosen])
    last = AGE_COLOURS[chosen][-1]
    named = {"not_due": NOT_DUE_COLOUR[chosen], "no_due_date": NO_DUE_DATE_COLOUR[chosen]}
    return [named.get(key) or next(ages, last) for key in bucket_keys]
