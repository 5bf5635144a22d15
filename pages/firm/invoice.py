"""Invoice: what is it for, what is left of it, what paid it, and what does it look like?"""

from portal.ui import detail, filters, frame, invoice_parts, live, plan_marks, reads
from portal.ui.detail import Fact
from portal.ui.format import day, days

invoice = reads.one("invoices/invoice", invoice_id=filters.record_id())
if invoice is None:
    detail.not_found("invoice", "invoices", "All invoices")

frame.page(
    f"{invoice['entry_kind']} {invoice['invoice_number']}",
    f"{invoice['client_name']}, client {invoice['client_number']}",
    actions=lambda: invoice_parts.ways(invoice),
)

detail.facts(
    Fact(label="Status", text=invoice_parts.status_words(invoice)),
    Fact(label="Invoice date", text=day(invoice["invoice_date"])),
    Fact(label="Age", text=days(invoice["age_days"])),
    Fact(label="Due date", text=day(invoice["due_date"])),
    Fact(label="Days overdue", text=days(invoice["overdue_days"])),
    Fact(label="Engagement", text=invoice["engagement_name"]),
    Fact(label="Partner", text=invoice["partner"]),
    Fact(label="Manager", text=invoice["manager"]),
)

invoice_parts.amounts(invoice)
plan_marks.draw(invoice)

applications = reads.rows("invoices/applications", invoice_id=invoice["invoice_id"])
invoice_parts.paid_by_beside_document(invoice, applications)

live.follow()
