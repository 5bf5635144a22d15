"""Contact hygiene: which clients that owe something can't be reached, and why?"""

from datetime import timedelta

import streamlit as st

from portal.lists.columns import Column, Kind
from portal.services.mail_ports import LetterEvent
from portal.ui import filters, frame, grid, links, reads
from portal.ui import format as write
from portal.ui.grid_event import GridEvent

LOOK_BACK = timedelta(days=365)
_ALL = "All problems"
_COLUMNS = (
    Column(id="client_name", label="Client", kind=Kind.TEXT, width=230, opens="open"),
    Column(id="outstanding_cents", label="Outstanding", kind=Kind.MONEY, width=140),
    Column(id="problem", label="Problem", kind=Kind.CHOICE, width=190),
    Column(id="detail", label="In words", kind=Kind.TEXT, width=420),
    Column(id="client_number", label="Client number", kind=Kind.TEXT, width=130),
)


def draw() -> None:
    """How many clients have which problem, and the clients themselves."""
    book = filters.book()
    found = [*reads.rows("clients/contact_hygiene", book=book, bounced=_bounced()), *_unlinked()]
    if not found:
        frame.empty("Everybody can be reached", "Each client that owes something has a contact.")
        return
    kinds: dict[str, int] = {}
    for row in found:
        kinds[str(row["problem"])] = kinds.get(str(row["problem"]), 0) + 1
    labels = {_ALL: _ALL, **{kind: f"{kind} ({count:,})" for kind, count in kinds.items()}}
    chosen = st.pills(
        "Problem", list(labels), default=_ALL, format_func=labels.__getitem__,
        label_visibility="collapsed",
    )  # fmt: skip
    rows = [row for row in found if chosen in (None, _ALL, row["problem"])]
    grid.small_grid(
        [{**row, "currency": frame.portal().settings.currency} for row in rows[: grid.SMALL_ROWS]],
        _COLUMNS,
        row_id="row_id",
        key=f"hygiene_{chosen}",
        title="Contacts to mend",
        opens="open",
        search_hint="Client or address",
        height=620,
        on_event=_open,
    )
    st.caption(
        f"{write.count(len(rows), 'problem')} · mended in the practice management system, "
        "they are gone here with the next refresh."
    )


def _open(event: GridEvent) -> None:
    links.go("client", id=(event.row_id or "").partition("-")[0], show="Contacts")


def _bounced() -> tuple[str, ...]:
    """Addresses that came back for good within a year."""
    portal = frame.portal()
    with portal.store.reading() as view:
        heard = view.mail_news.since(portal.now() - LOOK_BACK, [LetterEvent.BOUNCED_HARD])
    return tuple(sorted({one.address.lower() for one in heard if one.address}))


def _unlinked() -> list[dict[str, object]]:
    """Portal users who are a contact of a client they are not linked to."""
    portal = frame.portal()
    with portal.store.reading() as view:
        users = {user.email.lower(): user for user in view.portal_users.everybody()}
        linked = {
            (email, one.client_id)
            for email, user in users.items()
            for one in view.portal_users.clients_of(user.portal_user_id)
        }
    found = reads.rows("clients/contacts_with_address", addresses=tuple(sorted(users)))
    return [
        {
            **row,
            "row_id": f"{row['client_id']}-user-{row['address']}",
            "problem": "Portal user not linked",
            "detail": f"{row['address']} has a client portal account without this client",
        }
        for row in found
        if (row["address"], row["client_id"]) not in linked
    ]
