"""Home: what needs me today?"""

from portal.ui import frame, home, home_cards, home_figures

viewer = frame.page("Home", home.greeting())
book = home.book_of(viewer)

if home.ready(viewer):
    match viewer.home:
        case "collector":
            home_figures.collector_figures(book)
            home.beside(lambda: home_cards.contact_today(book), lambda: home_cards.aging(book))
        case "manager":
            home_figures.receivable_figures(book)
            home.beside(
                lambda: home_cards.billed_and_collected(book), lambda: home_cards.aging(book)
            )
            home.beside(lambda: home_cards.days_to_pay(book), lambda: home_cards.top_overdue(book))
        case "admin":
            home_figures.data_figures()
            home_figures.receivable_figures(book)
            home.beside(
                lambda: home_cards.billed_and_collected(book), lambda: home_cards.aging(book)
            )
        case _:
            home_figures.receivable_figures(book)
            home.beside(lambda: home_cards.aging(book), lambda: home_cards.news(book, viewer))
            home.beside(lambda: home_cards.top_overdue(book), lambda: home_cards.movers(book))
