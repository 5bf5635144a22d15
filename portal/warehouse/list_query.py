"""One person's question to a list, compiled: which rows, in which order, over which joins."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Scope
from portal.lists.columns import Kind, ListDefinition
from portal.warehouse.filters import MOST_TEXT, NUMBER_KINDS, TEXT_KINDS, compile_filters
from portal.warehouse.list_sql import ListSql, load_list, params_in

MOST_SORTS = 6
SEARCH_WORDS = 3
MOST_INTEGER = 2**31


@dataclass(frozen=True, kw_only=True)
class RowsRequest:
    """What a grid asks: the rows from `start_row` up to, not including, `end_row`."""

    start_row: int = 0
    end_row: int = 100
    sort_model: Sequence[Mapping[str, object]] = ()
    filter_model: Mapping[str, object] = field(default_factory=dict)
    search: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ListQuery:
    """The compiled question. Every text here is the list's own; `values` holds the input."""

    sql: ListSql
    where: str
    order: tuple[tuple[str, str], ...]
    """Expressions with their directions, ties included; blanks come last in either."""
    filter_joins: frozenset[str]
    sort_joins: frozenset[str]
    values: Mapping[str, object]
    is_costly: bool
    """Whether finding the rows costs more than keeping them: texts are looked through."""

    @property
    def order_by(self) -> str:
        """The order over the list's own tables."""
        return self.ordered_by([sql for sql, _ in self.order])

    def ordered_by(self, names: Sequence[str], is_backwards: bool = False) -> str:
        """The same order over other names for its expressions, or all of it turned around."""
        if not is_backwards:
            ends = (f"{direction} nulls last" for _, direction in self.order)
        else:
            turned = {"asc": "desc", "desc": "asc"}
            ends = (f"{turned[direction]} nulls first" for _, direction in self.order)
        return ", ".join(f"{name} {end}" for name, end in zip(names, ends, strict=True))

    def rows_from(self, *, extra: frozenset[str] = frozenset()) -> str:
        """The from and where of the filtered rows, with the joins they (and `extra`) need."""
        joins = self.sql.joined(set(self.filter_joins | extra))
        return f"from {self.sql.source} {joins} where {self.where}"

    def bound(self, statement: str) -> dict[str, object]:
        """The values of the parameters that a statement names."""
        return {name: self.values[name] for name in params_in(statement)}


def compile_query(
    definition: ListDefinition,
    request: RowsRequest,
    scope: Scope,
    today: date,
    key: Callable[[object], object],
) -> ListQuery:
    """Compile a question within a scope; the scope is part of the answer's `where`, always.

    Raises: Invalid for a filter, sort, search or parameter the list does not have.
    """
    sql = load_list(definition.name)
    params = read_params(definition, sql, request.params, key)
    filters = compile_filters(definition, sql, request.filter_model)
    values = {**definition.constants, **dict.fromkeys(definition.params), **params}
    values |= {**filters.values, **_scope_values(scope, params, key), "today": today}
    conditions = [sql.scope or "true", *filters.conditions]
    needs = set(filters.needs)
    for name, value in {**sql.defaults, **params}.items():
        conditions += _param_condition(sql, name, value)
        needs.update(sql.param_needs.get(name, {}).get(str(value), ()))
    if request.search.strip():
        conditions.append(sql.search)
        values |= _search_values(request.search)
    order, sort_needs = _order(definition, sql, request.sort_model)
    if "as_of" in definition.params:
        values["as_of"] = values["as_of"] or today
    where = " and ".join(f"({condition})" for condition in conditions)
    return ListQuery(
        sql=sql,
        where=where,
        order=order,
        filter_joins=frozenset(needs),
        sort_joins=frozenset(needs | sort_needs),
        values=values,
        is_costly=_is_costly(definition, sql, request),
    )


def _is_costly(definition: ListDefinition, sql: ListSql, request: RowsRequest) -> bool:
    columns = (definition.column(column_id) for column_id in request.filter_model)
    texts = (c for c in columns if c is not None and c.kind in (Kind.TEXT, Kind.EMAIL))
    return sql.picked_by is None or bool(request.search.strip()) or any(texts)


