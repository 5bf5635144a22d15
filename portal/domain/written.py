"""How days and names are written in letters and on paper."""

import unicodedata
from datetime import date

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the reading direction of what follows; in a name they only deceive."""


def written_day(day: date) -> str:
    """In full: `November 24, 2026`."""
    return f"{day:%B} {day.day}, {day.year}"


def short_day(day: date) -> str:
    """For a column: `Nov 24, 2026`."""
    return f"{day:%b} {day.day}, {day.year}"


def clean(text: str) -> str:
    """A text as it may be shown: no control signs, nothing that turns the reading direction."""
    return "".join(
        sign
        for sign in text
        if sign == "\n" or (sign not in _TURNING and unicodedata.category(sign) not in ("Cc", "Cs"))
    )
