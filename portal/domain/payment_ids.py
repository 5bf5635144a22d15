"""Payment IDs: `PI-0111-0011`, the action and the line of it that the PMS receipt carries.

The first part is shared by all lines of one payer action; the second is unique in the firm.
"""

import re
from dataclasses import dataclass

from portal.domain.errors import Invalid

_LINE = re.compile(r"PI-(\d{4,})-(\d{4,})", re.ASCII)


@dataclass(frozen=True, order=True)
class PaymentId:
    """One line of one action."""

    action: int
    item: int

    def __str__(self) -> str:
        return f"{action_id(self.action)}-{self.item:04d}"


def action_id(action: int) -> str:
    """What names a whole payment or refund: `PI-0111`."""
    return f"PI-{action:04d}"


def parse_payment_id(text: str) -> PaymentId:
    """Read a payment ID as somebody typed it or a PMS receipt carries it.

    Raises: Invalid.
    """
    found = _LINE.fullmatch(text.strip().upper())
    if not found:
        raise Invalid("A payment ID looks like PI-0111-0011.")
    return PaymentId(int(found[1]), int(found[2]))
