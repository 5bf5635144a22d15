"""Invoice PDFs on disk, and the sample firm's invoices on paper."""

import sqlite3
import threading
from datetime import date
from pathlib import Path

import pytest

from portal.documents.invoice_pdfs import MOST_BYTES, InvoicePdfs, file_name
from portal.documents.sample_invoices import lines, make_sample_invoices, printed
from portal.domain.errors import Invalid
from portal.pms.sample_firm.create import create_sample_firm
from portal.pms.sample_firm.invoices_for_pdfs import invoices_for_pdfs

ROW = {
    "firm_name": "Hartwell & Rowe LLP",
    "terms": "Payment is due by the date on the invoice.",
    "office": "Bath",
    "invoice_id": 7,
    "invoice_number": "100007",
    "invoice_date": "2026-01-31",
    "due_date": None,
    "amount_cents": 123_456,
    "client_name": "Zürich #import $x$ [株] \\",
    "client_number": "C-1",
    "engagement_name": "2025 Form 1040",
}


@pytest.fixture
def kept(tmp_path: Path) -> InvoicePdfs:
    return InvoicePdfs(tmp_path / "documents")


def test_the_newest_pdf_of_an_invoice_wins(kept: InvoicePdfs) -> None:
    kept.keep("17", b"%PDF-1.4 old")
    kept.keep("17", b"%PDF-1.7 new")

    assert kept.find("17").read_bytes() == b"%PDF-1.7 new"
    assert kept.read("17") == b"%PDF-1.7 new"
    assert [file.name for file in kept.folder.iterdir()] == ["17.pdf"]


def test_an_invoice_without_a_pdf_has_none(kept: InvoicePdfs) -> None:
    assert kept.find("17") is None
    assert kept.read("17") is None


@pytest.mark.catalogue(90)
@pytest.mark.parametrize(
    "content", [b"", b"<html>%PDF-1.7", b"MZ\x90\x00", b" %PDF-1.7", b"PK\x03\x04"]
)
def test_what_is_no_pdf_is_refused_and_the_older_pdf_stays(
    kept: InvoicePdfs, content: bytes
) -> None:
    kept.keep("17", b"%PDF-1.4 old")

    with pytest.raises(Invalid, match="not a PDF"):
        kept.keep("17", content)

    assert kept.read("17") == b"%PDF-1.4 old"
    assert len(list(kept.folder.iterdir())) == 1


def test_a_pdf_of_more_than_20_mb_is_refused(kept: InvoicePdfs) -> None:
    with pytest.raises(Invalid, match="20 MB"):
        kept.keep("17", b"%PDF-" + bytes(MOST_BYTES))

    assert kept.find("17") is None


@pytest.mark.catalogue(91)
@pytest.mark.parametrize(
    "invoice_id",
    ["../../app.py", "CON", "lpt1", "x" * 300, 'a"\r\nX:', "", ".", "a/b", "\0", "株", "sha256-1"],
)
def test_an_awkward_id_makes_a_harmless_file_name(kept: InvoicePdfs, invoice_id: str) -> None:
    path = kept.keep(invoice_id, b"%PDF-1.7")

    assert path.parent == kept.folder
    assert path.name.startswith("sha256-")
    assert path.name.isascii()
    assert kept.find(invoice_id) == path


def test_two_ids_never_share_a_file() -> None:
    awkward = file_name("a/b")

    assert file_name(awkward.removesuffix(".pdf")) != awkward
    assert file_name("INV_2026-7") == "INV_2026-7.pdf"


def test_a_reader_sees_a_whole_pdf_while_another_replaces_it(kept: InvoicePdfs) -> None:
    whole = [b"%PDF-" + letter * 400_000 for letter in (b"a", b"b")]
    kept.keep("1", whole[0])
    done = threading.Event()

    def replace() -> None:
        for turn in range(30):
            kept.keep("1", whole[turn % 2])
        done.set()

    writer = threading.Thread(target=replace)
    writer.start()
    seen = set()
    while not done.is_set():
        seen.add(kept.read("1"))
    writer.join()

    assert seen <= set(whole)
    assert seen


@pytest.mark.parametrize("engagement", ["2025 Form 1040", "Audit 2025", "Payroll 2026", ""])
@pytest.mark.parametrize("cents", [1, 99, 9_999, 10_000, 10_001, 63_000, 12_345_678_90])
def test_the_lines_of_a_sample_invoice_add_up_to_its_amount(engagement: str, cents: int) -> None:
    split = lines(engagement, cents)

    assert sum(part for _, part in split) == cents
    assert all(part > 0 and text for text, part in split)


def test_a_sample_invoice_says_its_amount_dates_and_client() -> None:
    said = printed(ROW)

    assert (said["total"], said["date"], said["due"]) == (
        "$1,234.56",
        "January 31, 2026",
        "On receipt",
    )
    assert said["client"] == ROW["client_name"]


def test_odd_characters_in_names_are_printed_and_never_run(tmp_path: Path) -> None:
    assert make_sample_invoices(tmp_path, [ROW]) == 1

    content = InvoicePdfs(tmp_path / "documents").read("7")
    assert content.startswith(b"%PDF-")
    assert b"%%EOF" in content[-20:]


def test_sample_invoices_are_made_for_the_newest_invoices_open_ones_first(tmp_path: Path) -> None:
    database = tmp_path / "practice_cs.sqlite"
    create_sample_firm(database, clients=60, invoices=600, seed=3, today=date(2026, 6, 30))

    rows = invoices_for_pdfs(database, most=300)

    con = sqlite3.connect(database)
    is_open = [_open_cents(con, row["invoice_id"]) > 0 for row in rows]
    con.close()
    assert any(is_open)
    assert is_open == sorted(is_open, reverse=True)
    newest = [row["invoice_id"] for row in rows[: sum(is_open)]]
    assert newest == sorted(newest, reverse=True)
    assert len(invoices_for_pdfs(database)) == 120


def test_a_new_sample_firm_has_no_documents_of_the_one_before(tmp_path: Path) -> None:
    kept = InvoicePdfs(tmp_path / "documents")
    make_sample_invoices(tmp_path, [ROW, ROW | {"invoice_id": 8}])
    received = kept.keep("900", b"%PDF-1.7 received")
    heard: list[tuple[str, float]] = []

    make_sample_invoices(tmp_path, [ROW | {"invoice_id": 9}], lambda *said: heard.append(said))

    shown = sorted(file.name for file in kept.folder.glob("*.pdf"))
    assert shown == ["9.pdf", "900.pdf"]
    assert received.read_bytes() == b"%PDF-1.7 received"
    assert heard == [("Printing invoices", 0.0)]


def _open_cents(con: sqlite3.Connection, invoice_id: object) -> int:
    (amount,) = con.execute(
        "select cast(round(amount * 100) as integer) from Ledger_Entry where ledger_entry_KEY = ?",
        (invoice_id,),
    ).fetchone()
    (applied,) = con.execute(
        "select coalesce(sum(cast(round(applied_amount * 100) as integer)), 0) "
        "from Ledger_Entry_Application where to__ledger_entry_KEY = ?",
        (invoice_id,),
    ).fetchone()
    return amount - applied
