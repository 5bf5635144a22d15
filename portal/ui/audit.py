"""The audit log's own figures: how long it is, and whether its chain is whole."""

import streamlit as st

from portal.audit_anchors import AuditAnchors
from portal.domain.errors import PortalError
from portal.ui import format as write
from portal.ui import frame


def check() -> None:
    """Offer to walk the whole chain, and say what was found."""
    if not st.button("Check the log", icon=":material/verified_user:", key="audit_check"):
        return
    try:
        # Only an earlier end of the log shows that lines were cut off its end.
        anchor = AuditAnchors(frame.portal().settings.home).newest()
    except PortalError as problem:
        frame.refused(str(problem))
        return
    with frame.portal().store.reading() as view:
        report = view.audit.verify(anchor=anchor)
    if report.broken_at is None:
        st.success(f"{write.count(report.rows, 'line')}: whole and unchanged.")
    else:
        st.error(frame.plain(f"Line {report.broken_at} does not fit: {report.reason}."))
