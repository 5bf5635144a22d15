"""The firm's aging buckets on a page: rows of aging queries read as labelled parts."""

from collections.abc import Mapping

from portal.domain.aging import NO_DUE_DATE, NOT_DUE, buckets
from portal.ui import frame

CURRENT = "Current"
"""What is dated on the very day, where aging counts from the invoice date."""


def columns(lens: str = "due") -> list[tuple[str, str, str]]:
    """Key, label and column of every bucket in use, youngest first, no due date last."""
    found = buckets(frame.portal().settings.aging_edges)
    made = [(NOT_DUE, "Not due" if lens == "due" else CURRENT, "not_due_cents")]
    made += [(b.key, b.label, f"b{place}_cents") for place, b in enumerate(found, start=1)]
    if lens == "due":
        made.append((NO_DUE_DATE, "No due date", "no_due_date_cents"))
    return made


def parts(row: Mapping[str, object]) -> list[tuple[str, str, int]]:
    """Key, label and cents of every bucket of a row."""
    return [(key, label, int(row[column])) for key, label, column in columns()]
