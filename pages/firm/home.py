"""Home: what needs me today?"""

from functools import partial

from portal.ui import filters, frame, home, home_cards, home_figures, home_work, live

viewer = frame.page("Home", home.greeting())
book = filters.book()

aging = partial(home_cards.aging, book)
billed_and_collected = partial(home_cards.billed_and_collected, book)
contact_today = partial(home_cards.contact_today, book)
days_to_pay = partial(home_cards.days_to_pay, book)
most_overdue = partial(home_cards.top_overdue, book)
movers = partial(home_cards.movers, book)
news = partial(home_cards.news, book, viewer)
slipped = partial(home_cards.slipped, book)

if home.ready(viewer, book):
    match viewer.home:
        case "collector":
            home_figures.collector_figures(book)
            home_work.collections(book)
            home.columns([contact_today], [aging, most_overdue, slipped])
        case "manager":
            home_figures.receivable_figures(book)
            home.columns([billed_and_collected, days_to_pay], [aging, most_overdue])
        case "admin":
            home_figures.data_figures()
            home_work.upkeep(book)
            home_figures.receivable_figures(book)
            home.columns([billed_and_collected, days_to_pay], [aging, most_overdue])
        case _:
            home_figures.receivable_figures(book)
            widely = partial(most_overdue, longest=home_cards.LONGEST_IN_WIDE)
            home.columns([aging, widely], [news, movers, slipped])

live.follow()
