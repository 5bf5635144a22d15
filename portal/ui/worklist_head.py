"""The head of the client in hand: who it is, why it is here, and what is owed."""

import pandas as pd
import streamlit as st

from portal.ui import cards, frame, links
from portal.ui import format as write

_SCORE = (
    "The sum of amount (up to 55), age of the oldest invoice (up to 20), share of the balance "
    "that is overdue (up to 10), silence since the last payment (up to 10) and 5 where nobody "
    "can be written to; 15 less after a payment in the last 14 days."
)


def draw(client: pd.Series) -> None:
    """Draw it."""
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


def reasons(client: pd.Series) -> None:
    """Why the client stands where it does; the sums lead to their invoices."""
    st.markdown("**Why it is here**")
    said = str(client["reasons"]).split(" · ")
    st.markdown("\n".join(f"- {frame.plain(reason)}" for reason in said))
    st.caption(f"Score {client['score']} of 100", help=_SCORE)
    whose = {"id": str(client["client_id"]), "show": "Invoices"}
    overdue = cards.filtered(status=cards.one_of("Overdue"))
    with st.container(gap=None):
        _sum(client, "overdue_cents", f"overdue on {_invoices(client)}", {**whose, **overdue})
        _sum(client, "outstanding_cents", "outstanding", {**whose, **cards.toggled("outstanding")})
        if str(client["promise_state"]) in ("open", "broken"):
            promised = {"id": whose["id"], "show": "Notes"}
            _sum(client, "promised_cents", "promised", promised)


def _invoices(client: pd.Series) -> str:
    return write.count(int(client["overdue_invoices"]), "invoice")


def _sum(client: pd.Series, column: str, of: str, rows: dict[str, str]) -> None:
    amount = write.money(int(client[column]), str(client["currency"]))
    links.link(f"{amount} {of}", "client", icon=":material/chevron_right:", icon_after=True, **rows)
