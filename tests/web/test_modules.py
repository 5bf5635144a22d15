"""A part that the firm has switched off is off at every address, not in the menu alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portal.documents.invoice_pdfs import InvoicePdfs
from portal.domain.permissions import Principal
from portal.ui.navigation import pages_for
from tests.web.list_portal import EVERYTHING, Browser, ListPortal, make_portal


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[ListPortal]:
    made = make_portal(tmp_path)
    InvoicePdfs(made.settings.documents_path).keep("100", b"%PDF-1.7 an invoice")
    yield made
    made.close()


def switch_off(portal: ListPortal, module: str) -> None:
    portal.settings = replace(portal.settings, modules={module: False})


@pytest.mark.parametrize(
    ("module", "path"),
    [
        ("invoices", "/documents/invoice/100.pdf"),
        ("collections", "/documents/aging.pdf"),
        ("payments", "/documents/receipt/PI-0001.pdf"),
        ("payments", "/documents/payment-file/x.csv"),
        ("collections", "/documents/account/10/USD/open.pdf"),
        ("collections", "/mail/staged/ST-1.html"),
        ("collections", "/mail/staged/ST-1.pdf"),
        ("email_delivery", "/mail/x.html"),
    ],
)
def test_papers_of_a_part_that_is_off_are_refused_to_everybody(
    portal: ListPortal, module: str, path: str
) -> None:
    switch_off(portal, module)

    answer = Browser(portal).http.get(path)

    assert answer.status_code == 403
    assert "switched" in answer.json()["error"]


def test_the_jump_box_finds_nothing_of_a_part_that_is_off(portal: ListPortal) -> None:
    browser = Browser(portal)

    def found(text: str) -> dict[str, list]:
        return browser.http.get("/api/search", params={"q": text}).json()

    assert found("INV-100")["invoices"] and found("acme")["clients"]
    switch_off(portal, "invoices")
    assert found("INV-100")["invoices"] == []
    assert found("acme")["clients"]
    switch_off(portal, "clients")
    assert found("acme")["clients"] == []


def test_the_pages_of_clients_go_with_their_part(portal: ListPortal) -> None:
    everybody = Principal("local:pat", "Pat", "pat@firm.test", permissions=EVERYTHING)
    switch_off(portal, "clients")

    files = {entry.file for entry in pages_for(everybody, portal.settings)}

    assert not files & {"clients", "client", "group", "contact_hygiene"}
    assert "invoices" in files
