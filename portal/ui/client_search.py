"""Choose a client by name or number, in a dialog."""

import streamlit as st

from portal.ui import reads
from portal.ui.frame import plain

SHORTEST = 2
MOST = 8


def choose(key: str) -> str | None:
    """Draw the search and what it finds. Returns: the chosen client's id, or None."""
    wanted = st.text_input("Client name or number", key=f"{key}_wanted", max_chars=100).strip()
    if len(wanted) < SHORTEST:
        return None
    words = [*wanted.split(maxsplit=2), "", ""][:3]
    found = reads.rows(
        "search/clients",
        wanted=wanted,
        most=MOST,
        **{f"word_{place}": word.strip() for place, word in enumerate(words, start=1)},
    )
    if not found:
        st.caption("No client of yours has this name or number.")
        return None
    names = {
        str(row["client_id"]): f"{row['client_name']} ({row['client_number']})" for row in found
    }
    chosen = st.radio(
        "Client", list(names), format_func=lambda one: plain(names[one]), key=f"{key}_chosen"
    )
    return None if chosen is None else str(chosen)
