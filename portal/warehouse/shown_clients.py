"""Which clients were ever shown: the store remembers, the source can't tell it."""

from collections.abc import Iterable, Set
from typing import Protocol

import duckdb
import pyarrow as pa


class ShownClients(Protocol):
    """Memory of which clients were ever shown."""

    def all(self) -> Iterable[str]:
        """The ids of every client once shown."""

    def add(self, client_ids: Iterable[str]) -> None:
        """Remember clients that are shown from now on."""


class KnownClients:
    """The memory, read once: a warehouse has one owner, so nobody else adds to it meanwhile."""

    def __init__(self, kept: ShownClients) -> None:
        self._kept = kept
        self._known: set[str] | None = None

    def lay_out(self, con: duckdb.DuckDBPyConnection, touched: str | None = None) -> None:
        """Make the temporary table `shown_clients`, of the clients in table `touched` only."""
        if self._known is None:
            self._known = set(self._kept.all())
        known: Set[str] = self._known
        if touched:
            rows = con.execute(f"select value::varchar from {touched}").fetchall()
            known = known & {row[0] for row in rows}
        con.register("known_clients", pa.table({"client_id": pa.array(known, pa.string())}))
        con.execute("create or replace temp table shown_clients as from known_clients")
        con.unregister("known_clients")

    def remember(self, con: duckdb.DuckDBPyConnection, table: str) -> None:
        """Remember who is shown before anybody can see them: a crash in between loses nothing."""
        fresh = con.execute(
            f"select distinct client_id::varchar from {table} "
            "where client_id::varchar not in (select client_id from shown_clients)"
        ).fetchall()
        if fresh:
            self._kept.add([row[0] for row in fresh])
            self._known.update(row[0] for row in fresh)
