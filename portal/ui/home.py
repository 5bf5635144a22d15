"""Home pages: whose figures they show, and how their parts stand beside each other."""

from collections.abc import Callable, Sequence

import streamlit as st

from portal.domain.permissions import Permission, Principal
from portal.ui import filters, frame, reads

Part = Callable[[], None]


def greeting() -> str:
    """Who looks, and whose figures the page shows."""
    whose = filters.whose()
    return f"{frame.principal().full_name} · {whose[0].lower()}{whose[1:]}"


def ready(viewer: Principal, book: str) -> bool:
    """Whether there is anything to show this person; says why not."""
    if not viewer.may(Permission.VIEW_INVOICES):
        frame.empty("Welcome", "Choose a page at the left. Figures need the right to see invoices.")
        return False
    if book == reads.MINE and viewer.staff_id is None:
        frame.empty(
            "No clients of yours yet",
            "Nobody with your email address works at the firm, says the practice management "
            "system; ask your administrator to compare the two addresses.",
        )
        return False
    return True


def columns(left: Sequence[Part], right: Sequence[Part], *, wide: int = 3) -> None:
    """Draw two columns of cards, the left one `wide` fifths of the page."""
    for column, parts in zip(st.columns([wide, 5 - wide], gap="small"), (left, right), strict=True):
        with column:
            for part in parts:
                with st.container(border=True, gap="xsmall"):
                    part()
