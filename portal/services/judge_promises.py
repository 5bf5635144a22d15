"""Keep or break promises by the payments that came in; run after refreshes and once a morning."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from portal.domain.promises import Payment, Promised, judge
from portal.services.collections_ports import Promise, PromiseState
from portal.services.ports import Clock, Store
from portal.services.statement_ports import Receivables

JUDGED_DAYS = 120
"""A promise made longer ago is final, except one that is still open."""
ACTOR = "portal"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What a look at the promises changed."""

    kept: int = 0
    broken: int = 0
    reopened: int = 0


def judge_promises(
    *,
    store: Store,
    receivables: Receivables,
    clock: Clock,
    today: Callable[[datetime], date],
    may_break: bool = True,
) -> Judged:
    """Compare promises with the payments known now. Doing it twice changes nothing more.

    Without `may_break` none is called broken: what is known may not be all that was paid.
    """
    now = clock()
    day = today(now)
    with store.reading() as view:
        promises = view.promises.to_judge(day - timedelta(days=JUDGED_DAYS))
    if not promises:
        return Judged()
    since = min(promise.made_on for promise in promises)
    payments = receivables.payments({one.client_id for one in promises}, since)
    changed = [
        one
        for client_id in sorted({one.client_id for one in promises})
        for one in _judged(
            [one for one in promises if one.client_id == client_id],
            payments.get(client_id, []),
            day,
            now,
        )
    ]
    if not may_break:
        changed = [one for one in changed if one.state is not PromiseState.BROKEN]
    if changed:
        _save(changed, store, now)
    return Judged(
        kept=_count(changed, PromiseState.KEPT),
        broken=_count(changed, PromiseState.BROKEN),
        reopened=_count(changed, PromiseState.OPEN),
    )


def _judged(
    promises: list[Promise], payments: list[Payment], day: date, now: datetime
) -> Iterable[Promise]:
    """The client's promises whose state or received amount is another one now."""
    verdicts = judge([_asked(one) for one in promises], payments, day)
    for promise, verdict in zip(promises, verdicts, strict=True):
        if (promise.state, promise.received_cents) != (verdict.state, verdict.received_cents):
            has_turned = promise.state is not verdict.state
            yield replace(
                promise,
                state=verdict.state,
                received_cents=verdict.received_cents,
                decided_at=now if has_turned else promise.decided_at,
            )


def _asked(promise: Promise) -> Promised:
    return Promised(
        promise_id=promise.promise_id,
        currency=promise.currency,
        amount_cents=promise.amount_cents,
        made_on=promise.made_on,
        promised_on=promise.promised_on,
        grace_days=promise.grace_days,
        invoice_id=promise.invoice_id,
        known_cents=promise.known_cents,
    )


def _save(changed: list[Promise], store: Store, now: datetime) -> None:
    with store.unit_of_work() as uow:
        for promise in changed:
            current = uow.promises.find(promise.promise_id)
            # Somebody may have withdrawn it while the payments were read.
            if current is None or current.state is PromiseState.WITHDRAWN:
                continue
            uow.promises.save(promise)
            if current.state is not promise.state:
                uow.audit.append(
                    at=now,
                    actor=ACTOR,
                    action=f"promise.{promise.state}",
                    subject=promise.client_id,
                    detail={
                        "promise": promise.promise_id,
                        "amount_cents": promise.amount_cents,
                        "received_cents": promise.received_cents,
                    },
                )
        uow.commit()


def _count(changed: list[Promise], state: PromiseState) -> int:
    return sum(one.decided_at is not None and one.state is state for one in changed)
