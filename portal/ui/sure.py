"""Deeds that can't be taken back ask once more, in place, before they are done."""

import streamlit as st

from portal.ui import frame

_ASKED = "sure_asked"
"""The key of the one button whose question is open."""


def confirmed(label: str, *, question: str, sure: str, key: str) -> bool:
    """Draw a button, or its question where it stood. Returns: whether it is answered yes."""
    if st.session_state.get(_ASKED) == key:
        return _answered(key, question, sure)
    st.button(label, key=key, type="tertiary", on_click=_ask, args=(key,))
    return False


def button(label: str, *, key: str, icon: str | None = None, is_primary: bool = False) -> None:
    """Draw the button of a question that has its place elsewhere: see `is_sure`."""
    look = "primary" if is_primary else "secondary"
    st.button(label, key=key, icon=icon, type=look, on_click=_ask, args=(key,))


def is_sure(key: str, question: str, label: str) -> bool:
    """Draw the question of a button, once it was pressed. Returns: whether it is answered yes."""
    if st.session_state.get(_ASKED) != key:
        return False
    with st.container(border=True):
        return _answered(key, question, label)


def _answered(key: str, question: str, label: str) -> bool:
    st.markdown(frame.plain(question))
    with st.container(horizontal=True):
        said_yes = st.button(label, type="primary", key=f"{key}_sure")
        st.button("Keep it", key=f"{key}_keep", on_click=_ask, args=(None,))
    if said_yes:
        _ask(None)
    return said_yes


def _ask(key: str | None) -> None:
    st.session_state[_ASKED] = key
