"""The aging list: what partners, managers, offices, groups or clients have open, by age."""

from collections.abc import Sequence

from portal.domain.aging import DEFAULT_EDGES, buckets
from portal.domain.permissions import Permission
from portal.lists.columns import Column, Kind, ListDefinition, RowAction

MOST_BUCKETS = 7


def bucket_columns(edges: Sequence[int]) -> tuple[Column, ...]:
    """The overdue buckets in use, labelled by their days: `b1_cents`, `b2_cents` and so on."""
    return tuple(
        Column(
            id=f"b{place}_cents",
            label=bucket.label,
            kind=Kind.MONEY,
            width=126,
            total=True,
            opens=f"open_b{place}_cents",
        )
        for place, bucket in enumerate(buckets(edges), start=1)
    )


def aging_list(edges: Sequence[int] = DEFAULT_EDGES) -> ListDefinition:
    """Describe the aging list for a firm's buckets."""
    return ListDefinition(
        name="aging",
        title="Aging",
        row_id="row_id",
        permission=Permission.VIEW_COLLECTIONS,
        module="collections",
        default_sort=(("outstanding_cents", "desc"),),
        search_hint="Name",
        params={
            "book": "choice:mine|all",
            "group_by": "choice:partner|manager|office|group|client",
            "lens": "choice:due|invoice",
            "as_of": "date",
            "partner_id": "key",
            "manager_id": "key",
            "office": "text",
            "client_group": "text",
        },
        constants={
            f"edge_{place}": edges[place - 1] if place <= len(edges) else None
            for place in range(1, MOST_BUCKETS)
        },
        row_actions=(
            RowAction(key="open_invoices", label="Invoices", permission=Permission.VIEW_INVOICES),
        ),
        columns=_columns(edges),
    )


def _columns(edges: Sequence[int]) -> tuple[Column, ...]:
    return (
        Column(id="group_name", label="Name", kind=Kind.TEXT, width=200, opens="drill"),
        Column(
            id="outstanding_cents",
            label="Outstanding",
            kind=Kind.MONEY,
            width=132,
            total=True,
            opens="open_invoices",
        ),
        Column(
            id="not_due_cents",
            label="Not due",
            kind=Kind.MONEY,
            width=126,
            total=True,
            opens="open_not_due_cents",
        ),
        *bucket_columns(edges),
        Column(
            id="no_due_date_cents",
            label="No due date",
            kind=Kind.MONEY,
            width=125,
            total=True,
            opens="open_no_due_date_cents",
            help="Never overdue: the practice management system gives no due date.",
        ),
        Column(
            id="pending_cents",
            label="Pending",
            kind=Kind.MONEY,
            width=125,
            total=True,
            help="Portal payments on their way: already taken off what is outstanding.",
        ),
        Column(id="unapplied_cents", label="Unapplied", kind=Kind.MONEY, total=True),
        Column(id="net_cents", label="Net", kind=Kind.MONEY, total=True),
        Column(id="invoice_count", label="Invoices", kind=Kind.NUMBER, width=105, total=True),
        Column(id="currency", label="Currency", kind=Kind.CHOICE, width=100, hidden=True),
        Column(id="group_key", label="Key", kind=Kind.TEXT, width=120, hidden=True),
        Column(
            id="row_id",
            label="Row key",
            kind=Kind.TEXT,
            hidden_always=True,
            sortable=False,
            filterable=False,
        ),
    )
