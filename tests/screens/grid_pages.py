"""The pages of the grid's test server."""

import streamlit as st

from portal.lists.columns import Column, Kind, RowAction
from portal.ui import grid
from portal.ui.grid_event import GridEvent
from portal.ui.grid_options import Place


@st.dialog("What was done")
def done(event: GridEvent) -> None:
    st.text(f"{event.kind} {event.action} {event.row_id} {len(event.row_ids)} {event.all_matching}")


def heard(event: GridEvent) -> None:
    st.session_state["deeds"] = st.session_state.get("deeds", 0) + 1
    if event.kind == "open":
        st.session_state["opened"] = event.row_id
        st.switch_page(opened_page)
    done(event)


def invoices() -> None:
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.header("Invoices")
    st.text(f"page runs: {st.session_state['runs']}")
    remind = RowAction(key="remind", label="Send reminder")
    grid.list_grid("invoices", together=(remind,), on_event=heard)


def clients() -> None:
    st.header("Clients")
    grid.list_grid("clients", on_event=heard)


def opened() -> None:
    st.header(f"Opened {st.session_state.get('opened')}")
    st.text(f"deeds: {st.session_state.get('deeds')}")


def of_client() -> None:
    client = st.radio("Client", ["1", "2"], horizontal=True)
    grid.list_grid("invoices", params={"client_id": client}, key="of_client")


def placed() -> None:
    place = Place(
        without=("client_name", "client_number"),
        noun="bills",
        labels={"amount_cents": "Billed"},
        totals_row=True,
    )
    grid.list_grid("invoices", params={"client_id": "1"}, key="placed", place=place)


def contacts() -> None:
    rows = [
        {"id": 7, "name": "<img src=x onerror=alert(1)>", "owed_cents": 123456, "currency": "USD"},
        {"id": 8, "name": "::JSCODE::alert(1)::JSCODE::", "owed_cents": -50, "currency": "EUR"},
    ]
    columns = [
        Column(id="name", label="Name", kind=Kind.TEXT, opens="open"),
        Column(id="owed_cents", label="Owed", kind=Kind.MONEY, total=True),
    ]
    event = grid.small_grid(
        rows,
        columns,
        row_id="id",
        key="contacts",
        title="Contacts",
        actions=(RowAction(key="open", label="Open"),),
        opens="/contact?id={id}",
        search_hint="Name",
    )
    st.text(f"event: {event and event.row_id}")


st.set_page_config(layout="wide", page_title="Grid")
opened_page = st.Page(opened, url_path="opened")
st.navigation(
    [
        st.Page(invoices, url_path="invoices", default=True),
        st.Page(clients, url_path="clients"),
        st.Page(of_client, url_path="of_client"),
        st.Page(placed, url_path="placed"),
        st.Page(contacts, url_path="contacts"),
        opened_page,
    ]
).run()
