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
    bounced = _bounced()
    found = reads.rows("clients/contact_hygiene", book=book, bounced=bounced, problem=None)
    if not found:
        frame.empty("Everybody can be reached", "Each client that owes something has a contact.")
        return
    kinds = {str(row["problem"]): int(str(row["of_problem"])) for row in found}
    labels = {_ALL: _ALL, **{kind: f"{kind} ({count:,})" for kind, count in kinds.items()}}
    chosen = st.pills(
        "Problem", list(labels), default=_ALL, format_func=labels.__getitem__,
        label_visibility="collapsed",
    )  # fmt: skip
    count = sum(kinds.values())
    if chosen in kinds:
        found = reads.rows("clients/contact_hygiene", book=book, bounced=bounced, problem=chosen)
        found = [row for row in found if row["problem"] == chosen]
        count = kinds[chosen]
    _listed(found[: grid.SMALL_ROWS], count, f"hygiene_{chosen}")


def _listed(rows: reads.Rows, count: int, key: str) -> None:
    grid.small_grid(
        [{**row, "currency": frame.portal().settings.currency} for row in rows],
        _COLUMNS,
        row_id="row_id",
        key=key,
        title="Contacts to mend",
        opens="open",
        search_hint="Client or address",
        height=620,
        on_event=_open,
    )
    cut = f", the {len(rows):,} of those who owe most are listed" if count > len(rows) else ""
    st.caption(
        f"{write.count(count, 'problem')}{cut} · mended in the practice management system, "
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
