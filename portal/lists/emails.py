"""The emails list: every mail of the portal, and what became of it."""

from portal.domain.permissions import Permission
from portal.lists.columns import Column, Kind, ListDefinition, RowAction

STATUSES = (
    "To review", "Queued", "Sent", "Delivered", "Bounced", "Failed", "Unsure", "No recipient",
    "Dropped",
)  # fmt: skip
KINDS = (
    "Invoice", "Statement", "Receipt", "Refund", "Payment failure", "Plan notice",
    "AutoPay reminder", "Verification", "Password reset", "Staff alert", "Pay link", "Answer",
)  # fmt: skip


_COLUMNS = (
    Column(
        id="status",
        label="Status",
        kind=Kind.CHOICE,
        width=115,
        choices=STATUSES,
        help="Sent: the mail server took it. Delivered: the recipient's server said so. "
        "Unsure: the connection was lost at the end; it is not sent again by itself.",
    ),
    Column(id="written_on", label="Written", kind=Kind.DATE, width=115),
    Column(id="written_time", label="Time", kind=Kind.TEXT, width=95, filterable=False),
    Column(id="kind", label="Kind", kind=Kind.CHOICE, width=135, choices=KINDS),
    Column(id="client_name", label="Client", kind=Kind.TEXT, width=210, opens="open_client"),
    Column(id="people", label="Recipients", kind=Kind.TEXT, width=250),
    Column(id="subject", label="Subject", kind=Kind.TEXT, width=320, opens="show"),
    Column(
        id="seen",
        label="Seen",
        kind=Kind.CHOICE,
        width=100,
        choices=("Opened", "Clicked"),
        help="Clicked: the button was used. Blank: not known.",
    ),
    Column(
        id="attachment",
        label="Attachment",
        kind=Kind.CHOICE,
        width=120,
        choices=("Attached", "Missing", "None"),
        help="Missing: the PDF that belongs to it had not come in.",
    ),
    Column(id="reason", label="Reason", kind=Kind.TEXT, width=260),
    Column(id="client_number", label="Client ID", kind=Kind.TEXT, width=105, hidden=True),
    Column(id="tries", label="Tries", kind=Kind.NUMBER, width=85, hidden=True),
    Column(id="sent_on", label="Sent on", kind=Kind.DATE, width=115, hidden=True),
    Column(id="created_by", label="Started by", kind=Kind.TEXT, width=150, hidden=True),
    Column(id="client_id", label="Client key", kind=Kind.TEXT, width=120, hidden=True),
    Column(
        id="letter_id",
        label="Mail key",
        kind=Kind.TEXT,
        hidden_always=True,
        sortable=False,
        filterable=False,
    ),
)


def emails_list(zone: str = "America/New_York") -> ListDefinition:
    """Describe the emails list for a firm's time zone."""
    return ListDefinition(
        name="emails",
        title="Emails",
        row_id="letter_id",
        permission=Permission.RESEND_INVOICE,
        module="email_delivery",
        default_sort=(("written_on", "desc"),),
        search_hint="Client, address or subject",
        params={"book": "choice:mine|all", "client_id": "key"},
        constants={"zone": zone},
        row_actions=(
            RowAction(key="show", label="Show mail"),
            RowAction(key="open_client", label="Open client", permission=Permission.VIEW_CLIENTS),
        ),
        columns=_COLUMNS,
    )  # fmt: skip
