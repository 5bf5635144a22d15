"""The rows a deed or a figure is about: those ticked, or all that a filter finds."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from portal.domain.errors import Denied, Invalid
from portal.domain.permissions import Principal
from portal.lists.columns import ListDefinition
from portal.lists.registry import find_list
from portal.warehouse.list_query import RowsRequest
from portal.warehouse.rows import list_count, list_page

if TYPE_CHECKING:
    from portal.bootstrap import Portal


def matching_ids(
    portal: "Portal", actor: Principal, list_name: str, asked: Mapping[str, object], most: int
) -> tuple[str, ...]:
    """The ids of all rows a filter finds within a person's rights, in the list's own order.

    `asked` is what the browser says: filter_model, search, params; it is checked like a request.
    Raises: Invalid for more than `most` rows, or a filter the list does not take.
    """
    settings = portal.settings
    definition = _definition(portal, actor, list_name)
    request = _request(asked, most)
    page = list_page(
        portal.warehouse, definition, request, actor.scope, portal.today(), settings.currency
    )
    if page.last_row > most:
        raise Invalid(f"{most:,} rows are the most at once; narrow the list first.")
    return tuple(str(row[definition.row_id]) for row in page.rows)


def matching_count(
    portal: "Portal", actor: Principal, list_name: str, asked: Mapping[str, object]
) -> int:
    """How many rows of a list a question, as `matching_ids` takes it, finds within one's rights.

    Raises: Denied; Invalid for a filter the list does not take.
    """
    definition = _definition(portal, actor, list_name)
    request = _request(asked, most=1)
    return list_count(portal.warehouse, definition, request, actor.scope, portal.today())


def _request(asked: Mapping[str, object], most: int) -> RowsRequest:
    filters, params = asked.get("filter_model"), asked.get("params")
    return RowsRequest(
        end_row=most,
        filter_model=filters if isinstance(filters, Mapping) else {},
        search=str(asked.get("search") or ""),
        params=params if isinstance(params, Mapping) else {},
    )


def _definition(portal: "Portal", actor: Principal, list_name: str) -> ListDefinition:
    settings = portal.settings
    definition = find_list(
        list_name, settings.aging_edges, partial(settings.gives, actor), settings.timezone.key
    )
    if definition is None:
        raise Invalid("There is no such list.")
    actor.require(definition.permission)
    if not settings.gives(actor, definition.module):
        raise Denied("Your firm has not switched this part of the portal on for you.")
    return definition
