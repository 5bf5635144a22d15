"""An invoice's PDF where one was received: on its page, and in a dialog over a list."""

from portal.ui import document_view, frame, reads
from portal.ui.dialogs import dialog
from portal.ui.grid_event import GridEvent


def draw(invoice_id: str, invoice_number: str) -> None:
    """Draw the PDF, or say that none has come in."""
    if frame.portal().has_invoice_pdf(invoice_id):
        document_view.invoice(invoice_id, f"Invoice {invoice_number}")
        return
    frame.empty(
        "No PDF has been received for this invoice",
        f"It is shown here as soon as the PDF of invoice {invoice_number} comes in.",
    )


def on_event(event: GridEvent) -> None:
    """Open the PDF of a row of the invoices list."""
    _dialog(event.row_id or "")


@dialog("Invoice PDF", width="large")
def _dialog(invoice_id: str) -> None:
    contents(invoice_id)


def contents(invoice_id: str) -> None:
    """Draw the inside of the dialog; somebody else's invoice is as if it were not there."""
    invoice = reads.one("invoices/invoice", invoice_id=invoice_id)
    if invoice is None:
        frame.refused("There is no such invoice.")
        return
    draw(invoice_id, str(invoice["invoice_number"]))
