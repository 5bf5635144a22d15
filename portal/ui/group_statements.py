"""Statements of a whole client group: one for each client that owes something."""

import streamlit as st

from portal.domain.errors import PortalError
from portal.domain.permissions import Permission
from portal.services.statement_on_demand import StatementOnDemand
from portal.ui import format as write
from portal.ui import frame, links, reads
from portal.ui.dialogs import dialog


def actions(client_group: str) -> None:
    """The ways from a group's page, and the statements of all its clients."""
    viewer = frame.principal()
    may_send = viewer.may(Permission.SEND_STATEMENTS) and viewer.may(Permission.VIEW_COLLECTIONS)
    if may_send and st.button("Mail statements", icon=":material/mail:", key="group_statements"):
        mail_all(client_group)
    links.link("Back to clients", "clients", icon=":material/arrow_back:")


@dialog("Mail statements")
def mail_all(client_group: str) -> None:
    """A statement of what is open, to the statement contacts of each client of the group."""
    portal = frame.portal()
    currency = portal.settings.currency
    clients = reads.rows("groups/clients", client_group=client_group)
    if not clients:
        st.caption("Nobody in this group owes anything.")
        return
    for client in clients:
        owed = write.money(client["outstanding_cents"], currency)
        st.caption(frame.plain(f"{client['client_name']} · {owed}"))
    label = f"Send {write.count(len(clients), 'statement')}"
    if not st.button(label, type="primary", key="group_statements_send"):
        return
    bar = st.progress(0.0)
    sent, refused = 0, []
    for place, client in enumerate(clients, start=1):
        command = StatementOnDemand(
            actor=frame.principal(), client_id=str(client["client_id"]), currency=currency
        )
        try:
            portal.collections.mail_statement(command)
            sent += 1
        except PortalError as problem:
            refused.append(f"{client['client_name']}: {problem}")
        bar.progress(place / len(clients))
    st.success(f"{sent:,} sent")
    for line in refused:
        st.caption(frame.plain(line))
