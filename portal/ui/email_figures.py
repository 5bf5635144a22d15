"""What became of a period's mails, beside the period before it; each figure opens its mails."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import streamlit as st

from portal.ui import cards, filters, frame, links
from portal.ui import format as write
from portal.ui.cards import Figure

PAGE = "email_delivery"
PERIODS = {"7": "7 days", "30": "30 days", "90": "90 days"}


def period() -> tuple[str, str]:
    """Choose the days the figures are about. Returns: the first and the last, ISO."""
    days = int(filters.switch("period", "Period", PERIODS, default="30"))
    today = frame.portal().today()
    return (today - timedelta(days=days - 1)).isoformat(), today.isoformat()


def draw(rows: Sequence[Mapping[str, object]], since: str, until: str) -> None:
    """Draw what became of the period's mails beside the period before; each opens its mails."""
    now, before = (
        next((row for row in rows if row["period"] == name), {}) for name in ("now", "before")
    )
    days = {"written_on": cards.between(since, until)}
    gone = cards.one_of("Sent", "Delivered", "Bounced")
    shown = (
        ("Sent", "sent", {"status": gone}),
        ("Delivered", "delivered", {"status": cards.one_of("Delivered")}),
        ("Undelivered", "failed", {"status": cards.one_of("Bounced", "Failed", "Unsure")}),
        ("Opened", "opened", {"seen": cards.one_of("Opened", "Clicked")}),
        ("Clicked", "clicked", {"seen": cards.one_of("Clicked")}),
        ("No recipients", "without_recipients", {"status": cards.one_of("No recipient")}),
        ("No attachment", "without_attachment", {"attachment": cards.one_of("Missing")}),
    )
    cards.figures(
        *(
            _figure(label, int(str(now.get(name, 0))), int(str(before.get(name, 0))), name,
                    cards.filtered(**days, **model))
            for label, name, model in shown
        )
    )  # fmt: skip
    _waiting(int(str(now.get("to_review", 0))), int(str(now.get("waiting", 0))))


def _figure(label: str, count: int, before: int, name: str, params: Mapping[str, str]) -> Figure:
    return Figure(
        label=label,
        value=f"{count:,}",
        definition=_DEFINITIONS[name],
        delta=f"{count - before:+,}" if count != before else None,
        rows="Show",
        page=PAGE,
        params=params,
        key=f"mail_{name}",
    )


_DEFINITIONS = {
    "sent": "Mails of the period that a mail server took, or that were written into the folder. "
    "The change is against the period of equal length before it.",
    "delivered": "Mails whose recipients' servers said that they arrived. Not every server does.",
    "failed": "Mails that bounced, could not be sent, or of which nobody knows.",
    "opened": "Mails that were certainly read: their button was used.",
    "clicked": "Mails whose button was used.",
    "without_recipients": "Mails that nobody at the client could be sent.",
    "without_attachment": "Mails whose PDF had not come in when they were written.",
}


def _waiting(to_review: int, waiting: int) -> None:
    if not to_review and not waiting:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if to_review:
            links.link(
                f"{write.count(to_review, 'mail')} to review",
                PAGE,
                icon=":material/rate_review:",
                **cards.filtered(status=cards.one_of("To review")),
            )
        if waiting:
            links.link(
                f"{write.count(waiting, 'mail')} in the queue",
                PAGE,
                icon=":material/schedule_send:",
                **cards.filtered(status=cards.one_of("Queued")),
            )
