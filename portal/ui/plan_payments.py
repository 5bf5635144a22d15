"""The payments of a plan, one by one: skip or change one of them, or edit the plan itself."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from portal.domain.money import parse_cents
from portal.services.change_occurrence import ChangeOccurrence
from portal.services.edit_plan import EditPlan
from portal.services.money_ports import PaymentMethod
from portal.services.plan_parts import CAN_CHANGE
from portal.services.plan_ports import Occurrence, OccurrenceState, PlanKind, PlanState
from portal.services.read_plan import PlanView
from portal.services.skip_occurrence import SkipOccurrence
from portal.ui import deeds, frame, plan_words
from portal.ui import format as write

_ASKED = "plan_payments_asked"
_MOST_SHOWN = 12


def forget() -> None:
    """Nothing is asked about any payment any more."""
    st.session_state.pop(_ASKED, None)


def draw(view: PlanView, *, may_change: bool) -> None:
    """Draw what comes next, then what was."""
    is_running = view.plan.state in (PlanState.ACTIVE, PlanState.PAUSED)
    ahead = [each for each in view.occurrences if _is_ahead(each)]
    behind = [each for each in view.occurrences if not _is_ahead(each)]
    if is_running and ahead:
        st.markdown("**Upcoming payments**")
        for each in ahead[:_MOST_SHOWN]:
            _line(view, each, may_change=may_change and each.state in CAN_CHANGE)
        if len(ahead) > _MOST_SHOWN:
            st.caption(f"And {write.count(len(ahead) - _MOST_SHOWN, 'more payment')}.")
    if behind:
        with st.expander(f"Payments so far ({len(behind)})", expanded=not is_running):
            for each in reversed(behind):
                _line(view, each, may_change=False)


def edit_form(view: PlanView, *, done: Callable[[], None]) -> None:
    """Draw the form that changes a plan from its next payment on."""
    plan = view.plan
    methods = _methods(view)
    with st.form("plan_edit_form", border=True):
        name = st.text_input("Name", plan.name, max_chars=80)
        method_id = _choose_method(methods, plan.method_id, "plan_edit_method")
        emails = st.text_input(
            "Receipts to", ", ".join(plan.receipt_emails),
            help="Addresses with commas between them; none: the billing contacts.",
        )  # fmt: skip
        amount = day = cap = ""
        if plan.kind is PlanKind.RECURRING:
            amount = st.text_input("Amount", _typed(plan.amount_cents))
        if plan.kind is PlanKind.AUTOPAY:
            day = st.number_input("Day of the month", 1, 31, plan.day_of_month or 1)
            cap = st.text_input("Monthly maximum", _typed(plan.monthly_cap_cents),
                                help="Leave it empty to pay everything posted.")  # fmt: skip
        if st.form_submit_button("Save", type="primary"):
            command = partial(_edited, view, name, method_id, emails, amount, day, cap)
            if deeds.attempt(lambda: frame.portal().plans.edit(command())) is not None:
                done()


def _edited(
    view: PlanView, name: str, method_id: str, emails: str, amount: str, day: object, cap: str
) -> EditPlan:
    plan = view.plan
    return EditPlan(
        actor=frame.principal(),
        plan_id=plan.plan_id,
        seen_at=plan.updated_at,
        name=name,
        method_id=method_id,
        receipt_emails=tuple(emails.split(",")),
        amount_cents=parse_cents(amount) if amount else plan.amount_cents,
        end_date=plan.end_date,
        occurrence_limit=plan.occurrence_limit,
        total_cents=plan.total_cents,
        day_of_month=int(day) if day else plan.day_of_month,
        monthly_cap_cents=parse_cents(cap) if cap.strip() else None,
    )


def _is_ahead(each: Occurrence) -> bool:
    return each.state in (
        OccurrenceState.SCHEDULED,
        OccurrenceState.MISSED,
        OccurrenceState.RUNNING,
        OccurrenceState.PROCESSING,
    )


def _line(view: PlanView, each: Occurrence, *, may_change: bool) -> None:
    words, color = plan_words.occurrence(each)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(frame.plain(write.day(each.due_date)), width=110)
        st.markdown(frame.plain(plan_words.amount(each, view.plan.currency)), width=130)
        st.badge(words, color=color)
        if each.next_try_at:
            zone = frame.portal().settings.timezone
            again = write.day(each.next_try_at.astimezone(zone).date())
            st.caption(f"again on {again}", width="content")
        if may_change:
            _line_actions(each)
    if st.session_state.get(_ASKED) == ("skip", each.occurrence_id):
        _confirm_skip(view, each)
    elif st.session_state.get(_ASKED) == ("change", each.occurrence_id):
        _change_form(view, each)


def _line_actions(each: Occurrence) -> None:
    for deed, label in (("skip", "Skip"), ("change", "Change")):
        key = f"plan_{deed}_{each.occurrence_id}"
        if st.button(label, type="tertiary", key=key):
            st.session_state[_ASKED] = (deed, each.occurrence_id)


def _confirm_skip(view: PlanView, each: Occurrence) -> None:
    with st.container(border=True):
        moves = " It moves to the end." if view.plan.kind is PlanKind.INSTALLMENT else ""
        st.markdown(f"Skip the payment of {write.day(each.due_date)}?{moves}")
        with st.container(horizontal=True):
            if st.button("Skip it", type="primary", key="plan_skip_confirm"):
                command = SkipOccurrence(actor=frame.principal(), occurrence_id=each.occurrence_id)
                if deeds.attempt(partial(frame.portal().plans.skip, command)) is not None:
                    _done()
            if st.button("Keep it", key="plan_skip_keep"):
                _done()


def _change_form(view: PlanView, each: Occurrence) -> None:
    methods = _methods(view)
    with st.form(f"plan_change_{each.occurrence_id}", border=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            today = frame.portal().today()
            day = st.date_input("Date", max(each.due_date, today), min_value=today)
            amount = ""
            if each.amount_cents is not None and view.plan.kind is not PlanKind.AUTOPAY:
                amount = st.text_input("Amount", _typed(each.amount_cents))
            method_id = _choose_method(
                methods, each.method_id or view.plan.method_id, "plan_change_method"
            )
        is_sent = st.form_submit_button("Change this payment", type="primary")
        change = partial(_change, view, each, day, amount, method_id)
        if is_sent and deeds.attempt(change) is not None:
            _done()


def _change(
    view: PlanView, each: Occurrence, day: object, amount: str, method_id: str
) -> Occurrence:
    cents = parse_cents(amount) if amount else None
    other_method = method_id != (each.method_id or view.plan.method_id)
    is_stuck = each.state is not OccurrenceState.SCHEDULED
    return frame.portal().plans.change(
        ChangeOccurrence(
            actor=frame.principal(),
            occurrence_id=each.occurrence_id,
            amount_cents=cents if cents != each.amount_cents else None,
            due_date=day if day != each.due_date or is_stuck else None,
            method_id=method_id if other_method else None,
        )
    )


def _methods(view: PlanView) -> Sequence[PaymentMethod]:
    found = list(frame.portal().plans.methods(frame.principal(), view.plan.client_id))
    if view.method and view.method.method_id not in {each.method_id for each in found}:
        found.insert(0, view.method)
    return found


def _choose_method(methods: Sequence[PaymentMethod], chosen: str, key: str) -> str:
    names = {each.method_id: plan_words.method(each) for each in methods}
    options = list(names) or [chosen]
    index = options.index(chosen) if chosen in options else 0
    return st.selectbox(
        "Method", options, index, format_func=lambda found: names.get(found, found), key=key
    )


def _typed(cents: int | None) -> str:
    return "" if cents is None else f"{cents // 100:,}.{cents % 100:02d}"


def _done() -> None:
    forget()
    st.rerun(scope="fragment")
