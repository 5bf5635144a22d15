"""Mail unpaid invoices again: one mail a client, with the PDFs and the button to pay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain.errors import Invalid, NotFound
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.mail_addresses import Recipient, checked_recipients
from portal.domain.permissions import Permission, Principal
from portal.services.correspondence_ports import Correspondence, MailInvoice
from portal.services.invoice_letter import for_invoices, invoice_letter, reach_invoice
from portal.services.ports import Clock, Store, UnitOfWork

MOST_INVOICES = 500
LONGEST_MESSAGE = 2_000


@dataclass(frozen=True, kw_only=True)
class ResendInvoices:
    """The request. `request_id` is minted when the form opens: sent twice it mails once.

    Without `recipients` each client's contacts for invoices get the mail; with them all
    invoices must be of one client. `new_addresses` are those among them that the person has
    confirmed although no contact of the client has them.
    """

    actor: Principal
    request_id: str
    invoice_ids: tuple[str, ...]
    recipients: tuple[Recipient, ...] | None = None
    new_addresses: tuple[str, ...] = ()
    message: FreeText = ""


@dataclass(frozen=True, kw_only=True)
class InvoiceResent:
    """What became of one invoice: mailed by `letter_id` to `sent_to`, or refused and why."""

    invoice_id: str
    invoice_number: str = ""
    client_name: str = ""
    letter_id: str | None = None
    sent_to: tuple[str, ...] = ()
    refused: str = ""


@without_card_numbers
def resend_invoices(
    command: ResendInvoices, *, store: Store, clock: Clock, correspondence: Correspondence
) -> list[InvoiceResent]:
    """Put the mails into the outbox, audited. Returns: a result for each invoice, in order.

    Raises: Denied; Invalid for bad addresses, ones nobody confirmed, or too many invoices.
    """
    command.actor.require(Permission.RESEND_INVOICE)
    if not command.request_id or not command.invoice_ids:
        raise Invalid("Choose at least one invoice.")
    if len(command.invoice_ids) > MOST_INVOICES:
        raise Invalid(f"{MOST_INVOICES} invoices are the most to mail at once.")
    message = checked_message(command.message)
    results: dict[str, InvoiceResent] = {}
    groups = _payable_by_client(command, store, correspondence, results)
    if command.recipients is not None and len(groups) > 1:
        raise Invalid("Addresses can be chosen only for invoices of one client.")
    for (client_id, currency), invoices in groups.items():
        people, new = _people(command, client_id, correspondence)
        key = f"resend:{command.request_id}:{client_id}:{currency}"
        _mail(command, store, clock(), invoices, people, new, key, message, results)
    return [results[invoice_id] for invoice_id in dict.fromkeys(command.invoice_ids)]


def checked_message(written: str) -> str:
    """A message as it is mailed.

    Raises: Invalid when it is too long.
    """
    message = written.strip()
    if len(message) > LONGEST_MESSAGE:
        raise Invalid(f"Keep the message to {LONGEST_MESSAGE:,} characters.")
    return message


def _payable_by_client(
    command: ResendInvoices,
    store: Store,
    correspondence: Correspondence,
    results: dict[str, InvoiceResent],
) -> Mapping[tuple[str, str], Sequence[MailInvoice]]:
    """The invoices that can be mailed, by client and currency; the others get their refusal."""
    with store.reading() as view:
        pending = view.balances.pending(command.invoice_ids)
    groups: dict[tuple[str, str], list[MailInvoice]] = {}
    for invoice_id in dict.fromkeys(command.invoice_ids):
        try:
            invoice = reach_invoice(command.actor, invoice_id, correspondence)
        except NotFound as problem:
            results[invoice_id] = InvoiceResent(invoice_id=invoice_id, refused=str(problem))
            continue
        if invoice.open_cents - pending.get(invoice_id, 0) <= 0:
            why = "It is paid already." if not invoice.open_cents else "Its payment is on its way."
            results[invoice_id] = _result(invoice, refused=why)
            continue
        groups.setdefault((invoice.client_id, invoice.currency), []).append(invoice)
    return groups


def _people(
    command: ResendInvoices, client_id: str, correspondence: Correspondence
) -> tuple[tuple[Recipient, ...], tuple[str, ...]]:
    """Who gets a client's mail, and which of the addresses no contact of the client has."""
    contacts = correspondence.contacts(client_id)
    if command.recipients is None:
        return for_invoices(contacts), ()
    people = checked_recipients(command.recipients)
    known = {one.email.casefold() for one in contacts}
    new = tuple(one.address for one in people if one.address.casefold() not in known)
    confirmed = {one.strip().casefold() for one in command.new_addresses}
    unconfirmed = [address for address in new if address.casefold() not in confirmed]
    if unconfirmed:
        raise Invalid(
            f"{', '.join(unconfirmed)} is no contact of this client. "
            "Confirm that the invoice may go there."
        )
    return people, new


def _mail(
    command: ResendInvoices,
    store: Store,
    now: datetime,
    invoices: Sequence[MailInvoice],
    people: tuple[Recipient, ...],
    new: tuple[str, ...],
    key: str,
    message: str,
    results: dict[str, InvoiceResent],
) -> None:
    if not people:
        why = "This client has no contact who receives invoices."
        results.update({one.invoice_id: _result(one, refused=why) for one in invoices})
        return
    with store.unit_of_work() as uow:
        pending = uow.balances.pending([one.invoice_id for one in invoices])
        letter = invoice_letter(
            invoices,
            people,
            dedupe_key=key,
            created_by=command.actor.user_key,
            message=message,
            pending=pending,
        )
        is_again = uow.outbox.find_by_key(key) is not None
        letter_id = uow.outbox.add(letter, at=now)
        if not is_again:
            _audit(uow, command, invoices, letter_id, people, new, now)
        uow.commit()
    sent_to = tuple(one.address for one in people)
    for one in invoices:
        results[one.invoice_id] = _result(one, letter_id=letter_id, sent_to=sent_to)


def _audit(
    uow: UnitOfWork,
    command: ResendInvoices,
    invoices: Sequence[MailInvoice],
    letter_id: str,
    people: Sequence[Recipient],
    new: Sequence[str],
    now: datetime,
) -> None:
    uow.audit.append(
        at=now,
        actor=command.actor.user_key,
        action="invoice.resent",
        subject=invoices[0].client_id,
        detail={
            "letter": letter_id,
            "invoices": [one.invoice_id for one in invoices],
            "to": [one.address for one in people],
            "new_addresses": list(new),
        },
    )


def _result(
    invoice: MailInvoice,
    *,
    letter_id: str | None = None,
    sent_to: tuple[str, ...] = (),
    refused: str = "",
) -> InvoiceResent:
    return InvoiceResent(
        invoice_id=invoice.invoice_id,
        invoice_number=invoice.invoice_number,
        client_name=invoice.client_name,
        letter_id=letter_id,
        sent_to=sent_to,
        refused=refused,
    )
