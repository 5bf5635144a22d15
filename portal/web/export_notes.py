"""What the second sheet of an export says about the first: which rows, whose, and as of when."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from portal.domain.errors import NotFound
from portal.lists.words import filters_in_words, order_in_words, params_in_words
from portal.warehouse.list_query import RowsRequest
from portal.web.gate import Caller, Portal

_NAMED = ("client_id", "partner_id", "manager_id")
"""Parameters whose values are ids; a reader of the file wants the names."""


def notes(
    portal: Portal, caller: Caller, asked: RowsRequest, count: int, version: int
) -> list[tuple[str, str]]:
    """The lines of the sheet: what, and what about it."""
    definition, currency = caller.definition, portal.settings.currency
    narrowed = [
        *filters_in_words(definition, asked.filter_model, currency),
        *([f"Search: {asked.search.strip()}"] if asked.search.strip() else []),
        *params_in_words(_with_names(portal, asked.params)),
    ]
    data, zone = portal.warehouse.data_version(), portal.settings.timezone
    as_of = _moment(data.refreshed_at, zone) if data.refreshed_at else "unknown"
    return [
        ("List", f"{definition.title} of {portal.settings.firm_name}"),
        ("Filters", "; ".join(narrowed) or "None: every row this person may see"),
        ("Order", order_in_words(definition, asked.sort_model)),
        ("Rows", f"{count:,}"),
        ("Amounts", f"In the currency of each row; the firm's is {currency}"),
        ("Made by", caller.principal.full_name),
        ("Made at", _moment(portal.now(), zone)),
        ("Data as of", f"{as_of} (version {version})"),
    ]


def _moment(at: datetime, zone: ZoneInfo) -> str:
    """An instant in the firm's time; one without a zone is UTC."""
    local = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(zone)
    return local.strftime("%Y-%m-%d %H:%M %Z")


def _with_names(portal: Portal, params: Mapping[str, object]) -> dict[str, object]:
    """The parameters with names in the place of ids: `partner` of `partner_id`."""
    ids = {name: params.get(name) for name in _NAMED}
    named = {name: value for name, value in params.items() if name not in ids}
    if any(ids.values()):
        try:
            found = portal.warehouse.one("search/names", **ids) or {}
        except NotFound:
            found = {}
        named |= {key: name for key, name in found.items() if name}
    if assignee := params.get("assignee"):
        with portal.store.reading() as view:
            user = view.users.find(str(assignee))
        named["assignee"] = user.full_name if user else assignee
    return named
