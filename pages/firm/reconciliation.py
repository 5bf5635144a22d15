"""Reconciliation: does every deposit tie to payments here and receipts in the PMS?"""

from portal.domain.permissions import Permission
from portal.ui import exceptions, frame, live, payment_work, reconciliation, sandbox_days

frame.require(Permission.RECONCILE)
frame.page(
    "Reconciliation",
    "Payouts beside portal payments and the receipts that post them.",
    actions=sandbox_days.button,
)
found = reconciliation.compared()

reconciliation.figures(found)
exceptions.draw()
reconciliation.payouts(found)
payment_work.files()

live.follow()
