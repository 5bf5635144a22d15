"""Invoices and people at clients, as writing to them needs them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class MailInvoice:
    """An invoice as a mail about it needs it."""

    invoice_id: str
    invoice_number: str
    client_id: str
    client_name: str
    client_number: str
    currency: str
    open_cents: int
    invoice_date: date | None
    due_date: date | None
    partner_id: str | None
    manager_id: str | None
    responsible_name: str
    responsible_email: str


@dataclass(frozen=True, kw_only=True)
class MailContact:
    """Somebody at a client who can be written to."""

    full_name: str
    email: str
    receives_invoices: bool
    receives_statements: bool
