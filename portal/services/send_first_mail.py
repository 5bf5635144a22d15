"""The first mail of an invoice: its PDF has come in, and it goes once to those who get bills."""

from dataclasses import dataclass

from portal.services.correspondence_ports import Correspondence
from portal.services.invoice_letter import for_invoices, invoice_letter
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class SendFirstMail:
    """The request. With `needs_review` the mail waits until a person lets it go."""

    invoice_id: str
    needs_review: bool = True


def send_first_mail(
    command: SendFirstMail, *, store: Store, clock: Clock, correspondence: Correspondence
) -> str | None:
    """Put the mail into the outbox. An invoice is mailed so once, however often its PDF comes.

    Returns: the letter's id; None for an invoice that is paid or unknown. A client without a
    contact for invoices leaves a letter without recipient, which Email delivery lists.
    """
    invoice = correspondence.invoice(command.invoice_id)
    if invoice is None or invoice.open_cents <= 0:
        return None
    people = for_invoices(correspondence.contacts(invoice.client_id))
    with store.unit_of_work() as uow:
        letter = invoice_letter(
            [invoice],
            people,
            dedupe_key=f"first:{invoice.invoice_id}",
            created_by="portal",
            needs_review=command.needs_review,
        )
        letter_id = uow.outbox.add(letter, at=clock())
        uow.commit()
    return letter_id
