"""A payment plan in full: what comes next, how it is doing, and what to do about it."""

from functools import partial

import streamlit as st

from portal.domain.permissions import Permission
from portal.domain.plan_health import Health
from portal.services.cancel_plan import CancelPlan
from portal.services.pause_plan import PausePlan
from portal.services.plan_ports import OccurrenceState, PlanState
from portal.services.read_plan import PlanView, ReadPlan
from portal.services.resume_plan import ResumePlan
from portal.ui import deeds, detail, dialogs, frame, links, plan_payments, plan_words, reads
from portal.ui import format as write
from portal.ui.detail import Fact
from portal.ui.grid_event import GridEvent

_ASKED = "plan_dialog_asked"
_OPENED = "plan_dialog_opened"
_HEALTH = {
    Health.AT_RISK: ("red", ":material/error:"),
    Health.WATCH: ("orange", ":material/visibility:"),
    Health.GOOD: ("green", ":material/check_circle:"),
}
_CONFIRMED = {
    "pause": ("Pause the plan? Nothing is charged until it is resumed.", "Pause it"),
    "resume": ("Resume the plan? It goes on from today; the pause is not charged.", "Resume it"),
    "cancel": ("Cancel the plan for good? Nothing more is charged.", "Cancel the plan"),
}


def opened(event: GridEvent) -> None:
    """What happens when a row of the plans list is opened."""
    if event.action == "open_client":
        plan = _read(event.row_id or "")
        links.go("client", id=plan.plan.client_id if plan else None)
    show(event.row_id or "")


def opened_by_link(plan_id: str) -> None:
    """Open the plan an address names, once for each time the address is opened."""
    if plan_id and st.session_state.get(_OPENED) != plan_id:
        st.session_state[_OPENED] = plan_id
        show(plan_id)


def show(plan_id: str) -> None:
    """Open the dialog of a plan."""
    st.session_state.pop(_ASKED, None)
    plan_payments.forget()
    view = _read(plan_id)
    if view is not None:
        dialogs.dialog(frame.plain(view.plan.name), width="large")(contents)(plan_id)


def contents(plan_id: str) -> None:
    """Draw what the dialog of a plan holds."""
    view = _read(plan_id)
    if view is None:
        return
    _head(view)
    _health(view)
    may_change = frame.principal().may(Permission.MANAGE_PLANS)
    plan_payments.draw(view, may_change=may_change)
    if may_change and view.plan.state in (PlanState.ACTIVE, PlanState.PAUSED):
        _actions(view)


def _read(plan_id: str) -> PlanView | None:
    viewer = frame.require(Permission.VIEW_PAYMENTS)
    desk = frame.portal().plans
    found = deeds.attempt(partial(desk.read, ReadPlan(actor=viewer, plan_id=plan_id)))
    if found is None:
        return None
    billed = reads.one("plans/billed_monthly", client_id=found.client.client_id)
    return desk.read(
        ReadPlan(
            actor=viewer,
            plan_id=plan_id,
            billed_monthly_cents=int(billed["billed_monthly_cents"]) if billed else 0,
        )
    )


def _head(view: PlanView) -> None:
    plan = view.plan
    label, color = plan_words.STATES[plan.state]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(label, color=color)
        st.badge(plan_words.KINDS[plan.kind], color="gray")
        st.markdown(frame.plain(plan_words.terms(plan)), width="content")
    waiting = [each for each in view.occurrences if each.state is OccurrenceState.SCHEDULED]
    following = min(waiting, key=lambda each: each.due_date, default=None)
    detail.facts(
        Fact(label="Client", text=f"{view.client.client_name} ({view.client.client_number})"),
        Fact(label="Method", text=plan_words.method(view.method)),
        Fact(label="Next payment", text=write.day(following.due_date) if following else None),
        Fact(label="Paid", text=write.money(view.paid_cents, plan.currency)),
        Fact(label="Still to pay", text=_remaining(view)),
    )


def _remaining(view: PlanView) -> str:
    if view.remaining_cents is None:
        return "No end"
    said = write.money(view.remaining_cents, view.plan.currency)
    if view.clears_balance is None:
        return said
    return f"{said}, {'clears' if view.clears_balance else 'does not clear'} what it covers"


def _health(view: PlanView) -> None:
    for note in view.notes:
        color, icon = _HEALTH[note.health]
        st.markdown(f":{color}[{icon} {frame.plain(note.text)}]")


def _actions(view: PlanView) -> None:
    is_paused = view.plan.state is PlanState.PAUSED
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Edit", icon=":material/edit:", key="plan_edit"):
            st.session_state[_ASKED] = "edit"
        first = "resume" if is_paused else "pause"
        icon = ":material/play_arrow:" if is_paused else ":material/pause:"
        if st.button(first.capitalize(), icon=icon, key=f"plan_{first}"):
            st.session_state[_ASKED] = first
        if st.button("Cancel plan", icon=":material/cancel:", key="plan_cancel"):
            st.session_state[_ASKED] = "cancel"
        links.link("Open client", "client", icon=":material/person:", id=view.plan.client_id)
    asked = st.session_state.get(_ASKED)
    if asked == "edit":
        plan_payments.edit_form(view, done=_done)
    elif asked in _CONFIRMED:
        _confirm(view, asked)


def _confirm(view: PlanView, asked: str) -> None:
    question, label = _CONFIRMED[asked]
    with st.container(border=True):
        st.markdown(question)
        with st.container(horizontal=True):
            is_sure = st.button(label, type="primary", key="plan_confirm")
            if is_sure and deeds.attempt(partial(_do, view, asked)) is not None:
                _done()
            if st.button("Keep it as it is", key="plan_keep"):
                _done()


def _do(view: PlanView, asked: str) -> object:
    desk, viewer = frame.portal().plans, frame.principal()
    match asked:
        case "pause":
            return desk.pause(PausePlan(actor=viewer, plan_id=view.plan.plan_id))
        case "resume":
            return desk.resume(ResumePlan(actor=viewer, plan_id=view.plan.plan_id))
    return desk.cancel(CancelPlan(actor=viewer, plan_id=view.plan.plan_id))


def _done() -> None:
    st.session_state.pop(_ASKED, None)
    st.rerun(scope="fragment")
