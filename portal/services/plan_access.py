"""Who may do something with a payment plan, for which client, and with which saved method."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from portal.domain.errors import Denied, Invalid, NotFound
from portal.domain.holidays import BusinessDays
from portal.domain.mail_addresses import checked_address
from portal.domain.payers import Payer
from portal.domain.permissions import Permission, Principal
from portal.services import money_actors
from portal.services.gateway_states import MethodKind
from portal.services.money_ports import ClientCard, ClientDirectory, PaymentMethod
from portal.services.money_requests import checked_text
from portal.services.plan_ports import Plan
from portal.services.ports import UnitOfWork

LONGEST_NAME = 80
LONGEST_REASON = 200
MOST_RECEIPTS = 10
AUTHORISED = (
    "I am authorized to use this payment method and agree that it is charged as this plan says "
    "until the plan ends or is cancelled. It can be cancelled at any time before a charge."
)
"""What is agreed to with every plan; it is kept with the plan in the words of that day."""

Actor = Principal | Payer


@dataclass(frozen=True, kw_only=True)
class PlanPolicy:
    """The firm's rules of plans."""

    currency: str
    timezone: ZoneInfo
    days: BusinessDays = field(default_factory=BusinessDays)
    buffer_days: int = 7

    def today(self, now: datetime) -> date:
        """The firm's day at an instant."""
        return now.astimezone(self.timezone).date()

    def start_of(self, day: date) -> datetime:
        """The instant at which a day of the firm begins."""
        return datetime.combine(day, time(), self.timezone).astimezone(UTC)


def reach_client(actor: Actor, client_id: str, directory: ClientDirectory) -> ClientCard:
    """The client, if this person may make plans for it.

    Raises: Denied; NotFound for a client that does not exist or is somebody else's.
    """
    if isinstance(actor, Payer) and not actor.keeps_things:
        raise Denied("Sign in to your account to set up payments that repeat.")
    if isinstance(actor, Payer) and not actor.may_plan:
        raise Denied("You may look at this client's portal, but not manage its payment plans.")
    return money_actors.reach_client(actor, Permission.MANAGE_PLANS, client_id, directory)


def reach_plan(
    actor: Actor, plan_id: str, uow: UnitOfWork, directory: ClientDirectory
) -> tuple[Plan, ClientCard]:
    """The plan and its client, if this person may change it.

    Raises: Denied; NotFound for a plan that does not exist or is somebody else's.
    """
    if not isinstance(actor, Payer):
        actor.require(Permission.MANAGE_PLANS)
    plan = uow.plans.find(plan_id)
    if plan is None:
        raise NotFound("There is no such payment plan.")
    try:
        card = reach_client(actor, plan.client_id, directory)
    except NotFound:
        raise NotFound("There is no such payment plan.") from None
    return plan, card


def usable_method(
    uow: UnitOfWork, actor: Actor, client_id: str, method_id: str, today: date
) -> PaymentMethod:
    """The saved method, if this person may let a plan charge it.

    Raises: NotFound; Invalid for one that is removed, expired or not authorized any more.
    """
    method = money_actors.reach_method(actor, uow.methods.find(method_id))
    if method.client_id != client_id:
        raise NotFound(money_actors.NO_SUCH_METHOD)
    if method.state != "active" or has_expired(method, today):
        raise Invalid("This method has expired or was removed. Choose another one.")
    if method.kind is MethodKind.ACH and uow.mandates.standing(method_id) is None:
        raise Invalid(
            "The authorization to debit this bank account was revoked. Save the account anew."
        )
    return method


def has_expired(method: PaymentMethod, today: date) -> bool:
    """Whether a card can't be charged any more on a day."""
    if method.exp_year is None or method.exp_month is None:
        return False
    return (method.exp_year, method.exp_month) < (today.year, today.month)


def checked_name(name: str) -> str:
    """The plan's name without stray spaces.

    Raises: Invalid.
    """
    tidy = checked_text(name, longest=LONGEST_NAME)
    if not tidy:
        raise Invalid(f"Give the plan a name of 1 to {LONGEST_NAME} characters.")
    return tidy


def checked_receipts(emails: tuple[str, ...]) -> tuple[str, ...]:
    """Who gets the receipts, each once.

    Raises: Invalid.
    """
    tidy = tuple(dict.fromkeys(checked_address(email) for email in emails if email.strip()))
    if len(tidy) > MOST_RECEIPTS:
        raise Invalid(f"Receipts go to {MOST_RECEIPTS} addresses at the most.")
    return tidy


def require_authorised(is_authorised: bool) -> None:
    """Go on only where somebody said that the method may be charged.

    Raises: Invalid.
    """
    if not is_authorised:
        raise Invalid("Confirm that you are authorized to use this payment method.")


def is_own(actor: Actor, card: ClientCard) -> bool:
    """Whether a client is one this person may see."""
    if isinstance(actor, Payer):
        return card.client_id in actor.client_ids
    return actor.sees(card.partner_id, card.manager_id)
