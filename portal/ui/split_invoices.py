"""Ticked invoices become an installment plan: the same client's, and still open."""

from portal.domain.permissions import Permission
from portal.lists.columns import RowAction
from portal.ui import frame, reads, start_plan
from portal.ui.grid_event import GridEvent

SPLIT = RowAction(key="split", label="Pay in installments", permission=Permission.MANAGE_PLANS)
_MOST = 200


def start(event: GridEvent) -> None:
    """Open the dialog for the ticked invoices; invoices of several clients are refused."""
    ids = event.row_ids or ((event.row_id,) if event.row_id else ())
    if event.all_matching or not 1 <= len(ids) <= _MOST:
        frame.refused(f"Tick the invoices of one client, {_MOST} at the most.")
        return
    owners = {str(row["client_id"]) for each in ids
              for row in reads.rows("invoices/client_of", invoice_id=each)}  # fmt: skip
    if len(owners) != 1:
        frame.refused("These invoices belong to several clients. A plan is made for one of them.")
        return
    start_plan.show(owners.pop(), ids)
