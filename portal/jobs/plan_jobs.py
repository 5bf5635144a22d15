"""The jobs of payment plans: charge what is due, try again what failed, remind, follow up."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import TYPE_CHECKING

from portal.domain.job_times import DailyAt, Every
from portal.jobs.registry import Job
from portal.services.expire_methods import expire_methods
from portal.services.job_ports import Guard
from portal.services.plan_ports import PlanKind
from portal.services.remind_autopay import remind_autopay
from portal.services.run_occurrences import RunOccurrences, run_occurrences
from portal.services.settle_occurrences import settle_occurrences

if TYPE_CHECKING:
    from portal.bootstrap import Portal

_BY_AMOUNT = frozenset({PlanKind.RECURRING, PlanKind.INSTALLMENT})
_AUTOPAY = frozenset({PlanKind.AUTOPAY})


def _charge(
    portal: "Portal", guard: Guard, kinds: frozenset[PlanKind], *, retries: bool = False
) -> Mapping[str, object]:
    _follow(portal)
    ran = run_occurrences(
        RunOccurrences(kinds=kinds, retries=retries),
        till=portal.money.till, policy=portal.plans.policy, guard=guard,
    )  # fmt: skip
    _follow(portal)
    return ran.counts()


def charge_recurring(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """Charge recurring payments and installments that are due."""
    return _charge(portal, guard, _BY_AMOUNT)


def charge_autopay(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """Charge what AutoPay announced, then announce what comes next."""
    charged = _charge(portal, guard, _AUTOPAY)
    reminded = remind_autopay(guard=guard, **portal.plans.rules())
    return {**charged, "reminded": reminded.reminded}


def retry(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """Try again what failed and is due for another try."""
    return _charge(portal, guard, _BY_AMOUNT | _AUTOPAY, retries=True)


def follow(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """Let plans follow what became of their payments."""
    return _follow(portal)


def look_at_methods(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """Mark methods that have expired and tell those whose plans they would stop."""
    looked = expire_methods(guard=guard, **portal.plans.rules())
    return {"expired": looked.expired, "told": looked.told}


def _follow(portal: "Portal") -> Mapping[str, object]:
    settled = settle_occurrences(**portal.plans.rules())
    return {name: count for name, count in vars(settled).items() if count}


PLAN_JOBS: tuple[Job, ...] = (
    Job(
        name="follow_plans",
        title="Let plans follow what became of their payments",
        when=Every(60),
        run=follow,
    ),
    Job(
        name="recurring",
        title="Charge recurring payments and installments that are due",
        when=DailyAt(time(9, 0)),
        run=charge_recurring,
        needs_fresh_data=True,
    ),
    Job(
        name="autopay",
        title="Charge AutoPay, and remind of what it will charge",
        when=DailyAt(time(9, 5)),
        run=charge_autopay,
        needs_fresh_data=True,
    ),
    Job(
        name="retries",
        title="Try again the plan payments that failed",
        when=DailyAt(time(9, 10)),
        run=retry,
        needs_fresh_data=True,
    ),
    Job(
        name="expiring_methods",
        title="Tell of cards that expire before their plans end",
        when=DailyAt(time(8, 0)),
        run=look_at_methods,
    ),
)
