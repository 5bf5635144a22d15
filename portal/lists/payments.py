"""The payments list: portal payments and the PMS's receipts, each payment once."""

from portal.domain.permissions import Permission
from portal.lists.columns import Column, Kind, ListDefinition, RowAction, Toggle

METHODS = {"ach": "ACH", "eft": "EFT"}
"""Ways to pay that are not written as ordinary words."""

STATUSES = (
    "Pending",
    "Posted",
    "Processing",
    "Started",
    "Waiting for payer",
    "Being checked",
    "Refunded",
    "Declined",
    "Voided",
    "Returned",
    "Disputed",
)

PAYMENTS = ListDefinition(
    name="payments",
    title="Payments",
    row_id="receipt_id",
    permission=Permission.VIEW_PAYMENTS,
    module="payments",
    default_sort=(("receipt_date", "desc"),),
    search_hint="Payment ID, reference, client name or number",
    opens="/payment?id={receipt_id}",
    params={
        "book": "choice:mine|all",
        "toggle": "choice:all|payments|unapplied|failed",
        "client_id": "key",
        "client_group": "text",
        "office": "text",
        "partner_id": "key",
        "manager_id": "key",
        "dated_from": "date",
        "dated_to": "date",
    },
    toggles=(
        Toggle(key="all", label="All"),
        Toggle(key="payments", label="Payments"),
        Toggle(key="unapplied", label="Unapplied"),
        Toggle(key="failed", label="Failed"),
    ),
    row_actions=(
        RowAction(key="open", label="Open payment"),
        RowAction(key="open_client", label="Open client", permission=Permission.VIEW_CLIENTS),
    ),
    columns=(
        Column(id="receipt_date", label="Date", kind=Kind.DATE, width=118, opens="open"),
        Column(id="payer", label="Payer", kind=Kind.TEXT, width=150),
        Column(id="client_name", label="Client", kind=Kind.TEXT, width=220, opens="open_client"),
        Column(
            id="amount_cents",
            label="Amount",
            kind=Kind.MONEY,
            total=True,
            help="Positive reduces what is owed; refunds, returns and reversals are negative.",
        ),
        Column(
            id="fee_cents",
            label="Fee",
            kind=Kind.MONEY,
            width=95,
            help="What the payer paid on top for paying by credit card.",
        ),
        Column(id="method", label="Method", kind=Kind.CHOICE, width=100, spoken=METHODS),
        Column(id="card", label="Card or account", kind=Kind.TEXT, width=150),
        Column(
            id="status",
            label="Status",
            kind=Kind.CHOICE,
            width=120,
            choices=STATUSES,
            help="Pending: taken through the portal and not yet posted in the PMS.",
        ),
        Column(id="invoice_count", label="Invoices paid", kind=Kind.NUMBER, width=120),
        Column(id="payment_id", label="Payment ID", kind=Kind.TEXT, width=140, opens="open"),
        Column(id="taken_by", label="Taken by", kind=Kind.TEXT, width=130),
        Column(
            id="source",
            label="Source",
            kind=Kind.CHOICE,
            width=110,
            choices=(
                "Portal",
                "Staff",
                "Recurring",
                "AutoPay",
                "Installment",
                "Quick link",
                "PMS",
            ),
            help="PMS: came in elsewhere and was posted in the practice management system.",
        ),
        Column(
            id="entry_kind",
            label="Kind",
            kind=Kind.CHOICE,
            width=130,
            choices=("Payment", "Credit memo", "Write-off", "Refund", "Return", "Reversal"),
        ),
        Column(id="reference", label="Reference", kind=Kind.TEXT, width=150),
        Column(id="applied_cents", label="Applied", kind=Kind.MONEY, total=True),
        Column(id="unapplied_cents", label="Unapplied", kind=Kind.MONEY, total=True),
        Column(id="client_number", label="Client ID", kind=Kind.TEXT, width=105),
        Column(id="invoice_number", label="Invoice", kind=Kind.TEXT, width=120, hidden=True),
        Column(id="partner", label="Client partner", kind=Kind.CHOICE, width=160, hidden=True),
        Column(id="manager", label="Client manager", kind=Kind.CHOICE, width=160, hidden=True),
        Column(id="currency", label="Currency", kind=Kind.CHOICE, width=100, hidden=True),
        Column(id="client_id", label="Client key", kind=Kind.TEXT, width=120, hidden=True),
        Column(id="receipt_id", label="Payment key", kind=Kind.TEXT, width=120, hidden=True),
    ),
)
