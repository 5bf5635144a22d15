"""Clients, as commands know them."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ClientCard:
    """What a command needs to know of a client: who looks after it, and whom to bill."""

    client_id: str
    client_number: str
    client_name: str
    partner_id: str | None = None
    manager_id: str | None = None
    client_group: str = ""
    """The family or group of companies it belongs to, as the practice management system says."""
    partner_email: str = ""
    responsible_name: str = ""
    responsible_email: str = ""
    billing_emails: tuple[str, ...] = ()
