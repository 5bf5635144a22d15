"""Start a payment plan: installments, AutoPay or a recurring payment, in one dialog."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from portal.domain.permissions import Permission
from portal.services.plan_access import AUTHORISED
from portal.services.plan_ports import PlanKind
from portal.services.start_autopay import EndsRecurringPlans
from portal.services.start_plan import PlanStarted
from portal.ui import deeds, dialogs, frame, plan_forms, plan_words, reads

FORM = "start_plan"
_ENDS = "start_plan_ends_recurring"
_MOST_FOUND = 20


def button(client_id: str | None = None, invoice_ids: Sequence[str] = ()) -> None:
    """Draw the button that opens the dialog, for those who may start plans."""
    if not frame.principal().may(Permission.MANAGE_PLANS):
        return
    if st.button("Start a plan", icon=":material/event_repeat:", key="start_plan_button"):
        show(client_id, invoice_ids)


def show(client_id: str | None = None, invoice_ids: Sequence[str] = ()) -> None:
    """Open the dialog. Without a client it asks for one; chosen invoices are ticked."""
    frame.require(Permission.MANAGE_PLANS)
    deeds.form_is_done(FORM)
    st.session_state.pop(_ENDS, None)
    opened = dialogs.dialog("Start a payment plan", width="large")(_draw)
    opened(client_id, tuple(invoice_ids))


def _draw(client_id: str | None, invoice_ids: tuple[str, ...]) -> None:
    chosen = client_id or _choose_client()
    if not chosen:
        return
    client = reads.one("clients/client", client_id=chosen)
    if client is None:
        frame.refused("There is no such client.")
        return
    st.markdown(f"**{frame.plain(str(client['client_name']))}**")
    kind = st.segmented_control(
        "Kind of plan",
        list(plan_words.KINDS),
        default=PlanKind.INSTALLMENT,
        format_func=plan_words.KINDS.__getitem__,
        required=True,
        key="start_plan_kind",
        label_visibility="collapsed",
    )
    st.caption(_SAYS[kind])
    methods = frame.portal().plans.methods(frame.principal(), chosen)
    if not methods:
        frame.empty(
            "No saved method",
            "A plan charges a card or bank account that the client has saved. Save one on the "
            "client's page, or have the client save it in their portal.",
        )
        return
    _form(kind, chosen, invoice_ids)


def _form(kind: PlanKind, client_id: str, invoice_ids: tuple[str, ...]) -> None:
    draft = plan_forms.FORMS[kind](client_id, invoice_ids)
    if draft is None:
        return
    ends = False
    if st.session_state.get(_ENDS) == client_id and kind is PlanKind.AUTOPAY:
        ends = st.checkbox("End the client's recurring plans", key="start_plan_ends")
    agreed = st.checkbox(AUTHORISED, key="start_plan_agreed")
    if st.button("Start the plan", type="primary", key="start_plan_go", disabled=not agreed):
        command = partial(
            draft, request_id=deeds.request_id(FORM), is_authorised=agreed, ends_recurring=ends
        )
        started = deeds.attempt(partial(_start, command, client_id))
        if started is not None:
            deeds.form_is_done(FORM)
            st.toast(f"{frame.plain(started.plan.name)} was started.", icon=":material/check:")
            st.rerun()


def _start(command: partial, client_id: str) -> PlanStarted:
    try:
        return command()
    except EndsRecurringPlans:
        st.session_state[_ENDS] = client_id
        raise


def _choose_client() -> str | None:
    wanted = st.text_input("Client", placeholder="Name or number", key="start_plan_client")
    if not wanted.strip():
        return None
    words = [*wanted.split(maxsplit=2), "", "", ""][:3]
    found = reads.rows(
        "search/clients",
        wanted=wanted.strip(),
        word_1=words[0],
        word_2=words[1],
        word_3=words[2],
        most=_MOST_FOUND,
    )
    if not found:
        st.caption("No client has that name or number.")
        return None
    names = {
        str(row["client_id"]): f"{row['client_name']} ({row['client_number']})" for row in found
    }
    return st.selectbox(
        "Which client", list(names), format_func=names.__getitem__, key="start_plan_which",
        label_visibility="collapsed",
    )  # fmt: skip


_SAYS = {
    PlanKind.INSTALLMENT: "Chosen invoices, paid in equal parts. The last part takes the odd cent.",
    PlanKind.AUTOPAY: "Everything posted to the client, once a month, after a reminder by mail.",
    PlanKind.RECURRING: "The same amount again and again, tied to no invoice. It is applied by "
    "hand.",
}
