"""Pages of figures draw themselves again when there is newer data; nobody presses anything."""

import streamlit as st

from portal.ui import frame

POLL_SECONDS = 2
NEXT_BY_ITSELF = "live_next_by_itself"
"""Set for the one drawing that a page asks for itself."""
DRAWN = "live_drawn"
"""The version a drawing began with: what is read later in it may be newer."""


def begin() -> None:
    """Note whether this drawing is a page's own idea; the first call of every drawing.

    It holds for this one alone: a click that interrupts it begins a drawing that counts.
    """
    st.session_state[frame.BY_ITSELF] = st.session_state.pop(NEXT_BY_ITSELF, False)
    st.session_state[DRAWN] = frame.portal().refreshing.version


def end() -> None:
    """What is done on the page from here on counts again; the last call of every drawing."""
    st.session_state[frame.BY_ITSELF] = False


def follow() -> None:
    """Keep the page as new as the data from here on; the last call of a page.

    What a page draws by itself does not count as somebody being there: an unattended screen
    still locks.
    """
    end()
    # News that came while it was drawn stand on a part of the page at the most: it is drawn again.
    _watch(st.session_state.pop(DRAWN, frame.portal().refreshing.version))


@st.fragment(run_every=POLL_SECONDS)
def _watch(drawn: int) -> None:
    if frame.portal().refreshing.version != drawn and not st.session_state.get(frame.STILL):
        st.session_state[NEXT_BY_ITSELF] = True
        st.rerun()
