"""Reconciliation: does every deposit tie to payments here and receipts in the PMS?"""

from portal.domain.permissions import Permission
from portal.ui import frame, live, payment_work, reconciliation

frame.require(Permission.RECONCILE)
frame.page("Reconciliation", "Payouts beside portal payments and the receipts that post them.")
found = reconciliation.compared()

reconciliation.figures(found)
payment_work.exceptions()
reconciliation.payouts(found)
payment_work.files()

live.follow()
