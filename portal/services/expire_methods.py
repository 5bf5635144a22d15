"""Cards that have expired are marked; whose plan would stop is told a month ahead, once."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from portal.domain.plan_health import card_works_until
from portal.services.job_ports import Guard
from portal.services.money_ports import ClientDirectory, PaymentMethod
from portal.services.plan_access import PlanPolicy, has_expired
from portal.services.plan_news import alert_staff, day_words, method_words, tell_payer
from portal.services.plan_ports import Plan, PlanState
from portal.services.ports import Clock, Store, UnitOfWork

_AHEAD = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class MethodsExpired:
    """How many methods expired, and how many plans were told of."""

    expired: int = 0
    told: int = 0


def expire_methods(
    *, store: Store, directory: ClientDirectory, clock: Clock, policy: PlanPolicy, guard: Guard
) -> MethodsExpired:
    """Look at every active card. A plan's own tries decide what an expired card stops."""
    now = clock()
    today = policy.today(now)
    with store.reading() as view:
        soon = [each for each in view.methods.active() if _ends_soon(each, today)]
    expired = told = 0
    for method in soon:
        with store.unit_of_work() as uow:
            guard(uow)
            is_over = has_expired(method, today)
            if is_over:
                uow.methods.save(replace(method, state="expired"))
                uow.audit.append(
                    at=now, actor="job:expiring_methods", action="method.expired",
                    subject=method.method_id, detail={"client_id": method.client_id},
                )  # fmt: skip
            told += _tell(uow, method, directory, now)
            uow.commit()
        expired += is_over
    return MethodsExpired(expired=expired, told=told)


def _tell(uow: UnitOfWork, method: PaymentMethod, directory: ClientDirectory, now: datetime) -> int:
    client = directory.client(method.client_id)
    plans = [each for each in uow.plans.with_method(method.method_id) if _is_running(each)]
    if client is None or not plans:
        return 0
    until = card_works_until(method.exp_year or now.year, method.exp_month or now.month)
    line = f"The {method_words(method)} works until {day_words(until)}."
    told = 0
    for plan in plans:
        key = f"expires:{method.method_id}"
        if uow.outbox.find_by_key(f"plan:{plan.plan_id}:{key}"):
            continue
        tell_payer(uow, plan, client, "card expires", [line], now=now, key=key)
        alert_staff(
            uow, client, f"A card of {client.client_name} expires",
            [f"Plan: {plan.name}", line], now=now, key=f"plan-staff:{plan.plan_id}:{key}",
        )  # fmt: skip
        told += 1
    return told


def _is_running(plan: Plan) -> bool:
    return plan.state in (PlanState.ACTIVE, PlanState.PAUSED)


def _ends_soon(method: PaymentMethod, today: date) -> bool:
    if method.exp_year is None or method.exp_month is None:
        return False
    return card_works_until(method.exp_year, method.exp_month) <= today + _AHEAD
