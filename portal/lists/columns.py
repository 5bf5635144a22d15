"""The parts a list is described with: columns, kinds of value, row actions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.domain.permissions import Permission


class Kind(StrEnum):
    """What a column's values are; it decides the filter, the drawing and the Excel format."""

    TEXT = "text"
    """Free text: names, numbers of documents, references."""
    MONEY = "money"
    """Whole cents of the row's currency."""
    NUMBER = "number"
    """A whole number: a count, a score."""
    DATE = "date"
    """A day of the firm, ISO text on the wire."""
    DAYS = "days"
    """A whole number of days."""
    CHOICE = "choice"
    """One of a few values; filtered by choosing among them."""
    FLAG = "flag"
    """Yes or no."""
    EMAIL = "email"
    """An email address."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a list. `id` is the key of the value in a row; money ids end in `_cents`."""

    id: str
    label: str
    kind: Kind
    width: int = 140
    hidden: bool = False
    """Starts out hidden; the person can show it."""
    pinned: str | None = None
    sortable: bool = True
    filterable: bool = True
    total: bool = False
    """Its sum over the filtered rows stands under the list."""
    choices: tuple[str, ...] = ()
    """The values of a choice, where they are fixed; otherwise they are asked of the data."""
    opens: str | None = None
    """The row action that a click on the cell starts."""
    spoken: Mapping[str, str] = field(default_factory=dict)
    """A source's own words as people write them; its other words begin with a capital."""
    help: str = ""
    module: str | None = None
    """The firm's module without which the list does not have this column."""
    hidden_always: bool = False
    """Never shown and never exported: an id that the grid needs."""

    def said(self, value: str) -> str:
        """A value as it stands on screen."""
        if not self.spoken:
            return value
        return self.spoken.get(value.lower()) or value[:1].upper() + value[1:].replace("_", " ")


@dataclass(frozen=True, kw_only=True)
class RowAction:
    """One entry of a row's menu. Without `permission` everybody who sees the row has it."""

    key: str
    label: str
    permission: Permission | None = None
    shortcut: str = ""
    """The letter that starts it on the row one stands on."""


@dataclass(frozen=True, kw_only=True)
class Toggle:
    """One segment of the switch above a list, e.g. Outstanding."""

    key: str
    label: str


@dataclass(frozen=True, kw_only=True)
class ListDefinition:
    """A list: what it shows, in which order, who may see it, what its URL may carry.

    `params` names what narrows the list besides its filters, and the type of each:
    `key` (an id), `text`, `date`, `integer`, or `choice:a|b|c`.
    """

    name: str
    title: str
    row_id: str
    columns: tuple[Column, ...]
    default_sort: tuple[tuple[str, str], ...]
    permission: Permission
    module: str
    """The firm's module that must be switched on."""
    params: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, object] = field(default_factory=dict)
    """Firm's settings that the list's SQL binds, e.g. the aging edges."""
    toggles: tuple[Toggle, ...] = ()
    row_actions: tuple[RowAction, ...] = ()
    search_hint: str = ""
    opens: str = ""
    """The page of a row; a name in braces is a column of the row."""

    def column(self, column_id: str) -> Column | None:
        """The column of that id, or None."""
        return next((column for column in self.columns if column.id == column_id), None)

    @property
    def totals(self) -> tuple[Column, ...]:
        """The columns whose sums stand under the list."""
        return tuple(column for column in self.columns if column.total)

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns visible before anybody has arranged the list."""
        return tuple(c for c in self.columns if not c.hidden and not c.hidden_always)
