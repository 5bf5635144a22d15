"""The day's run: decide about every client whose invoice reached an age, stage or send.

It may be killed at any moment and run again, by two schedulers at once, with a clock that went
back: each client is decided about once a day, and a letter is in the outbox in the same
transaction as the statement that says so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from portal.domain.forecast import in_order, is_automatic
from portal.domain.statement_days import IsHoliday, Window, is_run_day, run_time, window_of
from portal.domain.statements import Addressee, Decision, decide
from portal.failpoints import failpoint
from portal.services.ports import Store, UnitOfWork
from portal.services.statement_accounts import accounts_reaching
from portal.services.statement_letter import Sender, statement_letter
from portal.services.statement_ports import (
    Receivables,
    RulesVersion,
    Statement,
    StatementRun,
    StatementState,
)

BATCH = 200
"""Decisions a transaction: a crash loses no more than these, and the next try makes them again."""
ACTOR = "portal"
Guard = Callable[[UnitOfWork], None]
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class FirmDay:
    """The firm's calendar at the moment of a run."""

    now: datetime
    day: date
    timezone: object
    is_federal_holiday: IsHoliday


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """What a call did; `run` is None if there was nothing to do, and `why` says so."""

    run: StatementRun | None
    why: str = ""


def run_statements(
    firm_day: FirmDay,
    *,
    store: Store,
    receivables: Receivables,
    sender: Sender,
    guard: Guard = lambda uow: None,
) -> RunResult:
    """Make the run of the day, or what is left of it."""
    begun = _begin(firm_day, store, guard)
    if begun.run is None or begun.run.state == "done":
        return begun
    run = begun.run
    with store.reading() as view:
        rules = view.rules.find(run.rules_version)
        decided = view.statements.decided_since(run.after_day)
    failpoint("statements.begun")
    decisions = _decisions(run, rules, decided, store, receivables)
    for some in batches(decisions, BATCH):
        with store.unit_of_work() as uow:
            guard(uow)
            _keep(uow, some, run, rules, firm_day.now, sender)
            failpoint("statements.batch_written")
            uow.commit()
        failpoint("statements.batch_durable")
    with store.unit_of_work() as uow:
        guard(uow)
        done = uow.statements.finish_run(run.run_day, firm_day.now)
        uow.audit.append(
            at=firm_day.now,
            actor=ACTOR,
            action="statements.run",
            subject=run.run_day.isoformat(),
            detail={"staged": done.staged, "sent": done.sent, "suppressed": done.suppressed},
        )
        failpoint("statements.counted")
        uow.commit()
    failpoint("statements.done")
    return RunResult(run=done)


def _decisions(
    run: StatementRun,
    rules: RulesVersion,
    decided: Mapping[str, date],
    store: Store,
    receivables: Receivables,
) -> list[Decision]:
    """What to do about each client that this run has not decided about yet.

    A run that broke off on an earlier day has answered to some clients for the ages up to it.
    """
    window = Window(after=run.after_day, day=run.run_day)
    accounts = accounts_reaching([window], rules.rules, store, receivables)
    made = (
        decide(one, replace(window, after=decided.get(one.client_id, run.after_day)), rules.rules)
        for one in accounts
        if decided.get(one.client_id) != run.run_day
    )
    return in_order([one for one in made if one is not None])


def _begin(firm_day: FirmDay, store: Store, guard: Guard) -> RunResult:
    """Open the day's run, or find the one that was begun; say why there is none."""
    day = firm_day.day
    with store.unit_of_work() as uow:
        guard(uow)
        uow.statements.serialize()
        current = uow.rules.current()
        begun = uow.statements.run(day)
        if begun is not None:
            return RunResult(run=begun)
        if why := _no_run(firm_day, current, uow.statements.last_run()):
            return RunResult(run=None, why=why)
        answered = uow.statements.answered_until()
        window = window_of(day, answered, current.rules, firm_day.is_federal_holiday)
        run = StatementRun(
            run_day=day,
            after_day=window.after,
            rules_version=current.version,
            started_at=firm_day.now,
        )
        uow.statements.save_run(run)
        uow.commit()
    return RunResult(run=run)


def _no_run(firm_day: FirmDay, current: RulesVersion, last: StatementRun | None) -> str:
    rules = current.rules
    if not rules.is_on:
        return "Statements are switched off."
    if not is_run_day(firm_day.day, rules, firm_day.is_federal_holiday):
        return "Today is a weekend or a holiday."
    if firm_day.now < run_time(firm_day.day, rules, firm_day.timezone):  # type: ignore[arg-type]
        return f"Today's statements are staged at {rules.send_at:%H:%M}."
    if last is not None and last.run_day > firm_day.day:
        return "A later day's run was made already; the clock seems to have gone back."
    return ""


def _keep(
    uow: UnitOfWork,
    decisions: Sequence[Decision],
    run: StatementRun,
    rules: RulesVersion,
    now: datetime,
    sender: Sender,
) -> None:
    made = [as_statement(one, run.run_day, rules, now) for one in decisions]
    # A second runner finds the client decided, and must not write again.
    kept = uow.statements.add(made)
    letters = {
        statement.statement_id: uow.outbox.add(
            statement_letter(
                statement,
                decision.account,
                rules.rules.message_of(decision.trigger),
                sender,
                run.run_day,
                with_invoices=rules.rules.attach_invoices,
            ),
            at=now,
        )
        for statement, decision in zip(made, decisions, strict=True)
        if statement.statement_id in kept and is_automatic(decision)
    }
    uow.statements.note_letters(letters)


def as_statement(
    decision: Decision, run_day: date, rules: RulesVersion, now: datetime
) -> Statement:
    """A decision as it is kept: staged, sent or suppressed."""
    account = decision.account
    goes_out = is_automatic(decision)
    state = StatementState.SENT if goes_out else StatementState.STAGED
    return Statement(
        statement_id=f"ST-{run_day:%Y%m%d}-{account.client_id}",
        run_day=run_day,
        client_id=account.client_id,
        client_number=account.client_number,
        client_name=account.client_name,
        partner_id=account.partner_id,
        manager_id=account.manager_id,
        state=state if decision.is_sent else StatementState.SUPPRESSED,
        trigger_key=decision.trigger.key,
        trigger_label=decision.trigger.label,
        message=decision.trigger.message,
        mode=decision.trigger.mode.value,
        reason_invoice_id=decision.invoice.invoice_id,
        reason_invoice_number=decision.invoice.invoice_number,
        currency=decision.currency,
        open_cents=decision.open_cents,
        oldest_days=decision.oldest_days,
        suppressed_by=decision.suppressed.value if decision.suppressed else None,
        detail=decision.detail,
        to_people=_people(decision.to),
        cc_people=_people(decision.cc),
        bcc_people=_people(decision.bcc),
        rules_version=rules.version,
        created_at=now,
        decided_at=now if goes_out else None,
        decided_by=ACTOR if goes_out else None,
        sent_on=run_day if goes_out else None,
    )


def _people(people: Iterable[Addressee]) -> tuple[tuple[str, str], ...]:
    return tuple((one.email, one.name) for one in people)


def batches(rows: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    """Rows in parts of one size."""
    for first in range(0, len(rows), size):
        yield rows[first : first + size]
