"""Take over the gateway's payouts with their lines, each once."""

from dataclasses import dataclass
from datetime import date

from portal.services.gateway import Gateway, GatewayPayout
from portal.services.gateway_states import LineKind
from portal.services.payment_steps import raise_exception
from portal.services.payout_ports import Payout, PayoutLine, line_subject
from portal.services.ports import Clock, Store, UnitOfWork


@dataclass(frozen=True, kw_only=True)
class RecordPayouts:
    """The request: payouts of this day and later."""

    since: date


def record_payouts(command: RecordPayouts, *, store: Store, gateway: Gateway, clock: Clock) -> int:
    """Keep the payouts not known yet; a line nobody here knows goes into the queue.

    Returns: how many were new. Raises: GatewayUnsure.
    """
    found = gateway.payouts(command.since)
    new = 0
    with store.unit_of_work() as uow:
        for payout in found:
            if uow.payouts.find_by_ref(payout.ref) is not None:
                continue
            _keep(uow, payout, gateway.name, clock)
            new += 1
        uow.commit()
    return new


def _keep(uow: UnitOfWork, payout: GatewayPayout, gateway: str, clock: Clock) -> None:
    now = clock()
    lines = []
    for number, line in enumerate(payout.lines, start=1):
        payment = uow.payments.find_by_ref(line.payment_ref) if line.payment_ref else None
        refund = uow.refunds.find_by_ref(line.refund_ref) if line.refund_ref else None
        is_of_payment = line.payment_ref is not None or line.kind is not LineKind.FEE
        if is_of_payment and payment is None:
            raise_exception(
                uow, "unknown_payout_line", line_subject(payout.ref, number), at=now,
                detail={"gateway_ref": line.payment_ref, "net_cents": line.net_cents},
            )  # fmt: skip
        lines.append(
            PayoutLine(
                payout_id=payout.ref,
                line_no=number,
                kind=line.kind,
                payment_id=payment.payment_id if payment else None,
                refund_id=refund.refund_id if refund else None,
                gross_cents=line.gross_cents,
                fee_cents=line.fee_cents,
                net_cents=line.net_cents,
            )
        )
    uow.payouts.add(
        Payout(
            payout_id=payout.ref,
            gateway=gateway,
            gateway_ref=payout.ref,
            paid_date=payout.paid_date,
            currency=payout.currency,
            amount_cents=payout.amount_cents,
            fee_cents=sum(line.fee_cents for line in payout.lines),
        ),
        lines,
    )
