"""Send a staged statement; what was paid, promised or disputed since is not chased any more."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.domain.collection_rules import Basis, CollectionRules, Mode, PartnerCopy, Trigger
from portal.domain.errors import Invalid
from portal.domain.permissions import Principal
from portal.domain.statement_days import IsHoliday, leaves_on, run_time
from portal.domain.statements import Account, reconsider
from portal.domain.suppression import Suppressed
from portal.failpoints import failpoint
from portal.services.change_statement import reach_statement
from portal.services.mail_ports import Letter
from portal.services.ports import Clock, Store
from portal.services.statement_accounts import account_of
from portal.services.statement_letter import Sender, statement_letter
from portal.services.statement_ports import (
    Receivables,
    RulesVersion,
    Statement,
    StatementState,
)


@dataclass(frozen=True, kw_only=True)
class SendStatement:
    """The request."""

    actor: Principal
    statement_id: str


def send_statement(
    command: SendStatement,
    *,
    store: Store,
    receivables: Receivables,
    sender: Sender,
    clock: Clock,
    today: Callable[[datetime], date],
    timezone: ZoneInfo,
    is_federal_holiday: IsHoliday,
) -> Statement:
    """Put the statement into the outbox, or suppress it for what happened meanwhile.

    On a holiday it waits there for the next run day: nobody is mailed on a holiday.
    Returns: the statement as it is now, sent or suppressed; its detail says why.
    Raises: Denied; NotFound; Invalid when it is no longer staged.
    """
    now = clock()
    day = today(now)
    with store.reading() as view:
        statement = reach_statement(view, command.actor, command.statement_id)
        rules = view.rules.current()
    account = account_of(statement.client_id, store, receivables)
    if account is not None:
        account = _as_reviewed(account, statement)
    reason = _meanwhile(account, statement, rules, day)
    leaving = leaves_on(day, rules.rules, is_federal_holiday)
    done = replace(
        statement,
        state=StatementState.SUPPRESSED if reason else StatementState.SENT,
        suppressed_by=reason[0].value if reason else None,
        detail=reason[1] if reason else "",
        decided_at=now,
        decided_by=command.actor.user_key,
        sent_on=None if reason else leaving,
    )
    with store.unit_of_work() as uow:
        if not uow.statements.change(done, was=StatementState.STAGED):
            raise Invalid("This statement is no longer waiting for review.")
        if reason is None and account is not None:
            letter = _letter(done, account, rules.rules, sender, day)
            waits = run_time(leaving, rules.rules, timezone) if leaving > day else None
            letter_id = uow.outbox.add(letter, at=now, not_before=waits)
            uow.statements.change(replace(done, letter_id=letter_id), was=StatementState.SENT)
        uow.audit.append(
            at=now,
            actor=command.actor.user_key,
            action=f"statement.{done.state}",
            subject=statement.client_id,
            detail={"statement": statement.statement_id, "reason": done.detail},
        )
        failpoint("statements.send_written")
        uow.commit()
    failpoint("statements.send_durable")
    return done


def _letter(
    statement: Statement, account: Account, rules: CollectionRules, sender: Sender, day: date
) -> Letter:
    message = rules.messages.get(statement.message)
    if message is None:
        raise Invalid("The message of this statement was removed. Drop the statement.")
    with_invoices = rules.attach_invoices
    return statement_letter(statement, account, message, sender, day, with_invoices=with_invoices)


def _as_reviewed(account: Account, statement: Statement) -> Account:
    """The account without what was taken off the statement; the statement itself is no obstacle."""
    kept = tuple(one for one in account.invoices if one.invoice_id not in statement.left_out)
    return replace(account, invoices=kept, is_waiting=False)


def _meanwhile(
    account: Account | None, statement: Statement, rules: RulesVersion, day: date
) -> tuple[Suppressed, str] | None:
    """Why it should not be sent any more; None if it should."""
    invoice = next(
        (
            one
            for one in (account.invoices if account else ())
            if one.invoice_id == statement.reason_invoice_id
        ),
        None,
    )
    if account is None or invoice is None:
        return Suppressed.PAID, f"Invoice {statement.reason_invoice_number} was paid meanwhile."
    decision = reconsider(account, trigger_of(statement), invoice, day, rules.rules)
    return None if decision.suppressed is None else (decision.suppressed, decision.detail)


def trigger_of(statement: Statement) -> Trigger:
    """The trigger a statement was made by, as it was on that day."""
    basis, _, days = statement.trigger_key.partition("-")
    copy = PartnerCopy.CC if statement.cc_people else PartnerCopy.NONE
    return Trigger(
        days=int(days),
        basis=Basis(basis),
        message=statement.message,
        mode=Mode(statement.mode),
        partner=PartnerCopy.BCC if statement.bcc_people else copy,
    )
