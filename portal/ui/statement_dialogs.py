"""What one does about staged statements: edit, drop, send many with progress."""

from collections.abc import Sequence

import streamlit as st

from portal.chosen_rows import matching_ids
from portal.domain.errors import Invalid
from portal.services.change_statement import DropStatement, EditStatement
from portal.services.send_statement import SendStatement
from portal.services.statement_ports import Statement, StatementState
from portal.ui import deeds, frame, one_by_one
from portal.ui import format as write
from portal.ui.dialogs import dialog
from portal.ui.grid_event import GridEvent
from portal.ui.said import attempt

MOST = 500
"""So many statements at a time: more are a list to narrow first."""


def together(event: GridEvent, waiting: Sequence[Statement]) -> None:
    """Do something with the chosen ones of those that wait: ticked, or all that a filter finds."""
    chosen = deeds.attempt(lambda: _chosen(event))
    if chosen is None:
        return
    staged = {one.statement_id for one in waiting}
    wanted = [one for one in chosen if one in staged]
    if not wanted:
        frame.refused("None of these waits for review.")
    elif event.action == "send_together":
        send_many(wanted)
    else:
        drop(wanted)


def _chosen(event: GridEvent) -> Sequence[str]:
    if not event.all_matching:
        return event.row_ids
    return matching_ids(frame.portal(), frame.principal(), "statements", event.filter, MOST)


def send_many(statement_ids: Sequence[str]) -> None:
    """Send them one after the other; each says what became of it."""
    one_by_one.begin()
    _send_many(statement_ids)


@dialog("Send statements")
def _send_many(statement_ids: Sequence[str]) -> None:
    one_by_one.contents(lambda: _send_form(statement_ids))


def _send_form(statement_ids: Sequence[str]) -> None:
    st.write(f"{write.count(len(statement_ids), 'statement')} will be sent.")
    st.caption("What was paid, promised or disputed since the run is kept back, and said.")
    if not st.button("Send them", type="primary", key="send_many"):
        return
    with frame.portal().store.reading() as view:
        found = {one: view.statements.find(one) for one in statement_ids}

    def deed(statement_id: str) -> str:
        known = found[statement_id]
        if known is not None and known.state is StatementState.SENT:
            # Before this was broken off, or by the first of two clicks.
            return sent_words(known)
        command = SendStatement(actor=frame.principal(), statement_id=statement_id)
        done = frame.portal().collections.send_statement(command)
        if done.state is not StatementState.SENT:
            raise Invalid(f"Kept back: {done.detail}")
        return sent_words(done)

    one_by_one.each({key: one.client_name if one else key for key, one in found.items()}, deed)


def sent_words(sent: Statement) -> str:
    """That it was sent; and when it leaves, where today is a holiday."""
    if sent.sent_on is not None and sent.sent_on > frame.portal().today():
        return f"sent; today is a holiday, so the mail leaves on {write.day(sent.sent_on)}"
    return "sent"


@dialog("Drop statements")
def drop(statement_ids: Sequence[str]) -> None:
    """Take them out of the queue, saying why."""
    with st.form("statement_drop_form", border=False):
        reason = st.text_input("Why", placeholder="Called the client instead")
        sent = st.form_submit_button(
            f"Drop {write.count(len(statement_ids), 'statement')}", type="primary"
        )
    if not sent:
        return

    def drop_all() -> None:
        for statement_id in statement_ids:
            frame.portal().collections.drop_statement(
                DropStatement(actor=frame.principal(), statement_id=statement_id, reason=reason)
            )

    attempt(drop_all, "Dropped")


@dialog("Edit statement", width="medium")
def edit(found: Statement) -> None:
    """Who gets it, who is copied, and which invoices it leaves out."""
    desk = frame.portal().collections
    accounts = desk.receivables.accounts([found.client_id])
    if not accounts:
        frame.refused("Everything was paid meanwhile.")
        return
    account = accounts[0]
    names = {one.email: one.name for one in account.recipients}
    others = {
        f"{one.invoice_number} · {write.money(one.open_cents, one.currency)}": one.invoice_id
        for one in account.invoices
        if one.invoice_id != found.reason_invoice_id and one.currency == found.currency
    }
    left_out = [label for label, key in others.items() if key in found.left_out]
    st.caption(frame.plain(found.client_name))
    with st.form("statement_edit_form", border=False):
        to = st.multiselect(
            "To",
            list(names),
            default=[email for email, _ in found.to_people if email in names],
            help="Only contacts who receive statements in the practice management system.",
        )
        cc = st.text_input("Cc", value=_joined(found.cc_people), help="Commas between addresses")
        bcc = st.text_input("Bcc", value=_joined(found.bcc_people))
        without = st.multiselect("Leave out invoices", list(others), default=left_out)
        sent = st.form_submit_button("Save", type="primary")
    if sent:
        command = EditStatement(
            actor=frame.principal(),
            statement_id=found.statement_id,
            to_people=tuple((email, names[email]) for email in to),
            cc_people=_split(cc),
            bcc_people=_split(bcc),
            left_out=tuple(others[label] for label in without),
        )
        attempt(lambda: desk.edit_statement(command), "Statement changed")


def _joined(people: Sequence[tuple[str, str]]) -> str:
    return ", ".join(email for email, _ in people)


def _split(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((part.strip(), "") for part in text.split(",") if part.strip())
