"""Invoices: what has been billed, what is still owed on it, and how old is it?"""

from portal.ui import cards, filters, frame, grid, invoice_actions, invoice_slice, live, reads
from portal.ui.cards import Figure
from portal.ui.format import count

frame.page("Invoices", filters.whose())
book = filters.book()

currencies = reads.rows("invoices/figures", book=book)
owed = reads.in_firm_currency(currencies)

cards.figures(
    Figure(
        label="Outstanding",
        value=cards.short(owed.get("outstanding_cents", 0)),
        metric="outstanding",
        rows=count(owed.get("unpaid_invoices", 0), "invoice"),
        page="invoices",
        params=cards.toggled("outstanding"),
    ),
    Figure(
        label="Overdue",
        value=cards.short(owed.get("overdue_cents", 0)),
        metric="overdue",
        rows=count(owed.get("overdue_invoices", 0), "invoice"),
        page="invoices",
        params=cards.filtered(status=cards.one_of("Overdue")),
    ),
    Figure(
        label="Billed this month",
        value=cards.short(owed.get("billed_cents", 0)),
        metric="billed_this_month",
        rows=count(owed.get("billed_invoices", 0), "invoice"),
        page="invoices",
        params=cards.filtered(invoice_date=cards.between(*filters.this_month())),
    ),
    Figure(
        label="Average age",
        value=cards.whole_days(owed.get("average_age_days")),
        metric="average_age",
        rows="Oldest first",
        page="invoices",
        params=cards.sorted_by("invoice_date", "asc", toggle="outstanding"),
    ),
)
cards.other_currencies(currencies, "outstanding", "outstanding_cents")

part = invoice_slice.chosen()
invoice_slice.note(part)
grid.list_grid(
    "invoices",
    params={"book": book, **part},
    key=filters.view_key("invoices"),
    together=invoice_actions.TOGETHER,
    on_event=invoice_actions.heard,
)

live.follow()
