"""Home pages: whose figures they show, and how their parts stand beside each other."""

from collections.abc import Callable, Sequence

import streamlit as st

from portal.domain.permissions import Permission, Principal
from portal.ui import frame, reads

Part = Callable[[], None]
_OWN_BOOK = ("partner", "manager")


def greeting() -> str:
    """Whose figures the page shows."""
    viewer = frame.principal()
    if book_of(viewer) == reads.MINE:
        return f"{viewer.full_name} · clients where you are partner or manager"
    return f"{frame.portal().settings.firm_name} · all clients"


def book_of(viewer: Principal) -> str:
    """Partners and managers start with their own clients; the others with all they may see."""
    if not viewer.scope.all_clients or (viewer.home in _OWN_BOOK and viewer.staff_id):
        return reads.MINE
    return reads.EVERYTHING


def ready(viewer: Principal) -> bool:
    """Whether there is anything to show this person; says why not."""
    if not viewer.may(Permission.VIEW_INVOICES):
        frame.empty("Welcome", "Choose a page at the left. Figures need the right to see invoices.")
        return False
    if book_of(viewer) == reads.MINE and viewer.staff_id is None:
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
