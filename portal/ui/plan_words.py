"""How pages say a plan: its kind, its rhythm, its states, its method."""

from collections.abc import Mapping

from portal.domain.schedules import Frequency
from portal.services.money_ports import PaymentMethod
from portal.services.plan_ports import Occurrence, OccurrenceState, Plan, PlanKind, PlanState
from portal.ui import format as write

KINDS: Mapping[PlanKind, str] = {
    PlanKind.INSTALLMENT: "Installments",
    PlanKind.AUTOPAY: "AutoPay",
    PlanKind.RECURRING: "Recurring",
}
STATES: Mapping[PlanState, tuple[str, str]] = {
    PlanState.ACTIVE: ("Active", "green"),
    PlanState.PAUSED: ("Paused", "orange"),
    PlanState.ENDED: ("Ended", "gray"),
    PlanState.CANCELLED: ("Cancelled", "gray"),
}
_OCCURRENCES: Mapping[OccurrenceState, tuple[str, str]] = {
    OccurrenceState.SCHEDULED: ("Scheduled", "blue"),
    OccurrenceState.SKIPPED: ("Skipped", "gray"),
    OccurrenceState.RUNNING: ("Being charged", "violet"),
    OccurrenceState.PROCESSING: ("Processing", "violet"),
    OccurrenceState.PAID: ("Paid", "green"),
    OccurrenceState.FAILED: ("Failed", "red"),
    OccurrenceState.CANCELLED: ("Cancelled", "gray"),
    OccurrenceState.MISSED: ("Missed", "orange"),
}
_EVERY = {
    Frequency.WEEKLY: "a week",
    Frequency.TWO_WEEKS: "every two weeks",
    Frequency.MONTHLY: "a month",
    Frequency.QUARTERLY: "a quarter",
    Frequency.YEARLY: "a year",
}


def method(found: PaymentMethod | None) -> str:
    """A method as people read it: `Visa ending 4242, expires 12/2030`."""
    if found is None:
        return "No method"
    expires = f", expires {found.exp_month:02d}/{found.exp_year}" if found.exp_month else ""
    return f"{found.brand} ending {found.last4}{expires}"


def terms(plan: Plan) -> str:
    """What a plan agreed, in one line."""
    match plan.kind:
        case PlanKind.RECURRING:
            said = f"{write.money(plan.amount_cents, plan.currency)} {_every(plan)}"
            if plan.end_date:
                return f"{said}, until before {write.day(plan.end_date)}"
            if plan.occurrence_limit:
                return f"{said}, {write.count(plan.occurrence_limit, 'payment')}"
            if plan.total_cents:
                return f"{said}, until {write.money(plan.total_cents, plan.currency)} are paid"
            return f"{said}, without an end"
        case PlanKind.AUTOPAY:
            day = plan.day_of_month or 1
            when = "the last day" if day == 31 else f"day {day}"
            cap = plan.monthly_cap_cents
            most = f", at most {write.money(cap, plan.currency)}" if cap else ""
            return f"Posted invoices, on {when} of each month{most}"
    parts = write.count(plan.occurrence_limit or 0, "installment")
    total = write.money(plan.total_cents, plan.currency)
    return f"{total} in {parts}, {Frequency(plan.frequency).label.lower()}"


def occurrence(found: Occurrence) -> tuple[str, str]:
    """Where one payment of a plan stands, and the color of that."""
    if found.state is OccurrenceState.SCHEDULED and found.tries:
        return f"Failed {write.count(found.tries, 'time')}, tried again", "orange"
    return _OCCURRENCES[found.state]


def amount(found: Occurrence, currency: str) -> str:
    """What one payment charges; AutoPay's is known when its reminder is out."""
    if found.amount_cents is None:
        return "What is posted"
    return write.money(found.amount_cents, currency)


def _every(plan: Plan) -> str:
    return _EVERY[Frequency(plan.frequency)]
