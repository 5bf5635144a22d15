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
    values = row._mapping
    return kind(**{name: _rich(read, values[name]) for name, read in _readers(kind).items()})


_AS_IT_IS = frozenset({str, int, bool, float, type(None), datetime, date})


def _plain(value: Any) -> Any:
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def _rich(read: Any, value: Any) -> Any:
    return value if value is None or read is None else read(value)


@functools.cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@functools.cache
def _readers(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: _reader(hints[field.name]) for field in dataclasses.fields(kind)}


def _reader(hint: Any) -> Any:
    for part in (hint, *get_args(hint)):
        if isinstance(part, type) and issubclass(part, Enum):
            return part
    return tuple if getattr(hint, "__origin__", None) is tuple else None
