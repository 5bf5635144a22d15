"""Aging: how many days is an invoice past due, and which bucket is that?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.errors import Invalid

NOT_DUE = "not_due"
NO_DUE_DATE = "no_due_date"
DEFAULT_EDGES = (30, 60, 90, 120)


@dataclass(frozen=True)
class Bucket:
    """One aging bucket: `first_day` to `last_day` days past the date, both included."""

    key: str
    label: str
    first_day: int
    last_day: int | None


def buckets(edges: Sequence[int] = DEFAULT_EDGES) -> tuple[Bucket, ...]:
    """Make the overdue buckets from their last days: (30, 60) gives 1-30, 31-60, 60+.

    Raises: Invalid unless the edges are 1 to 6 rising whole numbers above 0.
    """
    if not 1 <= len(edges) <= 6 or list(edges) != sorted(set(edges)) or edges[0] < 1:
        raise Invalid("Aging buckets need 1 to 6 rising day counts, for example 30, 60, 90, 120.")
    made = []
    first = 1
    for edge in edges:
        made.append(Bucket(f"{first}-{edge}", f"{first}–{edge}", first, edge))
        first = edge + 1
    made.append(Bucket(f"{edges[-1]}+", f"{edges[-1]}+", first, None))
    return tuple(made)


def days_past(day: date | None, as_of: date) -> int | None:
    """Days from `day` to `as_of`; negative before it, None without a date."""
    return None if day is None else (as_of - day).days


def bucket_key(day: date | None, as_of: date, edges: Sequence[int] = DEFAULT_EDGES) -> str:
    """Name the bucket of a date. Due on the day itself is not overdue."""
    past = days_past(day, as_of)
    if past is None:
        return NO_DUE_DATE
    if past <= 0:
        return NOT_DUE
    for bucket in buckets(edges):
        if bucket.last_day is None or past <= bucket.last_day:
            return bucket.key
    raise AssertionError("the last bucket has no end")
