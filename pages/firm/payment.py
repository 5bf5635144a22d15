"""Payment: what was received, and which invoices did it pay?"""

from portal.ui import detail, filters, frame, live, payment_parts, reads
from portal.ui.detail import Fact
from portal.ui.format import day, method

payment = reads.one("payments/payment", receipt_id=filters.record_id())
if payment is None:
    detail.not_found("payment", "payments", "All payments")

frame.page(
    payment_parts.title(payment),
    f"{payment['client_name']}, client {payment['client_number']}",
    actions=lambda: payment_parts.ways(payment),
)

detail.facts(
    Fact(label="Date", text=day(payment["receipt_date"])),
    Fact(label="Kind", text=payment["entry_kind"]),
    Fact(label="Method", text=method(payment["method"])),
    Fact(label="Reference", text=payment["reference"]),
    Fact(label="Partner", text=payment["partner"]),
    Fact(label="Manager", text=payment["manager"]),
    Fact(label="Source", text="Practice management system"),
)

payment_parts.amounts(payment)
payment_parts.pays(reads.rows("payments/applications", receipt_id=payment["receipt_id"]))

live.follow()
