"""Clients: who owes what, whose clients are they, and whom do I write to?"""

from portal.ui import cards, filters, frame, grid, links, live, reads
from portal.ui.cards import Figure
from portal.ui.format import count

frame.page("Clients", filters.whose())
book = filters.book()

currencies = reads.rows("clients/figures", book=book)
owed = reads.in_firm_currency(currencies)

cards.figures(
    Figure(
        label="Clients with a balance",
        value=f"{owed.get('clients_with_balance', 0):,}",
        metric="clients_with_balance",
        rows=f"of {count(owed.get('client_count', 0), 'client')}",
        page="clients",
        params=cards.toggled("outstanding"),
    ),
    Figure(
        label="Outstanding",
        value=cards.short(owed.get("outstanding_cents", 0)),
        metric="outstanding",
        rows=count(owed.get("clients_with_balance", 0), "client"),
        page="clients",
        params=cards.toggled("outstanding"),
    ),
    Figure(
        label="Overdue",
        value=cards.short(owed.get("overdue_cents", 0)),
        metric="overdue",
        rows=count(owed.get("overdue_clients", 0), "client"),
        page="clients",
        params=cards.toggled("overdue"),
    ),
    Figure(
        label="Unapplied",
        value=cards.short(owed.get("unapplied_cents", 0)),
        metric="unapplied",
        rows=count(owed.get("clients_with_unapplied", 0), "client"),
        page="payments",
        params=cards.toggled("unapplied"),
    ),
)
cards.other_currencies(currencies, "outstanding", "outstanding_cents")

grid.list_grid(
    "clients",
    params={"book": book},
    key=filters.view_key("clients"),
    on_event=links.opener("clients"),
)

live.follow()
