"""Worklist: whom do I contact next, and what do I need to know before I do?"""

import streamlit as st

from portal.ui import filters, frame, live, payer_messages, worklist

frame.page("Worklist", filters.whose())

payer_messages.draw()
chosen = worklist.controls()
found = worklist.read(chosen)

if found.empty:
    frame.empty("Nobody is overdue", "No client of this choice has an invoice past its due date.")
else:
    list_side, client_side = st.columns([2, 1], gap="small")
    with list_side:
        worklist.listed(chosen)
    with client_side:
        worklist.panel(worklist.selected(found), found)

live.follow()
