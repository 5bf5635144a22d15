"""What each kind of plan asks for, with a look ahead at what it will charge.

Each form gives a draft: a function that starts the plan once the person has agreed.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from itertools import islice

import streamlit as st

from portal.domain.money import parse_cents
from portal.domain.permissions import Principal
from portal.domain.schedules import (
    Due,
    Frequency,
    RecurringTerms,
    first_autopay,
    installments,
    recurring,
)
from portal.services.money_ports import OpenBalance
from portal.services.plan_ports import PlanKind
from portal.services.start_autopay import StartAutopay
from portal.services.start_installments import StartInstallments
from portal.services.start_plan import PlanStarted
from portal.services.start_recurring import StartRecurring
from portal.ui import deeds, frame, plan_words
from portal.ui import format as write

Draft = Callable[..., PlanStarted]
_SHOWN_AHEAD = 12
_CHOSEN = 5
"""So many of the oldest open invoices are chosen, unless some were ticked before."""
_ENDS = ("Never", "Before a date", "After a number of payments", "When a total is paid")


def _installment_form(client_id: str, invoice_ids: tuple[str, ...]) -> Draft | None:
    desk = frame.portal().plans
    found = {each.invoice_id: (each, cents) for each, cents in desk.invoices(_me(), client_id)}
    if not found:
        frame.empty("Nothing to split", "This client has no invoice that installments could pay.")
        return None
    chosen = st.multiselect(
        "Invoices",
        list(found),
        default=[each for each in invoice_ids or list(found)[:_CHOSEN] if each in found],
        format_func=lambda each: _invoice_words(*found[each]),
        key="plan_invoices",
    )
    total = sum(found[each][1] for each in chosen)
    name = st.text_input("Name", "Installments", max_chars=80, key="plan_name_installment")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = st.number_input("Installments", 1, 120, 3, key="plan_count")
        frequency = _frequency("plan_frequency_installment")
        start = st.date_input("First one on", _tomorrow(), min_value=_today(), key="plan_first")
    method_id, emails = _method_and_receipts(client_id, "installment")
    if not chosen:
        st.caption("Choose the invoices it pays.")
        return None
    dues = deeds.attempt(
        partial(installments, total, int(count), start, frequency, desk.policy.days)
    )
    if dues is None:
        return None
    _look_ahead(dues, f"{write.money(total, desk.policy.currency)} in all. It clears the balance "
                "of the chosen invoices.")  # fmt: skip

    def start_it(request_id: str, is_authorised: bool, ends_recurring: bool) -> PlanStarted:
        return desk.start_installments(
            StartInstallments(
                request_id=request_id, actor=_me(), client_id=client_id, name=name,
                method_id=method_id, invoice_ids=tuple(chosen), seen_cents=total,
                count=int(count), frequency=frequency, start_date=start,
                receipt_emails=_addresses(emails), is_authorised=is_authorised,
            )
        )  # fmt: skip

    return start_it


def _autopay_form(client_id: str, invoice_ids: tuple[str, ...]) -> Draft | None:
    desk = frame.portal().plans
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day = st.number_input(
            "Day of the month", 1, 31, 15, key="plan_day",
            help="31 is the last day of each month. Weekends and holidays: the next business day.",
        )  # fmt: skip
        cap = st.text_input(
            "Monthly maximum", placeholder="No maximum", key="plan_cap",
            help="At most this much a month, the oldest invoices first.",
        )  # fmt: skip
    method_id, emails = _method_and_receipts(client_id, "autopay")
    cap_cents = deeds.attempt(partial(parse_cents, cap)) if cap.strip() else None
    if cap.strip() and cap_cents is None:
        return None
    buffer_days = desk.policy.buffer_days
    first = first_autopay(_today(), int(day), buffer_days, desk.policy.days)
    st.caption(
        f"The first charge is on {write.day(first)}; the reminder goes out "
        f"{buffer_days} days before. What is posted after the reminder waits a month."
    )

    def start_it(request_id: str, is_authorised: bool, ends_recurring: bool) -> PlanStarted:
        return desk.start_autopay(
            StartAutopay(
                request_id=request_id, actor=_me(), client_id=client_id, method_id=method_id,
                day_of_month=int(day), monthly_cap_cents=cap_cents,
                receipt_emails=_addresses(emails), is_authorised=is_authorised,
                ends_recurring=ends_recurring,
            )
        )  # fmt: skip

    return start_it


def _recurring_form(client_id: str, invoice_ids: tuple[str, ...]) -> Draft | None:
    desk = frame.portal().plans
    name = st.text_input(
        "Name", max_chars=80, placeholder="Monthly bookkeeping", key="plan_name_recurring"
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        amount = st.text_input("Amount", placeholder="250.00", key="plan_amount")
        frequency = _frequency("plan_frequency_recurring")
        start = st.date_input("First one on", _tomorrow(), min_value=_today(), key="plan_start")
    limits = _end()
    method_id, emails = _method_and_receipts(client_id, "recurring")
    if not amount.strip() or limits is None:
        return None
    terms = deeds.attempt(lambda: _terms(parse_cents(amount), frequency, start, limits))
    if terms is None:
        return None
    dues = list(islice(recurring(terms, desk.policy.days), _SHOWN_AHEAD + 1))
    _look_ahead(dues, "")

    def start_it(request_id: str, is_authorised: bool, ends_recurring: bool) -> PlanStarted:
        return desk.start_recurring(
            StartRecurring(
                request_id=request_id, actor=_me(), client_id=client_id, name=name,
                method_id=method_id, terms=terms, receipt_emails=_addresses(emails),
                is_authorised=is_authorised,
            )
        )  # fmt: skip

    return start_it


def _end() -> dict[str, object] | None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ends = st.selectbox("Ends", _ENDS, key="plan_ends")
        if ends == _ENDS[1]:
            day = st.date_input(
                "End date", _today() + timedelta(days=365), min_value=_tomorrow(),
                key="plan_end_date", help="The end date itself is not charged.",
            )  # fmt: skip
            return {"end_date": day}
        if ends == _ENDS[2]:
            count = st.number_input("Payments", 1, 600, 12, key="plan_limit")
            return {"occurrence_limit": int(count)}
        if ends == _ENDS[3]:
            total = st.text_input("Total", placeholder="3,000.00", key="plan_total")
            cents = deeds.attempt(partial(parse_cents, total)) if total.strip() else None
            return None if cents is None else {"total_cents": cents}
    return {}


def _terms(
    cents: int, frequency: Frequency, start: date, limits: Mapping[str, object]
) -> RecurringTerms:
    terms = RecurringTerms(amount_cents=cents, frequency=frequency, start_date=start, **limits)
    terms.check()
    return terms


def _method_and_receipts(client_id: str, kind: str) -> tuple[str, str]:
    methods = frame.portal().plans.methods(_me(), client_id)
    names = {each.method_id: plan_words.method(each) for each in methods}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        method_id = st.selectbox(
            "Method", list(names), format_func=names.__getitem__, key=f"plan_method_{kind}"
        )
        emails = st.text_input(
            "Receipts to", placeholder="The billing contacts", key=f"plan_receipts_{kind}",
            help="Addresses with commas between them.",
        )  # fmt: skip
    return method_id, emails


def _look_ahead(dues: list[Due], note: str) -> None:
    currency = frame.portal().settings.currency
    shown = [f"{write.day(due.due_date)}: {write.money(due.amount_cents, currency)}"
             for due in dues[:_SHOWN_AHEAD]]  # fmt: skip
    if len(dues) > _SHOWN_AHEAD:
        shown.append("and so on")
    with st.container(border=True):
        st.markdown("**What it will charge**")
        st.caption(frame.plain(" · ".join(shown)))
        if note:
            st.caption(frame.plain(note))


def _frequency(key: str) -> Frequency:
    return st.selectbox(
        "How often", list(Frequency), index=2, format_func=lambda each: each.label, key=key
    )


def _invoice_words(balance: OpenBalance, cents: int) -> str:
    due = write.day(balance.due_date)
    return f"{balance.invoice_number}, due {due}, {write.money(cents, balance.currency)}"


def _addresses(typed: str) -> tuple[str, ...]:
    return tuple(each for each in typed.split(",") if each.strip())


def _me() -> Principal:
    return frame.principal()


def _today() -> date:
    return frame.portal().today()


def _tomorrow() -> date:
    return _today() + timedelta(days=1)


FORMS: Mapping[PlanKind, Callable[[str, tuple[str, ...]], Draft | None]] = {
    PlanKind.INSTALLMENT: _installment_form,
    PlanKind.AUTOPAY: _autopay_form,
    PlanKind.RECURRING: _recurring_form,
}
