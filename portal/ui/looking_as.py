"""Looking at the portal as somebody else: how it begins, what says so, and how it ends."""

import streamlit as st

from portal.domain.errors import PortalError
from portal.domain.permissions import Principal
from portal.services.look_as import LookAs, StopLooking, look_as, stop_looking
from portal.ui import frame, links


def begin(user_key: str) -> None:
    """Look as a person from now on, beginning at their home page."""
    command = LookAs(
        actor=frame.principal(), session_id=frame.session_id() or "", user_key=user_key
    )
    try:
        look_as(command, store=frame.portal().store, clock=frame.portal().now)
    except PortalError as refusal:
        frame.refused(str(refusal))
        return
    _start_anew()
    links.go("home")


def banner(viewer: Principal) -> None:
    """Say on every page as whom one looks, and offer to stop."""
    if not viewer.seen_by:
        return
    with st.container(
        border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown(
            f":material/visibility: You see the portal as **{frame.plain(viewer.full_name)}** "
            "does. Nothing can be changed.",
            width="content",
        )
        if st.button("Stop looking", type="primary", key="stop_looking"):
            command = StopLooking(session_id=frame.session_id() or "")
            stop_looking(command, store=frame.portal().store, clock=frame.portal().now)
            _start_anew()
            st.rerun()


def _start_anew() -> None:
    # Nothing that was kept for one pair of eyes is shown to another.
    kept = st.session_state.get(frame.SESSION_KEY)
    st.session_state.clear()
    if kept:
        st.session_state[frame.SESSION_KEY] = kept
