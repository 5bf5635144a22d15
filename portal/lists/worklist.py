"""The collections worklist: overdue clients in the order in which to contact them, and why."""

from portal.domain.permissions import Permission
from portal.lists.columns import Column, Kind, ListDefinition, RowAction

WORKLIST = ListDefinition(
    name="worklist",
    title="Worklist",
    row_id="row_id",
    permission=Permission.VIEW_COLLECTIONS,
    module="collections",
    default_sort=(("rank", "asc"),),
    search_hint="Client name or number",
    opens="/client?id={client_id}",
    params={
        "book": "choice:mine|all",
        "client_group": "text",
        "office": "text",
        "partner_id": "key",
        "manager_id": "key",
    },
    row_actions=(
        RowAction(key="open_client", label="Open client", permission=Permission.VIEW_CLIENTS),
        RowAction(key="open_invoices", label="Invoices", permission=Permission.VIEW_INVOICES),
    ),
    columns=(
        Column(id="rank", label="#", kind=Kind.NUMBER, width=60),
        Column(id="client_name", label="Client", kind=Kind.TEXT, width=210, opens="open_client"),
        Column(id="overdue_cents", label="Overdue", kind=Kind.MONEY, width=120, total=True),
        Column(id="oldest_days", label="Oldest", kind=Kind.DAYS, width=130),
        Column(
            id="score",
            label="Score",
            kind=Kind.NUMBER,
            width=90,
            help="0 to 100: amount and age overdue, share of the balance, silence; "
            "less after a recent payment.",
        ),
        Column(
            id="reasons",
            label="Why",
            kind=Kind.TEXT,
            width=380,
            sortable=False,
            filterable=False,
        ),
        Column(id="partner", label="Client partner", kind=Kind.CHOICE, width=160),
        Column(id="manager", label="Client manager", kind=Kind.CHOICE, width=160),
        Column(id="billing_contact", label="Billing contact", kind=Kind.TEXT, width=170),
        Column(id="billing_email", label="Billing contact email", kind=Kind.EMAIL, width=210),
        Column(id="last_payment_date", label="Last payment", kind=Kind.DATE, width=125),
        Column(id="outstanding_cents", label="Outstanding", kind=Kind.MONEY, total=True),
        Column(id="disputed_cents", label="Disputed", kind=Kind.MONEY, hidden=True, total=True),
        Column(id="overdue_invoices", label="Overdue invoices", kind=Kind.NUMBER, hidden=True),
        Column(id="client_number", label="Client number", kind=Kind.TEXT, hidden=True),
        Column(id="client_group", label="Client group", kind=Kind.CHOICE, hidden=True),
        Column(id="office", label="Office", kind=Kind.CHOICE, hidden=True),
        Column(id="currency", label="Currency", kind=Kind.CHOICE, width=100, hidden=True),
        Column(id="client_id", label="Client key", kind=Kind.TEXT, width=120, hidden=True),
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
