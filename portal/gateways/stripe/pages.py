"""Stripe's hosted page: a Checkout Session that pays, saves, or does both."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from portal.gateways.stripe import told
from portal.gateways.stripe.calls import Found
from portal.services.gateway import (
    GatewayRefused,
    HostedPage,
    PageRequest,
    PageResult,
)
from portal.services.gateway_states import GatewayState, MethodKind, PagePurpose, PageState

LEAST_MINUTES = 30
EXPANDED = [
    "payment_intent.latest_charge",
    "payment_intent.payment_method",
    "setup_intent.payment_method",
]
_STATES = {"open": PageState.OPEN, "complete": PageState.DONE, "expired": PageState.EXPIRED}


def asked(request: PageRequest) -> Found:
    """What to ask Stripe for.

    Raises: GatewayRefused where a fee is asked: Stripe's page cannot tell credit from debit cards
    before it has charged them.
    """
    if any(request.fees.values()):
        raise GatewayRefused(
            "Stripe's page cannot add a fee for credit cards only. Save the method first; the fee "
            "is known then.",
            code="fee_not_on_page",
        )
    joint = "&" if "?" in request.return_url else "?"
    page = {
        "customer": request.customer_ref,
        "success_url": f"{request.return_url}{joint}page={{CHECKOUT_SESSION_ID}}",
        "cancel_url": request.return_url,
        "payment_method_types": types_of(request.kinds),
    }
    if request.opened_at:
        minutes = max(request.open_minutes, LEAST_MINUTES)
        ends_at = request.opened_at + timedelta(minutes=minutes + 5)
        page["expires_at"] = int(ends_at.timestamp())
    if request.purpose is PagePurpose.SAVE:
        return page | {"mode": "setup"}
    if not request.our_id:
        raise GatewayRefused("A payment needs an id of ours.", code="no_our_id")
    return page | _payment(request)


def _payment(request: PageRequest) -> Found:
    intent: Found = {"metadata": {"our_id": request.our_id, "via": told.OF_PAGE}}
    if request.purpose is PagePurpose.PAY_AND_SAVE:
        intent["setup_future_usage"] = "off_session"
    item = {
        "currency": request.currency.lower(),
        "unit_amount": request.amount_cents,
        "product_data": {"name": request.description or "Payment"},
    }
    return {
        "mode": "payment",
        "client_reference_id": request.our_id,
        "payment_intent_data": intent,
        "line_items": [{"price_data": item, "quantity": 1}],
    }


def types_of(kinds: frozenset[MethodKind]) -> list[str]:
    """Stripe's names of the kinds of methods."""
    types = ["card"] if kinds - {MethodKind.ACH} else []
    return [*types, "us_bank_account"] if MethodKind.ACH in kinds else types


def opened(found: Found) -> HostedPage:
    """A new session."""
    return HostedPage(
        ref=found["id"],
        url=found["url"],
        expires_at=datetime.fromtimestamp(found["expires_at"], UTC),
    )


def result(found: Found) -> PageResult:
    """What came of a session. One that expired has a payment that can never be made."""
    state = _STATES.get(found.get("status", ""), PageState.OPEN)
    intent, setup = found.get("payment_intent"), found.get("setup_intent")
    payment = told.payment(intent) if isinstance(intent, dict) else None
    if payment and state is PageState.EXPIRED and payment.state is GatewayState.WAITING:
        payment = replace(payment, state=GatewayState.CANCELLED)
    source = setup if isinstance(setup, dict) else intent if isinstance(intent, dict) else {}
    method = source.get("payment_method")
    is_kept = state is PageState.DONE and isinstance(method, dict) and method.get("customer")
    return PageResult(
        ref=found["id"],
        state=state,
        payment=payment,
        method=told.kept_method(method) if is_kept else None,
    )
