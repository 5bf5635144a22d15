"""What can be done with invoices in a list: open one, or do something with those ticked.

A room adds an action on ticked invoices with one entry in TOGETHER and one in _DEEDS.
"""

from collections.abc import Callable, Mapping

from portal.lists.columns import RowAction
from portal.ui import invoice_document, links, resend_invoice, split_invoices, take_payment
from portal.ui.grid_event import GridEvent

TOGETHER: tuple[RowAction, ...] = (take_payment.TAKE, resend_invoice.RESEND, split_invoices.SPLIT)
_DEEDS: Mapping[str, Callable[[GridEvent], None]] = {
    resend_invoice.RESEND.key: resend_invoice.on_event,
    take_payment.TAKE.key: take_payment.ticked,
    split_invoices.SPLIT.key: split_invoices.start,
    "show_pdf": invoice_document.on_event,
}


def heard(event: GridEvent) -> None:
    """Do what the person asked for in a list of invoices."""
    deed = _DEEDS.get(event.action or "", links.opener("invoices"))
    deed(event)
