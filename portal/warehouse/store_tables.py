"""Which rows of the store the warehouse holds copies of, so that lists sort and filter by them.

One entry a table: its name in the store (here it stands in the schema `store` under the same
name), the column by which changed rows are told, and the columns to copy with their types.
KEY is an id of the practice management system and gets the type this warehouse's keys have.
No secret is listed: no token, no hash of a password, no reference to a saved card.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb


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


STORE_TABLES = (
    StoreTable(
        name="audit_log",
        key="seq",
        columns={
            "seq": "bigint",
            "at": "timestamp",
            "actor": "varchar",
            "action": "varchar",
            "subject": "varchar",
            "detail": "varchar",
        },
    ),
)


def lay_out(con: duckdb.DuckDBPyConnection, key_type: str) -> None:
    """Make every copy empty and keep the number by which their changes are counted."""
    con.execute("create schema if not exists store")
    for table in STORE_TABLES:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in table.types(key_type).items())
        con.execute(f"create or replace table store.{table.name} ({columns})")
    con.execute("create table if not exists store.mirror_version as select 0::bigint as version")
