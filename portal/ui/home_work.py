"""What waits for somebody, in a line of small figures on the home pages; each opens its rows.

Each figure is counted by the very list it opens, so the two can't disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import streamlit as st

from portal.chosen_rows import matching_count
from portal.domain.permissions import Permission
from portal.ui import cards, filters, frame, links
from portal.ui import format as write
from portal.ui.grid_state import encode_link

LOOK_BACK = timedelta(days=6)
"""With today that is a week."""
_LONG_AGO = "2000-01-01"


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Rows of a list that wait: `toggle` and `model` find them, `page` shows them."""

    one: str
    many: str
    icon: str
    list_name: str
    page: str
    toggle: str | None = None
    model: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    book: str | None = None


def collections(book: str) -> None:
    """Promises whose day has come, and statements that wait for review."""
    today = frame.portal().today()
    due = {
        "promise_state": cards.one_of("open"),
        "promised_on": cards.between(_LONG_AGO, today.isoformat()),
    }
    waiting = [
        Waiting(
            one="promise due", many="promises due", icon="handshake", list_name="worklist",
            page="worklist", toggle="all", model=due, book=book,
        ),
    ]  # fmt: skip
    if frame.principal().may(Permission.SEND_STATEMENTS):
        waiting.append(
            Waiting(
                one="statement to review", many="statements to review", icon="mail",
                list_name="statements", page="statements", toggle="staged", book=book,
            )
        )  # fmt: skip
    _draw([one for one in waiting if links.find_page(one.page)])


def upkeep(book: str) -> None:
    """What went wrong lately: payments that failed, mails that came back, and open exceptions."""
    today = frame.portal().today()
    week = cards.between((today - LOOK_BACK).isoformat(), today.isoformat())
    lost = {"written_on": week, "status": cards.one_of("Bounced", "Failed", "Unsure")}
    waiting = [
        Waiting(
            one="failed payment this week", many="failed payments this week",
            icon="credit_card_off",
            list_name="payments", page="payments", toggle="failed", model={"receipt_date": week},
            book=book,
        ),
        Waiting(
            one="mail that did not arrive this week", many="mails that did not arrive this week",
            icon="unsubscribe", list_name="emails", page="email_delivery", model=lost,
        ),
    ]  # fmt: skip
    _draw([one for one in waiting if links.find_page(one.page)], with_exceptions=True)


def _draw(waiting: list[Waiting], *, with_exceptions: bool = False) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        for one in waiting:
            _link(one)
        if with_exceptions and links.find_page("reconciliation"):
            with frame.portal().store.reading() as view:
                count = len(view.exceptions.open())
            said = write.count(count, "open exception")
            links.link(said, "reconciliation", icon=":material/rule:")


def _link(waiting: Waiting) -> None:
    asked = {"book": waiting.book, "toggle": waiting.toggle}
    question = {
        "filter_model": waiting.model,
        "params": {name: value for name, value in asked.items() if value},
    }
    count = matching_count(frame.portal(), frame.principal(), waiting.list_name, question)
    links.link(
        write.count(count, waiting.one, waiting.many),
        waiting.page,
        icon=f":material/{waiting.icon}:",
        view=encode_link(filter_model=waiting.model, toggle=waiting.toggle),
        **(filters.same_book(waiting.book) if waiting.book else {}),
    )
