"""The clients list: who owes what, who looks after them, whom to write to."""

from portal.domain.permissions import Permission
from portal.lists.columns import Column, Kind, ListDefinition, RowAction, Toggle

CLIENTS = ListDefinition(
    name="clients",
    title="Clients",
    row_id="row_id",
    permission=Permission.VIEW_CLIENTS,
    module="clients",
    default_sort=(("outstanding_cents", "desc"),),
    search_hint="Client name or number",
    opens="/client?id={client_id}",
    params={
        "book": "choice:mine|all",
        "toggle": "choice:all|outstanding|overdue",
        "client_group": "text",
        "office": "text",
        "partner_id": "key",
        "manager_id": "key",
        "client_status": "text",
    },
    toggles=(
        Toggle(key="all", label="All"),
        Toggle(key="outstanding", label="Outstanding"),
        Toggle(key="overdue", label="Overdue"),
    ),
    row_actions=(
        RowAction(key="open", label="Open client"),
        RowAction(key="open_invoices", label="Invoices", permission=Permission.VIEW_INVOICES),
        RowAction(key="open_payments", label="Payments", permission=Permission.VIEW_PAYMENTS),
        RowAction(
            key="open_portal",
            label="Open client portal",
            permission=Permission.OPEN_CLIENT_PORTAL,
        ),
    ),
    columns=(
        Column(id="client_name", label="Client name", kind=Kind.TEXT, width=240, opens="open"),
        Column(id="client_number", label="Client number", kind=Kind.TEXT, width=130),
        Column(id="partner", label="Client partner", kind=Kind.CHOICE, width=160),
        Column(id="manager", label="Client manager", kind=Kind.CHOICE, width=160),
        Column(
            id="outstanding_cents",
            label="Total outstanding",
            kind=Kind.MONEY,
            width=156,
            total=True,
        ),
        Column(id="overdue_cents", label="Total overdue", kind=Kind.MONEY, total=True),
        Column(
            id="unpaid_invoices", label="Unpaid invoices", kind=Kind.NUMBER, width=130, total=True
        ),
        Column(id="payments_to_date_cents", label="Payments to date", kind=Kind.MONEY, total=True),
        Column(id="active_plans", label="Active payment plans", kind=Kind.NUMBER, width=160),
        Column(id="billing_contact", label="Billing contact", kind=Kind.TEXT, width=170),
        Column(id="billing_email", label="Billing contact email", kind=Kind.EMAIL, width=210),
        Column(id="primary_contact", label="Primary contact", kind=Kind.TEXT, width=170),
        Column(id="client_group", label="Client group", kind=Kind.CHOICE, width=150),
        Column(
            id="engagements",
            label="Engagements",
            kind=Kind.TEXT,
            width=200,
            module="engagements",
        ),
        Column(id="client_id", label="Client key", kind=Kind.TEXT, width=120),
        Column(id="office", label="Office", kind=Kind.CHOICE, hidden=True),
        Column(id="client_status", label="Client status", kind=Kind.CHOICE, hidden=True),
        Column(
            id="unapplied_cents",
            label="Unapplied",
            kind=Kind.MONEY,
            hidden=True,
            total=True,
            help="Received, not yet set against an invoice.",
        ),
        Column(
            id="pending_cents",
            label="Pending",
            kind=Kind.MONEY,
            hidden=True,
            total=True,
            help="Portal payments on their way: already taken off what is outstanding.",
        ),
        Column(id="last_payment_date", label="Last payment", kind=Kind.DATE, hidden=True),
        Column(id="currency", label="Currency", kind=Kind.CHOICE, width=100, hidden=True),
        Column(
            id="row_id",
            label="Row key",
            kind=Kind.TEXT,
            hidden_always=True,
            sortable=False,
            filterable=False,
        ),
    ),
)
