"""Payments: what came in, how, from whom, and what is not applied yet?"""

from portal.ui import filters, frame, grid, links, live, payment_cards, reads, refund

frame.page("Payments", filters.whose())
book = filters.book()

refund.waiting()
payment_cards.draw(
    methods=reads.rows("payments/figures", book=book),
    months=reads.rows("payments/months", book=book),
    unapplied=reads.rows("payments/unapplied", book=book),
)

grid.list_grid(
    "payments",
    params={"book": book},
    key=filters.view_key("payments"),
    on_event=links.opener("payments"),
)

live.follow()
