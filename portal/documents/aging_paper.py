"""The aging report on paper: who has how much open, by age, on one day."""

from collections.abc import Mapping, Sequence
from datetime import date

from portal.documents.papers import printed, shown
from portal.domain.money import format_cents
from portal.domain.written import written_day


def aging_pdf(
    *,
    firm_name: str,
    colour: str,
    as_of: date,
    words: str,
    currency: str,
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Mapping[str, object]],
    totals: Mapping[str, int],
    left_out: int = 0,
) -> bytes:
    """Print the report, on its side.

    `columns` are (id, label), the first the name and the others amounts; `words` say by whom
    and by which date; `left_out` is how many rows did not fit, and is said.
    """
    first, amounts = columns[0], columns[1:]
    more = f" · {left_out:,} more rows are in the totals alone" if left_out else ""
    texts = {
        "title": f"AR aging of {written_day(as_of)}",
        "firm": shown(firm_name),
        "line_two": f"As of {written_day(as_of)} · {words} · {currency}{more}",
        "colour": colour,
        "foot": f"AR aging of {written_day(as_of)} · {shown(firm_name)}",
        "columns": [first[1], *(label for _, label in amounts)],
        "rows": [
            [
                shown(row.get(first[0])) or "–",
                *(format_cents(int(str(row.get(name) or 0)), currency) for name, _ in amounts),
            ]
            for row in rows
        ],
        "total": ["Total", *(format_cents(totals.get(name, 0), currency) for name, _ in amounts)],
    }
    return printed("aging", texts, as_of)
