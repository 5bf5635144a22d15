"""Tie-out on screen: do the portal's balances equal the practice management system's?"""

from dataclasses import asdict

import streamlit as st

from portal.domain.errors import PortalError
from portal.domain.permissions import Permission
from portal.lists.columns import Column, Kind
from portal.ui import format as write
from portal.ui import frame, grid

_KEPT = "data_tie_out"
_TOTALS = (
    Column(id="currency", label="Currency", kind=Kind.TEXT, width=110),
    Column(id="portal_cents", label="Portal", kind=Kind.MONEY, width=190),
    Column(id="left_out_cents", label="Clients left out", kind=Kind.MONEY, width=190),
    Column(id="source_cents", label="Practice management system", kind=Kind.MONEY, width=230),
    Column(id="difference_cents", label="Difference", kind=Kind.MONEY, width=170),
)
_DIFFERENCES = (
    Column(id="client_name", label="Client", kind=Kind.TEXT, width=260),
    Column(id="client_id", label="Client key", kind=Kind.TEXT, width=120),
    Column(id="portal_cents", label="Portal", kind=Kind.MONEY, width=150),
    Column(id="source_cents", label="Source", kind=Kind.MONEY, width=150),
    Column(id="difference_cents", label="Difference", kind=Kind.MONEY, width=150),
    Column(id="reason", label="Reason", kind=Kind.TEXT, width=380),
)


_ENTRIES = (
    Column(id="client_id", label="Client key", kind=Kind.TEXT, width=120),
    Column(id="entry_number", label="Number", kind=Kind.TEXT, width=160),
    Column(id="entry_id", label="Entry key", kind=Kind.TEXT, width=120),
    Column(id="portal_cents", label="Portal", kind=Kind.MONEY, width=150),
    Column(id="source_cents", label="Source", kind=Kind.MONEY, width=150),
    Column(id="difference_cents", label="Difference", kind=Kind.MONEY, width=150),
    Column(id="reason", label="Reason", kind=Kind.TEXT, width=240),
)


def draw() -> None:
    """Draw the comparison last made by this person, and the button that makes a new one."""
    if not frame.principal().may(Permission.ALL_CLIENTS):
        frame.refused(
            "The comparison covers the whole firm. It takes the permission to see all clients."
        )
        return
    st.caption(
        "Every client's balance, net of unapplied money, is compared with the balance the "
        "practice management system adds up itself."
    )
    if st.button("Compare now", icon=":material/balance:", key="data_compare"):
        _compare()
    if kept := st.session_state.get(_KEPT):
        _report(*kept)


def _compare() -> None:
    portal = frame.portal()
    try:
        with st.spinner("Comparing with the practice management system …"):
            compared = asdict(portal.refreshing.tie_out())
    except PortalError as problem:
        st.session_state.pop(_KEPT, None)
        frame.refused(str(problem))
        return
    st.session_state[_KEPT] = (compared, write.moment(portal.now(), portal.settings.timezone))


def _report(compared: dict, at: str) -> None:
    clients = write.count(compared["clients"], "client")
    if compared["difference_cents"]:
        differing = write.count(compared["clients_that_differ"], "client")
        st.error(f"{at}: {differing} of {clients} differ.", icon=":material/error:")
    else:
        st.success(
            f"{at}: {clients} compared, all equal to the cent.", icon=":material/check_circle:"
        )
    totals = _totals(compared)
    grid.small_grid(totals, _TOTALS, row_id="currency", key="currencies", title="Totals")
    if left_out := compared["left_out_clients"]:
        st.caption(
            f"{write.count(left_out, 'client')} of the source "
            f"{'is' if left_out == 1 else 'are'} left out by the firm's rule; what they owe is "
            "in the source's total only."
        )
    if compared["differences"]:
        st.header("What explains the difference", anchor=False)
        _differences(compared["differences"], _DIFFERENCES, "client_id", "differences")
    if compared["entries"]:
        st.caption("The entries that are not alike, the largest difference first:")
        _differences(compared["entries"], _ENTRIES, "entry_id", "entries")


def _differences(rows: list[dict], columns: tuple[Column, ...], row_id: str, key: str) -> None:
    told = [{**row, "difference_cents": row["portal_cents"] - row["source_cents"]} for row in rows]
    grid.small_grid(told, columns, row_id=row_id, key=key, title=key.capitalize())


def _totals(compared: dict) -> list[dict[str, object]]:
    currencies = sorted({*compared["portal_cents"], *compared["source_cents"]})
    rows = []
    for currency in currencies:
        portal_cents = compared["portal_cents"].get(currency, 0)
        source_cents = compared["source_cents"].get(currency, 0)
        left_out_cents = compared["left_out_cents"].get(currency, 0)
        rows.append(
            {
                "currency": currency,
                "portal_cents": portal_cents,
                "left_out_cents": left_out_cents,
                "source_cents": source_cents,
                "difference_cents": portal_cents + left_out_cents - source_cents,
            }
        )
    return rows
