"""What each figure means, in the words of accounts receivable: the same on every page."""

from collections.abc import Mapping

DEFINITIONS: Mapping[str, str] = {
    "clients_with_balance": "Clients with at least one invoice that is not fully paid.",
    "outstanding": (
        "The sum of what is left of every invoice: its amount less what was applied to it. "
        "Unapplied money is not taken off."
    ),
    "overdue": (
        "What is left of invoices whose due date is before today. An invoice without a due "
        "date is never overdue."
    ),
    "unapplied": "Money and credits received that are not yet set against an invoice.",
    "net": "Outstanding less unapplied.",
    "payments_to_date": (
        "All payments, with those made through the portal from the moment they are taken, less "
        "refunds and returned payments."
    ),
    "days_to_pay": (
        "Average days from the invoice date to the last application, over the invoices that "
        "are fully paid."
    ),
    "billed_this_month": (
        "Invoices, service charges and debit memos dated in this month; voided ones do not count."
    ),
    "average_age": "Average days from the invoice date to today, over the unpaid invoices.",
    "received_this_month": (
        "Payments dated in this month. Credits, write-offs, refunds and returns are not counted."
    ),
    "bill_amount": "The full amount of the invoice.",
    "applied": "What payments and credits have been set against it, less what was taken back.",
    "settled_outside": (
        "Settled in the practice management system without an entry that the portal could read."
    ),
    "pending": (
        "Paid through the portal and not yet posted in the practice management system; what is "
        "outstanding counts it already."
    ),
    "left": "The amount less what was applied to it and what is pending.",
}
