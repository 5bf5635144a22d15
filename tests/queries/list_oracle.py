"""What a filter means, said again in plain Python over the rows a list shows; shares no code with it."""

# ruff: noqa: E501

import unicodedata
from datetime import date

MARKS = {"Partly paid", "Disputed"}


def fold(text: object) -> str:
    """A text without case and accents; a missing one is empty."""
    parts = unicodedata.normalize("NFD", str(text if text is not None else ""))
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).lower()


def passes(value: object, model: dict) -> bool:
    """Whether a shown value passes a filter model."""
    if "operator" in model:
        results = [passes(value, each) for each in model["conditions"]]
        return all(results) if model["operator"] == "AND" else any(results)
    kind = model["filterType"]
    if kind == "set":
        return _set(value, model["values"])
    if kind == "text":
        return _text(value, model)
    if kind == "number":
        return _ordered(value, model["type"], model.get("filter"), model.get("filterTo"))
    return _ordered(value, model["type"], _day(model.get("dateFrom")), _day(model.get("dateTo")))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _set(value: object, chosen: list) -> bool:
    if value in (None, ""):
        return None in chosen or "" in chosen
    # marks are several values in one cell
    cell = set(str(value).split(", ")) if set(str(value).split(", ")) <= MARKS else {value}
    return bool(cell & set(chosen)) or value in chosen


def _text(value: object, model: dict) -> bool:
    shown, wanted = fold(value), fold(model.get("filter"))
    return {
        "equals": shown == wanted,
        "notEqual": shown != wanted,
        "contains": wanted in shown,
        "notContains": wanted not in shown,
        "startsWith": shown.startswith(wanted),
        "endsWith": shown.endswith(wanted),
        "blank": shown.strip(" ") == "",
        "notBlank": shown.strip(" ") != "",
    }[model["type"]]


def _ordered(value: object, operator: str, first: object, last: object) -> bool:
    if operator in ("blank", "notBlank"):
        return (value is None) == (operator == "blank")
    if value is None:
        return operator == "notEqual"
    if operator == "inRange":
        return first <= value <= last
    return {
        "equals": value == first,
        "notEqual": value != first,
        "lessThan": value < first,
        "lessThanOrEqual": value <= first,
        "greaterThan": value > first,
        "greaterThanOrEqual": value >= first,
    }[operator]