def read_params(
    definition: ListDefinition,
    sql: ListSql,
    given: Mapping[str, object],
    key: Callable[[object], object],
) -> dict[str, object]:
    """Check the parameters of a list against what it declares, and fill its defaults.

    Raises: Invalid.
    """
    if unknown := sorted(str(name)[:40] for name in set(given) - set(definition.params)):
        raise Invalid(f"This list has no parameter {unknown[0]!r}.")
    read = {
        name: _param(name, definition.params[name], value, key)
        for name, value in given.items()
        if value is not None
    }
    return {**sql.defaults, **read}


def _param(name: str, kind: str, value: object, key: Callable[[object], object]) -> object:
    if kind == "integer" and isinstance(value, int) and not isinstance(value, bool):
        if abs(value) < MOST_INTEGER:
            return value
        raise Invalid(f"The parameter {name} is too large.")
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        raise Invalid(f"The parameter {name} is not a {kind.partition(':')[0]}.")
    if kind.startswith("choice:") and value in kind.removeprefix("choice:").split("|"):
        return value
    if kind == "text":
        return value
    if kind == "date":
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise Invalid(f"The parameter {name} is a date like 2026-06-30.") from None
    if kind == "key":
        try:
            return key(value)
        except NotFound:
            raise Invalid(f"The parameter {name} is not an id.") from None
    raise Invalid(f"The parameter {name} cannot be {value[:40]!r}.")


def _param_condition(sql: ListSql, name: str, value: object) -> list[str]:
    """The condition a parameter adds; none where the list's own query binds it."""
    fragment = sql.params.get(name, "")
    if isinstance(fragment, Mapping):
        fragment = fragment[str(value)]
    return [fragment] if fragment else []


def _scope_values(
    scope: Scope, params: Mapping[str, object], key: Callable[[object], object]
) -> dict[str, object]:
    """`book=mine` narrows anybody to their own clients; nothing widens a scope."""
    sees_all = scope.all_clients and params.get("book") != "mine"
    try:
        staff_id = key(scope.staff_id)
    except NotFound:
        staff_id = None
    return {"sees_all": sees_all, "staff_id": staff_id}


def _search_values(search: str) -> dict[str, object]:
    if len(search) > MOST_TEXT:
        raise Invalid(f"A search has at most {MOST_TEXT} characters.")
    words = search.split(maxsplit=SEARCH_WORDS - 1)
    words += [""] * (SEARCH_WORDS - len(words))
    named = {f"word_{place}": word.strip() for place, word in enumerate(words, start=1)}
    return {**named, "search": search.strip()}


def _order(
    definition: ListDefinition, sql: ListSql, sort_model: Sequence[Mapping[str, object]]
) -> tuple[tuple[tuple[str, str], ...], set[str]]:
    """The order asked for, or the list's own; ties are always broken the same way."""
    asked = [_sort_item(definition, item) for item in sort_model] or definition.default_sort
    if len(asked) > MOST_SORTS or len({column for column, _ in asked}) < len(asked):
        raise Invalid(f"A list sorts by at most {MOST_SORTS} different columns.")
    terms: list[tuple[str, str]] = []
    needs: set[str] = set()
    for column_id, direction in asked:
        source = sql.column(column_id)
        needs.update(source.needs, source.sort_needs)
        terms += [_term(text, direction) for text in _sort_expressions(definition, sql, column_id)]
    terms += [(text, terms[0][1]) for text in sql.tie_break]
    return tuple(terms), needs


def _sort_item(definition: ListDefinition, item: object) -> tuple[str, str]:
    if not isinstance(item, Mapping) or set(item) != {"colId", "sort"}:
        raise Invalid("A sort names a column (colId) and a direction (sort).")
    column_id, direction = item["colId"], item["sort"]
    column = definition.column(column_id) if isinstance(column_id, str) else None
    if column is None or not column.sortable or direction not in ("asc", "desc"):
        raise Invalid(f"This list cannot be sorted by {str(column_id)[:60]!r}.")
    return column_id, direction


def _sort_expressions(definition: ListDefinition, sql: ListSql, column_id: str) -> tuple[str, ...]:
    source = sql.column(column_id)
    column = definition.column(column_id)
    if source.sort:
        return source.sort
    if column is not None and column.kind in TEXT_KINDS and column.kind not in NUMBER_KINDS:
        return (f"nullif({source.folded(source.filter)}, '')",)
    return (source.filter,)


def _term(text: str, direction: str) -> tuple[str, str]:
    if not text.startswith("-"):
        return text, direction
    return text[1:], "desc" if direction == "asc" else "asc"
