"""A statement of one client on demand: what is open, or what happened between two days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.account_activity import activity
from portal.domain.errors import Invalid
from portal.domain.mail_addresses import Recipient
from portal.domain.permissions import Permission, Principal
from portal.services.collection_access import reach_client
from portal.services.mail_ports import Attachment, DocumentKind, Letter, LetterKind
from portal.services.money_ports import ClientCard, ClientDirectory
from portal.services.ports import Clock, Store
from portal.services.statement_accounts import account_of
from portal.services.statement_letter import invoice_line, shown_invoices
from portal.services.statement_ports import Receivables


@dataclass(frozen=True, kw_only=True)
class StatementOnDemand:
    """The request: what is open (no days), or the activity from `first` to `last`."""

    actor: Principal
    client_id: str
    currency: str
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, kw_only=True)
class MailStatement(StatementOnDemand):
    """The request to mail it. Asked twice with one `request_id`, it goes out once."""

    request_id: str

    @property
    def dedupe_key(self) -> str:
        """What makes two requests one letter."""
        what = (self.request_id, self.client_id, self.currency, self.first, self.last)
        return "statement-on-demand:" + ":".join(str(one or "") for one in what)


def statement_facts(
    command: StatementOnDemand,
    *,
    store: Store,
    receivables: Receivables,
    directory: ClientDirectory,
    clock: Clock,
    today: Callable[[datetime], date],
    permission: Permission = Permission.VIEW_INVOICES,
) -> dict[str, object]:
    """The facts a statement is printed from.

    Raises: Denied; NotFound; Invalid for a period that ends before it begins.
    """
    card = reach_client(command.actor, command.client_id, directory, permission)
    day = today(clock())
    account = account_of(command.client_id, store, receivables)
    shown = shown_invoices(account, command.currency, ()) if account else []
    facts: dict[str, object] = {
        "client_name": card.client_name,
        "client_number": card.client_number,
        "currency": command.currency,
        "as_of": day.isoformat(),
        "open_cents": sum(one.owed_cents for one in shown),
        "overdue_cents": sum(one.owed_cents for one in shown if one.days_overdue(day) > 0),
        "unapplied_cents": account.credit_cents.get(command.currency, 0) if account else 0,
        "invoices": [invoice_line(one, day) for one in shown],
        "kind": "open_items",
    }
    if command.first is not None and command.last is not None:
        facts |= _activity(command, receivables, command.first, command.last)
    return facts


def mail_statement(
    command: MailStatement,
    *,
    store: Store,
    receivables: Receivables,
    directory: ClientDirectory,
    clock: Clock,
    today: Callable[[datetime], date],
) -> str:
    """Send it to the client's statement contacts, once. Returns: the letter's id.

    Raises: Denied; NotFound; Invalid where nobody receives statements.
    """
    facts = statement_facts(
        command,
        store=store,
        receivables=receivables,
        directory=directory,
        clock=clock,
        today=today,
        permission=Permission.SEND_STATEMENTS,
    )
    with store.reading() as view:
        if earlier := view.outbox.find_by_key(command.dedupe_key):
            return earlier.letter_id
    found = receivables.accounts([command.client_id])
    people = found[0].recipients if found else ()
    if not people:
        raise Invalid("No contact of this client receives statements, or nothing is open.")
    now = clock()
    card = directory.client(command.client_id)
    letter = Letter(
        kind=LetterKind.STATEMENT,
        dedupe_key=command.dedupe_key,
        recipients=tuple(Recipient(address=one.email, name=one.name) for one in people),
        facts={**facts, "statement": facts, **_responsible(card)},
        client_id=command.client_id,
        attachments=(
            Attachment(
                kind=DocumentKind.STATEMENT,
                key=command.client_id,
                file_name=f"Statement {facts['as_of']}.pdf",
            ),
        ),
        pay_scope=(),
        created_by=command.actor.user_key,
    )
    with store.unit_of_work() as uow:
        if earlier := uow.outbox.find_by_key(command.dedupe_key):
            return earlier.letter_id
        letter_id = uow.outbox.add(letter, at=now)
        uow.audit.append(
            at=now,
            actor=command.actor.user_key,
            action="statement.mailed_on_demand",
            subject=command.client_id,
            detail={"letter": letter_id, "to": [one.email for one in people]},
        )
        uow.commit()
    return letter_id


def _activity(
    command: StatementOnDemand, receivables: Receivables, first: date, last: date
) -> dict[str, object]:
    if first > last:
        raise Invalid("The period ends before it begins.")
    entries = receivables.entries(command.client_id, command.currency, last)
    found = activity(entries, first, last)
    return {
        "kind": "activity",
        "from": first.isoformat(),
        "to": last.isoformat(),
        "opening_cents": found.opening_cents,
        "closing_cents": found.closing_cents,
        "entries": [
            {
                "date": one.day.isoformat(),
                "text": one.text,
                "charge_cents": max(one.cents, 0),
                "credit_cents": max(-one.cents, 0),
                "balance_cents": balance,
            }
            for one, balance in found.lines
        ],
    }


def _responsible(card: ClientCard | None) -> dict[str, str]:
    if card is None:
        return {}
    return {
        "responsible_name": card.responsible_name,
        "responsible_email": card.responsible_email,
    }
