"""The statements list: staged, sent, dropped, and those not sent with the reason."""

from portal.domain.permissions import Permission
from portal.domain.suppression import Suppressed
from portal.lists.columns import Column, Kind, ListDefinition, RowAction, Toggle

MAIL = (
    "Queued",
    "Sent",
    "Delivered",
    "Bounced",
    "Bounced in part",
    "Failed",
    "Unsure",
    "No recipient",
    "Dropped",
)
"""What becomes of a statement's mail."""

STATEMENTS = ListDefinition(
    name="statements",
    title="Statements",
    row_id="statement_id",
    permission=Permission.VIEW_COLLECTIONS,
    module="collections",
    default_sort=(("run_day", "desc"), ("oldest_days", "desc")),
    search_hint="Client name or number",
    params={
        "book": "choice:mine|all",
        "toggle": "choice:staged|sent|suppressed|dropped|all",
        "client_id": "key",
        "run_day": "date",
    },
    toggles=(
        Toggle(key="staged", label="To review"),
        Toggle(key="sent", label="Sent"),
        Toggle(key="suppressed", label="Not sent"),
        Toggle(key="dropped", label="Dropped"),
        Toggle(key="all", label="All"),
    ),
    row_actions=(
        RowAction(key="send", label="Send", permission=Permission.SEND_STATEMENTS, shortcut="g"),
        RowAction(key="edit", label="Edit", permission=Permission.SEND_STATEMENTS, shortcut="e"),
        RowAction(key="drop", label="Drop", permission=Permission.SEND_STATEMENTS, shortcut="x"),
        RowAction(key="open_client", label="Open client", permission=Permission.VIEW_CLIENTS),
        RowAction(key="open_invoice", label="Open invoice", permission=Permission.VIEW_INVOICES),
    ),
    columns=(
        Column(id="client_name", label="Client", kind=Kind.TEXT, width=210, opens="open_client"),
        Column(id="run_day", label="Run", kind=Kind.DATE, width=115),
        Column(id="open_cents", label="Open", kind=Kind.MONEY, width=120, total=True),
        Column(id="oldest_days", label="Oldest", kind=Kind.DAYS, width=120),
        Column(
            id="trigger_label",
            label="Trigger",
            kind=Kind.CHOICE,
            width=140,
            help="The age at which the firm writes; which invoice reached it stands beside.",
        ),
        Column(
            id="reason_invoice_number",
            label="Because of invoice",
            kind=Kind.TEXT,
            width=150,
            opens="open_invoice",
        ),
        Column(
            id="suppressed_by",
            label="Why not",
            kind=Kind.CHOICE,
            width=150,
            choices=tuple(reason.value for reason in Suppressed),
            spoken={reason.value: reason.label for reason in Suppressed},
        ),
        Column(id="detail", label="In words", kind=Kind.TEXT, width=300),
        Column(id="recipients", label="Recipients", kind=Kind.TEXT, width=220),
        Column(id="copies", label="Copied", kind=Kind.TEXT, width=160),
        Column(
            id="state",
            label="Status",
            kind=Kind.CHOICE,
            width=110,
            choices=("staged", "sent", "suppressed", "dropped", "failed"),
            spoken={"staged": "To review", "suppressed": "Not sent"},
        ),
        Column(id="sent_on", label="Sent on", kind=Kind.DATE, width=115),
        Column(
            id="mail",
            label="Mail",
            kind=Kind.CHOICE,
            width=120,
            choices=MAIL,
            help="What became of its mail; Email delivery has all of it.",
        ),
        Column(id="partner", label="Client partner", kind=Kind.CHOICE, width=150),
        Column(id="manager", label="Client manager", kind=Kind.CHOICE, width=150, hidden=True),
        Column(id="client_number", label="Client number", kind=Kind.TEXT, hidden=True),
        Column(id="currency", label="Currency", kind=Kind.CHOICE, width=100, hidden=True),
        Column(id="client_id", label="Client key", kind=Kind.TEXT, width=120, hidden=True),
        Column(
            id="statement_id",
            label="Statement key",
            kind=Kind.TEXT,
            hidden_always=True,
            sortable=False,
            filterable=False,
        ),
    ),
)
