"""The statements page: the queue to review, what was sent, what was not and why."""

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from portal.domain.permissions import Permission
from portal.domain.statement_days import next_run_day
from portal.lists.columns import RowAction
from portal.services.send_statement import SendStatement
from portal.services.statement_ports import Statement, StatementState
from portal.ui import document_view, filters, frame, grid, links, reads, statement_dialogs
from portal.ui import format as write
from portal.ui.grid_event import GridEvent
from portal.ui.said import attempt

SIDES = {"queue": "Statements", "simulator": "Simulator"}
TOGETHER = (
    RowAction(key="send_together", label="Send", permission=Permission.SEND_STATEMENTS),
    RowAction(key="drop_together", label="Drop", permission=Permission.SEND_STATEMENTS),
)
_SELECTED = "statements_selected"


def next_run() -> str:
    """When the next run is, in a sentence."""
    day = next_run_day_known()
    if day is None:
        return "Statements are switched off in the settings."
    with frame.portal().store.reading() as view:
        rules = view.rules.current().rules
    at = f"{rules.send_at:%I:%M %p}".lstrip("0")
    return f"Next run: {write.day(day)} at {at}"


def next_run_day_known() -> date | None:
    """The day of the next run; None while statements are switched off."""
    portal = frame.portal()
    today = portal.today()
    with portal.store.reading() as view:
        rules = view.rules.current().rules
        last = view.statements.last_run()
    if not rules.is_on:
        return None
    is_made = last is not None and last.run_day >= today
    start = last.run_day + timedelta(days=1) if last and is_made else today
    return next_run_day(start, rules, portal.collections.is_holiday)


def side() -> str:
    """Choose between the statements and the simulator."""
    frame.require(Permission.VIEW_COLLECTIONS)
    return filters.switch("part", "Side", SIDES)


def waiting(book: str) -> list[Statement]:
    """The statements of a book to review that this person may see."""
    viewer = frame.principal()
    if not viewer.may(Permission.SEND_STATEMENTS):
        return []
    with frame.portal().store.reading() as view:
        staged = view.statements.staged()
    mine = (one for one in staged if _is_seen(one, book))
    # As the list beside it: the newest run first, then the oldest debts.
    return sorted(mine, key=lambda one: (-one.run_day.toordinal(), -one.oldest_days))


def queue() -> None:
    """The list at the left, the mail of the one in hand at the right."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        book = filters.book()
        staged = waiting(book)
        if staged and st.button(
            f"Send all {len(staged):,}", icon=":material/send:", type="primary", key="send_all"
        ):
            statement_dialogs.send_many([one.statement_id for one in staged])
    list_side, mail_side = st.columns([3, 2], gap="small")
    with list_side:
        event = grid.list_grid(
            "statements",
            params={"book": book, "toggle": "staged"},
            follow=True,
            together=TOGETHER,
            key=filters.view_key("statements"),
        )
    if event is not None:
        _follow(event, staged)
    with mail_side:
        _in_hand(staged)


def _in_hand(staged: Sequence[Statement]) -> None:
    found = _pointed() or (staged[0] if staged else None)
    with st.container(border=True, gap="small"):
        if found is None:
            st.markdown("**Nothing to review**")
            st.caption("The next run stages statements when invoices come of age.")
            return
        st.header(frame.plain(found.client_name), anchor=False)
        st.caption(frame.plain(_because(found)))
        if found.state is StatementState.STAGED:
            _review(found)
        else:
            _outcome(found)


def _review(found: Statement) -> None:
    if frame.principal().may(Permission.SEND_STATEMENTS):
        # The keys name the statement: a second click never meets the one that came after it.
        which = found.statement_id
        with st.container(horizontal=True, gap="xsmall"):
            if st.button("Send", type="primary", shortcut="G", key=f"statement_send_{which}"):
                send(found)
            if st.button("Edit", shortcut="E", key=f"statement_edit_{which}"):
                statement_dialogs.edit(found)
            if st.button("Drop", shortcut="X", key=f"statement_drop_{which}"):
                statement_dialogs.drop([which])
    _people("To", found.to_people)
    _people("Cc", found.cc_people)
    _people("Bcc", found.bcc_people)
    if found.left_out:
        st.caption(write.count(len(found.left_out), "invoice") + " left out")
    if not frame.principal().may(Permission.SEND_STATEMENTS):
        return
    mail, paper = st.tabs(["The mail", "The PDF"])
    with mail:
        document_view.staged_mail(found.statement_id)
    with paper:
        document_view.staged_paper(found.statement_id)


def _outcome(found: Statement) -> None:
    words = {"sent": "Sent", "suppressed": "Not sent", "dropped": "Dropped", "failed": "Failed"}
    when = f" on {write.day(found.sent_on)}" if found.sent_on else ""
    st.markdown(f"**{words[found.state.value]}{when}**")
    if found.detail:
        st.write(frame.plain(found.detail))
    _people("To", found.to_people)
    _people("Cc", found.cc_people)
    _people("Bcc", found.bcc_people)


def send(found: Statement) -> None:
    """Send one; what happened meanwhile may keep it back, and is said."""
    command = SendStatement(actor=frame.principal(), statement_id=found.statement_id)
    st.session_state.pop(_SELECTED, None)
    attempt(lambda: frame.portal().collections.send_statement(command), _came_of_it)


def _came_of_it(done: Statement) -> str:
    if done.state is not StatementState.SENT:
        return f"Kept back: {done.detail}"
    return statement_dialogs.sent_words(done).capitalize()


def _follow(event: GridEvent, staged: Sequence[Statement]) -> None:
    if event.kind == "focus":
        st.session_state[_SELECTED] = event.row_id
        return
    if event.kind == "selection":
        statement_dialogs.together(event, staged)
        return
    found = _find(event.row_id or "")
    if found is None:
        return
    if event.action == "open_client":
        links.go("client", id=found.client_id)
    if event.action == "open_invoice":
        links.go("invoice", id=found.reason_invoice_id)
    deeds = {
        "send": lambda: send(found),
        "edit": lambda: statement_dialogs.edit(found),
        "drop": lambda: statement_dialogs.drop([found.statement_id]),
    }
    if event.action in deeds:
        deeds[event.action]()


def _pointed() -> Statement | None:
    return _find(st.session_state.get(_SELECTED) or "")


def _find(statement_id: str) -> Statement | None:
    with frame.portal().store.reading() as view:
        found = view.statements.find(statement_id)
    return found if found and _is_seen(found) else None


def _is_seen(found: Statement, book: str = reads.EVERYTHING) -> bool:
    viewer = frame.principal()
    scope = viewer.own_scope if book == reads.MINE else viewer.scope
    own = scope.staff_id is not None and scope.staff_id in (found.partner_id, found.manager_id)
    return scope.all_clients or own


def _because(found: Statement) -> str:
    amount = write.money(found.open_cents, found.currency)
    return (
        f"{amount} open · invoice {found.reason_invoice_number} reached {found.trigger_label} · "
        f"run of {write.day(found.run_day)}"
    )


def _people(label: str, people: Sequence[tuple[str, str]]) -> None:
    if people:
        said = ", ".join(f"{name} <{email}>" if name else email for email, name in people)
        st.caption(frame.plain(f"{label}: {said}"))
