"""The firm's quick payment links: which are open, what came in by them."""

from portal.domain.permissions import Permission
from portal.lists.columns import Column, Kind, ListDefinition, RowAction

QUICK_LINKS = ListDefinition(
    name="quick_links",
    title="Quick links",
    row_id="link_id",
    permission=Permission.QUICK_LINKS,
    module="quick_links",
    default_sort=(("created_date", "desc"),),
    search_hint="Label or purpose",
    row_actions=(
        RowAction(key="open_link", label="Show address and QR code"),
        RowAction(key="revoke_link", label="Revoke"),
    ),
    columns=(
        Column(id="label", label="Label", kind=Kind.TEXT, width=220, opens="open_link"),
        Column(
            id="state",
            label="State",
            kind=Kind.CHOICE,
            width=120,
            choices=("Open", "Revoked", "Expired", "Used up"),
        ),
        Column(id="amount_cents", label="Amount", kind=Kind.MONEY, width=130),
        Column(id="description", label="Purpose", kind=Kind.TEXT, width=260),
        Column(id="uses", label="Payments", kind=Kind.NUMBER, width=110, total=True),
        Column(id="most_uses", label="Most payments", kind=Kind.NUMBER, width=140),
        Column(id="created_date", label="Made on", kind=Kind.DATE, width=125),
        Column(id="expires_date", label="Good until", kind=Kind.DATE, width=125),
        Column(id="created_by", label="Made by", kind=Kind.TEXT, width=170),
        Column(id="currency", label="Currency", kind=Kind.CHOICE, width=110, hidden=True),
        Column(
            id="link_id",
            label="Link",
            kind=Kind.TEXT,
            hidden_always=True,
            sortable=False,
            filterable=False,
        ),
    ),
)
