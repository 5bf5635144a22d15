"""The commands of payment plans over this firm's adapters: what pages and jobs work with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.services import cancel_plan as cancelling
from portal.services import change_occurrence as changing
from portal.services import edit_plan as editing
from portal.services import pause_plan as pausing
from portal.services import read_plan as reading
from portal.services import resume_plan as resuming
from portal.services import skip_occurrence as skipping
from portal.services import start_autopay as autopay
from portal.services import start_installments as installments
from portal.services import start_recurring as recurring
from portal.services.money_ports import ClientDirectory, OpenBalance, PaymentMethod
from portal.services.plan_access import Actor, PlanPolicy
from portal.services.plan_ports import Occurrence, Plan
from portal.services.ports import Store
from portal.services.settle_occurrences import follow_payments
from portal.services.start_plan import PlanStarted
from portal.services.till import Watcher
from portal.settings import Settings


def plan_policy(settings: Settings) -> PlanPolicy:
    """The firm's rules of plans, as [plans] of firm.toml says them."""
    return PlanPolicy(
        currency=settings.currency,
        timezone=settings.timezone,
        days=settings.plans.days,
        buffer_days=settings.plans.buffer_days,
    )


@dataclass(frozen=True, kw_only=True)
class PlanDesk:
    """One firm's payment plans."""

    store: Store
    directory: ClientDirectory
    policy: PlanPolicy
    now: Callable[[], datetime]

    def today(self) -> date:
        """The firm's day."""
        return self.policy.today(self.now())

    @property
    def watcher(self) -> Watcher:
        """Lets a plan follow its payment in the transaction that changes the payment."""
        return follow_payments(self.directory, self.policy)

    def start_recurring(self, command: recurring.StartRecurring) -> PlanStarted:
        """Start a recurring payment."""
        return recurring.start_recurring(command, **self.rules())

    def start_autopay(self, command: autopay.StartAutopay) -> PlanStarted:
        """Start AutoPay."""
        return autopay.start_autopay(command, **self.rules())

    def start_installments(self, command: installments.StartInstallments) -> PlanStarted:
        """Split invoices over dates."""
        return installments.start_installments(command, **self.rules())

    def edit(self, command: editing.EditPlan) -> Plan:
        """Change what is to come of a plan."""
        return editing.edit_plan(command, **self.rules())

    def pause(self, command: pausing.PausePlan) -> Plan:
        """Stop charging until it is resumed."""
        return pausing.pause_plan(command, **self._ports())

    def resume(self, command: resuming.ResumePlan) -> Plan:
        """Charge again from today on."""
        return resuming.resume_plan(command, **self.rules())

    def cancel(self, command: cancelling.CancelPlan) -> cancelling.PlanCancelled:
        """Stop a plan for good."""
        return cancelling.cancel_plan(command, **self._ports())

    def skip(self, command: skipping.SkipOccurrence) -> Occurrence:
        """Leave one payment out."""
        return skipping.skip_occurrence(command, **self.rules())

    def change(self, command: changing.ChangeOccurrence) -> Occurrence:
        """Change one payment."""
        return changing.change_occurrence(command, **self.rules())

    def read(self, command: reading.ReadPlan) -> reading.PlanView:
        """Look at a plan in full."""
        return reading.read_plan(command, **self.rules())

    def methods(self, actor: Actor, client_id: str) -> Sequence[PaymentMethod]:
        """The client's saved methods that a plan may charge."""
        return reading.usable_methods(
            actor, client_id, store=self.store, directory=self.directory, today=self.today()
        )

    def invoices(self, actor: Actor, client_id: str) -> Sequence[tuple[OpenBalance, int]]:
        """The client's invoices that installments can pay, with what is payable of each."""
        return reading.invoices_to_split(
            actor, client_id, store=self.store, directory=self.directory,
            currency=self.policy.currency,
        )  # fmt: skip

    def _ports(self) -> dict[str, object]:
        return {"store": self.store, "directory": self.directory, "clock": self.now}

    def rules(self) -> dict[str, object]:
        """What commands of plans work with."""
        return {**self._ports(), "policy": self.policy}
