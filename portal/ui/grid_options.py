"""A list's description as the grid's options: plain values only, no code."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from portal.domain.permissions import Permission
from portal.lists.columns import Column, Kind, ListDefinition, RowAction
from portal.ui import theme
from portal.ui.grid_state import ROW_MENU, OpeningState

BLOCK_ROWS = 100
BLOCKS_KEPT = 5
LEAST_HEIGHT = 360
NOUNS = {"worklist": "clients", "aging": "lines"}
"""What the rows are called under a list, where it is not the list's own title."""

ACTION_PAGES = {"open_client": "/client?id={client_id}"}
"""Pages of row actions that only lead somewhere, so that their links open in a new tab as well."""


_TICKS: Mapping[str, object] = {
    "rowSelection": {
        "mode": "multiRow",
        "checkboxes": True,
        "headerCheckbox": False,
        "enableClickSelection": False,
    },
    "selectionColumnDef": {"pinned": "left", "width": 44, "resizable": False},
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a list leaves out, and how it speaks, in one place of the portal."""

    without: Sequence[str] = ()
    """Columns and row actions that say nothing here: a client's own invoices name no client."""
    search_hint: str = ""
    noun: str = ""
    """What the rows are called here, in the plural."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Names of columns that differ here, by their ids."""
    totals_row: bool = False
    """The sums stand under their columns, as in a printed aging."""


def in_place(definition: ListDefinition, place: Place) -> ListDefinition:
    """A list as it stands in a place: without what says nothing there."""
    without = set(place.without)
    return replace(
        definition,
        columns=tuple(c for c in definition.columns if c.id not in without),
        row_actions=tuple(a for a in definition.row_actions if a.key not in without),
        search_hint=place.search_hint or definition.search_hint,
    )


@dataclass(frozen=True, kw_only=True)
class GridSettings:
    """What the bars and cells of one list need to know besides its columns."""

    currency: str
    today: str
    aging_edges: Sequence[int]
    mode: str
    may_export: bool = False
    may_share: bool = False
    version: int = 0
    params: Mapping[str, object] = field(default_factory=dict)
    height: int | None = None
    actions: Sequence[RowAction] = ()
    together: Sequence[RowAction] = ()
    follow: bool = False
    place: Place = field(default_factory=Place)


def shown_columns(definition: ListDefinition) -> tuple[Column, ...]:
    """The columns a person can show; the others are ids that the grid needs."""
    return tuple(column for column in definition.columns if not column.hidden_always)


def small_list(
    name: str,
    title: str,
    row_id: str,
    columns: Sequence[Column],
    *,
    actions: Sequence[RowAction],
    opens: str,
    search_hint: str,
) -> ListDefinition:
    """Describe a list whose rows are already here."""
    return ListDefinition(
        name=name,
        title=title,
        row_id=row_id,
        columns=tuple(columns),
        default_sort=(),
        permission=Permission.VIEW_CLIENTS,
        module="",
        row_actions=tuple(actions),
        opens=opens,
        search_hint=search_hint,
    )


def toggle_param(definition: ListDefinition) -> str | None:
    """The parameter that the switch above the list sets."""
    keys = {toggle.key for toggle in definition.toggles}
    for name, kind in definition.params.items():
        if keys and kind.startswith("choice:") and keys <= set(kind[7:].split("|")):
            return name
    return None


def column_options(column: Column) -> dict[str, object]:
    """One column. `initial…` values hold only until the person arranges the list."""
    kinds = [column.kind.value, *(["opens"] if column.opens else [])]
    options: dict[str, object] = {
        "field": column.id,
        "colId": column.id,
        "headerName": column.label,
        "type": kinds,
        "initialWidth": column.width,
        "initialHide": column.hidden,
        "initialPinned": column.pinned,
        "sortable": column.sortable,
        "headerTooltip": column.help or None,
    }
    if not column.filterable:
        options["filter"] = False
    return {name: value for name, value in options.items() if value is not None}


def row_menu_options() -> dict[str, object]:
    """The column of the row menu: always last, always in sight."""
    return {
        "colId": ROW_MENU,
        "headerName": "Actions",
        "width": 48,
        "minWidth": 48,
        "pinned": "right",
        "lockPinned": True,
        "lockPosition": "right",
        "lockVisible": True,
        "sortable": False,
        "filter": False,
        "resizable": False,
        "suppressMovable": True,
        "cellRenderer": "fpRowMenu",
        "cellClass": "fp-menu-cell",
    }


def grid_options(
    definition: ListDefinition, state: OpeningState, settings: GridSettings, *, small: bool
) -> dict[str, object]:
    """The options of the grid, but for its scripts and the page's values."""
    columns: list[dict] = [column_options(column) for column in shown_columns(definition)]
    if settings.actions:
        columns.append(row_menu_options())
    options: dict[str, object] = {
        "columnDefs": columns,
        "initialState": state.grid,
        "suppressMultiSort": False,
        "animateRows": False,
        "suppressCellFocus": False,
        "suppressDragLeaveHidesColumns": True,
        "enableCellTextSelection": True,
        "tooltipShowDelay": 500,
        "tooltipShowMode": "whenTruncated",
        "suppressNoRowsOverlay": True,
        "preventDefaultOnContextMenu": False,
        "ensureDomOrder": True,
    }
    if small:
        options |= {"rowModelType": "clientSide", "loading": False}
    else:
        options |= {
            "rowModelType": "infinite",
            "cacheBlockSize": BLOCK_ROWS,
            "maxBlocksInCache": BLOCKS_KEPT,
            "infiniteInitialRowCount": 30,
            "maxConcurrentDatasourceRequests": 2,
            "blockLoadDebounceMillis": 30,
        }
    if settings.together:
        options |= copy.deepcopy(dict(_TICKS))
    return options


def page_values(
    definition: ListDefinition, settings: GridSettings, state: OpeningState, *, small: bool
) -> dict[str, object]:
    """What the scripts read: labels, choices, colours, rights. The token is added last."""
    return {
        "list": definition.name,
        "mode": "small" if small else "server",
        "title": definition.title,
        "noun": settings.place.noun or NOUNS.get(definition.name, definition.title.lower()),
        "totals_row": settings.place.totals_row,
        "row_id": definition.row_id,
        "opens": definition.opens,
        "columns": [_told(c, definition, settings) for c in shown_columns(definition)],
        "default_sort": [
            {"colId": column, "sort": way, "sortIndex": place}
            for place, (column, way) in enumerate(definition.default_sort)
        ],
        "search": state.search,
        "search_hint": definition.search_hint or "Search",
        "has_search": bool(definition.search_hint),
        "actions": [
            {"key": a.key, "label": a.label, "shortcut": a.shortcut} for a in settings.actions
        ],
        "bulk": [{"key": a.key, "label": a.label} for a in settings.together],
        "currency": settings.currency,
        "today": settings.today,
        "version": settings.version,
        "aging_edges": list(settings.aging_edges),
        "colours": {
            "pills": theme.status_colours(settings.mode),
            "ages": theme.AGE_COLOURS[settings.mode],
        },
        "may_export": settings.may_export and not small,
        "may_share": settings.may_share,
        "keeps_state": not small,
        "has_widths": bool(_kept_widths(state)),
        "height": settings.height,
        "least_height": LEAST_HEIGHT,
        **_switch(definition, settings, state),
    }


def _switch(
    definition: ListDefinition, settings: GridSettings, state: OpeningState
) -> dict[str, object]:
    """The switch above the list; its parameter is set in the browser, the others stay."""
    params = dict(settings.params)
    name = toggle_param(definition)
    keys = [toggle.key for toggle in definition.toggles] if name else []
    asked = params.pop(name, None) if name else None
    default = asked if asked in keys else keys[0] if keys else None
    return {
        "follow": settings.follow,
        "params": params,
        "toggles": [{"key": t.key, "label": t.label} for t in definition.toggles] if name else [],
        "toggle_param": name,
        "default_toggle": default,
        "widest_toggle": keys[0] if keys else None,
        "toggle": state.toggle if state.toggle in keys else default,
    }


def _kept_widths(state: OpeningState) -> object:
    sizing = state.grid.get("columnSizing")
    return sizing.get("columnSizingModel") if isinstance(sizing, dict) else None


def _told(column: Column, definition: ListDefinition, settings: GridSettings) -> dict[str, object]:
    withheld = {a.key for a in definition.row_actions} - {a.key for a in settings.actions}
    opens = None if column.opens in withheld else column.opens
    leads = definition.opens if opens == "open" else ACTION_PAGES.get(opens or "", "")
    return {
        "id": column.id,
        "label": settings.place.labels.get(column.id, column.label),
        "kind": column.kind.value,
        "spoken": dict(column.spoken) or None,
        "choices": list(column.choices),
        "total": column.total,
        "opens": opens,
        "href": leads if leads.startswith("/") else None,
        "is_right": column.kind in (Kind.MONEY, Kind.NUMBER, Kind.DAYS),
    }
