"""Lists: one grid whose rows, totals and choices come from the server's routes as one scrolls.

The only module that knows the grid component. Its JavaScript is static text of grid_assets;
values reach it as one JSON text in the grid's context, never as code.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import pandas as pd
import streamlit as st
from st_aggrid import AgGrid, JsCode, StAggridTheme

from portal.domain.permissions import Permission
from portal.lists.columns import Column, ListDefinition, RowAction
from portal.lists.registry import find_list
from portal.ui import grid_host, theme
from portal.ui.grid_event import GridEvent, nonce_of, read_event
from portal.ui.grid_options import GridSettings, grid_options, page_values, shown_columns
from portal.ui.grid_state import (
    OpeningState,
    decode_link,
    inert_json,
    opening_state,
    places_of,
)
from portal.ui.grid_theme import ASSETS, style_rules, theme_params

SCRIPTS = (
    "open",
    "elements",
    "words",
    "server",
    "menus",
    "cells",
    "header",
    "choice_filter",
    "rows",
    "live",
    "selection",
    "panels",
    "views",
    "toolbar",
    "start",
    "columns",
    "close",
)
FIRST_HEIGHT = 480
SMALL_ROWS = 5_000
OnEvent = Callable[[GridEvent], None]


class Script(JsCode):
    """The grid's program as it stands in grid_assets: no rewriting, and no way to put values in."""

    def __init__(self) -> None:
        text = "\n".join((ASSETS / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
        mark = "::JSCODE::"
        self.js_code = mark + text + mark


@cache
def _program() -> Script:
    return Script()


def list_grid(
    list_name: str,
    *,
    params: Mapping[str, object] | None = None,
    height: int | None = None,
    key: str | None = None,
    title: str | None = None,
    together: Sequence[RowAction] = (),
    on_event: OnEvent | None = None,
) -> GridEvent | None:
    """Draw a list; searching, sorting, filtering, columns, views and exports need no rerun.

    `params` narrow it for good (a client's invoices); a toggle among them only sets its start.
    `key` names the place where the list stands (`of_client`, never one client): each place is
    kept for itself.
    `together` are actions on several ticked rows. With `on_event` the list is a fragment of its
    own: the event goes there and the rest of the page does not run again.

    Returns: what the person has just done, once, when there is no `on_event`.
    """
    host = grid_host.current()
    definition = _definition(list_name, host)
    settings = GridSettings(
        currency=host.currency,
        today=host.today,
        aging_edges=host.aging_edges,
        mode=theme.mode(),
        may_export=host.may(Permission.EXPORT),
        may_share=host.may(Permission.SHARE_VIEWS),
        version=host.version,
        params=dict(params or {}),
        height=height,
        actions=_allowed(definition.row_actions, host),
        together=_allowed(together, host),
    )
    name = f"{key or list_name}_{settings.mode}"

    def draw() -> GridEvent | None:
        life = _life(name, key or list_name, definition, settings, host, title)
        value = _component(name, definition, life, settings, rows=None)
        return _event(name, value, definition, settings)

    return _deliver(draw, on_event)


def small_grid(
    rows: Sequence[Mapping[str, object]],
    columns: Sequence[Column],
    *,
    row_id: str,
    key: str,
    title: str,
    actions: Sequence[RowAction] = (),
    opens: str = "",
    search_hint: str = "",
    height: int | None = None,
    on_event: OnEvent | None = None,
) -> GridEvent | None:
    """Draw rows that are already here, at most 5,000; sorting and filtering happen in the browser.

    Returns: as `list_grid`.
    """
    if len(rows) > SMALL_ROWS:
        raise ValueError(f"{key} has {len(rows)} rows; more than {SMALL_ROWS} need a list.")
    host = grid_host.current()
    definition = ListDefinition(
        name=key,
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
    settings = GridSettings(
        currency=host.currency,
        today=host.today,
        aging_edges=host.aging_edges,
        mode=theme.mode(),
        actions=_allowed(actions, host),
        height=height or min(FIRST_HEIGHT, 150 + 40 * max(len(rows), 2)),
    )
    name = f"{key}_{settings.mode}"
    ids = list(dict.fromkeys([row_id, "currency", *(c.id for c in columns)]))
    frame = pd.DataFrame([[row.get(i) for i in ids] for row in rows], columns=ids, dtype=object)

    def draw() -> GridEvent | None:
        state = OpeningState(grid={"partialColumnState": True})
        life = {"values": page_values(definition, settings, state, small=True), "state": state}
        value = _component(name, definition, life, settings, rows=frame)
        return _event(name, value, definition, settings)

    return _deliver(draw, on_event)


def _definition(list_name: str, host: grid_host.GridHost) -> ListDefinition:
    definition = find_list(list_name, host.aging_edges)
    if definition is None:
        raise LookupError(f"There is no list called {list_name}.")
    return definition


def _life(
    name: str,
    place: str,
    definition: ListDefinition,
    settings: GridSettings,
    host: grid_host.GridHost,
    title: str | None,
) -> dict:
    """What the grid was opened with; the same for as long as it stands on the page.

    The browser keeps the component's value until the grid leaves the page: as long as it is
    known, the grid is alive. New parameters reach a living grid as new values and a new token.
    """
    held = st.session_state.get(f"{name}_life")
    alive = held is not None and name in st.session_state
    digest = hashlib.sha256(json.dumps(settings.params, default=str).encode()).hexdigest()
    if alive and held["digest"] == digest:
        return held
    kept = held["kept"] if alive else places_of(host.kept_state(definition.name))
    state = held["state"] if alive else _opening(definition, kept.get(place))
    values = page_values(definition, settings, state, small=False)
    values["title"] = title or definition.title
    values["place"] = place
    values["places"] = {name: told for name, told in kept.items() if name != place}
    values["token"] = host.token(definition.name, values["params"])
    life = {"digest": digest, "state": state, "values": values, "kept": kept}
    st.session_state[f"{name}_life"] = life
    return life


def _opening(definition: ListDefinition, kept: object) -> OpeningState:
    return opening_state(
        kept,
        decode_link(st.query_params.get("view")),
        columns={column.id: column.hidden for column in shown_columns(definition)},
        default_sort=definition.default_sort,
    )


def _component(
    name: str,
    definition: ListDefinition,
    life: Mapping,
    settings: GridSettings,
    rows: pd.DataFrame | None,
) -> object:
    """Put the grid on the page and give back what the browser said last."""
    small = rows is not None
    options = {
        # First, because the entries below name what this program defines.
        "components": _program(),
        "columnTypes": JsCode("FirmGrid.columnTypes"),
        "defaultColDef": JsCode("FirmGrid.defaultColumn"),
        "getRowId": JsCode("FirmGrid.rowId"),
        "rowClassRules": {"fp-waiting": JsCode("FirmGrid.isWaiting")},
        "popupParent": JsCode("document.body"),
        "onGridReady": JsCode("FirmGrid.start"),
        "context": {"given": inert_json(life["values"])},
        **grid_options(definition, life["state"], settings, small=small),
    }
    answer = AgGrid(
        rows,
        gridOptions=options,
        height=settings.height or FIRST_HEIGHT,
        key=name,
        theme=StAggridTheme(base="quartz").withParams(**theme_params(settings.mode)),
        custom_css=style_rules(settings.mode),
        allow_unsafe_jscode=True,
        enable_enterprise_modules=False,
        update_on=[],
        show_toolbar=False,
        data_return_mode="CUSTOM",
        custom_jscode_for_grid_return=JsCode("function () { return null; }"),
    )
    return answer.raw_data


def _event(
    name: str, value: object, definition: ListDefinition, settings: GridSettings
) -> GridEvent | None:
    """The deed the browser tells of, the first time it is seen; the value itself stays."""
    nonce = nonce_of(value)
    if nonce is None or nonce == st.session_state.get(f"{name}_seen"):
        return None
    st.session_state[f"{name}_seen"] = nonce
    actions = {action.key for action in settings.actions}
    known = {action.key for action in definition.row_actions}
    # A cell may start what has no entry in the menu, but nothing the menu withholds.
    actions |= {c.opens for c in definition.columns if c.opens and c.opens not in known}
    together = [action.key for action in settings.together]
    return read_event(value, actions=actions, together=together)


def _allowed(actions: Sequence[RowAction], host: grid_host.GridHost) -> tuple[RowAction, ...]:
    return tuple(a for a in actions if a.permission is None or host.may(a.permission))


def _deliver(draw: Callable[[], GridEvent | None], on_event: OnEvent | None) -> GridEvent | None:
    if on_event is None:
        return draw()

    @st.fragment
    def part() -> None:
        event = draw()
        if event is not None:
            on_event(event)

    part()
    return None
