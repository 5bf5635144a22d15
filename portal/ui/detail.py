"""The parts that pages about one thing share: facts, neighbours, and saying that it isn't there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from portal.ui import frame, links

_STATUS_COLOURS: Mapping[str, str] = {
    "Paid": "green",
    "Overdue": "red",
    "Open": "blue",
    "Void": "gray",
    "Disputed": "orange",
    "Partly paid": "violet",
}
_NOTHING = "–"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One labelled fact; several texts are status words and drawn as badges."""

    label: str
    text: object


def facts(*shown: Fact) -> None:
    """Draw facts beside each other, as many as fit in a line."""
    with st.container(border=True, horizontal=True, gap="medium"):
        for fact in shown:
            with st.container(width="content", gap=None):
                st.caption(fact.label, width="content")
                if isinstance(fact.text, list):
                    _badges(fact.text)
                else:
                    st.markdown(_shown(fact.text), width="content")


def neighbours(page: str, noun: str, previous_id: object, next_id: object) -> None:
    """Draw the ways to the client's previous and next one; without one, the way is closed."""
    for label, icon, icon_at, record_id in (
        ("Previous", "chevron_left", "left", previous_id),
        ("Next", "chevron_right", "right", next_id),
    ):
        if st.button(
            label,
            icon=f":material/{icon}:",
            icon_position=icon_at,
            help=f"{label} {noun} of this client",
            disabled=record_id is None,
            key=f"{page}_{label.lower()}",
        ):
            links.go(page, id=str(record_id))


def not_found(noun: str, back_to: str, back_label: str) -> NoReturn:
    """Say that there is no such thing, in the same words when it is somebody else's."""
    frame.page(noun.capitalize())
    frame.empty(
        f"There is no such {noun}",
        "It may not exist, or it may be about a client that is not yours to see.",
    )
    links.link(back_label, back_to, icon=":material/arrow_back:")
    st.stop()


def _badges(words: Sequence[str]) -> None:
    with st.container(horizontal=True, width="content", gap="xsmall"):
        for word in words:
            st.badge(word, color=_STATUS_COLOURS.get(word, "gray"))


def _shown(text: object) -> str:
    return frame.plain(str(text)) if text not in (None, "") else _NOTHING
