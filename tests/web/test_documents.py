"""An invoice's PDF: shown to those who may see the invoice, and to nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.documents.invoice_pdfs import InvoicePdfs
from portal.domain.permissions import Permission
from portal.web.documents import file_name
from tests.web.list_portal import EVERYTHING, OWN_CLIENTS, Browser, ListPortal, make_portal

PDF = b"%PDF-1.7 an invoice"


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[ListPortal]:
    portal = make_portal(tmp_path)
    kept = InvoicePdfs(portal.settings.documents_path)
    for invoice_id in ("100", "103", "106", "424242"):
        kept.keep(invoice_id, PDF + invoice_id.encode())
    yield portal
    portal.close()


def test_an_invoices_pdf_is_shown_in_the_browser(portal: ListPortal) -> None:
    answer = Browser(portal).http.get("/documents/invoice/100.pdf")

    assert answer.status_code == 200
    assert answer.content == PDF + b"100"
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'inline; filename="invoice-INV-100.pdf"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_an_invoices_pdf_is_downloaded_where_that_is_asked(portal: ListPortal) -> None:
    answer = Browser(portal).http.get("/documents/invoice/100.pdf?download=1")

    assert answer.headers["content-disposition"] == 'attachment; filename="invoice-INV-100.pdf"'


@pytest.mark.catalogue(65)
def test_without_a_session_no_document_is_shown(portal: ListPortal) -> None:
    browser = Browser(portal)
    browser.sign_out()

    answer = browser.http.get("/documents/invoice/100.pdf")

    assert answer.status_code == 401
    assert PDF not in answer.content


def test_documents_take_the_permission_to_see_invoices(portal: ListPortal) -> None:
    answer = Browser(portal, EVERYTHING - {Permission.VIEW_INVOICES}).http.get(
        "/documents/invoice/100.pdf"
    )

    assert answer.status_code == 403
    assert PDF not in answer.content


def test_a_partner_sees_the_documents_of_own_clients_only(portal: ListPortal) -> None:
    browser = Browser(portal, OWN_CLIENTS, staff_id="1")

    assert browser.http.get("/documents/invoice/100.pdf").status_code == 200
    assert browser.http.get("/documents/invoice/103.pdf").status_code == 404


@pytest.mark.parametrize("asked", ["103", "101", "999999", "424242", "no number", "..%2F..%2Fx"])
def test_a_foreign_a_missing_and_an_impossible_document_are_refused_alike(
    portal: ListPortal, asked: str
) -> None:
    browser = Browser(portal, OWN_CLIENTS, staff_id="1")

    answer = browser.http.get(f"/documents/invoice/{asked}.pdf")

    assert answer.status_code == 404
    assert answer.json() == {"error": "There is no such document."}


@pytest.mark.catalogue(91)
@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("INV-100", "invoice-INV-100.pdf"),
        ("=1+1", "invoice-1-1.pdf"),
        ('a"\r\nX: y', "invoice-a-X-y.pdf"),
        ("../../app.py", "invoice-app-py.pdf"),
        ("Nº 7 株", "invoice-N-7.pdf"),
        ("株", "invoice.pdf"),
        ("9" * 300, f"invoice-{'9' * 60}.pdf"),
    ],
)
def test_an_invoices_number_can_not_break_out_of_the_files_name(number: str, shown: str) -> None:
    assert file_name(number) == shown


@pytest.mark.catalogue(90)
def test_a_web_page_laid_into_the_folder_as_a_pdf_is_not_shown(portal: ListPortal) -> None:
    InvoicePdfs(portal.settings.documents_path).find("100").write_bytes(b"<html><script>")

    assert Browser(portal).http.get("/documents/invoice/100.pdf").status_code == 404
