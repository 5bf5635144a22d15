"""How a list looks when it opens: from what the person kept, and from a link somebody sent.

Kept states and links are text from outside. Column ids must be the list's own, sizes and
orders must be of their type, and no text may look like code to the grid.
"""

import base64
import binascii
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

CODE_MARK = "::JSCODE::"
"""The grid runs any text of its options that stands between two of these."""

LONGEST_LINK = 8_000
ROW_MENU = "row_menu"
TICKS = "ag-Grid-SelectionColumn"
_WAYS = ("asc", "desc")


@dataclass(frozen=True, kw_only=True)
class OpeningState:
    """The start of a list: the grid's own state, and the bars' toggle and search."""

    grid: dict[str, object] = field(default_factory=dict)
    toggle: str | None = None
    search: str = ""


def opening_state(
    kept: object,
    link: object,
    *,
    columns: Mapping[str, bool],
    default_sort: Sequence[tuple[str, str]],
) -> OpeningState:
    """Join what was kept with what a link says; the link wins for order, filters and toggle.

    `columns` maps the list's column ids to whether they start out hidden.
    """
    kept = kept if isinstance(kept, Mapping) else {}
    told = kept.get("grid") if isinstance(kept.get("grid"), Mapping) else {}
    grid = _layout(told, columns)
    linked = link if isinstance(link, Mapping) else None
    source = (
        linked
        if linked is not None
        else {
            "sort": _kept_sort(told),
            "filter": _kept_filter(told),
            "toggle": kept.get("toggle"),
        }
    )
    sort = _sort(source.get("sort"), columns)
    if sort is None or (linked is not None and "sort" not in linked):
        sort = [{"colId": column, "sort": way} for column, way in default_sort]
    grid["sort"] = {"sortModel": sort}
    if model := _filter(source.get("filter"), columns):
        grid["filter"] = {"filterModel": model}
    toggle = source.get("toggle")
    search = source.get("search")
    return OpeningState(
        grid=grid,
        toggle=toggle if isinstance(toggle, str) else None,
        search=search[:200] if isinstance(search, str) else "",
    )


def encode_link(
    *,
    filter_model: Mapping[str, object] | None = None,
    sort: Sequence[tuple[str, str]] | None = None,
    toggle: str | None = None,
    search: str = "",
) -> str:
    """Write the value of a page's `view` parameter that opens its list like this."""
    told: dict[str, object] = {"filter": dict(filter_model or {}), "search": search}
    if sort is not None:
        told["sort"] = [{"colId": column, "sort": way} for column, way in sort]
    if toggle is not None:
        told["toggle"] = toggle
    text = json.dumps(told, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def decode_link(text: str | None) -> dict | None:
    """Read the value of a page's `view` parameter; None if it is not one."""
    if not text or len(text) > LONGEST_LINK:
        return None
    try:
        told = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def inert_json(values: object) -> str:
    """Write values as JSON in which the grid finds no code, whatever the texts in it say."""
    return json.dumps(values, default=str).replace("::", ":\\u003a")


def _layout(told: Mapping, columns: Mapping[str, bool]) -> dict[str, object]:
    """Order, visibility, pins and widths; what a kept state does not name was empty."""
    grid: dict[str, object] = {"partialColumnState": True}
    order = _ids(told, "columnOrder", "orderedColIds", columns)
    if order is None:
        return grid
    hidden = _ids(told, "columnVisibility", "hiddenColIds", columns) or []
    hidden += [c for c, starts_hidden in columns.items() if starts_hidden and c not in order]
    if len(hidden) >= len(columns):
        hidden = []
    left = _ids(told, "columnPinning", "leftColIds", columns) or []
    right = _ids(told, "columnPinning", "rightColIds", columns) or []
    added = [column for column in columns if column not in order]
    return grid | {
        "columnOrder": {"orderedColIds": [TICKS, *order, *added, ROW_MENU]},
        "columnVisibility": {"hiddenColIds": hidden},
        "columnPinning": {"leftColIds": [TICKS, *left], "rightColIds": [*right, ROW_MENU]},
        "columnSizing": {"columnSizingModel": _widths(told, columns)},
    }


def _ids(told: Mapping, part: str, key: str, known: Collection[str]) -> list[str] | None:
    body = told.get(part)
    ids = body.get(key) if isinstance(body, Mapping) else None
    if not isinstance(ids, list):
        return None
    return [column for column in ids if isinstance(column, str) and column in known]


def _widths(told: Mapping, known: Collection[str]) -> list[dict[str, object]]:
    body = told.get("columnSizing")
    sizes = body.get("columnSizingModel") if isinstance(body, Mapping) else None
    made = []
    for size in sizes if isinstance(sizes, list) else []:
        match size:
            case {"colId": str(column), "width": int(width)} if column in known:
                made.append({"colId": column, "width": max(40, min(width, 2000))})
    return made


def _kept_sort(told: Mapping) -> object:
    body = told.get("sort")
    return body.get("sortModel") if isinstance(body, Mapping) else None


def _kept_filter(told: Mapping) -> object:
    body = told.get("filter")
    return body.get("filterModel") if isinstance(body, Mapping) else None


def _sort(told: object, columns: Mapping[str, bool]) -> list[dict[str, str]] | None:
    if not isinstance(told, list):
        return None
    made = []
    for part in told:
        match part:
            case {"colId": str(column), "sort": str(way)} if column in columns and way in _WAYS:
                made.append({"colId": column, "sort": way})
    return made


def _filter(told: object, columns: Mapping[str, bool]) -> dict[str, object]:
    if not isinstance(told, Mapping):
        return {}
    return {
        column: model
        for column, model in told.items()
        if column in columns and isinstance(model, Mapping) and CODE_MARK not in json.dumps(model)
    }
