"""The commands of money over this firm's adapters: what pages, routes and jobs work with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from portal.domain.errors import NotFound, PortalError
from portal.domain.fees import FeePolicy
from portal.domain.payment_policy import PaymentPolicy
from portal.services import apply_unapplied as applying
from portal.services import approve_refund as approving
from portal.services import associate_payment as associating
from portal.services import finish_hosted_payment as finishing
from portal.services import finish_save_method as keeping
from portal.services import pay_for_group as group_paying
from portal.services import quote_payment as quoting
from portal.services import record_gateway_event as events
from portal.services import reject_refund as rejecting
from portal.services import remove_method as removing
from portal.services import request_refund as refunding
from portal.services import save_method as saving
from portal.services import send_pay_link as linking
from portal.services import settle_unknown as settling
from portal.services import take_payment as taking
from portal.services import void_payment as voiding
from portal.services.gateway import Gateway
from portal.services.money_ports import (
    ClientDirectory,
    Payment,
    PaymentItem,
    PaymentMethod,
    Refund,
    WebhookEvent,
)
from portal.services.ports import Store
from portal.services.till import Till, Watcher
from portal.settings import Settings


def payment_policy(settings: Settings) -> PaymentPolicy:
    """The firm's rules for taking and returning money, as [gateway] of firm.toml says them."""
    said = settings.gateway
    passed_on = said.fee_bps if said.fee_policy == "pass" else 0
    return PaymentPolicy(
        firm_name=settings.firm_name,
        currency=settings.currency,
        fees=FeePolicy(basis_points=passed_on, most_cents=said.fee_cap_cents),
        kinds=frozenset(said.methods),
        refund_days=said.refund_days,
        approval_cents=said.approval_above_cents,
        page_minutes=said.page_minutes,
        partner_receipts=said.partner_receipts,
        timezone=settings.timezone,
    )


@dataclass(frozen=True, kw_only=True)
class MoneyDesk:
    """One firm's money."""

    store: Store
    gateway: Gateway
    directory: ClientDirectory
    now: Callable[[], datetime]
    policy: PaymentPolicy
    watchers: Sequence[Watcher] = field(default=())

    def as_of(self, now: datetime) -> "MoneyDesk":
        """The same with a clock that stands, for a job run as of an instant."""
        return replace(self, now=lambda: now)

    @property
    def till(self) -> Till:
        """What commands of other rooms need to take payments."""
        return Till(**self._with_watchers())

    def take_payment(
        self, command: taking.TakePayment, guard: taking.Guard | None = None
    ) -> taking.Taken:
        """Take a payment, or open the gateway's page for it."""
        return taking.take_payment(command, guard=guard, **self._with_watchers())

    def pay_for_group(self, command: group_paying.PayForGroup) -> list[group_paying.PaidFor]:
        """Take one payment for each client of a group that is chosen."""
        return group_paying.pay_for_group(command, take=self.take_payment, directory=self.directory)

    def finish_page(self, command: finishing.FinishHostedPayment) -> Payment | PaymentMethod | None:
        """The payer is back from the gateway's page, whichever it was: to pay or to save."""
        try:
            return finishing.finish_hosted_payment(command, **self._with_watchers())
        except NotFound:
            asked = keeping.FinishSaveMethod(page_ref=command.page_ref)
            return keeping.finish_save_method(asked, **self._tools())

    def quote(self, command: quoting.QuotePayment) -> quoting.Quote:
        """What a client may pay, with which methods, at which fee."""
        return quoting.quote_payment(
            command, store=self.store, directory=self.directory, policy=self.policy
        )

    def send_pay_link(self, command: linking.SendPayLink) -> str:
        """Send a link to pay by mail."""
        return linking.send_pay_link(command, **self._records())

    def save_method(self, command: saving.SaveMethod) -> saving.MethodPageOpened:
        """Open the page on which a method is saved."""
        return saving.save_method(command, **self._tools())

    def remove_method(self, command: removing.RemoveMethod) -> PaymentMethod:
        """Remove a saved method."""
        return removing.remove_method(command, **self._tools(without="policy"))

    def request_refund(self, command: refunding.RequestRefund) -> Refund:
        """Ask for money to go back."""
        return refunding.request_refund(command, **self._with_watchers())

    def approve_refund(self, command: approving.ApproveRefund) -> Refund:
        """Let a large refund go."""
        return approving.approve_refund(command, **self._with_watchers())

    def reject_refund(self, command: rejecting.RejectRefund) -> Refund:
        """Turn a large refund down."""
        return rejecting.reject_refund(command, **self._records())

    def void_payment(self, command: voiding.VoidPayment) -> Payment:
        """Void a payment before any money has moved."""
        return voiding.void_payment(command, **self._with_watchers())

    def associate_payment(self, command: associating.AssociatePayment) -> Payment:
        """Say whose a payment by quick link is."""
        return associating.associate_payment(command, **self._records())

    def apply_unapplied(self, command: applying.ApplyUnapplied) -> list[PaymentItem]:
        """Set unapplied money against invoices."""
        return applying.apply_unapplied(command, **self._records())

    def record_event(self, command: events.RecordGatewayEvent) -> WebhookEvent:
        """Take in what the gateway tells by itself."""
        return events.record_gateway_event(command, **self._with_watchers())

    def settle(self, command: settling.SettleUnknown) -> settling.Settled:
        """Bring everything that waits for news up to date."""
        done = settling.settle_unknown(command, **self._with_watchers())
        self._finish_method_pages(command, done)
        return done

    def _finish_method_pages(self, command: settling.SettleUnknown, done: settling.Settled) -> None:
        with self.store.reading() as view:
            pages = view.methods.pages_open(self.now() - command.grace)
        for page in pages:
            done.looked_at += 1
            try:
                asked = keeping.FinishSaveMethod(page_ref=page.page_ref)
                done.changed += keeping.finish_save_method(asked, **self._tools()) is not None
            except PortalError:
                done.unreadable.append(page.page_ref)

    def _tools(self, *, without: str = "") -> Mapping[str, Any]:
        tools = {
            "store": self.store,
            "gateway": self.gateway,
            "directory": self.directory,
            "clock": self.now,
            "policy": self.policy,
        }
        return {name: tool for name, tool in tools.items() if name != without}

    def _with_watchers(self) -> Mapping[str, Any]:
        return {**self._tools(), "watchers": self.watchers}

    def _records(self) -> Mapping[str, Any]:
        return {"store": self.store, "directory": self.directory, "clock": self.now}
