"""AutoPay and recurring payments of a client, as its payer sets them up and ends them."""

import uuid

import streamlit as st

from portal.domain.errors import PortalError
from portal.domain.money import parse_cents
from portal.domain.payers import Payer, PayerClient
from portal.domain.schedules import Frequency, RecurringTerms
from portal.services.cancel_plan import CancelPlan
from portal.services.money_records import PaymentMethod
from portal.services.plan_access import AUTHORISED
from portal.services.plan_ports import Occurrence, OccurrenceState, Plan, PlanKind, PlanState
from portal.services.start_autopay import EndsRecurringPlans, StartAutopay
from portal.services.start_recurring import StartRecurring
from portal.ui import format as write
from portal.ui import payer_money
from portal.ui.frame import plain, portal
from portal.ui.sure import confirmed

_RUNNING = (PlanState.ACTIVE, PlanState.PAUSED)
_CONFIRM = "payer_ends_recurring"


def autopay(viewer: Payer, client: PayerClient) -> None:
    """Draw AutoPay: what it does next, or the form that starts it."""
    st.header("AutoPay", anchor=False)
    plan = next((p for p in _plans(client.client_id, PlanKind.AUTOPAY)), None)
    if plan is not None:
        _standing(viewer, plan, f"Pays every invoice on day {plan.day_of_month} of the month")
        return
    kept = _usable(viewer, client)
    if not kept:
        return
    with st.form("autopay", border=True):
        st.caption(
            f"Posted invoices are paid once a month. We write to you {_buffer()} days before."
        )
        method_id = _method_field(kept, "autopay_method")
        day = st.number_input("Day of the month", 1, 31, 15, key="autopay_day")
        cap = st.text_input("Monthly maximum (empty: none)", key="autopay_cap", max_chars=20)
        is_authorised = st.checkbox("I am authorized to use this method", key="autopay_agree")
        st.caption(plain(AUTHORISED))
        ends = _may_end_recurring()
        asked = st.form_submit_button("Start AutoPay", type="primary", width="stretch")
    if asked:
        _start_autopay(viewer, client, method_id, int(day), cap, is_authorised, ends)


def _may_end_recurring() -> bool:
    """Whether the recurring payments may end; asked only once AutoPay was refused for them."""
    why = st.session_state.get(_CONFIRM)
    if not why:
        return False
    st.warning(plain(why), icon=":material/info:")
    return st.checkbox("The recurring payments of this client may end", key="autopay_ends")


def note(client: PayerClient) -> None:
    """Say on the invoices page when AutoPay pays them, where it runs."""
    plan = next(iter(_plans(client.client_id, PlanKind.AUTOPAY)), None)
    following = _next(plan) if plan is not None and plan.state is PlanState.ACTIVE else None
    if following is not None:
        st.info(
            f"AutoPay pays these on {write.day(following.due_date)}. You can pay earlier here.",
            icon=":material/event_repeat:",
        )


def _start_autopay(
    viewer: Payer,
    client: PayerClient,
    method_id: str,
    day: int,
    cap: str,
    is_authorised: bool,
    ends: bool,
) -> None:
    try:
        command = StartAutopay(
            request_id=_request("autopay"),
            actor=viewer,
            client_id=client.client_id,
            method_id=method_id,
            day_of_month=day,
            monthly_cap_cents=parse_cents(cap) if cap.strip() else None,
            receipt_emails=(viewer.email, *viewer.receipt_emails),
            is_authorised=is_authorised,
            ends_recurring=ends,
        )
        portal().plans.start_autopay(command)
    except EndsRecurringPlans as refusal:
        # Drawn anew, the form asks for what the refusal wants.
        st.session_state[_CONFIRM] = str(refusal)
        st.rerun()
    except PortalError as refusal:
        st.error(plain(str(refusal)), icon=":material/error:")
        return
    _started("autopay")


def recurring(viewer: Payer, client: PayerClient) -> None:
    """Draw the recurring payments, and the form that starts one."""
    st.header("Recurring payments", anchor=False)
    for plan in _plans(client.client_id, PlanKind.RECURRING, PlanKind.INSTALLMENT):
        amount = write.money(plan.amount_cents or plan.total_cents, plan.currency)
        _standing(viewer, plan, f"{plan.name}: {amount}")
    kept = _usable(viewer, client, quiet=True)
    if not kept:
        st.caption("A fixed amount at intervals, with a saved method.")
        return
    with st.expander("New recurring payment", icon=":material/event_repeat:"):
        _recurring_form(viewer, client, kept)


