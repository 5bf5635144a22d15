"""Payment trends: how fast do clients pay, and how well do we collect?"""

from portal.ui import bridge, filters, frame, live, trend_tables, trends

frame.page("Payment trends", filters.whose())

chosen = trends.controls()

match chosen.part:
    case "month":
        months = trends.read(chosen)
        trends.figures(chosen, months)
        trends.pictures(months)
        trend_tables.by_month(chosen, months)
    case "method":
        trend_tables.by_method(chosen)
    case "bridge":
        bridge.draw(chosen)
    case _:
        trend_tables.by_owner(chosen)

live.follow()
