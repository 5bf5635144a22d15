"""A staged statement's letter as it would leave now: what the preview shows is what is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.errors import NotFound
from portal.domain.permissions import Principal
from portal.services.change_statement import reach_statement
from portal.services.mail_ports import LetterState, StoredLetter
from portal.services.ports import Clock, Store
from portal.services.statement_accounts import account_of
from portal.services.statement_letter import Sender, statement_letter
from portal.services.statement_ports import Receivables


@dataclass(frozen=True, kw_only=True)
class PreviewStatement:
    """The request."""

    actor: Principal
    statement_id: str


def preview_statement(
    command: PreviewStatement,
    *,
    store: Store,
    receivables: Receivables,
    sender: Sender,
    clock: Clock,
    today: Callable[[datetime], date],
) -> StoredLetter:
    """Make the letter without putting it into the outbox.

    Raises: Denied; NotFound when there is nothing open any more.
    """
    now = clock()
    with store.reading() as view:
        statement = reach_statement(view, command.actor, command.statement_id)
        rules = view.rules.current().rules
        message = rules.messages.get(statement.message)
    account = account_of(statement.client_id, store, receivables)
    if account is None or message is None:
        raise NotFound("There is nothing to show: everything was paid meanwhile.")
    return StoredLetter(
        letter_id=statement.statement_id,
        seq=0,
        letter=statement_letter(
            statement, account, message, sender, today(now), with_invoices=rules.attach_invoices
        ),
        state=LetterState.REVIEW,
        message_id=f"preview.{statement.statement_id}",
        created_at=now,
    )
