"""Take over what a warehouse version says is open, and which portal payments the PMS shows.

Called by the refresh after its commit; one store transaction, so that a money command sees
either the old version or the new one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.failpoints import failpoint
from portal.services.money_ports import OpenBalance
from portal.services.payment_steps import raise_exception
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class RecordBalances:
    """The request. With `is_full` the balances replace all; else they change some.

    `posted_cents`: payment ID -> what the PMS's receipts with it come to, refunds taken off.
    `posted_refunds`: payment IDs of refund lines that the PMS shows.
    """

    version: int
    balances: Sequence[OpenBalance]
    is_full: bool = True
    gone: Sequence[str] = ()
    posted_cents: Mapping[str, int] = field(default_factory=dict)
    posted_refunds: Sequence[str] = ()


def record_balances(command: RecordBalances, *, store: Store, clock: Clock) -> int:
    """Keep them. An older version than the kept one changes nothing.

    Returns: how many invoices do not fit what was paid on them; each is in the queue.
    """
    now = clock()
    with store.unit_of_work() as uow:
        uow.payments.serialize()
        kept = uow.balances.version()
        if kept is not None and kept > command.version and not command.is_full:
            return 0
        if command.is_full:
            uow.balances.replace_all(command.balances, command.version, now)
        else:
            uow.balances.put(command.balances)
            uow.balances.drop(command.gone)
            uow.balances.set_version(command.version, now)
        uow.balances.mark_posted(command.posted_cents)
        uow.balances.mark_refunds_posted(command.posted_refunds)
        failpoint("balances.written")
        touched = [one.invoice_id for one in command.balances] + list(command.gone)
        misfits = uow.balances.misfits(None if command.is_full else touched)
        for misfit in misfits:
            kind = "invoice_gone" if misfit.open_cents is None else "invoice_overpaid"
            raise_exception(
                uow, kind, misfit.invoice_id, at=now,
                detail={
                    "invoice_number": misfit.invoice_number,
                    "open_cents": misfit.open_cents,
                    "pending_cents": misfit.pending_cents,
                },
            )  # fmt: skip
        uow.commit()
    failpoint("balances.durable")
    return len(misfits)
