"""The simulator: what the run of a coming day will do, and why."""

from datetime import timedelta

import streamlit as st

from portal.domain.forecast import MOST_DAYS, Forecast, is_automatic
from portal.domain.statements import Decision
from portal.lists.columns import Column, Kind
from portal.ui import format as write
from portal.ui import frame, grid, links, statements
from portal.ui.grid_event import GridEvent

_SENT = (
    Column(id="client", label="Client", kind=Kind.TEXT, width=220, opens="open"),
    Column(id="open_cents", label="Open", kind=Kind.MONEY, width=120),
    Column(id="trigger", label="Trigger", kind=Kind.CHOICE, width=140),
    Column(id="invoice", label="Because of invoice", kind=Kind.TEXT, width=150),
    Column(id="oldest_days", label="Oldest", kind=Kind.DAYS, width=120),
    Column(id="how", label="How", kind=Kind.CHOICE, width=120),
    Column(id="to", label="Recipients", kind=Kind.TEXT, width=230),
    Column(id="copied", label="Copied", kind=Kind.TEXT, width=180),
)
_SUPPRESSED = (
    *_SENT[:4],
    Column(id="why", label="Why not", kind=Kind.CHOICE, width=170),
    Column(id="detail", label="In words", kind=Kind.TEXT, width=380),
)


def draw() -> None:
    """Choose a day, see who gets what, who is copied, and who does not and why."""
    today = frame.portal().today()
    last = today + timedelta(days=MOST_DAYS)
    day = st.date_input(
        "Day",
        value=min(statements.next_run_day_known() or today, last),
        min_value=today,
        max_value=last,
        key="simulated_day",
        width=170,
    )
    found = frame.portal().collections.forecast(frame.principal(), day)
    if not found.is_run_day:
        frame.empty(
            f"No run on {write.day(day)}",
            "A weekend, a holiday, a day whose run was made already, or statements are off.",
        )
        return
    _figures(found)
    sent, suppressed = st.tabs(
        [f"Statements ({len(found.sent):,})", f"Not sent ({len(found.suppressed):,})"]
    )
    with sent:
        _listed([_sent(one) for one in found.sent], _SENT, "simulated_sent", "Statements")
    with suppressed:
        rows = [_not_sent(one) for one in found.suppressed]
        _listed(rows, _SUPPRESSED, "simulated_suppressed", "Not sent")
    st.caption(
        "On what is known now. A payment, a promise or a new invoice changes it; statements of "
        "earlier days are taken as sent on their day."
    )


def _figures(found: Forecast) -> None:
    automatic = sum(is_automatic(one) for one in found.decisions)
    copied = sum(bool(one.cc or one.bcc) for one in found.sent)
    for column, (label, value) in zip(
        st.columns(4, gap="small"),
        (
            ("To review", len(found.sent) - automatic),
            ("Sent by itself", automatic),
            ("Copied to a partner", copied),
            ("Not sent", len(found.suppressed)),
        ),
        strict=True,
    ):
        with column, st.container(border=True):
            st.metric(label, f"{value:,}")


def _listed(rows: list[dict], columns: tuple[Column, ...], key: str, title: str) -> None:
    if not rows:
        frame.empty("Nobody")
        return
    grid.small_grid(
        rows[: grid.SMALL_ROWS],
        columns,
        row_id="client_id",
        key=key,
        title=title,
        opens="open",
        on_event=_open,
    )


def _open(event: GridEvent) -> None:
    links.go("client", id=event.row_id)


def _sent(one: Decision) -> dict:
    return {
        **_both(one),
        "oldest_days": one.oldest_days,
        "how": "By itself" if is_automatic(one) else "Reviewed",
        "to": ", ".join(person.email for person in one.to),
        "copied": ", ".join(
            [*(f"Cc {p.email}" for p in one.cc), *(f"Bcc {p.email}" for p in one.bcc)]
        ),
    }


def _not_sent(one: Decision) -> dict:
    return {
        **_both(one),
        "why": one.suppressed.label if one.suppressed else "",
        "detail": one.detail,
    }


def _both(one: Decision) -> dict:
    return {
        "client_id": one.account.client_id,
        "client": one.account.client_name,
        "currency": one.currency,
        "open_cents": one.open_cents,
        "trigger": one.trigger.label,
        "invoice": one.invoice.invoice_number,
    }
