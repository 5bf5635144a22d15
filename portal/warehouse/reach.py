"""Whose data a request is about: is any of it within the person's scope?"""

from collections.abc import Mapping

from portal.domain.errors import NotFound
from portal.domain.permissions import Scope
from portal.lists.columns import ListDefinition
from portal.warehouse.query import load_query
from portal.warehouse.rows import Reader

_WHOSE = ("client_id", "partner_id", "manager_id")


def may_reach(
    warehouse: Reader, definition: ListDefinition, params: Mapping[str, object], scope: Scope
) -> bool:
    """Whether a person may ask about the client, partner or manager the parameters name.

    Somebody with all clients may always; the others only where a client of theirs fits.
    Asking for the whole firm's book takes all clients too.
    """
    if scope.all_clients:
        return True
    if params.get("book") == "all":
        return False
    named = {name: params[name] for name in _WHOSE if params.get(name) is not None}
    if not named:
        return True
    try:
        values = {name: warehouse.key(named.get(name)) for name in _WHOSE}
        values["staff_id"] = warehouse.key(scope.staff_id)
    except NotFound:
        return False
    with warehouse.cursor() as con:
        return con.execute(load_query("search/reachable").sql, values).fetchone()[0]
