"""The account of the client in hand: its open invoices and its last payments, in short."""

import streamlit as st

from portal.ui import format as write
from portal.ui import frame, links, reads

MOST_INVOICES = 6
MOST_PAYMENTS = 4


def draw(client_id: str, currency: str) -> None:
    """Draw both; what does not fit here is a link away."""
    _invoices(client_id, currency)
    _payments(client_id, currency)


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
