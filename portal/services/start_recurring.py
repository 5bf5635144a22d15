"""Start a recurring payment: an amount at intervals, tied to no invoice."""

from dataclasses import dataclass, field

from portal.domain.errors import Invalid
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.schedules import Frequency, RecurringTerms
from portal.services.money_actors import actor_key
from portal.services.money_ports import ClientDirectory
from portal.services.money_requests import fingerprint
from portal.services.plan_access import (
    AUTHORISED,
    Actor,
    PlanPolicy,
    checked_name,
    checked_receipts,
    reach_client,
    require_authorised,
    usable_method,
)
from portal.services.plan_parts import coming, plan_id_for
from portal.services.plan_ports import Plan, PlanKind, PlanState
from portal.services.ports import Clock, Store
from portal.services.start_plan import PlanStarted, keep_plan, started_before


class AutopayRuns(Invalid):
    """The client has AutoPay, which pays everything that is posted."""


@dataclass(frozen=True, kw_only=True)
class StartRecurring:
    """The request. `request_id` is minted when the form opens; the end date is exclusive."""

    request_id: str
    actor: Actor = field(repr=False)
    client_id: str
    name: FreeText
    method_id: str
    terms: RecurringTerms
    receipt_emails: tuple[str, ...] = ()
    is_authorised: bool = False


@without_card_numbers
def start_recurring(
    command: StartRecurring,
    *,
    store: Store,
    directory: ClientDirectory,
    clock: Clock,
    policy: PlanPolicy,
) -> PlanStarted:
    """Keep the plan and its next occurrences; nothing is charged before its first day.

    Raises: Denied, NotFound, Invalid; AutopayRuns; RequestReused.
    """
    client = reach_client(command.actor, command.client_id, directory)
    require_authorised(command.is_authorised)
    name, receipts = checked_name(command.name), checked_receipts(command.receipt_emails)
    command.terms.check()
    now, actor = clock(), actor_key(command.actor)
    today = policy.today(now)
    print_ = fingerprint(
            "start_recurring",
        {"client": command.client_id, "method": command.method_id, "terms": command.terms,
         "name": name}
    )  # fmt: skip
    with store.unit_of_work() as uow:
        uow.payments.serialize()
        if earlier := started_before(uow, command.request_id, print_):
            return earlier
        if command.terms.start_date < today:
            raise Invalid("The first payment can't be in the past.")
        usable_method(uow, command.actor, command.client_id, command.method_id, today)
        _refuse_beside_autopay(uow.plans.of_client(command.client_id))
        plan = Plan(
            plan_id=plan_id_for(command.request_id),
            request_id=command.request_id,
            fingerprint=print_,
            kind=PlanKind.RECURRING,
            client_id=command.client_id,
            portal_user_id=getattr(command.actor, "portal_user_id", None),
            name=name,
            method_id=command.method_id,
            currency=policy.currency,
            amount_cents=command.terms.amount_cents,
            frequency=Frequency(command.terms.frequency).value,
            start_date=command.terms.start_date,
            end_date=command.terms.end_date,
            occurrence_limit=command.terms.occurrence_limit,
            total_cents=command.terms.total_cents,
            receipt_emails=receipts,
            authorised_by=actor,
            authorised_text=AUTHORISED,
            created_by=actor,
            created_at=now,
            updated_at=now,
        )
        first = coming(plan, [], today, policy.days, policy.buffer_days)
        started = keep_plan(uow, plan, first, [], client, actor=actor, now=now)
        uow.commit()
    return started


def _refuse_beside_autopay(plans: list[Plan]) -> None:
    running = (PlanState.ACTIVE, PlanState.PAUSED)
    if any(each.kind is PlanKind.AUTOPAY and each.state in running for each in plans):
        raise AutopayRuns(
            "This client has AutoPay, which pays every posted invoice. Cancel AutoPay first."
        )
