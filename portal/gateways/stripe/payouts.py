"""Stripe's payouts: each with the balance transactions it is the sum of."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time

from portal.gateways.stripe.calls import Found, StripeCalls
from portal.services.gateway import GatewayPayout, GatewayPayoutLine
from portal.services.gateway_states import LineKind

_KINDS: Mapping[str, LineKind] = {
    "charge": LineKind.PAYMENT,
    "charge_failure": LineKind.RETURN,
    "refund": LineKind.REFUND,
    "refund_failure": LineKind.REFUND,
    "dispute": LineKind.DISPUTE,
    "dispute_reversal": LineKind.DISPUTE,
}
"""By reporting category; whatever else Stripe takes or gives is a fee line."""


def payouts_since(calls: StripeCalls, since: date) -> list[GatewayPayout]:
    """The payouts that arrived on this day or later, oldest first."""
    start = int(datetime.combine(since, time(), UTC).timestamp())
    found = calls.list(calls.v1.payouts.list, arrival_date={"gte": start}, status="paid")
    return sorted((_told(calls, payout) for payout in found), key=lambda each: each.paid_date)


def _told(calls: StripeCalls, payout: Found) -> GatewayPayout:
    rows = calls.list(
        calls.v1.balance_transactions.list, payout=payout["id"], expand=["data.source"]
    )
    return GatewayPayout(
        ref=payout["id"],
        paid_date=datetime.fromtimestamp(payout["arrival_date"], UTC).date(),
        amount_cents=int(payout["amount"]),
        currency=str(payout["currency"]).upper(),
        lines=tuple(_lines(rows)),
    )


def _lines(rows: Iterator[Found]) -> Iterator[GatewayPayoutLine]:
    for row in rows:
        if row.get("type") == "payout":
            continue
        source = row.get("source")
        source = source if isinstance(source, dict) else {}
        kind = _KINDS.get(row.get("reporting_category", ""), LineKind.FEE)
        yield GatewayPayoutLine(
            kind=kind,
            gross_cents=int(row["amount"]),
            fee_cents=int(row.get("fee") or 0),
            net_cents=int(row["net"]),
            payment_ref=source.get("payment_intent"),
            refund_ref=source.get("id") if kind is LineKind.REFUND else None,
        )
