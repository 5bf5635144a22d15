"""Copies of the store's rows in the warehouse, renewed after what was committed there.

Python reads the store and hands the rows over; DuckDB never opens the store's file. Each
renewal is a transaction of its own that also moves the data version, so that open lists read
again and nothing kept of the old version is given out. It writes no table that a refresh
writes: the two never wait for each other.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Protocol

import duckdb
import pyarrow as pa

from portal.warehouse.connection import transaction
from portal.warehouse.store_table import StoreTable
from portal.warehouse.store_tables import STORE_TABLES, derive, lay_out
from portal.warehouse.warehouse import Warehouse

_ARROW = {
    "BIGINT": pa.int64(),
    "VARCHAR": pa.string(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
}
_PAYMENT_OF = {
    "payments": "payment_id",
    "payment_items": "payment_id",
    "refunds": "payment_id",
    "refund_items": "(select payment_id from store.payment_items where item_id = changed.item_id)",
}
"""How the payment of a changed row is found."""


Known = object
"""Which changes of the store are known; only the store can read it."""


class StoreSnapshot(Protocol):
    """The store at one moment."""

    def reached(self, before: Known | None) -> Known:
        """Which changes are known to who has read this moment, and before it that one."""
        ...

    def changed_since(self, reached: Known) -> Mapping[str, set[str]] | None:
        """Keys of the rows whose changes are not known, by table; None: too many to tell."""
        ...

    def rows(
        self, table: str, columns: Sequence[str], key: str, keys: Iterable[str] | None
    ) -> Iterator[Sequence[tuple]]:
        """Rows of a table in batches: all, or those whose key is among `keys`."""
        ...


class MirroredStore(Protocol):
    """What the copies are made of."""

    def tell_of_changes(self, keys: Mapping[str, str]) -> None:
        """From now on note which rows of these tables (table -> key column) change."""
        ...

    def snapshot(self) -> AbstractContextManager[StoreSnapshot]:
        """Look at the store; everything read inside belongs to one moment."""
        ...


class StoreMirror:
    """Keeps the copies equal to the store. One renewal at a time; the caller holds a lock."""

    def __init__(
        self, warehouse: Warehouse, store: MirroredStore, *, timezone: str = "UTC"
    ) -> None:
        self._warehouse = warehouse
        self._store = store
        self._timezone = timezone
        self._reached: Known | None = None
        self._key_type = ""

    @property
    def tables(self) -> frozenset[str]:
        """The tables whose changes matter."""
        return frozenset(table.name for table in STORE_TABLES)

    def renew(self) -> bool:
        """Bring the copies up to the store: what changed since the last time, at first all.

        Returns: whether anything was new.
        """
        key_type = self._warehouse.key_type()
        if self._reached is None or key_type != self._key_type:
            self._store.tell_of_changes({table.name: table.key for table in STORE_TABLES})
            self._copy_all(key_type)
            return True
        with self._store.snapshot() as snapshot:
            changed = snapshot.changed_since(self._reached)
            reached = snapshot.reached(self._reached)
            if changed:
                self._write(snapshot, changed)
        if changed is None:
            self._copy_all(key_type)
            return True
        self._reached = reached
        return bool(changed)

    def _copy_all(self, key_type: str) -> None:
        self._key_type = key_type
        con = self._warehouse.connection()
        try:
            with self._store.snapshot() as snapshot, transaction(con):
                reached = snapshot.reached(self._reached)
                lay_out(con, key_type)
                con.execute("update store.firm_zone set timezone = $name", {"name": self._timezone})
                for table in STORE_TABLES:
                    self._insert(con, table, snapshot, None)
                con.execute("insert into touched_payments select payment_id from store.payments")
                self._move_version(con)
        finally:
            con.close()
        self._reached = reached

    def _write(self, snapshot: StoreSnapshot, changed: Mapping[str, set[str]]) -> None:
        con = self._warehouse.connection()
        try:
            with transaction(con):
                con.execute("create or replace temp table touched_payments (payment_id varchar)")
                for table in STORE_TABLES:
                    if keys := changed.get(table.name):
                        self._delete(con, table, keys)
                        self._insert(con, table, snapshot, keys)
                        self._touch(con, table, keys)
                self._move_version(con)
        finally:
            con.close()

    def _delete(self, con: duckdb.DuckDBPyConnection, table: StoreTable, keys: set[str]) -> None:
        con.register("changed_keys", pa.table({"key": pa.array(sorted(keys), pa.string())}))
        kind = table.types(self._key_type)[table.key]
        con.execute(
            f"delete from store.{table.name} "
            f"where {table.key} in (select key::{kind} from changed_keys)"
        )
        con.unregister("changed_keys")

    def _touch(self, con: duckdb.DuckDBPyConnection, table: StoreTable, keys: set[str]) -> None:
        """Remember the payments these rows belong to."""
        if payment := _PAYMENT_OF.get(table.name):
            con.register("changed_keys", pa.table({"key": pa.array(sorted(keys), pa.string())}))
            con.execute(
                f"insert into touched_payments select {payment} from store.{table.name} as changed "
                f"where {table.key} in (from changed_keys)"
            )
            con.unregister("changed_keys")

    def _insert(
        self,
        con: duckdb.DuckDBPyConnection,
        table: StoreTable,
        snapshot: StoreSnapshot,
        keys: set[str] | None,
    ) -> None:
        types = table.types(self._key_type)
        for batch in snapshot.rows(table.name, list(types), table.key, keys):
            con.register("store_rows", _arrow(batch, types))
            con.execute(f"insert into store.{table.name} by name from store_rows")
            con.unregister("store_rows")

    def _move_version(self, con: duckdb.DuckDBPyConnection) -> None:
        derive(con)
        con.execute("update store.mirror_version set version = version + 1")


def _arrow(batch: Sequence[tuple], types: Mapping[str, str]) -> pa.Table:
    columns = zip(*batch, strict=True)
    return pa.table(
        {
            name: pa.array([_plain(value, kind) for value in column], _ARROW[kind])
            for (name, kind), column in zip(types.items(), columns, strict=True)
        }
    )


def _plain(value: object, kind: str) -> object:
    """A value of the store as the warehouse keeps it."""
    if value is None:
        return None
    if kind == "BIGINT" and isinstance(value, str):
        # an id the practice management system cannot have belongs to nothing there
        return int(value) if value.lstrip("-").isdecimal() else None
    if kind == "TIMESTAMP" and isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    if kind == "VARCHAR" and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value
