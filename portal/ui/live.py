"""Pages of figures draw themselves again when there is newer data; nobody presses anything."""

import streamlit as st

from portal.ui import frame

POLL_SECONDS = 2


def follow() -> None:
    """Keep the page as new as the data from here on; the last call of a page.

    What a page draws by itself does not count as somebody being there: an unattended screen
    still locks.
    """
    st.session_state[frame.BY_ITSELF] = False
    _watch(frame.portal().refreshing.version)


@st.fragment(run_every=POLL_SECONDS)
def _watch(drawn: int) -> None:
    if frame.portal().refreshing.version != drawn and not st.session_state.get(frame.STILL):
        st.session_state[frame.BY_ITSELF] = True
        st.rerun()
