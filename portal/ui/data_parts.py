"""The parts of the data page: freshness, refreshes, rows, comparison with the source, mapping."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import streamlit as st

from portal.domain.permissions import Permission
from portal.lists.columns import Column, Kind
from portal.ui import cards, frame, grid, reads, source_check, tie_out_report
from portal.ui import format as write
from portal.ui.cards import Figure

_STATES = {
    "live": ("Live", "Changes appear by themselves."),
    "stale": ("Behind", "It has not been checked for a while."),
    "away": ("Source away", "You see the last good data."),
    "empty": ("No data yet", "The first load has not finished."),
}
_KINDS = {"full": "Full", "incremental": "Changes", "deletions": "Changes and deletions"}
_LOG = (
    Column(id="started", label="Started", kind=Kind.TEXT, width=190),
    Column(id="kind", label="Kind", kind=Kind.CHOICE, width=130),
    Column(id="outcome", label="Outcome", kind=Kind.CHOICE, width=105),
    Column(id="version", label="Version", kind=Kind.NUMBER, width=100),
    Column(id="changed_rows", label="Changed rows", kind=Kind.NUMBER, width=130),
    Column(id="took_ms", label="Took, ms", kind=Kind.NUMBER, width=110),
    Column(id="message", label="Message", kind=Kind.TEXT, width=230),
)
_ROWS = (
    Column(id="what", label="What", kind=Kind.TEXT, width=340),
    Column(id="row_count", label="Rows", kind=Kind.NUMBER, width=140),
    Column(id="changed", label="Latest change in the source", kind=Kind.TEXT, width=240),
)


def freshness() -> None:
    """Draw how well the data follows the practice management system."""
    frame.require(Permission.VIEW_DATA)
    portal = frame.portal()
    fresh = portal.refreshing.freshness()
    state, meaning = _STATES[fresh.state]
    zone = portal.settings.timezone
    cards.figures(
        Figure(label="State", value=state, definition=meaning, rows=meaning),
        Figure(
            label="Data as of",
            value=_clock(fresh.data_as_of, zone),
            definition="When the source was last known to hold exactly what you see.",
            rows=_day(fresh.data_as_of, zone),
        ),
        Figure(
            label="Last change",
            value=_clock(fresh.refreshed_at, zone),
            definition="When something last changed in the portal's copy of the data.",
            rows=_day(fresh.refreshed_at, zone),
        ),
        Figure(
            label="Version",
            value=f"{fresh.version:,}",
            definition="Each change taken over from the source makes a new version.",
            rows="of the data",
        ),
    )


def draw(part: str) -> None:
    """Draw one part of the page."""
    frame.require(Permission.VIEW_DATA)
    parts: Mapping[str, Callable[[], None]] = {
        "Refreshes": _refreshes,
        "Rows": _table_rows,
        "Tie-out": tie_out_report.draw,
        "Mapping and checks": source_check.draw,
    }
    parts[part]()


PARTS = ("Refreshes", "Rows", "Tie-out", "Mapping and checks")


def _refreshes() -> None:
    only_failed = st.toggle("Only failed refreshes", key="data_only_failed")
    found = reads.latest("data/refresh_log", only_failed=only_failed)
    if not found:
        frame.empty(
            "No failed refresh" if only_failed else "No refresh yet",
            "Refreshes that change nothing are not listed.",
        )
        return
    zone = frame.portal().settings.timezone
    grid.small_grid(
        [
            {
                **row,
                "started": _stamp(row["started_at"], zone),
                "kind": _KINDS.get(str(row["kind"]), str(row["kind"])),
                "outcome": str(row["outcome"]).capitalize(),
                "took_ms": round(float(row["seconds"] or 0) * 1000),
            }
            for row in found
        ],
        _LOG,
        row_id="refresh_id",
        key="refreshes",
        title="Refreshes",
    )


def _table_rows() -> None:
    zone = frame.portal().settings.timezone
    found = reads.rows("data/table_rows")
    grid.small_grid(
        [{**row, "changed": _stamp(row["changed_at"], zone)} for row in found],
        _ROWS,
        row_id="place",
        key="kinds_of_rows",
        title="Rows",
    )


def _local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(zone) if at else None


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    local = _local(at, zone)
    return f"{local:%I:%M:%S %p}".lstrip("0") if local else "–"


def _day(at: datetime | None, zone: ZoneInfo) -> str:
    local = _local(at, zone)
    return write.day(local.date()) if local else "Never"


def _stamp(at: object, zone: ZoneInfo) -> str:
    local = _local(at, zone) if isinstance(at, datetime) else None
    return f"{local:%Y-%m-%d %H:%M:%S}" if local else ""
