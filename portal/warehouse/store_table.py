"""What a copy of a table of the store is described with."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class StoreTable:
    """A table of the store as the warehouse repeats it.

    `key` names the column that tells rows apart, or groups of rows that are renewed together.
    It must not change in a row's life.
    """

    name: str
    key: str
    columns: Mapping[str, str]

    def types(self, key_type: str) -> dict[str, str]:
        """Column -> DuckDB type, in the order of the declaration."""
        return {
            name: key_type if kind == "KEY" else kind.upper() for name, kind in self.columns.items()
        }
