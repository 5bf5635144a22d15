"""The grid's filters as bound SQL: an allow-list of columns and operators, nothing else.

Input decides which of our own fragments are used and is itself only ever bound to a name.
Meaning: text compares without regard to case and accents, and an empty text is a blank;
`notEqual` and `notContains` keep blanks; a range includes both its ends.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from portal.domain.errors import Invalid
from portal.lists.columns import Column, Kind, ListDefinition
from portal.warehouse.list_sql import ColumnSql, ListSql

MOST_VALUES = 1_000
MOST_TEXT = 200
MOST_CONDITIONS = 10
MOST_COMBINED = 5
MOST_NUMBER = 10**15

TEXT_KINDS = frozenset({Kind.TEXT, Kind.EMAIL, Kind.CHOICE})
NUMBER_KINDS = frozenset({Kind.MONEY, Kind.NUMBER, Kind.DAYS})

_TEXT = {
    "equals": "{x} = {a}",
    "notEqual": "{x} <> {a}",
    "contains": "contains({x}, {a})",
    "notContains": "not contains({x}, {a})",
    "startsWith": "starts_with({x}, {a})",
    "endsWith": "ends_with({x}, {a})",
    "blank": "trim({x}) = ''",
    "notBlank": "trim({x}) <> ''",
}
_ORDERED = {
    "equals": "{x} = {a}",
    "notEqual": "{x} is distinct from {a}",
    "lessThan": "{x} < {a}",
    "lessThanOrEqual": "{x} <= {a}",
    "greaterThan": "{x} > {a}",
    "greaterThanOrEqual": "{x} >= {a}",
    "inRange": "{x} between {a} and {b}",
    "blank": "{x} is null",
    "notBlank": "{x} is not null",
}
_BLANKS_MATCH = frozenset({"notEqual", "notContains", "blank"})
_NO_VALUE = frozenset({"blank", "notBlank"})
_KEYS = {
    "text": {"filterType", "type", "filter"},
    "number": {"filterType", "type", "filter", "filterTo"},
    "date": {"filterType", "type", "dateFrom", "dateTo"},
    "set": {"filterType", "values"},
}


@dataclass
class Compiled:
    """Conditions to be joined by `and`, the values they bind, and the joins they need."""

    conditions: list[str] = field(default_factory=list)
    values: dict[str, object] = field(default_factory=dict)
    needs: set[str] = field(default_factory=set)
    count: int = 0

    def bind(self, value: object) -> str:
        """Bind a value to a fresh name and give that name as it stands in SQL."""
        name = f"f{len(self.values)}"
        self.values[name] = value
        return f"${name}"


@dataclass(frozen=True)
class _Part:
    sql: str
    blanks: bool
    """Whether a row without any value passes."""


def compile_filters(
    definition: ListDefinition, sql: ListSql, filter_model: Mapping[str, object]
) -> Compiled:
    """Turn a filter model into conditions.

    Raises: Invalid for any column, operator, value or size that is not allowed.
    """
    made = Compiled()
    for column_id, model in filter_model.items():
        column = definition.column(column_id)
        if column is None or not column.filterable:
            raise Invalid(f"This list has no filter on {str(column_id)[:60]!r}.")
        source = sql.column(column_id)
        part = _model(made, column, source, _mapping(model))
        made.conditions.append(_looked_up(source, part))
        made.needs.update(source.needs)
    return made


def _model(made: Compiled, column: Column, source: ColumnSql, model: Mapping) -> _Part:
    if "operator" not in model:
        return _condition(made, column, source, model)
    _only(model, {"filterType", "operator", "conditions"})
    operator, conditions = model["operator"], model.get("conditions")
    if operator not in ("AND", "OR"):
        raise Invalid("Conditions are combined by AND or OR.")
    if not isinstance(conditions, list) or not 1 <= len(conditions) <= MOST_COMBINED:
        raise Invalid(f"A filter combines 1 to {MOST_COMBINED} conditions.")
    parts = [_condition(made, column, source, _mapping(each)) for each in conditions]
    blanks = [part.blanks for part in parts]
    joined = f" {operator.lower()} ".join(f"({part.sql})" for part in parts)
    return _Part(joined, all(blanks) if operator == "AND" else any(blanks))


def _condition(made: Compiled, column: Column, source: ColumnSql, model: Mapping) -> _Part:
    made.count += 1
    if made.count > MOST_CONDITIONS:
        raise Invalid(f"A list takes at most {MOST_CONDITIONS} conditions at once.")
    kind = model.get("filterType")
    if not isinstance(kind, str) or kind not in _allowed_types(column):
        raise Invalid(f"{column.label} cannot be filtered that way.")
    _only(model, _KEYS[kind])
    if kind == "set":
        return _set(made, column, source, model.get("values"))
    operator = model.get("type")
    known = _TEXT if kind == "text" else _ORDERED
    if not isinstance(operator, str) or operator not in known:
        raise Invalid(f"{column.label} has no such condition.")
    expression, names = _operands(made, source, kind, operator, model)
    return _Part(known[operator].format(x=expression, **names), _passes_blank(operator, model))


def _passes_blank(operator: str, model: Mapping) -> bool:
    """Whether a condition lets a blank through; comparing with an empty text turns that around."""
    text = model.get("filter")
    is_empty = isinstance(text, str) and not _without_marks(text)
    return (operator in _BLANKS_MATCH) != (is_empty and operator not in _NO_VALUE)


def _without_marks(text: str) -> str:
    signs = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in signs if not unicodedata.combining(sign))


def _allowed_types(column: Column) -> frozenset[str]:
    if column.kind is Kind.CHOICE:
        return frozenset({"text", "set"})
    if column.kind in TEXT_KINDS:
        return frozenset({"text"})
    if column.kind is Kind.DATE:
        return frozenset({"date"})
    return frozenset({"set"}) if column.kind is Kind.FLAG else frozenset({"number"})


def _operands(
    made: Compiled, source: ColumnSql, kind: str, operator: str, model: Mapping
) -> tuple[str, dict[str, str]]:
    if kind == "text":
        expression = f"coalesce({source.folded(source.filter)}, '')"
        if operator in _NO_VALUE:
            return expression, {}
        value = made.bind(_text(model.get("filter")))
        return expression, {"a": source.folded(f"{value}::varchar")}
    expression = f"({source.filter})"
    if operator in _NO_VALUE:
        return expression, {}
    read, first, last = (
        (_number, "filter", "filterTo") if kind == "number" else (_date, "dateFrom", "dateTo")
    )
    names = {"a": made.bind(read(model.get(first)))}
    if operator == "inRange":
        names["b"] = made.bind(read(model.get(last)))
    return expression, names


def _set(made: Compiled, column: Column, source: ColumnSql, values: object) -> _Part:
    if not isinstance(values, list) or len(values) > MOST_VALUES:
        raise Invalid(f"Choose at most {MOST_VALUES} values.")
    if column.kind is Kind.FLAG:
        if not all(isinstance(value, bool) for value in values):
            raise Invalid(f"{column.label} is yes or no.")
        return _Part(f"list_contains({made.bind(values)}::boolean[], {source.filter})", False)
    chosen = [_text(value) for value in values if value is not None]
    expression = f"coalesce(({source.filter}), '')"
    options = [f"({source.choices[value]})" for value in chosen if value in source.choices]
    if others := [value for value in chosen if value not in source.choices]:
        options.append(f"list_contains({made.bind(others)}::varchar[], {expression})")
    if None in values:
        options.append(f"trim({expression}) = ''")
    return _Part(" or ".join(options) or "false", None in values or "" in chosen)


def _looked_up(source: ColumnSql, part: _Part) -> str:
    """A condition on a name is asked of the (small) table of names, then of its ids."""
    lookup = source.lookup
    if lookup is None:
        return f"({part.sql})"
    if not part.blanks:
        return f"{lookup.on} in (select {lookup.key} from {lookup.table} where {part.sql})"
    refused = f"select {lookup.key} from {lookup.table} where not coalesce(({part.sql}), false)"
    return f"({lookup.on} is null or {lookup.on} not in ({refused}))"


def _mapping(model: object) -> Mapping:
    if not isinstance(model, Mapping):
        raise Invalid("A filter must be an object.")
    return model


def _only(model: Mapping, known: set[str]) -> None:
    if unknown := sorted(str(key)[:40] for key in set(model) - known):
        raise Invalid(f"A filter has no {unknown[0]!r}.")


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        raise Invalid(f"A text to filter by has at most {MOST_TEXT} characters.")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise Invalid("That text is not valid Unicode.") from None
    return value


def _number(value: object) -> int:
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not whole or abs(value) > MOST_NUMBER:
        raise Invalid("A number to filter by is a whole number (money in cents).")
    return int(value)


def _date(value: object) -> date:
    if not isinstance(value, str):
        raise Invalid("A date to filter by is written like 2026-06-30.")
    try:
        return (
            date.fromisoformat(value)
            if len(value) == 10
            else datetime.strptime(value, "%Y-%m-%d %H:%M:%S").date()
        )
    except ValueError:
        raise Invalid("A date to filter by is written like 2026-06-30.") from None
