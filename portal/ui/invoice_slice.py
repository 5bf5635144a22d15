"""A part of the invoices that stands in the page's address: whose, due or dated when.

Links write it, the page narrows its list to it and says so.
"""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from portal.ui import format as write
from portal.ui import frame, reads

_OWNERS = {"partner_id": "partner", "manager_id": "manager"}
_DAYS = {"due": ("due_from", "due_to"), "dated": ("dated_from", "dated_to")}
_BUCKETS = {"not_due": "not due", "overdue": "overdue", "no_due_date": "without a due date"}
NAMES = ("client_id", "client_group", "office", *_OWNERS, "bucket", *_DAYS["due"], *_DAYS["dated"])


def chosen() -> dict[str, str | None]:
    """What the address narrows the list to; a day or bucket that is none narrows nothing."""
    asked = {name: st.query_params.get(name) for name in NAMES}
    days = {name: _day(asked[name]) for pair in _DAYS.values() for name in pair}
    asked |= {name: day.isoformat() if day else None for name, day in days.items()}
    if asked["bucket"] not in _BUCKETS:
        asked["bucket"] = None
    # All names or none: however it is narrowed, the list is kept as one place.
    return asked if any(asked.values()) else {}


def note(part: Mapping[str, str | None]) -> None:
    """Say what the list is narrowed to, with the way back to all invoices."""
    if not part:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(frame.plain(" · ".join(_words(part))), icon=":material/filter_alt:")
        if st.button("All invoices", icon=":material/close:", type="tertiary", key="slice_all"):
            for name in (*NAMES, "view"):
                st.query_params.pop(name, None)
            st.rerun()


def _words(part: Mapping[str, str | None]) -> list[str]:
    whose = [_owner(name, str(part[name])) for name in _OWNERS if part[name]]
    if part["client_id"]:
        client = reads.one("clients/client", client_id=part["client_id"]) or {}
        whose.append(f"Client: {client.get('client_name', 'unknown')}")
    if part["office"]:
        whose.append(f"Office: {part['office']}")
    if part["client_group"]:
        whose.append(f"Client group: {part['client_group']}")
    days = [_period(word, part[first], part[last]) for word, (first, last) in _DAYS.items()]
    bucket = _BUCKETS.get(part["bucket"] or "")
    return [words for words in (*whose, bucket, *days) if words]


def _owner(name: str, key: str) -> str:
    kind = _OWNERS[name]
    known = {
        (row["choice_kind"], row["choice_key"]): row["choice_name"]
        for row in reads.rows("trends/choices")
    }
    return f"{kind.capitalize()}: {known.get((kind, key), 'unknown')}"


def _period(word: str, first: str | None, last: str | None) -> str:
    start, end = _day(first), _day(last)
    if start and end:
        return f"{word} {write.day(start)} to {write.day(end)}"
    if start:
        return f"{word} {write.day(start)} or later"
    return f"{word} {write.day(end)} or earlier" if end else ""


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None
