"""Take in what the gateway tells by itself: check it, keep it once, act upon it."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.domain.errors import PortalError
from portal.domain.payment_policy import PaymentPolicy
from portal.failpoints import failpoint
from portal.services.apply_event import apply_event
from portal.services.gateway import Gateway, WebhookRefused
from portal.services.money_ports import ClientDirectory, WebhookEvent
from portal.services.ports import Clock, Store
from portal.services.till import Till, Watcher

log = logging.getLogger("portal.webhooks")


@dataclass(frozen=True, kw_only=True)
class RecordGatewayEvent:
    """The request as it came in: nothing of it is believed but which thing to read."""

    headers: Mapping[str, str]
    body: bytes


def record_gateway_event(
    command: RecordGatewayEvent,
    *,
    store: Store,
    gateway: Gateway,
    directory: ClientDirectory,
    clock: Clock,
    policy: PaymentPolicy,
    watchers: Sequence[Watcher] = (),
) -> WebhookEvent:
    """Keep the event, then act upon it. What can't be acted upon now waits for the job.

    Returns: the event as it was kept, whether new or told before.
    Raises: WebhookRefused for a forged, stale or foreign one; that is audited and has no effect.
    """
    till = Till(
        store=store, gateway=gateway, directory=directory, clock=clock, policy=policy,
        watchers=watchers,
    )  # fmt: skip
    now = clock()
    try:
        told = gateway.read_event(command.headers, command.body, now)
    except WebhookRefused as refused:
        _audit_refusal(store, str(refused), clock)
        raise
    failpoint("webhook.read")
    event = WebhookEvent(
        event_id=told.event_id,
        gateway=gateway.name,
        kind=told.kind,
        payment_ref=told.payment_ref,
        refund_ref=told.refund_ref,
        method_ref=told.method_ref,
        payout_ref=told.payout_ref,
        happened_at=told.at,
        received_at=now,
    )
    with store.unit_of_work() as uow:
        is_new = uow.webhooks.add(event)
        kept = uow.webhooks.find(event.event_id) or event
        uow.commit()
    failpoint("webhook.kept")
    if not is_new and kept.applied_at is not None:
        return kept
    try:
        apply_event(till, kept)
    except PortalError:
        return kept  # it waits: the job that settles what is unknown acts upon it
    except Exception:
        # The job tries it again, and puts it into somebody's queue if that fails too.
        log.exception("webhook: the event %s could not be acted upon", kept.event_id)
    return kept


def _audit_refusal(store: Store, reason: str, clock: Clock) -> None:
    with store.unit_of_work() as uow:
        uow.audit.append(
            at=clock(), actor="gateway", action="webhook.refused", subject="webhook",
            detail={"reason": reason},
        )  # fmt: skip
        uow.commit()
