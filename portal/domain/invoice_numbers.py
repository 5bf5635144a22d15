"""Which invoice numbers may a file's name or a mail's subject speak of?"""

import re
from collections.abc import Iterable

MOST_PARTS = 5
"""Of one number: INV-2026-11-0042-A has five."""
MOST_TEXT = 300
_PARTS = re.compile(r"[A-Za-z0-9]+", re.ASCII)
_ENDING = re.compile(r"\.pdf$", re.IGNORECASE)


def possible_numbers(text: str) -> list[str]:
    """Everything in a text that could be an invoice's number, in capitals: parts and runs of them.

    `Invoice_10042 Smith.pdf` may speak of INVOICE, 10042, SMITH, INVOICE_10042 and so on.
    """
    stem = _ENDING.sub("", text.strip())[:MOST_TEXT]
    parts = list(_PARTS.finditer(stem))
    found = [
        stem[first.start() : last.end()].upper()
        for at, first in enumerate(parts)
        for last in parts[at : at + MOST_PARTS]
    ]
    return [one for one in dict.fromkeys(found) if any(sign.isdigit() for sign in one)]


def best_match(text: str, known: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """The invoice a text speaks of, of those known as (id, number).

    The longest number that stands in the text wins; two invoices that fit equally well are no
    match. Returns: (id, number) or None.
    """
    wanted = set(possible_numbers(text))
    fitting: dict[int, list[tuple[str, str]]] = {}
    for invoice_id, number in known:
        written = number.strip().upper()
        if written in wanted:
            fitting.setdefault(len(written), []).append((invoice_id, number))
    if not fitting:
        return None
    best = fitting[max(fitting)]
    return best[0] if len({invoice_id for invoice_id, _ in best}) == 1 else None
