"""Do something, and say what came of it: a refusal where one stands, success on the next page."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from portal.domain.errors import PortalError
from portal.ui import frame

_R = TypeVar("_R")
_SAID = "said_last"


def attempt(run: Callable[[], _R], done: str | Callable[[_R], str]) -> None:
    """Do it. A refusal is said in place, success once the page is drawn anew."""
    try:
        result = run()
    except PortalError as problem:
        frame.refused(str(problem))
    else:
        later(done if isinstance(done, str) else done(result))
        st.rerun()


def later(text: str) -> None:
    """Keep something to say once the page is drawn anew."""
    st.session_state[_SAID] = text


def say() -> None:
    """Say what was done just before the page was drawn; pages call it once."""
    done = st.session_state.pop(_SAID, None)
    if done:
        st.toast(frame.plain(done), icon=":material/check:")
