"""Payments of the sample firm's clients, of every kind and with every end."""

from portal.sample_portal.stage import ADMIN, Cast, Stage
from portal.services.money_ports import Source
from portal.services.request_refund import RequestRefund
from portal.services.settle_unknown import SettleUnknown

_ENDS = (
    # days ago, method, share of the first invoice in percent, source
    (14, "visa", 100, Source.PORTAL),
    (13, "ach_r01", 100, Source.PORTAL),
    (12, "mastercard", 50, Source.STAFF),
    (10, "ach", 100, Source.PORTAL),
    (9, "disputed_lost", 100, Source.PORTAL),
    (8, "visa_debit", 100, Source.STAFF),
    (6, "no_funds", 100, Source.PORTAL),
    (5, "amex", 100, Source.PORTAL),
    (3, "visa", 30, Source.STAFF),
    (2, "ach", 100, Source.PORTAL),
    (1, "mastercard", 100, Source.STAFF),
)


def play(stage: Stage) -> list[tuple[float, object]]:
    """What happens: days ago, and what."""
    scenes: list[tuple[float, object]] = []
    for days_ago, named, percent, source in _ENDS:
        client = stage.next_client()
        scenes.append((days_ago, _paid(stage, client, days_ago, named, percent, source)))
    scenes.append((7, _two_invoices_and_a_refund(stage, stage.next_client())))
    scenes.append((4, _on_account(stage, stage.next_client())))
    scenes += [(days_ago, _news(stage, days_ago)) for days_ago in (11.5, 8.5, 5.5, 2.5, 0.5)]
    return scenes


def _paid(stage: Stage, client: Cast, days_ago: float, named: str, percent: int, source: Source):
    def scene() -> None:
        invoice_id, cents = next(iter(client.owes.items()))
        part = max(cents * percent // 100, 1)
        stage.pay(stage.at(days_ago), client, named, {invoice_id: part}, source)

    return scene


def _two_invoices_and_a_refund(stage: Stage, client: Cast):
    def scene() -> None:
        lines = dict(list(client.owes.items())[:2])
        payment = stage.pay(stage.at(7), client, "visa", lines)
        refund = RequestRefund(
            actor=ADMIN,
            request_id=stage.request(),
            payment_id=payment.payment_id,
            reason="Billed twice for filing fees",
            cents=min(max(payment.amount_cents // 10, 1), 50_000),
        )
        stage.at(6.5).money.request_refund(refund)

    return scene


def _on_account(stage: Stage, client: Cast):
    def scene() -> None:
        stage.pay(stage.at(4), client, "visa", {None: 150_000}, Source.PORTAL)

    return scene


def _news(stage: Stage, days_ago: float):
    def scene() -> None:
        stage.at(days_ago).money.settle(SettleUnknown(looks_back=True))

    return scene