def _recurring_form(viewer: Payer, client: PayerClient, kept: dict[str, PaymentMethod]) -> None:
    today = portal().today()
    with st.form("recurring", border=False):
        name = st.text_input("Name", "Monthly payment", key="recurring_name", max_chars=80)
        amount = st.text_input("Amount", key="recurring_amount", max_chars=20)
        frequency = st.selectbox(
            "How often", list(Frequency), format_func=lambda f: f.label, key="recurring_often"
        )
        start = st.date_input(
            "First payment", today, min_value=today, format="MM/DD/YYYY", key="recurring_start"
        )
        count = st.number_input(
            "Number of payments", 1, 120, value=None, key="recurring_count", placeholder="no end"
        )
        method_id = _method_field(kept, "recurring_method")
        is_authorised = st.checkbox("I am authorized to use this method", key="recurring_agree")
        asked = st.form_submit_button("Start", type="primary", width="stretch")
    if not asked:
        return
    try:
        terms = RecurringTerms(
            amount_cents=parse_cents(amount),
            frequency=frequency,
            start_date=start,
            occurrence_limit=None if count is None else int(count),
        )
        command = StartRecurring(
            request_id=_request("recurring"),
            actor=viewer,
            client_id=client.client_id,
            name=name,
            method_id=method_id,
            terms=terms,
            receipt_emails=(viewer.email, *viewer.receipt_emails),
            is_authorised=is_authorised,
        )
        portal().plans.start_recurring(command)
    except PortalError as refusal:
        st.error(plain(str(refusal)), icon=":material/error:")
        return
    _started("recurring")


def _standing(viewer: Payer, plan: Plan, words: str) -> None:
    following = _next(plan)
    with st.container(border=True):
        st.markdown(f":green[:material/check_circle:] **{plain(words)}**")
        if plan.state is PlanState.PAUSED:
            st.caption(plain(f"Paused: {plan.paused_reason or 'by the firm'}"))
        elif following is not None:
            st.caption(f"Next on {write.day(following.due_date)}")
        if viewer.may_pay and confirmed(
            "Cancel it",
            question="Cancel it? Nothing more is charged, and it can't be started again.",
            sure="Cancel the plan",
            key=f"cancel_{plan.plan_id}",
        ):
            _cancel(viewer, plan)


def _cancel(viewer: Payer, plan: Plan) -> None:
    try:
        portal().plans.cancel(CancelPlan(actor=viewer, plan_id=plan.plan_id))
    except PortalError as refusal:
        st.error(plain(str(refusal)), icon=":material/error:")
        return
    st.rerun()


def _plans(client_id: str, *kinds: PlanKind) -> list[Plan]:
    with portal().store.reading() as view:
        found = view.plans.of_client(client_id)
    return [plan for plan in found if plan.kind in kinds and plan.state in _RUNNING]


def _next(plan: Plan) -> Occurrence | None:
    with portal().store.reading() as view:
        each = view.occurrences.of_plan(plan.plan_id)
    coming = [one for one in each if one.state is OccurrenceState.SCHEDULED]
    return min(coming, key=lambda one: one.due_date, default=None)


def _usable(viewer: Payer, client: PayerClient, *, quiet: bool = False) -> dict[str, PaymentMethod]:
    kept = payer_money.methods_of(viewer, client.client_id) if viewer.may_pay else ()
    if not kept and not quiet:
        st.caption("Save a payment method first.")
    return {method.method_id: method for method in kept}


def _method_field(kept: dict[str, PaymentMethod], key: str) -> str:
    return str(
        st.selectbox(
            "Pay with",
            list(kept),
            format_func=lambda one: payer_money.method_name(kept[one]),
            key=key,
        )
    )


def _buffer() -> int:
    return portal().plans.policy.buffer_days


def _request(form: str) -> str:
    return str(st.session_state.setdefault(f"payer_{form}_request", uuid.uuid4().hex))


def _started(form: str) -> None:
    st.session_state.pop(f"payer_{form}_request", None)
    st.session_state.pop(_CONFIRM, None)
    st.rerun()
