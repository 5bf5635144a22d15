"""The values that occur in a column: what a choice filter offers."""

from collections.abc import Mapping
from datetime import date

from portal.domain.errors import Invalid
from portal.domain.permissions import Scope
from portal.lists.columns import Kind, ListDefinition
from portal.warehouse.filters import MOST_TEXT
from portal.warehouse.list_query import ListQuery, RowsRequest, compile_query
from portal.warehouse.rows import Reader

MOST_VALUES = 200


def column_values(
    warehouse: Reader,
    definition: ListDefinition,
    column_id: str,
    search: str,
    params: Mapping[str, object],
    scope: Scope,
    today: date,
) -> list[str]:
    """The distinct values of a choice column among the rows of a scope, in order, at most 200.

    `search` narrows them to those that contain it, without regard to case and accents.
    Raises: Invalid for a column that has no choices.
    """
    column = definition.column(column_id)
    if column is None or column.kind is not Kind.CHOICE or not column.filterable:
        raise Invalid(f"This list has no choices for {column_id[:60]!r}.")
    if len(search) > MOST_TEXT:
        raise Invalid(f"A search has at most {MOST_TEXT} characters.")
    if column.choices:
        wanted = search.casefold()
        return [choice for choice in column.choices if wanted in choice.casefold()]
    query = compile_query(definition, RowsRequest(params=params), scope, today, warehouse.key)
    statement = _statement(query, column_id)
    values = query.bound(statement.replace("$wanted", "").replace("$most", ""))
    with warehouse.cursor() as con:
        found = con.execute(statement, {**values, "wanted": search.strip(), "most": MOST_VALUES})
        return [row[0] for row in found.fetchall()]


def _statement(query: ListQuery, column_id: str) -> str:
    source = query.sql.column(column_id)
    lookup = source.lookup
    if lookup is None:
        from_rows = query.rows_from(extra=frozenset(source.needs))
    else:
        ids = f"select {lookup.on} {query.rows_from()}"
        from_rows = f"from {lookup.table} where {lookup.key} in ({ids})"
    return (
        f"select distinct {source.filter} as choice {from_rows} "
        f"and coalesce({source.filter}, '') <> '' "
        f"and contains({source.folded(source.filter)}, lower(strip_accents($wanted::varchar))) "
        "order by choice limit $most"
    )
