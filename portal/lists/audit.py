"""The audit list: every change of money, access or settings, in the order it happened."""

from portal.domain.permissions import Permission
from portal.lists.columns import Column, Kind, ListDefinition

AUDIT = ListDefinition(
    name="audit",
    title="Audit entries",
    row_id="seq",
    permission=Permission.VIEW_AUDIT,
    module="audit",
    default_sort=(("seq", "desc"),),
    search_hint="Who, what or about whom",
    columns=(
        Column(id="seq", label="#", kind=Kind.NUMBER, width=90),
        Column(id="day", label="Date", kind=Kind.DATE, width=120),
        Column(id="clock_time", label="Time", kind=Kind.TEXT, width=100, filterable=False),
        Column(id="actor", label="Who", kind=Kind.TEXT, width=200),
        Column(id="action", label="What", kind=Kind.TEXT, width=210),
        Column(id="subject", label="About", kind=Kind.TEXT, width=200),
        Column(id="detail", label="Details", kind=Kind.TEXT, width=480),
    ),
)
