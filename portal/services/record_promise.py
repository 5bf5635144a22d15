"""Note that a client promised to pay an amount by a day. Payments keep it, or nothing does."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.domain.errors import Invalid
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.permissions import Principal
from portal.domain.promises import Promised, counted
from portal.services.add_note import mark_of
from portal.services.collection_access import checked_day, checked_text, reach_client
from portal.services.collections_ports import Promise, PromiseState
from portal.services.money_ports import ClientDirectory
from portal.services.ports import Clock, Store, UnitOfWork
from portal.services.statement_ports import Receivables


@dataclass(frozen=True, kw_only=True)
class RecordPromise:
    """The request. Without an invoice any payment of the client counts."""

    actor: Principal
    client_id: str
    amount_cents: int
    promised_on: date
    currency: str
    invoice_id: str | None = None
    invoice_number: str | None = None
    note: FreeText = ""


@dataclass(frozen=True, kw_only=True)
class PromiseMaker:
    """Who notes a promise: somebody of the firm, or the payer."""

    key: str
    name: str
    source: str = "staff"


@without_card_numbers
def record_promise(
    command: RecordPromise,
    *,
    store: Store,
    directory: ClientDirectory,
    receivables: Receivables,
    clock: Clock,
    today: Callable[[datetime], date],
) -> Promise:
    """Keep a promise. Until its day and the grace days are over nobody chases what it is about.

    Raises: Denied; NotFound; Invalid for an amount or a day that makes no promise.
    """
    reach_client(command.actor, command.client_id, directory)
    now = clock()
    day = today(now)
    checked_day(command.promised_on, day, "The promised day")
    if command.amount_cents <= 0:
        raise Invalid("A promise is about an amount above zero.")
    note = checked_text(command.note, "what was said") if command.note.strip() else ""
    known = known_payments(
        receivables, command.client_id, command.currency, command.invoice_id, day
    )
    maker = PromiseMaker(key=command.actor.user_key, name=command.actor.full_name)
    with store.unit_of_work() as uow:
        promise = new_promise(uow, replace(command, note=note), maker, known, now, day)
        uow.commit()
    return promise


def known_payments(
    receivables: Receivables, client_id: str, currency: str, invoice_id: str | None, day: date
) -> int:
    """What was paid on the day of a promise before it was made: it keeps nothing."""
    asked = Promised(
        promise_id="",
        currency=currency,
        amount_cents=1,
        made_on=day,
        promised_on=day,
        grace_days=0,
        invoice_id=invoice_id,
    )
    payments = receivables.payments([client_id], day).get(client_id, [])
    return max(counted(asked, payments), 0)


def new_promise(
    uow: UnitOfWork,
    command: RecordPromise,
    maker: PromiseMaker,
    known_cents: int,
    now: datetime,
    day: date,
) -> Promise:
    """Add a checked promise within a transaction; the client counts as contacted."""
    promise = Promise(
        promise_id=uuid.uuid4().hex,
        client_id=command.client_id,
        invoice_id=command.invoice_id,
        invoice_number=command.invoice_number,
        currency=command.currency,
        amount_cents=command.amount_cents,
        made_on=day,
        promised_on=command.promised_on,
        grace_days=uow.rules.current().rules.grace_days,
        known_cents=known_cents,
        state=PromiseState.OPEN,
        note=command.note,
        source=maker.source,
        made_by=maker.key,
        made_by_name=maker.name,
        made_at=now,
    )
    uow.promises.add(promise)
    mark = mark_of(uow, command.client_id, now)
    uow.marks.save(replace(mark, last_contact_on=day, updated_at=now))
    return promise
