"""Doing the same to many, one after the other: a dialog that says of each what became of it.

A dialog that is closed half-way breaks off there. How far it came is said on the page, and
doing it again does only the rest.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from portal.domain.errors import PortalError
from portal.ui import deeds, frame, said

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


def form_of(what: str, keys: Iterable[str]) -> str:
    """The form of doing something to just these: what is broken off and begun again is one."""
    return f"{what}_{hashlib.sha256(repr(sorted(keys)).encode()).hexdigest()[:16]}"


def each(names: Mapping[str, str], deed: Deed, *, form: str = "") -> None:
    """Do it to each (id -> name) with progress on screen; a refusal stops only its own.

    A deed that is told apart by the request id of `form` is done once, however often it is tried
    before all of it is through.
    """
    bar = st.progress(0.0)
    tally = said.keep_count(len(names))
    done, refused = [], []
    for place, (key, name) in enumerate(names.items(), start=1):
        try:
            done.append(_line(name, deed(key)))
        except PortalError as problem:
            refused.append(_line(name, str(problem)))
        tally.tried = place
        bar.progress(place / len(names), text=f"{place:,} of {len(names):,}")
    if form:
        deeds.form_is_done(form)
    say(done, refused)


def _line(name: str, came: str) -> str:
    return f"{name}: {came}" if name else came


def say(done: list[str], refused: list[str]) -> None:
    """Keep what was done and what was not, a line each, for the dialog to show."""
    st.session_state[_CAME] = (done, refused)


def _outcome(done: list[str], refused: list[str]) -> None:
    if done:
        st.success(f"{len(done):,} done", icon=":material/check:")
    if refused:
        st.warning(f"{len(refused):,} not done", icon=":material/error:")
    lines = [*_counted(refused), *_counted(done)]
    with st.container(height=260 if len(lines) > 8 else "content", border=False):
        for line in lines[:MOST_LINES]:
            st.caption(frame.plain(line))
        if len(lines) > MOST_LINES:
            st.caption(f"and {len(lines) - MOST_LINES:,} more")
    if st.button("Close", key="one_by_one_close"):
        begin()
        st.rerun()


def _counted(lines: list[str]) -> list[str]:
    """Lines that say the same, as of mails without a name, stand once with their number."""
    counts = Counter(lines)
    return [line if count == 1 else f"{count:,} × {line}" for line, count in counts.items()]
