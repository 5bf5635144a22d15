"""Let days pass, where the firm only tries the portal out with the sandbox gateway."""

import streamlit as st

from portal.domain.permissions import Permission
from portal.sandbox_clock import SandboxClock
from portal.ui import deeds, frame
from portal.ui import format as write
from portal.ui.dialogs import dialog

MOST = 31
_PASSED = "sandbox_days_passed"


def button() -> None:
    """Draw the button, for those who reconcile; with a real gateway there is none."""
    is_there = isinstance(frame.portal().now, SandboxClock)
    if not is_there or not frame.principal().may(Permission.RECONCILE):
        return
    if st.button("Let days pass", icon=":material/fast_forward:", key="sandbox_days"):
        st.session_state.pop(_PASSED, None)
        _dialog()


@dialog("Let days pass")
def _dialog() -> None:
    contents()


def contents() -> None:
    """Draw the form."""
    portal = frame.portal()
    st.markdown(frame.plain(f"It is {write.day(portal.today())} in this portal."))
    st.caption(
        "With the sandbox gateway a day can be let pass: plans are charged, bank debits settle or "
        "come back, payouts and payment files are made. Time does not go back."
    )
    days = st.number_input("Days", 1, MOST, 1, key="sandbox_days_number")
    if not st.button("Let them pass", type="primary", key="sandbox_days_go"):
        return
    with st.status("Jobs are running", expanded=True) as shown:
        passed = deeds.attempt(
            lambda: portal.pass_days(int(days), lambda day: shown.update(label=day))
        )
        if passed is None:
            return
        for refusal in passed["refused"]:
            st.caption(frame.plain(str(refusal)))
        shown.update(label="Done", state="complete")
    st.rerun()
