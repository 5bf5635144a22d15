"""How a record becomes a row of its table and comes back."""

import dataclasses
import functools
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar, get_args, get_type_hints

from sqlalchemy import Row

Record = TypeVar("Record")


def to_row(record: Any) -> dict[str, Any]:
    """The values of a record's columns: states by their names, tuples as lists."""
    return {name: _plain(getattr(record, name)) for name in _names(type(record))}


def from_row(kind: type[Record], row: Row) -> Record:
    """The record that a row holds."""
    values = tuple(row)
    return kind(
        **{
            name: values[place] if read is None or values[place] is None else read(values[place])
            for name, place, read in _reading(kind, row._fields)
        }
    )


_AS_IT_IS = frozenset({str, int, bool, float, type(None), datetime, date})


def _plain(value: Any) -> Any:
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


@functools.cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@functools.cache
def _reading(kind: type, columns: tuple[str, ...]) -> tuple[tuple[str, int, Any], ...]:
    """For each field of a record: its name, where its column stands, and what makes the value."""
    hints = get_type_hints(kind)
    return tuple((name, columns.index(name), _reader(hints[name])) for name in _names(kind))


def _reader(hint: Any) -> Any:
    for part in (hint, *get_args(hint)):
        if isinstance(part, type) and issubclass(part, Enum):
            return part
    return tuple if getattr(hint, "__origin__", None) is tuple else None
