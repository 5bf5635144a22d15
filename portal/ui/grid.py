"""Lists: one grid whose rows, totals and choices come from the server's routes as one scrolls.

The only module that knows the grid component. Its JavaScript is static text of grid_assets;
values reach it as one JSON text in the grid's context, never as code.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import pandas as pd
import streamlit as st
from st_aggrid import AgGrid, JsCode, StAggridTheme

from portal.domain.permissions import Permission
from portal.lists.columns import Column, ListDefinition, RowAction
from portal.lists.registry import find_list
from portal.ui import grid_host, theme
from portal.ui.grid_event import GridEvent
from portal.ui.grid_life import allowed, fresh_deed, life_of
from portal.ui.grid_options import (
    GridSettings,
    Place,
    grid_options,
    in_place,
    page_values,
    small_list,
)
from portal.ui.grid_state import OpeningState, inert_json
from portal.ui.grid_theme import ASSETS, ROW_HEIGHT, style_rules, theme_params

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
EVERYWHERE = Place()
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
    follow: bool = False,
    place: Place = EVERYWHERE,
    on_event: OnEvent | None = None,
) -> GridEvent | None:
    """Draw a list; searching, sorting, filtering, columns, views and exports need no rerun.

    `params` narrow it for good (a client's invoices); a toggle among them only sets its start.
    How a person leaves the list is kept for the list with params of these names. A new `key` is
    a new grid; with the same key, other params reach the grid that stands.
    `together` are actions on several ticked rows. With `follow` the row one walks to is told as
    a `focus`. `place` says what the list leaves out here, and how it speaks. With `on_event` the
    list is a fragment of its own: the event goes there and the rest of the page does not run.

    Returns: what the person has just done, once, when there is no `on_event`.
    """
    host = grid_host.current()
    definition = in_place(_definition(list_name, host), place)
    settings = _settings(
        host,
        may_export=host.may(Permission.EXPORT),
        may_share=host.may(Permission.SHARE_VIEWS),
        params=dict(params or {}),
        height=height,
        actions=allowed(definition.row_actions, host),
        together=allowed(together, host),
        follow=follow,
        place=place,
    )
    name = f"{key or list_name}_{settings.mode}"

    def draw() -> GridEvent | None:
        life = life_of(name, definition, settings, host, title)
        value = _component(name, life["values"], life["state"], definition, settings)
        return fresh_deed(name, value, definition, settings)

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
    definition = small_list(
        key, title, row_id, columns, actions=actions, opens=opens, search_hint=search_hint
    )
    settings = _settings(
        host,
        actions=allowed(actions, host),
        height=height or min(FIRST_HEIGHT, 150 + ROW_HEIGHT * max(len(rows), 1)),
    )
    name = f"{key}_{settings.mode}"

    def draw() -> GridEvent | None:
        state = OpeningState(grid={"partialColumnState": True})
        values = page_values(definition, settings, state, small=True)
        frame = _frame(rows, definition)
        value = _component(name, values, state, definition, settings, rows=frame)
        return fresh_deed(name, value, definition, settings)

    return _deliver(draw, on_event)


def _settings(host: grid_host.GridHost, **more: object) -> GridSettings:
    return GridSettings(
        currency=host.currency,
        today=host.today,
        aging_edges=host.aging_edges,
        mode=theme.mode(),
        version=host.version,
        **more,
    )


def _frame(rows: Sequence[Mapping[str, object]], definition: ListDefinition) -> pd.DataFrame:
    ids = [definition.row_id, "currency", *(column.id for column in definition.columns)]
    ids = list(dict.fromkeys(ids))
    # Objects, not numbers: an empty cell must not turn whole cents into fractions.
    return pd.DataFrame([[row.get(i) for i in ids] for row in rows], columns=ids, dtype=object)


def _definition(list_name: str, host: grid_host.GridHost) -> ListDefinition:
    definition = find_list(list_name, host.aging_edges, zone=host.zone)
    if definition is None:
        raise LookupError(f"There is no list called {list_name}.")
    return definition


def _component(
    name: str,
    values: Mapping[str, object],
    state: OpeningState,
    definition: ListDefinition,
    settings: GridSettings,
    rows: pd.DataFrame | None = None,
) -> object:
    """Put the grid on the page and give back what the browser said last."""
    options = {
        # First, because the entries below name what this program defines.
        "components": _program(),
        "columnTypes": JsCode("FirmGrid.columnTypes"),
        "defaultColDef": JsCode("FirmGrid.defaultColumn"),
        "getRowId": JsCode("FirmGrid.rowId"),
        "rowClassRules": {"fp-waiting": JsCode("FirmGrid.isWaiting")},
        "popupParent": JsCode("document.body"),
        "onGridReady": JsCode("FirmGrid.start"),
        "context": {"given": inert_json(values)},
        **grid_options(definition, state, settings, small=rows is not None),
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
