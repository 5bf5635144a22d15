"""Change a staged statement before it goes: its recipients, its invoices, or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from portal.domain.errors import Invalid, NotFound
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.mail_addresses import MOST_RECIPIENTS, checked_address
from portal.domain.permissions import Permission, Principal
from portal.services.collection_access import checked_text, is_in_scope
from portal.services.ports import Clock, Store, UnitOfWork
from portal.services.statement_ports import Receivables, Statement, StatementState

People = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class EditStatement:
    """The request: everybody it goes to now, and the invoices it leaves out."""

    actor: Principal
    statement_id: str
    to_people: People
    cc_people: People = ()
    bcc_people: People = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DropStatement:
    """The request: this one is not sent."""

    actor: Principal
    statement_id: str
    reason: FreeText


def edit_statement(
    command: EditStatement, *, store: Store, receivables: Receivables, clock: Clock
) -> Statement:
    """Keep the changed statement in the queue.

    Raises: Denied; NotFound; Invalid for somebody who doesn't receive statements, for the
    invoice that called for it, and for a statement that is no longer staged.
    """
    with store.reading() as view:
        statement = reach_statement(view, command.actor, command.statement_id)
    found = receivables.accounts([statement.client_id])
    receiving = {one.email.casefold(): one.name for one in (found[0].recipients if found else ())}
    to_people = _checked(command.to_people)
    if not to_people:
        raise Invalid("A statement needs somebody to go to. Drop it instead.")
    for email, _ in to_people:
        if email.casefold() not in receiving:
            raise Invalid(f"{email} does not receive statements of this client.")
    if statement.reason_invoice_id in command.left_out:
        raise Invalid(
            f"Invoice {statement.reason_invoice_number} is why this statement is sent. "
            "Drop the statement instead."
        )
    changed = replace(
        statement,
        to_people=to_people,
        cc_people=_checked(command.cc_people),
        bcc_people=_checked(command.bcc_people),
        left_out=tuple(dict.fromkeys(command.left_out)),
    )
    people = len(to_people) + len(changed.cc_people) + len(changed.bcc_people)
    if people > MOST_RECIPIENTS:
        raise Invalid(f"A mail goes to at most {MOST_RECIPIENTS} people.")
    with store.unit_of_work() as uow:
        _change(uow, changed)
        _audit(uow, command.actor, "statement.edited", changed, clock)
        uow.commit()
    return changed


@without_card_numbers
def drop_statement(command: DropStatement, *, store: Store, clock: Clock) -> Statement:
    """Take a statement out of the queue, saying why.

    Raises: Denied; NotFound; Invalid without a reason, or when it is no longer staged.
    """
    reason = checked_text(command.reason, "why it is dropped")
    with store.unit_of_work() as uow:
        statement = reach_statement(uow, command.actor, command.statement_id)
        dropped = replace(
            statement,
            state=StatementState.DROPPED,
            detail=reason,
            decided_at=clock(),
            decided_by=command.actor.user_key,
        )
        _change(uow, dropped)
        _audit(uow, command.actor, "statement.dropped", dropped, clock)
        uow.commit()
    return dropped


def reach_statement(uow: UnitOfWork, actor: Principal, statement_id: str) -> Statement:
    """The statement, if this person may review it.

    Raises: Denied; NotFound.
    """
    actor.require(Permission.SEND_STATEMENTS)
    found = uow.statements.find(statement_id)
    if found is None or not is_in_scope(actor, found.partner_id, found.manager_id):
        raise NotFound("There is no such statement.")
    return found


def _change(uow: UnitOfWork, statement: Statement) -> None:
    if not uow.statements.change(statement, was=StatementState.STAGED):
        raise Invalid("This statement is no longer waiting for review.")


def _checked(people: Iterable[tuple[str, str]]) -> People:
    checked = {checked_address(email): " ".join(name.split()) for email, name in people}
    return tuple(checked.items())


def _audit(
    uow: UnitOfWork, actor: Principal, action: str, statement: Statement, clock: Clock
) -> None:
    uow.audit.append(
        at=clock(),
        actor=actor.user_key,
        action=action,
        subject=statement.client_id,
        detail={
            "statement": statement.statement_id,
            "to": [email for email, _ in statement.to_people],
            "cc": [email for email, _ in statement.cc_people],
            "bcc": [email for email, _ in statement.bcc_people],
            "left_out": list(statement.left_out),
            "reason": statement.detail,
        },
    )
