"""The worklist page: the clients to contact in their order, and one of them in full beside it."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from portal.domain.permissions import Permission
from portal.ui import (
    cards,
    filters,
    frame,
    grid,
    links,
    reads,
    said,
    trends,
    worklist_panel,
    worklist_together,
)
from portal.ui.grid_event import GridEvent

FIRST = 200
"""So many clients are read with the page; the list reads on by itself."""
_OWNERS = {"partner": "All partners", "manager": "All managers", "office": "All offices"}
_ROWS = {
    "open_overdue": {"show": "Invoices", **cards.filtered(status=cards.one_of("Overdue"))},
    "open_invoices": {"show": "Invoices", **cards.toggled("outstanding")},
    "open_payments": {"show": "Payments"},
    "open_notes": {"show": "Notes"},
}
"""Where the numbers of a row lead."""
_SELECTED = "worklist_selected"


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Whose overdue clients the page shows."""

    book: str
    partner_id: str | None
    manager_id: str | None
    office: str | None
    assignee: str | None

    @property
    def is_narrowed(self) -> bool:
        """Whether only some clients of the book are shown."""
        return any((self.partner_id, self.manager_id, self.office, self.assignee))

    @property
    def params(self) -> dict[str, str]:
        """The parameters of the worklist."""
        named = {
            "partner_id": self.partner_id,
            "manager_id": self.manager_id,
            "office": self.office,
            "assignee": self.assignee,
        }
        given = {name: value for name, value in named.items() if value}
        return {"book": self.book, "toggle": "now", **given}


def controls() -> Chosen:
    """Choose whose clients; the row of controls of the page."""
    viewer = frame.require(Permission.VIEW_COLLECTIONS)
    said.say()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        book = filters.book()
        picked = {
            owner: filters.pick(owner, everybody, trends.choices(owner))
            for owner, everybody in _OWNERS.items()
        }
        mine = st.toggle("Assigned to me", key="assigned", bind="query-params")
    return Chosen(
        book=book,
        partner_id=picked["partner"],
        manager_id=picked["manager"],
        office=picked["office"],
        assignee=viewer.user_key if mine else None,
    )


def read(chosen: Chosen, row_id: str | None = None) -> pd.DataFrame:
    """The first overdue clients of the book, in order; the one in hand and the next among them.

    Of one partner, manager, office or assignee all are read.
    """
    in_hand = row_id or st.session_state.get(_SELECTED)
    found = reads.table(
        "worklist/overdue_clients",
        book=chosen.book,
        most=None if chosen.is_narrowed else FIRST,
        row_id=in_hand,
    )
    for column, wanted in (
        ("partner_id", chosen.partner_id),
        ("manager_id", chosen.manager_id),
        ("office", chosen.office),
        ("assignee", chosen.assignee),
    ):
        if wanted:
            found = found[found[column].astype("string") == wanted]
    return found


def listed(chosen: Chosen) -> None:
    """Draw the list; walking it with the arrow keys moves the selection, a letter acts on it."""
    event = grid.list_grid(
        "worklist", params=chosen.params, follow=True, together=worklist_together.TOGETHER
    )
    if event is not None:
        _follow(event, chosen)


def selected(found: pd.DataFrame) -> pd.Series | None:
    """The client shown beside the list: the one last pointed at, or the first."""
    if found.empty:
        return None
    pointed = found[found["row_id"] == st.session_state.get(_SELECTED)]
    if not pointed.empty:
        return pointed.iloc[0]
    to_do = found[found["place"] == "now"]
    return (found if to_do.empty else to_do).iloc[0]


def panel(client: pd.Series, found: pd.DataFrame) -> None:
    """The client in hand, and one keystroke to the next."""
    worklist_panel.draw(client, following=_following(client, found))


def _following(client: pd.Series, found: pd.DataFrame) -> Callable[[], None] | None:
    """What takes the next client to do in hand; None behind the last one."""
    to_do = found[(found["place"] == "now") & (found["row_id"] != client["row_id"])]
    # A client that was just put aside ranks behind all of them: then the first one is next.
    is_aside = client["place"] != "now"
    after = to_do if is_aside else to_do[to_do["rank"] > client["rank"]]
    if after.empty:
        return None
    row_id = str(after.iloc[0]["row_id"])

    def take() -> None:
        st.session_state[_SELECTED] = row_id

    return take


def _follow(event: GridEvent, chosen: Chosen) -> None:
    row_id = event.row_id or ""
    client_id = row_id.rpartition("-")[0]
    if event.kind == "focus":
        st.session_state[_SELECTED] = row_id
    elif event.kind == "selection":
        worklist_together.together(event)
    elif event.action in worklist_panel.ACTIONS:
        st.session_state[_SELECTED] = row_id
        pointed = read(chosen, row_id)
        own = pointed[pointed["row_id"] == row_id]
        if not own.empty:
            worklist_panel.act(event.action or "", own.iloc[0])
    else:
        links.go("client", id=client_id, **_ROWS.get(event.action or "", {}))
