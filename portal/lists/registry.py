"""All lists by name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from portal.domain.aging import DEFAULT_EDGES
from portal.lists.aging import aging_list
from portal.lists.audit import AUDIT
from portal.lists.clients import CLIENTS
from portal.lists.columns import ListDefinition
from portal.lists.emails import emails_list
from portal.lists.invoices import INVOICES
from portal.lists.payments import PAYMENTS
from portal.lists.plans import PLANS
from portal.lists.portal_users import PORTAL_USERS
from portal.lists.quick_links import QUICK_LINKS
from portal.lists.statements import STATEMENTS
from portal.lists.worklist import WORKLIST

LISTS: Mapping[str, ListDefinition] = {
    definition.name: definition
    for definition in (
        CLIENTS,
        INVOICES,
        PAYMENTS,
        PLANS,
        PORTAL_USERS,
        QUICK_LINKS,
        WORKLIST,
        STATEMENTS,
        AUDIT,
        aging_list(),
        emails_list(),
    )
}


def find_list(
    name: str,
    aging_edges: Sequence[int] = DEFAULT_EDGES,
    has_module: Callable[[str], bool] = lambda module: True,
    zone: str = "America/New_York",
) -> ListDefinition | None:
    """The list of that name as the firm has it: its aging buckets, time zone, modules' columns.

    Returns: None if there is no such list.
    """
    made = {"aging": lambda: aging_list(aging_edges), "emails": lambda: emails_list(zone)}
    definition = made.get(name, lambda: LISTS.get(name))()
    if definition is None:
        return None
    kept = tuple(c for c in definition.columns if c.module is None or has_module(c.module))
    return definition if kept == definition.columns else replace(definition, columns=kept)
