"""The parts of the portal that a firm, or a group of its people, can be without."""

from collections.abc import Mapping
from types import MappingProxyType

MODULES: Mapping[str, str] = MappingProxyType(
    {
        "clients": "clients and their groups",
        "invoices": "invoices",
        "payments": "payments, plans, portal users, reconciliation",
        "collections": "worklist, statements, aging, write-off requests",
        "quick_links": "quick payment links",
        "engagements": "engagements of a client",
        "email_delivery": "what became of each mail",
    }
)
"""Their names in firm.toml, and what goes with each."""
