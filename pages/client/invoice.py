"""Invoice: what is it for, what is left to pay, whom to ask, and what does it look like?"""

from portal.ui import payer_ask, payer_frame, payer_invoice
from portal.ui.format import day

viewer = payer_frame.payer()
invoice = payer_invoice.asked_for(viewer)

due = f", due {day(invoice.due_date)}" if invoice.due_date else ""
payer_frame.page(
    f"Invoice {invoice.invoice_number}", f"{day(invoice.invoice_date)}{due}", viewer=viewer
)
payer_invoice.amounts(invoice)
payer_ask.forms(viewer, invoice.client_id, invoice.invoice_id)
payer_ask.before(viewer, invoice.client_id, invoice.invoice_id)
payer_invoice.responsible(invoice)
payer_invoice.document(invoice)
