"""Before invoices are mailed again: who would get them, and what is missing?"""

from collections.abc import Callable
from dataclasses import dataclass

from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Principal
from portal.services.correspondence_ports import Correspondence, MailContact, MailInvoice
from portal.services.invoice_letter import reach_invoice
from portal.services.resend_invoices import MOST_INVOICES


@dataclass(frozen=True, kw_only=True)
class PrepareResend:
    """The request."""

    actor: Principal
    invoice_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ClientOffer:
    """What one client would be mailed. `without_pdf` are the numbers whose PDF never came."""

    client_id: str
    client_name: str
    invoices: tuple[MailInvoice, ...]
    contacts: tuple[MailContact, ...]
    without_pdf: tuple[str, ...]

    @property
    def readers(self) -> tuple[MailContact, ...]:
        """The contacts who receive invoices."""
        return tuple(one for one in self.contacts if one.receives_invoices)


@dataclass(frozen=True, kw_only=True)
class ResendOffer:
    """What would be mailed, client by client; `left_out` counts what is not, by reason."""

    clients: tuple[ClientOffer, ...]
    left_out: dict[str, int]


def prepare_resend(
    command: PrepareResend, *, correspondence: Correspondence, has_pdf: Callable[[str], bool]
) -> ResendOffer:
    """Look at invoices before they are mailed; nothing is sent.

    Raises: Denied; Invalid for too many.
    """
    if len(command.invoice_ids) > MOST_INVOICES:
        raise Invalid(f"{MOST_INVOICES} invoices are the most to mail at once.")
    left_out: dict[str, int] = {}
    by_client: dict[str, list[MailInvoice]] = {}
    for invoice_id in dict.fromkeys(command.invoice_ids):
        try:
            invoice = reach_invoice(command.actor, invoice_id, correspondence)
        except NotFound as problem:
            left_out[str(problem)] = left_out.get(str(problem), 0) + 1
            continue
        if invoice.open_cents <= 0:
            left_out["It is paid already."] = left_out.get("It is paid already.", 0) + 1
            continue
        by_client.setdefault(invoice.client_id, []).append(invoice)
    clients = tuple(
        ClientOffer(
            client_id=client_id,
            client_name=invoices[0].client_name,
            invoices=tuple(invoices),
            contacts=tuple(correspondence.contacts(client_id)),
            without_pdf=tuple(
                one.invoice_number for one in invoices if not has_pdf(one.invoice_id)
            ),
        )
        for client_id, invoices in by_client.items()
    )
    return ResendOffer(clients=clients, left_out=left_out)
