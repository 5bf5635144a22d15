"""Stripe's webhooks: the signature, the age and the mode are checked; only ids are taken."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import stripe

from portal.gateways.stripe.calls import Found
from portal.services.gateway import GatewayEvent, WebhookRefused
from portal.services.gateway_states import EventKind

SIGNATURE = "stripe-signature"
TOLERANCE = timedelta(seconds=300)
LONGEST_BODY = 256 * 1024
_KINDS: tuple[tuple[str, EventKind], ...] = (
    ("payment_intent.", EventKind.PAYMENT),
    ("charge.dispute.", EventKind.DISPUTE),
    ("charge.refund", EventKind.REFUND),
    ("refund.", EventKind.REFUND),
    ("charge.", EventKind.PAYMENT),
    ("checkout.session.", EventKind.PAGE),
    ("payment_method.", EventKind.METHOD),
    ("payout.", EventKind.PAYOUT),
)


def read(
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
    *,
    secret: str,
    live: bool,
    account: str | None = None,
) -> GatewayEvent:
    """What an event is about.

    Raises: WebhookRefused when it is forged, too old, of the other mode or of another account.
    """
    _check(headers, body, now, secret)
    said = _object(json.loads(body))
    if bool(said.get("livemode")) is not live:
        raise WebhookRefused("This event is of the other mode, live or test.")
    if said.get("account") not in (None, account):
        raise WebhookRefused("This event belongs to another account.")
    kind = next(
        (kind for start, kind in _KINDS if str(said.get("type", "")).startswith(start)),
        EventKind.OTHER,
    )
    about = _object(_object(said.get("data")).get("object"))
    if not isinstance(said.get("created"), int):
        raise WebhookRefused("This event has no time.")
    return GatewayEvent(
        event_id=str(said.get("id", "")),
        kind=kind,
        at=datetime.fromtimestamp(said["created"], UTC),
        livemode=live,
        **_refs(kind, about),
    )


def _check(headers: Mapping[str, str], body: bytes, now: datetime, secret: str) -> None:
    if len(body) > LONGEST_BODY:
        raise WebhookRefused("This event is too long.")
    header = {name.lower(): value for name, value in headers.items()}.get(SIGNATURE, "")
    try:
        # The library would compare with the machine's own clock; the age is checked below.
        stripe.Webhook.construct_event(body, header, secret, tolerance=None)
    except (ValueError, AttributeError, TypeError, stripe.SignatureVerificationError):
        raise WebhookRefused("The signature of this event is wrong.") from None
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    if abs(now.timestamp() - int(parts["t"])) > TOLERANCE.total_seconds():
        raise WebhookRefused("This event was signed too long ago.")


def _refs(kind: EventKind, about: Found) -> dict[str, str | None]:
    ref = about.get("id")
    if kind is EventKind.PAYMENT and about.get("object") == "payment_intent":
        return {"payment_ref": ref}
    if kind is EventKind.METHOD:
        return {"method_ref": ref}
    if kind is EventKind.PAYOUT:
        return {"payout_ref": ref}
    intent = about.get("payment_intent")
    refs = {"payment_ref": intent.get("id") if isinstance(intent, dict) else intent}
    if kind is EventKind.PAGE:
        refs["page_ref"] = ref
    if kind is EventKind.REFUND and about.get("object") == "refund":
        refs["refund_ref"] = ref
    return refs


def _object(value: object) -> Found:
    if not isinstance(value, dict):
        raise WebhookRefused("This event cannot be read.")
    return value
