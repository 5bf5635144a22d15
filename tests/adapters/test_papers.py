"""Statements and receipts are printed, the same each time, whatever the texts hold."""

import pytest

from portal.documents import statements
from portal.documents.receipts import receipt_pdf
from portal.documents.statements import statement_pdf

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    '#panic("read as markup")',
    "$ a + b $ `raw` *bold* _it_ @ref <label> // */ \\u{0}",
    '#read("/etc/passwd")',
    "\u202eevil\x00\ud800 🧾",
)
RECEIPT = {
    "client_name": "Ann's Bakery & Sons",
    "payer_name": "Ann Baker",
    "payment_id": "PI-0111-0011",
    "currency": "USD",
    "amount_cents": 125_000,
    "fee_cents": 3_625,
    "refunded_cents": 5_000,
    "paid_on": "2026-11-24",
    "method": "Visa ending 4242",
    "firm_name": "Hartwell & Lowe, CPAs",
    "lines": [{"text": "Invoice 10042", "cents": 125_000}],
}


def open_items(count: int, text: str = "Bookkeeping") -> dict[str, object]:
    return {
        "client_name": text,
        "client_number": "C-1",
        "currency": "USD",
        "as_of": "2026-11-24",
        "open_cents": 1_000 * count,
        "overdue_cents": 500,
        "unapplied_cents": 100,
        "firm_name": "Hartwell & Lowe, CPAs",
        "message": text,
        "invoices": [
            {
                "invoice_number": f"{n}",
                "text": text,
                "invoice_date": "2026-10-01",
                "due_date": None,
                "amount_cents": 1_000,
                "open_cents": 1_000,
                "days_overdue": n,
            }
            for n in range(count)
        ],
        "aging": [{"label": "Not due", "cents": 1_000}],
    }


def activity(text: str = "Invoice 1") -> dict[str, object]:
    return {
        **open_items(0),
        "kind": "activity",
        "from": "2026-09-01",
        "to": "2026-11-24",
        "opening_cents": 100,
        "closing_cents": 200,
        "entries": [{"date": "2026-10-01", "text": text, "charge_cents": 100, "credit_cents": 0,
                     "balance_cents": 200}],
    }  # fmt: skip


def test_the_same_facts_give_the_same_paper() -> None:
    for print_it, facts in ((receipt_pdf, RECEIPT), (statement_pdf, open_items(3)),
                            (statement_pdf, activity())):  # fmt: skip
        first = print_it(facts)
        assert first.startswith(b"%PDF-")
        assert print_it(facts) == first


def test_a_long_account_goes_over_several_pages() -> None:
    short, long = statement_pdf(open_items(3)), statement_pdf(open_items(300))

    assert long.count(b"/Type /Page\n") + long.count(b"/Type/Page") > 3
    assert len(long) > len(short)


@pytest.mark.catalogue(73)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_only_printed(text: str) -> None:
    texts = {name: text for name, value in RECEIPT.items() if isinstance(value, str)}
    kept = {"currency": "USD", "paid_on": "2026-11-24"}

    assert receipt_pdf({**RECEIPT, **texts, **kept}).startswith(b"%PDF-")
    assert statement_pdf(open_items(2, text)).startswith(b"%PDF-")
    assert statement_pdf(activity(text)).startswith(b"%PDF-")


def test_a_statement_ages_its_invoices_by_itself_where_nobody_did() -> None:
    rows = statements._open_items({**open_items(3), "aging": []})["aging"]

    assert [row["value"] for row in rows if row["label"] == "No due date"] == ["$30.00"]
