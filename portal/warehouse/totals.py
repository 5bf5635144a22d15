"""The portal's totals on a day, as every outside check compares them."""

from collections.abc import Sequence
from datetime import date

from portal.domain.aging import NO_DUE_DATE, NOT_DUE, buckets
from portal.warehouse.warehouse import Warehouse


def totals(warehouse: Warehouse, *, as_of: date, edges: Sequence[int]) -> dict[str, object]:
    """Count and sum what the practice management system's entries say on a day.

    What portal payments are on their way is told beside it, and changes no other figure.

    Returns: plain values in the shape of `portal totals --json`; money in cents, per currency.
    """
    with warehouse.cursor() as con:
        firm = warehouse.rows("totals/paid_as_of", con=con, as_of=as_of)[0]
        currencies = warehouse.rows("totals/totals_as_of", con=con, as_of=as_of)
        aged = warehouse.rows("totals/aging_as_of", con=con, as_of=as_of, edges=list(edges))
        pending = {
            row["currency"]: row["pending_cents"]
            for row in warehouse.rows("totals/pending", con=con, as_of=as_of)
        }
    return {
        "as_of": as_of.isoformat(),
        "clients": firm["clients"],
        "invoices": firm["invoices"],
        "paid_invoices": firm["paid_invoices"],
        "average_days_to_pay": firm["average_days_to_pay"],
        "currencies": {
            row["currency"]: _currency(row, aged, edges, pending.get(row["currency"], 0))
            for row in currencies
        },
    }


def _currency(
    row: dict, aged: list[dict], edges: Sequence[int], pending_cents: int
) -> dict[str, object]:
    keys = [NOT_DUE, *(bucket.key for bucket in buckets(edges))]
    aging: dict[str, dict[str, int]] = {
        key: {"invoices": 0, "cents": 0} for key in (*keys, NO_DUE_DATE)
    }
    for found in aged:
        if found["currency"] == row["currency"]:
            key = NO_DUE_DATE if found["bucket"] is None else keys[found["bucket"]]
            aging[key] = {"invoices": found["invoices"], "cents": found["cents"]}
    return {
        "billed_cents": row["billed_cents"],
        "open_invoices": row["open_invoices"],
        "outstanding_cents": row["outstanding_cents"],
        "overdue_invoices": row["overdue_invoices"],
        "overdue_cents": row["overdue_cents"],
        "unapplied_cents": row["unapplied_cents"],
        "pending_cents": pending_cents,
        "receipts": {"count": row["receipt_count"], "cents": row["receipt_cents"]},
        "aging": aging,
    }
