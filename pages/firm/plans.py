"""Payment plans: who pays in parts or by itself, what comes next, and what needs a look?"""

from portal.ui import cards, filters, frame, grid, live, plan_dialog, reads, start_plan
from portal.ui.cards import Figure
from portal.ui.format import count

frame.page("Payment plans", filters.whose(), actions=start_plan.button)
book = filters.book()

currencies = reads.rows("plans/figures", book=book)
running = reads.in_firm_currency(currencies)

cards.figures(
    Figure(
        label="Running plans",
        value=f"{running.get('running_plans', 0):,}",
        definition="Recurring payments, AutoPay and installments that are active or paused.",
        rows=count(running.get("autopay_plans", 0), "client on AutoPay", "clients on AutoPay"),
        page="plans",
        params=cards.toggled("active"),
    ),
    Figure(
        label="Due in 30 days",
        value=cards.short(running.get("soon_cents", 0)),
        definition="What active plans will charge in the next 30 days, as far as it is known. "
        "AutoPay counts from its reminder on.",
        rows=count(running.get("soon_payments", 0), "payment"),
        page="plans",
        params=cards.sorted_by("next_date", "asc", toggle="active"),
    ),
    Figure(
        label="Paused",
        value=f"{running.get('paused_plans', 0):,}",
        definition="Plans that charge nothing until somebody resumes them.",
        rows="Paused plans",
        page="plans",
        params=cards.filtered(status=cards.one_of("Paused")),
    ),
    Figure(
        label="Failed or missed",
        value=f"{running.get('failing_plans', 0):,}",
        definition="Plans with a payment that failed and is tried again, or was missed.",
        rows="Plans at risk",
        page="plans",
        params=cards.filtered(health=cards.one_of("At risk")),
    ),
)
cards.other_currencies(currencies, "due in 30 days", "soon_cents")

grid.list_grid(
    "plans",
    params={"book": book},
    key=filters.view_key("plans"),
    on_event=plan_dialog.opened,
)

plan_dialog.opened_by_link(filters.record_id())

live.follow()
