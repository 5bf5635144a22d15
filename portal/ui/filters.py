"""What narrows a page: whose clients, which part, which record. All of it stands in the URL."""

import hashlib
from calendar import monthrange
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NoReturn

import streamlit as st

from portal.ui import frame, reads

_TURNED = "filters_turned"
_BOOKS = {reads.MINE: "My clients", reads.EVERYTHING: "All clients"}


def record_id() -> str:
    """The record the URL asks for; empty where it names none."""
    return st.query_params.get("id", "")


def group_name() -> str:
    """The client group the URL asks for."""
    return st.query_params.get("name", "")


def book() -> str:
    """Choose between my clients and all clients, where the person has both.

    Returns: `mine` or `all`, as the lists and reads take it.
    """
    viewer = frame.principal()
    if not viewer.scope.all_clients:
        return reads.MINE
    if viewer.staff_id is None:
        return reads.EVERYTHING
    chosen = st.segmented_control(
        "Whose clients",
        list(_BOOKS),
        default=reads.MINE,
        format_func=_BOOKS.__getitem__,
        required=True,
        key="book",
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen or reads.MINE


def same_book(chosen: str) -> dict[str, str]:
    """The parameters of a link to a page about the same clients."""
    viewer = frame.principal()
    has_both = viewer.scope.all_clients and viewer.staff_id is not None
    return {"book": _BOOKS[chosen]} if has_both else {}


def pick(name: str, everybody: str, options: Mapping[str, str]) -> str | None:
    """Choose one of some partners, managers or offices, by key -> name; None is everybody.

    Not drawn where there is nothing to choose. The URL carries the name.
    """
    if len(options) < 2:
        return None
    names = apart(options)
    picked = st.selectbox(
        name.capitalize(),
        [everybody, *names],
        key=name,
        bind="query-params",
        label_visibility="collapsed",
        width=170,
    )
    return names.get(picked)


def switch(name: str, label: str, options: Mapping[str, str], default: str | None = None) -> str:
    """Choose one of a few sides of a page, by key -> label. The URL carries the label."""
    keys = {shown: key for key, shown in options.items()}
    picked = st.segmented_control(
        label,
        list(keys),
        default=options[default] if default else next(iter(keys)),
        required=True,
        key=name,
        bind="query-params",
        label_visibility="collapsed",
    )
    return keys[picked]


def turn(plain: Mapping[str, str | None] = MappingProxyType({}), **chosen: str) -> NoReturn:
    """Show the page from another side.

    `chosen` are labels of its switches and picks, `plain` its other parameters in the URL;
    None takes one away.
    """
    for name, value in plain.items():
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = value
    st.session_state[_TURNED] = chosen
    st.rerun()


def turned() -> None:
    """Take over what `turn` chose; call before the switches are drawn."""
    for name, label in st.session_state.pop(_TURNED, {}).items():
        st.session_state[name] = label


def apart(options: Mapping[str, str]) -> dict[str, str]:
    """Names -> keys; two people of one name are told apart by their keys."""
    names: dict[str, str] = {}
    for key, name in options.items():
        names[f"{name} ({key})" if name in names else name] = key
    return names


def whose() -> str:
    """Say whose clients a page covers, or that `book` chooses."""
    viewer = frame.principal()
    if not viewer.scope.all_clients:
        return "Clients where you are partner or manager"
    if viewer.staff_id is None:
        return "All clients of the firm"
    return "Your clients, or all clients of the firm"


def part(options: Sequence[str]) -> str:
    """Choose a part of a page; the first one to begin with."""
    chosen = st.segmented_control(
        "Show",
        options,
        default=options[0],
        required=True,
        key="show",
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen or options[0]


def view_key(list_name: str) -> str:
    """A list's key on the page: another one for each link, so that a link opens the list anew."""
    view = st.query_params.get("view", "")
    return f"{list_name}_{hashlib.sha256(view.encode()).hexdigest()[:8]}" if view else list_name


def this_month() -> tuple[str, str]:
    """The first and the last day of the firm's month, as filters take them."""
    today = frame.portal().today()
    last = monthrange(today.year, today.month)[1]
    return today.replace(day=1).isoformat(), today.replace(day=last).isoformat()
