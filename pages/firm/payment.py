"""Payment: what was received, through the portal or elsewhere, and which invoices did it pay?"""

from portal.ui import (
    detail,
    filters,
    frame,
    live,
    payment_parts,
    portal_payment,
    reads,
)
from portal.ui.detail import Fact
from portal.ui.format import day, method

payment = reads.one("payments/payment", receipt_id=filters.record_id())
paid = portal_payment.find(filters.record_id(), payment)
known = payment or paid
if known is None:
    detail.not_found("payment", "payments", "All payments")

frame.page(
    payment_parts.title(payment) if payment else portal_payment.title(known),
    f"{known['client_name'] or 'No client yet'}, client {known['client_number'] or 'unknown'}",
    actions=lambda: payment_parts.ways(known, paid),
)

if payment:
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

if paid:
    portal_payment.facts(paid)
    portal_payment.amounts(paid)
    portal_payment.lines(paid)
    portal_payment.timeline(paid)

live.follow()
