"""The firm's rules of collections: change them, and see at once what that changes tomorrow."""

from collections.abc import Callable, Sequence
from datetime import date, time
from functools import partial

import streamlit as st

from portal.domain.collection_rules import CollectionRules, check_rules
from portal.domain.errors import Invalid, PortalError
from portal.domain.forecast import is_automatic
from portal.domain.money import parse_cents
from portal.domain.permissions import Permission
from portal.domain.statement_days import next_run_day
from portal.services.save_collection_rules import SaveCollectionRules
from portal.services.statement_letter import MOST_INVOICE_PDFS
from portal.services.statement_ports import RulesVersion
from portal.ui import collection_draft, collection_triggers, frame
from portal.ui import format as write
from portal.ui.said import attempt

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def draw() -> None:
    """The form, what it would change, and the way to put it in force."""
    frame.require(Permission.COLLECTION_SETTINGS)
    with frame.portal().store.reading() as view:
        current = view.rules.current()
        history = view.rules.history()
    began = collection_draft.begun(current)
    _changed_meanwhile(began, current)
    form, effect = st.columns([2, 1], gap="medium")
    with form:
        try:
            edited = check_rules(_form(began))
        except Invalid as problem:
            edited = None
            frame.refused(str(problem))
    with effect:
        if edited is not None:
            _effect(began, edited)
        _history(history)


def _changed_meanwhile(began: RulesVersion, current: RulesVersion) -> None:
    if current.version == began.version:
        return
    frame.refused(
        f"{current.made_by_name} has put version {current.version} in force since you began. "
        "What you change here can't be put in force any more."
    )
    if st.button(f"Begin with version {current.version}", key="rules_begin_anew"):
        collection_draft.forget()
        st.rerun()


def _form(began: RulesVersion) -> CollectionRules:
    rules = began.rules
    key = partial(collection_draft.key, began=began)
    # All of it is drawn before anything in it is refused.
    is_on = st.toggle("Statements are staged and sent", value=rules.is_on, key=key("on"))
    triggers = collection_triggers.draw(began)
    throttle, partner_after, least, grace = _whom(rules, key)
    send_at, weekdays, federal, holidays = _when(rules, key)
    messages = collection_draft.messages(began)
    attach_invoices = st.toggle(
        "Attach the PDFs of the invoices a statement lists",
        value=rules.attach_invoices,
        key=key("attach_invoices"),
        help=f"Those that have come in, at most {MOST_INVOICE_PDFS}, the oldest first.",
    )
    return CollectionRules(
        is_on=is_on,
        triggers=triggers,
        throttle_days=int(throttle),
        partner_after_days=int(partner_after),
        least_cents=parse_cents(least),
        grace_days=int(grace),
        send_at=send_at,
        weekdays=tuple(sorted(weekdays)),
        federal_holidays=federal,
        holidays=_dates(holidays),
        messages=messages,
        attach_invoices=attach_invoices,
    )


def _whom(rules: CollectionRules, key: Callable[[str], str]) -> tuple[int, int, str, int]:
    """Whom and how often: the throttle, the partner's copy, the least balance, the grace days."""
    with st.container(border=True):
        st.markdown("**Whom and how often**")
        left, right = st.columns(2)
        return (
            left.number_input(
                "Days between two statements of a client", 1, 90, rules.throttle_days,
                key=key("throttle"),
            ),
            right.number_input(
                "Copy the partner when overdue for more than (days)", 0, 3650,
                rules.partner_after_days, key=key("partner_after"),
            ),
            left.text_input(
                "Least balance to write for", write.plain_amount(rules.least_cents),
                key=key("least"),
            ),
            right.number_input(
                "Grace days of a promise", 0, 30, rules.grace_days, key=key("grace")
            ),
        )  # fmt: skip


def _when(
    rules: CollectionRules, key: Callable[[str], str]
) -> tuple[time, Sequence[int], bool, str]:
    """When: the time of the run, its weekdays, whether federal holidays count, other holidays."""
    with st.container(border=True):
        st.markdown("**When**")
        left, right = st.columns(2, vertical_alignment="bottom")
        zone = frame.portal().settings.timezone.key
        return (
            left.time_input(
                f"Time of the run ({zone})", rules.send_at, step=900, key=key("send_at")
            ),
            st.pills(
                "Days",
                range(7),
                selection_mode="multi",
                default=list(rules.weekdays),
                format_func=lambda day: _WEEKDAYS[day],
                key=key("weekdays"),
            ),
            right.checkbox(
                "No run on federal holidays", value=rules.federal_holidays, key=key("federal")
            ),
            st.text_input(
                "The firm's own holidays",
                ", ".join(day.isoformat() for day in rules.holidays),
                help="Dates like 2026-12-24, with commas between them",
                key=key("holidays"),
            ),
        )


def _dates(text: str) -> tuple[date, ...]:
    try:
        return tuple(
            sorted(date.fromisoformat(part.strip()) for part in text.split(",") if part.strip())
        )
    except ValueError:
        raise Invalid("Write holidays as dates like 2026-12-24, commas between them.") from None


def _effect(began: RulesVersion, edited: CollectionRules) -> None:
    portal = frame.portal()
    viewer = frame.principal()
    with st.container(border=True):
        st.markdown("**What would change**")
        today = portal.today()
        with portal.store.reading() as view:
            last = view.statements.last_run()
        start = today if last is None or last.run_day < today else last.run_day
        start = date.fromordinal(start.toordinal() + 1)
        try:
            day = next_run_day(start, edited, portal.collections.is_holiday)
            before = portal.collections.forecast(viewer, day, began.rules)
            after = portal.collections.forecast(viewer, day, edited)
        except PortalError as problem:
            frame.refused(str(problem))
            return
        st.caption(f"On {write.day(day)}, on what is known now")
        for label, count in _COUNTS.items():
            was, becomes = count(before), count(after)
            st.metric(label, f"{becomes:,}", f"{becomes - was:+,}" if becomes != was else None,
                      delta_color="off")  # fmt: skip
        changed = edited != began.rules
        if st.button("Put in force", type="primary", disabled=not changed, key="rules_save"):
            command = SaveCollectionRules(actor=viewer, rules=edited, based_on=began.version)
            attempt(lambda: _save(command), "The new rules are in force")
        if not changed:
            st.caption("Nothing is changed.")


def _save(command: SaveCollectionRules) -> None:
    frame.portal().collections.save_rules(command)
    collection_draft.forget()


_COUNTS = {
    "To review": lambda found: sum(not is_automatic(one) for one in found.sent),
    "Sent by itself": lambda found: sum(is_automatic(one) for one in found.sent),
    "Copied to a partner": lambda found: sum(bool(one.cc or one.bcc) for one in found.sent),
    "Not sent": lambda found: len(found.suppressed),
}


def _history(history: list[RulesVersion]) -> None:
    with st.container(border=True):
        st.markdown("**Versions**")
        zone = frame.portal().settings.timezone
        for one in history[:8]:
            when = write.moment(one.made_at, zone) if one.made_at else ""
            st.caption(frame.plain(f"{one.version} · {one.made_by_name} · {when}"))
        if not history:
            st.caption("These are the rules every firm starts with.")
