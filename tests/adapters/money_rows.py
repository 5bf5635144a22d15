"""Records of money for the store's tests, ready to be varied."""

from datetime import date
from typing import Any

from portal.services.gateway_states import MethodKind
from portal.services.money_ports import (
    OpenBalance,
    Payment,
    PaymentItem,
    Refund,
    RefundState,
    Source,
)
from tests.access_fixture import NOON


def a_balance(invoice_id: str = "i1", **changes: Any) -> OpenBalance:
    known = {
        "invoice_id": invoice_id,
        "client_id": "c1",
        "invoice_number": f"N-{invoice_id}",
        "entry_kind": "invoice",
        "invoice_date": date(2026, 1, 5),
        "due_date": None,
        "currency": "USD",
        "amount_cents": 10_000,
        "open_cents": 10_000,
        "is_disputed": False,
        "partner_id": "p1",
        "manager_id": None,
    }
    return OpenBalance(**{**known, **changes})


def a_payment(number: int = 1, **changes: Any) -> Payment:
    known = {
        "payment_id": f"PI-{number:04d}",
        "action_no": number,
        "request_id": f"r{number}",
        "fingerprint": "f",
        "source": Source.STAFF,
        "client_id": "c1",
        "kind": MethodKind.CREDIT,
        "currency": "USD",
        "amount_cents": 10_000,
        "gateway": "sandbox",
        "gateway_key": f"k{number}",
        "taken_by": "local:ann",
        "receipt_emails": ("a@b.example",),
        "created_at": NOON,
        "updated_at": NOON,
    }
    return Payment(**{**known, **changes})


def an_item(number: int = 1, **changes: Any) -> PaymentItem:
    known = {
        "item_id": f"PI-0001-{number:04d}",
        "item_no": number,
        "payment_id": "PI-0001",
        "invoice_id": "i1",
        "cents": 10_000,
        "is_live": True,
    }
    return PaymentItem(**{**known, **changes})


def a_refund(number: int = 9, **changes: Any) -> Refund:
    known = {
        "refund_id": f"PI-{number:04d}",
        "action_no": number,
        "request_id": f"r{number}",
        "fingerprint": "f",
        "payment_id": "PI-0001",
        "amount_cents": 6_000,
        "reason": "paid twice",
        "state": RefundState.PENDING,
        "requested_by": "local:ann",
        "gateway_key": f"k{number}",
        "created_at": NOON,
        "updated_at": NOON,
    }
    return Refund(**{**known, **changes})
