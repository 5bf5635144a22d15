"""A list's filters, order and parameters as a person would say them, for the notes of an export."""

from collections.abc import Mapping, Sequence

from portal.domain.money import format_cents
from portal.lists.columns import Column, Kind, ListDefinition

_OPERATORS = {
    "equals": "is",
    "notEqual": "is not",
    "contains": "contains",
    "notContains": "does not contain",
    "startsWith": "begins with",
    "endsWith": "ends with",
    "lessThan": "is less than",
    "lessThanOrEqual": "is at most",
    "greaterThan": "is more than",
    "greaterThanOrEqual": "is at least",
    "inRange": "is between",
    "blank": "is blank",
    "notBlank": "is not blank",
}
_DATE_OPERATORS = {"lessThan": "is before", "greaterThan": "is after"}


def filters_in_words(
    definition: ListDefinition, filter_model: Mapping[str, Mapping], currency: str
) -> list[str]:
    """One sentence a filtered column; the model has been compiled before, so it is good."""
    return [
        f"{column.label} {_condition(column, model, currency)}"
        for column_id, model in filter_model.items()
        if (column := definition.column(column_id)) is not None
    ]


def order_in_words(definition: ListDefinition, sort_model: Sequence[Mapping]) -> str:
    """By which columns the rows are sorted, and which way."""
    asked = [(item["colId"], item["sort"]) for item in sort_model] or definition.default_sort
    ways = {"asc": "ascending", "desc": "descending"}
    return ", ".join(
        f"{column.label} {ways[direction]}"
        for column_id, direction in asked
        if (column := definition.column(str(column_id))) is not None
    )


def params_in_words(params: Mapping[str, object]) -> list[str]:
    """What narrows the list besides its filters; what is left at its default is not said."""
    said = {name: value for name, value in params.items() if value not in (None, "", "all")}
    return [f"{name.replace('_', ' ').capitalize()}: {value}" for name, value in said.items()]


def _condition(column: Column, model: Mapping, currency: str) -> str:
    if "operator" in model:
        joint = f" {model['operator'].lower()} "
        return joint.join(_condition(column, each, currency) for each in model["conditions"])
    if model["filterType"] == "set":
        values = model["values"]
        chosen = ["(blank)" if value is None else column.said(str(value)) for value in values]
        return f"is one of {', '.join(chosen)}" if chosen else "is none of the values"
    operator = model["type"]
    words = (_DATE_OPERATORS if column.kind is Kind.DATE else _OPERATORS).get(
        operator, _OPERATORS[operator]
    )
    if operator in ("blank", "notBlank"):
        return words
    first, last = ("dateFrom", "dateTo") if column.kind is Kind.DATE else ("filter", "filterTo")
    said = f"{words} {_value(column, model[first], currency)}"
    if operator == "inRange":
        said += f" and {_value(column, model[last], currency)}"
    return said


def _value(column: Column, value: object, currency: str) -> str:
    if column.kind is Kind.MONEY:
        return format_cents(int(value), currency)
    if column.kind is Kind.DATE:
        return str(value)[:10]
    return f"“{value}”" if isinstance(value, str) else f"{value:,}"
