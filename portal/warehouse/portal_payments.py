"""The portal's own payments, as `portal payments --json` prints them."""

from portal.warehouse.warehouse import Warehouse

_OF_PAYMENT = (
    "payment_id", "state", "source", "client_id", "currency", "amount_cents", "fee_cents",
    "captured_cents", "refunded_cents", "taken_by", "created_at",
)  # fmt: skip
_OF_ITEM = ("item_id", "invoice_id", "invoice_number", "cents", "pending_cents", "is_posted")


def portal_payments(warehouse: Warehouse) -> dict[str, object]:
    """All portal payments with their lines, and what is pending per currency, in one version.

    Returns: `{"payments": [{…, "items": [{…}]}], "pending_cents": {currency: cents}}`.
    """
    payments: dict[str, dict[str, object]] = {}
    pending: dict[str, int] = {}
    for row in warehouse.rows("payments/portal_payments"):
        known = payments.setdefault(
            str(row["payment_id"]), {**{name: row[name] for name in _OF_PAYMENT}, "items": []}
        )
        item = {name: row[name] for name in _OF_ITEM}
        known["items"].append({**item, "refunded_cents": row["item_refunded_cents"]})  # type: ignore[attr-defined]
        currency = str(row["currency"])
        pending[currency] = pending.get(currency, 0) + int(row["pending_cents"])  # type: ignore[call-overload]
    return {"payments": list(payments.values()), "pending_cents": pending}
