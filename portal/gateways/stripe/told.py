"""What Stripe answers, told in the words of the port."""

from collections.abc import Mapping

from portal.gateways.stripe.calls import Found
from portal.services.gateway import (
    GatewayMethod,
    GatewayPayment,
    GatewayRefund,
    MethodFacts,
)
from portal.services.gateway_states import DisputeState, GatewayState, MethodKind, RefundState

OF_PAGE = "page"
"""How a payment's metadata says that the payer confirms it on a page."""

_STATES: Mapping[str, GatewayState] = {
    "requires_confirmation": GatewayState.WAITING,
    "requires_capture": GatewayState.WAITING,
    "requires_action": GatewayState.REQUIRES_ACTION,
    "processing": GatewayState.PROCESSING,
    "succeeded": GatewayState.SUCCEEDED,
    "canceled": GatewayState.CANCELLED,
}
_REFUND_STATES: Mapping[str, RefundState] = {
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}
_FUNDING: Mapping[str, MethodKind] = {"credit": MethodKind.CREDIT, "debit": MethodKind.DEBIT}
_BRANDS: Mapping[str, str] = {
    "visa": "Visa",
    "mastercard": "Mastercard",
    "amex": "American Express",
    "discover": "Discover",
    "diners": "Diners Club",
    "jcb": "JCB",
    "unionpay": "UnionPay",
}
_RETURN_CODES: Mapping[str, str] = {
    "insufficient_funds": "R01",
    "account_closed": "R02",
    "bank_account_closed": "R02",
    "no_account": "R03",
    "incorrect_account_details": "R03",
    "invalid_account_number": "R04",
    "customer_initiated": "R07",
    "payment_stopped": "R08",
    "debit_not_authorized": "R10",
    "account_frozen": "R16",
    "bank_account_restricted": "R16",
    "debits_not_allowed": "R20",
}
"""Stripe's reasons of a returned bank debit as Nacha codes; it does not tell the code itself."""
_SOME_RETURN = "R17"
"""Returned for a reason Stripe does not name: a person has to look."""


def payment(found: Found, disputes: list[Found] | None = None) -> GatewayPayment:
    """A PaymentIntent, its last charge and payment method expanded."""
    charge, method = _object(found.get("latest_charge")), _method_of(found)
    state = _state(found)
    is_ach = method.get("type") == "us_bank_account"
    reason = _failure(found) if state is GatewayState.DECLINED and is_ach else None
    dispute = None
    if disputes and is_ach:
        reason = disputes[0].get("reason")
    elif disputes:
        dispute = _dispute(disputes[0])
    metadata = found.get("metadata") or {}
    has_money = state is GatewayState.SUCCEEDED
    return GatewayPayment(
        ref=found["id"],
        our_id=metadata.get("our_id", ""),
        state=state,
        amount_cents=int(found["amount"]),
        currency=str(found["currency"]).upper(),
        captured_cents=_captured(found, charge) if has_money else 0,
        refunded_cents=int(charge.get("amount_refunded") or 0) if has_money else 0,
        fee_cents=int(metadata.get("fee_cents") or 0),
        method=facts(method) if method else None,
        method_ref=method["id"] if method.get("customer") else None,
        decline_code=None if has_money or is_ach else _failure(found),
        return_code=_RETURN_CODES.get(reason, _SOME_RETURN) if reason else None,
        dispute=dispute,
        dispute_ref=disputes[0]["id"] if dispute and disputes else None,
        action_url=_action_url(found) if state is GatewayState.REQUIRES_ACTION else None,
    )


def kept_method(found: Found) -> GatewayMethod:
    """A PaymentMethod."""
    customer = found.get("customer")
    ref = customer.get("id", "") if isinstance(customer, dict) else customer or ""
    return GatewayMethod(ref=found["id"], customer_ref=ref, facts=facts(found), is_removed=not ref)


def facts(found: Found) -> MethodFacts:
    """The few facts of a method that are kept."""
    holder = (found.get("billing_details") or {}).get("name") or ""
    bank = found.get("us_bank_account")
    if bank:
        return MethodFacts(
            kind=MethodKind.ACH,
            brand=bank.get("bank_name") or "Bank",
            last4=bank["last4"],
            holder_name=holder,
        )
    card = found.get("card") or {}
    return MethodFacts(
        kind=_FUNDING.get(card.get("funding", ""), MethodKind.UNKNOWN),
        brand=_BRANDS.get(card.get("brand", ""), "Card"),
        last4=card.get("last4", ""),
        exp_month=card.get("exp_month"),
        exp_year=card.get("exp_year"),
        holder_name=holder,
    )


def refund(found: Found) -> GatewayRefund:
    """A Refund."""
    return GatewayRefund(
        ref=found["id"],
        our_id=(found.get("metadata") or {}).get("our_id", ""),
        payment_ref=found.get("payment_intent") or "",
        amount_cents=int(found["amount"]),
        state=_REFUND_STATES.get(found.get("status", ""), RefundState.PENDING),
    )


def is_of_page(found: Found) -> bool:
    """Whether the payer confirms it on a page, and may still try another method there."""
    return (found.get("metadata") or {}).get("via") == OF_PAGE


def _state(found: Found) -> GatewayState:
    status = found["status"]
    if status != "requires_payment_method":
        return _STATES.get(status, GatewayState.WAITING)
    has_failed = bool(found.get("last_payment_error"))
    is_debit = _method_of(found).get("type") == "us_bank_account"
    if has_failed and (is_debit or not is_of_page(found)):
        return GatewayState.DECLINED
    return GatewayState.WAITING


def _method_of(found: Found) -> Found:
    error = found.get("last_payment_error") or {}
    return _object(found.get("payment_method")) or _object(error.get("payment_method"))


def _failure(found: Found) -> str | None:
    error = found.get("last_payment_error") or {}
    return error.get("decline_code") or error.get("code")


def _captured(found: Found, charge: Found) -> int:
    amount = charge.get("amount_captured", found.get("amount_received"))
    return int(found["amount"] if amount is None else amount)


def _dispute(found: Found) -> DisputeState:
    if found.get("status") in ("won", "warning_closed", "prevented"):
        return DisputeState.WON
    return DisputeState.LOST if found.get("status") == "lost" else DisputeState.OPEN


def _action_url(found: Found) -> str | None:
    action = found.get("next_action") or {}
    return (action.get("redirect_to_url") or {}).get("url")


def _object(value: object) -> Found:
    return value if isinstance(value, dict) else {}
