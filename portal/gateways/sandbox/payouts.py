"""The sandbox's payouts as the port tells them."""

from datetime import date

from portal.gateways.sandbox.book import Book
from portal.gateways.sandbox.rows import PayoutRow
from portal.services.gateway import GatewayPayout, GatewayPayoutLine
from portal.services.gateway_states import LineKind


def payouts_since(book: Book, since: date) -> list[GatewayPayout]:
    """The payouts of this day and later, oldest first, with their lines."""
    return [_told(book, payout) for payout in book.payouts_since(since)]


def _told(book: Book, payout: PayoutRow) -> GatewayPayout:
    lines = tuple(
        GatewayPayoutLine(
            kind=LineKind(entry.kind),
            payment_ref=entry.payment_ref,
            refund_ref=entry.refund_ref,
            gross_cents=entry.gross_cents,
            fee_cents=entry.fee_cents,
            net_cents=entry.net_cents,
        )
        for entry in book.entries_of(payout.ref)
    )
    return GatewayPayout(
        ref=payout.ref,
        paid_date=date.fromisoformat(payout.paid_date),
        amount_cents=payout.amount_cents,
        currency=payout.currency,
        lines=lines,
    )
