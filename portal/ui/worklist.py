"""The worklist page: the clients to contact in their order, and one of them in full beside it."""

from dataclasses import dataclass
from urllib.parse import quote

import pandas as pd
import streamlit as st

from portal.domain.permissions import Permission
from portal.ui import filters, frame, grid, links, reads, trends
from portal.ui import format as write
from portal.ui.grid_event import GridEvent

MOST_INVOICES = 6
MOST_PAYMENTS = 4
MOST_CONTACTS = 3
_OWNERS = {"partner": "All partners", "manager": "All managers", "office": "All offices"}
_SELECTED = "worklist_selected"


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Whose overdue clients the page shows."""

    book: str
    partner_id: str | None
    manager_id: str | None
    office: str | None

    @property
    def params(self) -> dict[str, str]:
        """The parameters of the worklist."""
        named = {
            "partner_id": self.partner_id,
            "manager_id": self.manager_id,
            "office": self.office,
        }
        return {"book": self.book, **{name: value for name, value in named.items() if value}}


def controls() -> Chosen:
    """Choose whose clients; the row of controls of the page."""
    frame.require(Permission.VIEW_COLLECTIONS)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        book = filters.book()
        picked = {
            owner: filters.pick(owner, everybody, trends.choices(owner))
            for owner, everybody in _OWNERS.items()
        }
    return Chosen(
        book=book,
        partner_id=picked["partner"],
        manager_id=picked["manager"],
        office=picked["office"],
    )


def read(chosen: Chosen) -> pd.DataFrame:
    """The overdue clients of the book, in order."""
    found = reads.table("worklist/overdue_clients", book=chosen.book)
    for column, wanted in (
        ("partner_id", chosen.partner_id),
        ("manager_id", chosen.manager_id),
        ("office", chosen.office),
    ):
        if wanted:
            found = found[found[column].astype("string") == wanted]
    return found


def listed(chosen: Chosen) -> None:
    """Draw the list; walking it with the arrow keys moves the selection, Enter opens a client."""
    event = grid.list_grid("worklist", params=chosen.params, follow=True)
    if event is not None:
        _follow(event, chosen)


def selected(found: pd.DataFrame) -> pd.Series | None:
    """The client shown beside the list: the one last pointed at, or the first."""
    if found.empty:
        return None
    pointed = found[found["row_id"] == st.session_state.get(_SELECTED)]
    return (found if pointed.empty else pointed).iloc[0]


def panel(client: pd.Series) -> None:
    """One client in full: why it is here, what it owes, whom to write to, what it paid last."""
    client_id, currency = str(client["client_id"]), str(client["currency"])
    with st.container(border=True, gap="small"):
        _head(client)
        _reasons(client)
        _contacts(client_id)
        _invoices(client_id, currency)
        _payments(client_id, currency)


def _head(client: pd.Series) -> None:
    st.header(frame.plain(str(client["client_name"])), anchor=False)
    owners = [str(client[name]) for name in ("partner", "manager") if pd.notna(client[name])]
    number = f"No. {client['client_number']}"
    st.caption(frame.plain(" · ".join([f"#{client['rank']}", number, *owners])))
    links.link(
        "Open client",
        "client",
        icon=":material/chevron_right:",
        icon_after=True,
        id=str(client["client_id"]),
    )


def _reasons(client: pd.Series) -> None:
    st.markdown("**Why it is here**")
    reasons = str(client["reasons"]).split(" · ")
    st.markdown("\n".join(f"- {frame.plain(reason)}" for reason in reasons))
    st.caption(f"Score {client['score']} of 100")


def _contacts(client_id: str) -> None:
    st.markdown("**Contacts**")
    found = reads.rows("clients/contacts", client_id=client_id)
    for row in found[:MOST_CONTACTS]:
        roles = f" ({str(row['roles']).lower()})" if row["roles"] else ""
        ways = [
            f"[{frame.plain(text)}]({scheme}:{quote(text, safe='@+')})"
            for scheme, text in (("mailto", row["email"]), ("tel", row["phone"]))
            if text
        ]
        lines = [frame.plain(f"{row['full_name']}{roles}"), *ways]
        st.markdown("  \n".join(lines))
    if len(found) > MOST_CONTACTS:
        more = f"{len(found) - MOST_CONTACTS:,} more"
        links.link(more, "client", id=client_id, show="Contacts")
    if not found:
        st.caption("Nobody is known at this client.")


def _invoices(client_id: str, currency: str) -> None:
    found = reads.rows(
        "worklist/client_invoices", client_id=client_id, currency=currency, most=MOST_INVOICES
    )
    st.markdown("**Open invoices**")
    for row in found:
        late = row["days_overdue"]
        when = "no due date" if late is None else f"{write.days(late)} late" if late else "not due"
        said = f"{when}, disputed" if row["is_disputed"] else when
        _line(row["invoice_number"], "invoice", row["invoice_id"], said, row, currency)
    if found and found[0]["open_invoices"] > len(found):
        links.link(
            f"All {found[0]['open_invoices']:,} open invoices", "client", id=client_id,
            show="Invoices",
        )  # fmt: skip


def _payments(client_id: str, currency: str) -> None:
    st.markdown("**Last payments**")
    found = reads.rows(
        "worklist/client_payments", client_id=client_id, currency=currency, most=MOST_PAYMENTS
    )
    for row in found:
        kind = "returned" if row["entry_kind"] == "return" else write.method(row["method"])
        day = write.day(row["receipt_date"])
        row = {**row, "outstanding_cents": row["amount_cents"]}
        _line(day, "payment", row["receipt_id"], kind, row, currency)
    if not found:
        st.caption("Never paid.")


def _line(label: str, page: str, key: str, said: str, row: dict, currency: str) -> None:
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        links.link(str(label), page, id=str(key))
        amount = write.money(row["outstanding_cents"], currency)
        st.markdown(f":small[{frame.plain(f'{said} · {amount}')}]", width="content")


def _follow(event: GridEvent, chosen: Chosen) -> None:
    row_id = event.row_id or ""
    client_id = row_id.rpartition("-")[0]
    if event.kind == "focus":
        st.session_state[_SELECTED] = row_id
    elif event.action == "open_invoices":
        links.go("client", id=client_id, show="Invoices")
    else:
        links.go("client", id=client_id)
