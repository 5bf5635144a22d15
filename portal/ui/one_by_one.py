"""Doing the same to many, one after the other: a dialog that says of each what became of it."""

from collections.abc import Callable, Mapping

import streamlit as st

from portal.domain.errors import PortalError
from portal.ui import frame

MOST_LINES = 200
_CAME = "one_by_one_came"
Deed = Callable[[str], str]
"""Does it to one, by its id. Returns: what became of it, in a few words; refuses with a reason."""


def begin() -> None:
    """A dialog opens: what an earlier one came to is forgotten."""
    st.session_state.pop(_CAME, None)


def contents(form: Callable[[], None]) -> None:
    """Draw the form of a dialog, and in its place what came of it once it was sent."""
    asked = st.empty()
    if _CAME not in st.session_state:
        with asked.container():
            form()
    if _CAME in st.session_state:
        asked.empty()
        _outcome(*st.session_state[_CAME])


def each(names: Mapping[str, str], deed: Deed) -> None:
    """Do it to each (id -> name) with progress on screen; a refusal stops only its own."""
    bar = st.progress(0.0)
    done, refused = [], []
    for place, (key, name) in enumerate(names.items(), start=1):
        try:
            done.append(f"{name}: {deed(key)}")
        except PortalError as problem:
            refused.append(f"{name}: {problem}")
        bar.progress(place / len(names), text=f"{place:,} of {len(names):,}")
    say(done, refused)


def say(done: list[str], refused: list[str]) -> None:
    """Keep what was done and what was not, a line each, for the dialog to show."""
    st.session_state[_CAME] = (done, refused)


def _outcome(done: list[str], refused: list[str]) -> None:
    if done:
        st.success(f"{len(done):,} done", icon=":material/check:")
    if refused:
        st.warning(f"{len(refused):,} not done", icon=":material/error:")
    lines = [*refused, *done]
    with st.container(height=260 if len(lines) > 8 else "content", border=False):
        for line in lines[:MOST_LINES]:
            st.caption(frame.plain(line))
        if len(lines) > MOST_LINES:
            st.caption(f"and {len(lines) - MOST_LINES:,} more")
    if st.button("Close", key="one_by_one_close"):
        begin()
        st.rerun()
