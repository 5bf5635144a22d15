"""What do the sample firm's invoices look like on paper? PDFs made by typst, for trying only.

A real firm's invoices are never made here: its own PDFs are received and shown as they are.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path

import typst

from portal.documents.invoice_pdfs import InvoicePdfs
from portal.domain.money import format_cents

MADE = ".sample_invoices"
"""The list, beside the PDFs, of those that were made here."""
TEMPLATE = Path(__file__).parent / "templates" / "sample_invoice.typ"

_WORK: Mapping[str, tuple[tuple[str, int], ...]] = {
    "form": (
        ("Preparation of the federal return", 58),
        ("Preparation of the state return", 17),
        ("Review of supporting records and reconciliation", 16),
        ("Electronic filing and correspondence", 9),
    ),
    "audit": (
        ("Planning and risk assessment", 18),
        ("Tests of controls and fieldwork", 47),
        ("Review of the financial statements", 24),
        ("Report and management letter", 11),
    ),
    "review": (
        ("Inquiry and analytical procedures", 52),
        ("Preparation of the financial statements", 33),
        ("Review report", 15),
    ),
    "bookkeeping": (
        ("Recording of the month's transactions", 54),
        ("Bank and card reconciliations", 28),
        ("Monthly financial statements", 18),
    ),
    "payroll": (
        ("Payroll processing", 71),
        ("Payroll tax deposits and filings", 29),
    ),
    "": (
        ("Professional services", 64),
        ("Meetings and correspondence", 24),
        ("Research and documentation", 12),
    ),
}
"""The work in an engagement's name, and its parts with their weight."""

Progress = Callable[[str, float], None]
Row = Mapping[str, object]


def make_sample_invoices(
    home: Path, database_rows: Iterable[Row], progress: Progress | None = None
) -> int:
    """Make a PDF of every row and keep it as the invoice's document. Returns: how many.

    The ones made before are taken away first: they are of another sample firm by now.

    `home` is the folder of run-time files. A row has firm_name, terms, office, invoice_id,
    invoice_number, invoice_date, due_date, amount_cents, client_name, client_number and
    engagement_name. `progress` hears what is done and the share of the whole, 0 to 1.
    """
    kept = InvoicePdfs(home / "documents")
    rows = list(database_rows)
    if rows:
        _forget_earlier(kept)
    compiler = typst.Compiler(TEMPLATE)
    for done, row in enumerate(rows):
        if progress:
            progress("Printing invoices", done / len(rows))
        content = compiler.compile(
            sys_inputs={"invoice": json.dumps(printed(row))},
            timestamp=datetime.combine(_day(row["invoice_date"]), time(12), UTC),
        )
        made = kept.keep(str(row["invoice_id"]), content)
        with (kept.folder / MADE).open("a", encoding="ascii") as file:
            file.write(f"{made.name}\n")
    return len(rows)


def _forget_earlier(kept: InvoicePdfs) -> None:
    listed = kept.folder / MADE
    if not listed.exists():
        return
    for name in listed.read_text(encoding="ascii").splitlines():
        (kept.folder / Path(name).name).unlink(missing_ok=True)
    listed.unlink()


def printed(row: Row) -> dict[str, object]:
    """What stands on the invoice, as the texts that are printed."""
    cents = int(str(row["amount_cents"]))
    engagement = str(row["engagement_name"] or "")
    due = row["due_date"]
    return {
        "firm": str(row["firm_name"]),
        "office": str(row["office"] or ""),
        "terms": str(row["terms"] or ""),
        "number": str(row["invoice_number"]),
        "date": _written(_day(row["invoice_date"])),
        "due": _written(_day(due)) if due else "On receipt",
        "client": str(row["client_name"]),
        "client_number": str(row["client_number"]),
        "engagement": engagement,
        "lines": [
            {"text": text, "amount": format_cents(part)} for text, part in lines(engagement, cents)
        ],
        "total": format_cents(cents),
    }


def lines(engagement: str, amount_cents: int) -> list[tuple[str, int]]:
    """Split an amount into the work of an engagement; the parts add up to it exactly.

    Units: cents. Parts are whole dollars where the amount allows it; the first takes the rest.
    """
    name = engagement.lower()
    work = next(parts for word, parts in _WORK.items() if word in name)
    if abs(amount_cents) < 100 * 100:
        return [(engagement or work[0][0], amount_cents)]
    others = [(text, amount_cents * weight // 10_000 * 100) for text, weight in work[1:]]
    first = amount_cents - sum(part for _, part in others)
    return [(work[0][0], first), *others]


def _day(value: object) -> date:
    return date.fromisoformat(str(value)[:10])


def _written(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
