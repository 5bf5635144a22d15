"""The life of a list on a page: what it was opened with, and which deeds were heard already."""

import hashlib
import json
from collections.abc import Mapping, Sequence

import streamlit as st

from portal.lists.columns import ListDefinition, RowAction
from portal.services.save_list_state import places_of
from portal.ui.grid_event import GridEvent, nonce_of, read_event
from portal.ui.grid_host import GridHost
from portal.ui.grid_options import GridSettings, page_values, shown_columns
from portal.ui.grid_state import OpeningState, decode_link, opening_state


def life_of(
    name: str, definition: ListDefinition, settings: GridSettings, host: GridHost, title: str | None
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
    place = place_of(definition.name, settings.params)
    kept = held["kept"] if alive else places_of(host.kept_state(definition.name))
    state = held["state"] if alive else _opening(definition, kept.get(place))
    values = page_values(definition, settings, state, small=False) | {
        "title": title or definition.title,
        "place": place,
    }
    values["token"] = host.token(definition.name, values["params"])
    life = {"digest": digest, "state": state, "values": values, "kept": kept}
    st.session_state[f"{name}_life"] = life
    return life


def place_of(list_name: str, params: Mapping[str, object]) -> str:
    """Where a list stands: all invoices and a client's invoices are kept each for itself."""
    return "@".join([list_name, *sorted(params)])


def fresh_deed(
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


def allowed(actions: Sequence[RowAction], host: GridHost) -> tuple[RowAction, ...]:
    """The actions this person may do; the others are not offered and not heard."""
    return tuple(a for a in actions if a.permission is None or host.may(a.permission))


def _opening(definition: ListDefinition, kept: object) -> OpeningState:
    return opening_state(
        kept,
        decode_link(st.query_params.get("view")),
        columns={column.id: column.hidden for column in shown_columns(definition)},
        default_sort=definition.default_sort,
    )
