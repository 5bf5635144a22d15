"""Statements of a whole client group: one for each client that owes something."""

import streamlit as st

from portal.domain.permissions import Permission
from portal.services.statement_on_demand import MailStatement
from portal.ui import deeds, frame, group_payment, links, one_by_one, reads, said
from portal.ui import format as write
from portal.ui.dialogs import dialog


def actions(client_group: str) -> None:
    """The ways from a group's page, and the statements of all its clients."""
    said.say()
    viewer = frame.principal()
    group_payment.button(client_group)
    may_send = viewer.may(Permission.SEND_STATEMENTS) and viewer.may(Permission.VIEW_COLLECTIONS)
    if may_send and st.button("Mail statements", icon=":material/mail:", key="group_statements"):
        mail_all(client_group)
    links.link("Back to clients", "clients", icon=":material/arrow_back:")


def mail_all(client_group: str) -> None:
    """A statement of what is open, to the statement contacts of each client of the group."""
    one_by_one.begin()
    _mail_all(client_group)


@dialog("Mail statements")
def _mail_all(client_group: str) -> None:
    one_by_one.contents(lambda: _mail_form(client_group))


def _mail_form(client_group: str) -> None:
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

    names = {str(one["client_id"]): str(one["client_name"]) for one in clients}
    form = one_by_one.form_of("group_statements", names)

    def deed(client_id: str) -> str:
        command = MailStatement(
            actor=frame.principal(),
            request_id=deeds.request_id(form),
            client_id=client_id,
            currency=currency,
        )
        portal.collections.mail_statement(command)
        return "statement mailed"

    one_by_one.each(names, deed, form=form)
