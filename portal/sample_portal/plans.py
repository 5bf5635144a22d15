"""Payment plans of the sample firm's clients: good ones, paused ones and one that fails."""

from datetime import timedelta

from portal.domain.schedules import Frequency, RecurringTerms
from portal.jobs.plan_jobs import charge_autopay, charge_recurring, retry
from portal.sample_portal.stage import ADMIN, Cast, Stage
from portal.services.pause_plan import PausePlan
from portal.services.start_autopay import StartAutopay
from portal.services.start_installments import StartInstallments
from portal.services.start_plan import PlanStarted
from portal.services.start_recurring import StartRecurring

_STARTED = 40.0
_RECURRING = (
    # name, cents, how often, method, limits
    ("Monthly bookkeeping", 25_000, Frequency.MONTHLY, "mastercard", {}),
    ("Payroll service", 7_500, Frequency.WEEKLY, "visa", {"occurrence_limit": 26}),
    ("Quarterly estimates", 60_000, Frequency.QUARTERLY, "expires_soon", {}),
    ("Advisory retainer", 40_000, Frequency.MONTHLY, "refuses_later", {}),
    ("Old balance", 30_000, Frequency.TWO_WEEKS, "ach", {"total_cents": 240_000}),
    ("Cleanup project", 45_000, Frequency.MONTHLY, "ach_r10", {"occurrence_limit": 6}),
)


def play(stage: Stage) -> list[tuple[float, object]]:
    """What happens: days ago, and what."""
    scenes: list[tuple[float, object]] = [
        (_STARTED, _recurring(stage, stage.next_client(), *terms)) for terms in _RECURRING
    ]
    scenes += [
        (_STARTED, _installments(stage, stage.next_client(), 4, "visa")),
        (_STARTED, _installments(stage, stage.next_client(), 6, "visa_debit")),
        (10.0, _paused(stage, stage.next_client())),
        (_STARTED, _autopay(stage, stage.next_client(), "visa", None, days_ahead=4)),
        (_STARTED, _autopay(stage, stage.next_client(), "ach", 250_000, days_ahead=18)),
    ]
    scenes += [(float(days_ago), _day(stage, days_ago)) for days_ago in range(38, 0, -2)]
    return scenes


def _recurring(
    stage: Stage,
    client: Cast,
    name: str,
    cents: int,
    frequency: Frequency,
    named: str,
    limits: dict[str, int],
):
    def scene() -> None:
        portal = stage.at(_STARTED)
        terms = RecurringTerms(
            amount_cents=cents, frequency=frequency,
            start_date=portal.today() + timedelta(days=4), **limits,
        )  # fmt: skip
        portal.plans.start_recurring(
            StartRecurring(
                request_id=stage.request(), actor=ADMIN, client_id=client.client_id, name=name,
                method_id=stage.method(portal, client, named).method_id, terms=terms,
                is_authorised=True,
            )
        )  # fmt: skip

    return scene


def _installments(stage: Stage, client: Cast, count: int, named: str, days_ago: float = _STARTED):
    def scene() -> PlanStarted:
        portal = stage.at(days_ago)
        return portal.plans.start_installments(
            StartInstallments(
                request_id=stage.request(), actor=ADMIN, client_id=client.client_id,
                name=f"Tax return in {count} parts",
                method_id=stage.method(portal, client, named).method_id,
                invoice_ids=tuple(client.owes), seen_cents=sum(client.owes.values()),
                count=count, frequency=Frequency.MONTHLY,
                start_date=portal.today() + timedelta(days=5), is_authorised=True,
            )
        )  # fmt: skip

    return scene


def _paused(stage: Stage, client: Cast):
    def scene() -> None:
        started = _installments(stage, client, 3, "mastercard", 10.0)()
        pausing = PausePlan(
            actor=ADMIN, plan_id=started.plan.plan_id, reason="The client asked to wait for a loan"
        )
        stage.at(9.5).plans.pause(pausing)

    return scene


def _autopay(stage: Stage, client: Cast, named: str, cap: int | None, *, days_ahead: int):
    def scene() -> None:
        portal = stage.at(_STARTED)
        portal.plans.start_autopay(
            StartAutopay(
                request_id=stage.request(), actor=ADMIN, client_id=client.client_id,
                method_id=stage.method(portal, client, named).method_id,
                day_of_month=(stage.portal.today() + timedelta(days=days_ahead)).day,
                monthly_cap_cents=cap, is_authorised=True,
            )
        )  # fmt: skip

    return scene


def _day(stage: Stage, days_ago: int):
    def scene() -> None:
        portal = stage.at(days_ago)
        charge_recurring(portal, portal.now(), lambda uow: None)
        charge_autopay(portal, portal.now(), lambda uow: None)
        retry(portal, portal.now(), lambda uow: None)

    return scene
