"""Money is whole cents. How do they become text a person reads, and how does text become cents?"""

import re
from decimal import ROUND_HALF_UP, Decimal

from portal.domain.errors import Invalid

MOST_CENTS = 99_999_999_999_99
"""The largest amount any form takes: 99,999,999,999.99."""

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$"}
_AMOUNT = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?", re.ASCII)


def format_cents(cents: int | None, currency: str = "USD") -> str:
    """Write cents the way a statement does: `-$1,234.50`; nothing for None."""
    if cents is None:
        return ""
    sign = "-" if cents < 0 else ""
    whole, part = divmod(abs(int(cents)), 100)
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{sign}{symbol}{whole:,}.{part:02d}"


def format_short(cents: int, currency: str = "USD") -> str:
    """Write cents for a card or an axis, three figures at the most: `$1.28M`, `$940`."""
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    sign = "-" if cents < 0 else ""
    amount = Decimal(abs(int(cents))) / 100
    for size, letter in ((10**9, "B"), (10**6, "M"), (10**3, "K")):
        if amount >= size:
            scaled = amount / size
            digits = 2 if scaled < 10 else 1 if scaled < 100 else 0
            rounded = scaled.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
            return f"{sign}{symbol}{rounded}{letter}"
    return f"{sign}{symbol}{amount.quantize(Decimal(1), ROUND_HALF_UP)}"


def parse_cents(text: str) -> int:
    """Read an amount typed by a person in US notation: `1,234.50` or `$1,234.5`.

    Raises: Invalid for anything else, more than two decimals included; nothing is guessed.
    """
    typed = text.strip().removeprefix("$").strip()
    if not _AMOUNT.fullmatch(typed):
        raise Invalid("Type the amount like 1,234.50: digits, at most two decimals.")
    cents = int(Decimal(typed.replace(",", "")) * 100)
    if abs(cents) > MOST_CENTS:
        raise Invalid("That amount is larger than the portal accepts.")
    return cents
