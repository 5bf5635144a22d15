"""Close a payout: its lines have been compared with the books, and it stays as it is."""

from dataclasses import dataclass, replace

from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Permission, Principal
from portal.services.payout_ports import Payout, PayoutLine, line_subject
from portal.services.ports import Clock, Store, UnitOfWork


@dataclass(frozen=True, kw_only=True)
class ClosePayout:
    """The request."""

    actor: Principal
    payout_id: str


def close_payout(command: ClosePayout, *, store: Store, clock: Clock) -> Payout:
    """Lock a payout whose lines add up and are all known here, or explained by a person.

    Raises: Denied; NotFound; Invalid when it is closed already or something is unexplained.
    """
    command.actor.require(Permission.RECONCILE)
    with store.unit_of_work() as uow:
        payout = uow.payouts.find(command.payout_id)
        if payout is None:
            raise NotFound("There is no such payout.")
        if payout.state == "closed":
            raise Invalid("This payout is closed already.")
        lines = uow.payouts.lines(payout.payout_id)
        if sum(line.net_cents for line in lines) != payout.amount_cents:
            raise Invalid("The lines of this payout do not add up to what arrived: explain first.")
        if not all(_is_explained(uow, payout, line) for line in lines):
            raise Invalid(
                "A line of this payout belongs to no payment here: resolve its exception first."
            )
        done = replace(payout, state="closed", closed_by=command.actor.user_key, closed_at=clock())
        uow.payouts.save(done)
        uow.audit.append(
            at=clock(), actor=command.actor.user_key, action="payout.closed",
            subject=payout.payout_id, detail={"amount_cents": payout.amount_cents},
        )  # fmt: skip
        uow.commit()
    return done


def _is_explained(uow: UnitOfWork, payout: Payout, line: PayoutLine) -> bool:
    """Whether the line is a payment's, the gateway's own fee, or somebody said what it is."""
    if line.kind == "fee" or line.payment_id is not None:
        return True
    known_as = ("unknown_payout_line", line_subject(payout.gateway_ref, line.line_no))
    return uow.exceptions.has_been(*known_as) and uow.exceptions.open_on(*known_as) is None
