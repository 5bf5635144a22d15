"""Do something, and say what came of it: a refusal where one stands, success on the next page."""

from collections.abc import Callable

import streamlit as st

from portal.domain.errors import PortalError
from portal.ui import frame

_SAID = "said_last"


def attempt(run: Callable[[], object], done: str) -> None:
    """Do it. A refusal is said in place, success once the page is drawn anew."""
    try:
        run()
    except PortalError as problem:
        frame.refused(str(problem))
    else:
        st.session_state[_SAID] = done
        st.rerun()


def say() -> None:
    """Say what was done just before the page was drawn; pages call it once."""
    done = st.session_state.pop(_SAID, None)
    if done:
        st.toast(frame.plain(done), icon=":material/check:")
