"""The payer has come back from the gateway's page, or never did: what came of it?"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.domain.errors import NotFound
from portal.domain.payment_policy import PaymentPolicy
from portal.domain.payment_states import CAPTURED, PaymentState
from portal.failpoints import failpoint
from portal.services.gateway import Gateway, GatewayRefused, PageResult
from portal.services.keep_method import keep_method
from portal.services.money_actors import Actor, ByItself, actor_key
from portal.services.money_ports import ClientDirectory, Payment
from portal.services.ports import Clock, Store
from portal.services.read_outcome import read_outcome
from portal.services.till import Till, Watcher


@dataclass(frozen=True, kw_only=True)
class FinishHostedPayment:
    """The request: the page that the return names. Its contents are read, never believed."""

    actor: Actor
    page_ref: str
    event_id: str | None = None


def finish_hosted_payment(
    command: FinishHostedPayment,
    *,
    store: Store,
    gateway: Gateway,
    directory: ClientDirectory,
    clock: Clock,
    policy: PaymentPolicy,
    watchers: Sequence[Watcher] = (),
) -> Payment:
    """Read the page, record the payment and keep the method if the payer wanted that.

    Asking again (F5, the event that says the same) changes nothing.
    Raises: NotFound for a page that is none of ours; GatewayUnsure, GatewayBusy.
    """
    till = Till(
        store=store, gateway=gateway, directory=directory, clock=clock, policy=policy,
        watchers=watchers,
    )  # fmt: skip
    try:
        page = gateway.read_page(command.page_ref)
    except GatewayRefused:
        raise NotFound("There is no such payment page.") from None
    failpoint("hosted.read")
    payment = _payment_of(till, page)
    actor = actor_key(command.actor)
    if isinstance(command.actor, ByItself):
        actor = payment.taken_by
    payment, _ = read_outcome(till, payment, actor=actor, event_id=command.event_id)
    if page.method is not None and payment.client_id and payment.state in _KEEPS_METHOD:
        keep_method(
            till, page.method, client_id=payment.client_id, actor=payment.taken_by,
            portal_user_id=payment.portal_user_id,
        )  # fmt: skip
        failpoint("hosted.method_kept")
    return payment


_KEEPS_METHOD = CAPTURED | {PaymentState.PROCESSING}


def _payment_of(till: Till, page: PageResult) -> Payment:
    with till.store.reading() as view:
        found = view.payments.find_by_page(page.ref)
        if found is None and page.payment is not None:
            # The page on which a payer's bank asks belongs to a payment without a page.
            found = view.payments.find(page.payment.our_id.split(".", 1)[0])
            if found is not None and found.our_id != page.payment.our_id:
                found = None
    if found is None:
        raise NotFound("There is no such payment page.")
    return found
