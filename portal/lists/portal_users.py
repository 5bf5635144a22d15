"""The portal users list: payers with an account, and the clients they are linked to."""

from portal.domain.permissions import Permission
from portal.lists.columns import Column, Kind, ListDefinition, RowAction

PORTAL_USERS = ListDefinition(
    name="portal_users",
    title="Portal users",
    row_id="portal_user_id",
    permission=Permission.LINK_PORTAL_USERS,
    module="payments",
    default_sort=(("full_name", "asc"),),
    opens="/portal-users?id={portal_user_id}",
    search_hint="Name, email, client name or number",
    row_actions=(RowAction(key="open", label="Linked accounts"),),
    columns=(
        Column(id="full_name", label="Name", kind=Kind.TEXT, width=200, opens="open"),
        Column(id="email", label="Email", kind=Kind.EMAIL, width=240),
        Column(
            id="status",
            label="Status",
            kind=Kind.CHOICE,
            width=130,
            choices=("Active", "Not verified", "Off"),
        ),
        Column(
            id="client_count",
            label="Accounts",
            kind=Kind.NUMBER,
            width=110,
            help="How many clients the user is linked to.",
        ),
        Column(id="client_names", label="Clients", kind=Kind.TEXT, width=300),
        Column(id="client_numbers", label="Client IDs", kind=Kind.TEXT, width=170),
        Column(id="created_date", label="Signed up", kind=Kind.DATE, width=125),
        Column(id="last_sign_in_date", label="Last sign-in", kind=Kind.DATE, width=125),
        Column(
            id="portal_user_id",
            label="User key",
            kind=Kind.TEXT,
            hidden_always=True,
            sortable=False,
            filterable=False,
        ),
    ),
)
