"""The mirror: the source's tables as they are, in the schema `pms`, kept up by deltas.

Deltas are fetched by queries that run inside the source, where its indexes are: a condition on
an attached table would read all of it.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import TypeVar

import duckdb

from portal.domain.errors import MappingInvalid, SourceUnavailable
from portal.pms.source import PmsSource, literal, plainly, quoted
from portal.warehouse.mapping import Mapping, SourceTable
from portal.warehouse.table_delta import TableDelta
from portal.warehouse.unique_keys import repeated_key

MOST_KEYS = 20_000
"""More changed rows than this in one table: it is compared as a whole instead."""
KEYS_A_QUERY = 2_000
MOST_ROUNDS = 5


Answer = TypeVar("Answer")


def _tells_the_table(read: Callable[..., Answer]) -> Callable[..., Answer]:
    """Where a table can't be read, say which one."""

    @wraps(read)
    def told(mirror: "Mirror", table: SourceTable, *given: object) -> Answer:
        try:
            return read(mirror, table, *given)
        except duckdb.Error as problem:
            raise SourceUnavailable(
                f"The practice management system's table {table.name} cannot be read: "
                f"{plainly(problem)}"
            ) from None

    return told


class Mirror:
    """The mirrored tables of one mapping, on the connection of one refresh."""

    def __init__(self, con: duckdb.DuckDBPyConnection, source: PmsSource, mapping: Mapping) -> None:
        self._con = con
        self._source = source
        self._mapping = mapping
        self._columns: dict[str, list[str]] | None = None
        self._deltas: dict[str, TableDelta] = {}

    def columns(self, table: SourceTable) -> list[str]:
        """The columns that are mirrored of a table.

        Raises: MappingInvalid when the source lacks the table or a column.
        """
        if self._columns is None:
            self._columns = self._source.tables(self._con)
        by_lower = {name.lower(): name for name in self._columns}
        if table.name.lower() not in by_lower:
            raise MappingInvalid(
                f"The practice management system has no table {table.name}; "
                f"the mapping {self._mapping.title} needs it."
            )
        found = self._columns[by_lower[table.name.lower()]]
        self._require(table, table.columns or (), found, "columns")
        mirrored = list(table.columns or found)
        self._require(table, (c for c in (table.key, table.watermark) if c), mirrored, "key")
        links = (*table.touches, *table.limits)
        self._require(table, (link.source_column for link in links), mirrored, "touches")
        return mirrored

    def _require(
        self, table: SourceTable, wanted: Iterable[str], present: list[str], setting: str
    ) -> None:
        lower = {name.lower() for name in present}
        for column in wanted:
            if column.lower() not in lower:
                raise MappingInvalid(
                    f"The practice management system's table {table.name} has no column "
                    f"{column}; {setting} of [tables.{table.name}] in the mapping "
                    f"{self._mapping.title} needs it."
                )

    def copy_all(self, progress: Callable[[str], None]) -> dict[str, int]:
        """Copy every table anew. Returns: rows per table."""
        self._con.execute("create schema if not exists pms")
        counts = {}
        for table in self._mapping.tables.values():
            progress(f"Reading {table.name}")
            counts[table.name] = self._copy(table)
        return counts

    def change_version(self) -> int:
        """The source's own change counter now; 0 where it has none."""
        if self._mapping.change_version_sql is None:
            return 0
        pushed = self._source.pushed(plain_statement(self._mapping.change_version_sql))
        return int(self._con.execute(f"select version from {pushed}").fetchone()[0])

    def fetch_tracked(self, since: int) -> tuple[dict[str, int], int]:
        """Fetch the rows that changed after version `since`, deleted ones included.

        Reads again until nothing new came in between, so that what is fetched of several
        tables belongs to one state of the source.

        Returns: changed rows per table (see `delta_of`); the version reached.
        """
        seen = since
        keys: dict[str, set[str]] = {}
        for _ in range(MOST_ROUNDS):
            fresh, seen = self._changed_keys(seen)
            if not fresh:
                break
            for name, changed in fresh.items():
                keys.setdefault(name, set()).update(changed)
                self._fetch_keys(self._mapping.tables[name], changed, keys[name])
        return {name: len(changed) for name, changed in keys.items()}, seen

    @_tells_the_table
    def fetch_watermark(self, table: SourceTable, deletions: bool) -> int:
        """Fetch rows at or after the mirror's newest watermark, less the overlap."""
        delta = self.delta_of(table)
        delta.prepare()
        newest = self._con.execute(
            f"select max({quoted(table.watermark)})::timestamp "
            f"- to_seconds({table.overlap_seconds}) from {delta.mirror}"
        ).fetchone()[0]
        delta.add(self._pushed_rows(table, "" if newest is None else self._since(table, newest)))
        # What is held already with the same values is no change: the overlap costs nothing later.
        delta.drop_unchanged()
        if deletions:
            delta.add_gone(
                f"select {quoted(table.key)} from {delta.mirror} "
                f"except select {quoted(table.key)} from {self._pushed_keys(table)}"
            )
        return delta.count()

    @_tells_the_table
    def fetch_compared(self, table: SourceTable) -> int:
        """Compare the whole table with the mirror."""
        delta = self.delta_of(table)
        delta.prepare()
        delta.add(self._source.whole(table.name, self.columns(table)))
        if table.key is None:
            return delta.differing()
        delta.note_gone_of_all()
        delta.drop_unchanged()
        return delta.count()

    def delta_of(self, table: SourceTable) -> TableDelta:
        """What changed in a table, once it was fetched."""
        if table.name not in self._deltas:
            self._deltas[table.name] = TableDelta(self._con, table, self.columns(table))
        return self._deltas[table.name]

    @_tells_the_table
    def _copy(self, table: SourceTable) -> int:
        mirror = f"pms.{quoted(table.name)}"
        relation = self._source.whole(table.name, self.columns(table))
        self._con.execute(f"create or replace table {mirror} as select * from {relation}")
        key = quoted(table.key) if table.key else "*"
        rows, keyed = self._con.execute(f"select count(*), count({key}) from {mirror}").fetchone()
        if table.key and (keyed < rows or repeated_key(self._con, mirror, key)):
            named = self._con.execute(f"select count(distinct {key}) from {mirror}").fetchone()[0]
            raise MappingInvalid(
                f"[tables.{table.name}] key = {table.key!r} does not name one row each: "
                f"{rows:,} rows have {named:,} values. Name a unique column, or leave key out."
            )
        return rows

    def _changed_keys(self, since: int) -> tuple[dict[str, set[str]], int]:
        sql = plain_statement(self._mapping.changes_sql).replace(":since", str(int(since)))
        rows = self._con.execute(
            "select source_table, row_key::varchar, version::bigint "
            f"from {self._source.pushed(sql)}"
        ).fetchall()
        changed: dict[str, set[str]] = {}
        for source_table, row_key, _ in rows:
            try:
                name = self._mapping.table_name(source_table)
            except StopIteration:
                continue
            changed.setdefault(name, set()).add(row_key)
        return changed, max((row[2] for row in rows), default=since)

    @_tells_the_table
    def _fetch_keys(self, table: SourceTable, fresh: set[str], known: set[str]) -> None:
        if len(known) > MOST_KEYS:
            self.fetch_compared(table)
            return
        delta = self.delta_of(table)
        listed = sorted(fresh)
        if fresh == known:
            delta.prepare()
        else:
            delta.forget(listed)
        for start in range(0, len(listed), KEYS_A_QUERY):
            batch = listed[start : start + KEYS_A_QUERY]
            delta.add(self._pushed_rows(table, self._among(table, delta, batch)))
        delta.note_gone(listed)

    def _among(self, table: SourceTable, delta: TableDelta, keys: list[str]) -> str:
        is_number = delta.key_type.endswith("INT")
        inside = ",".join(str(int(key)) if is_number else literal(key) for key in keys)
        return f" where {self._source.identifier(table.key)} in ({inside})"

    def _since(self, table: SourceTable, newest: object) -> str:
        column = self._source.identifier(table.watermark)
        return f" where {column} >= {literal(str(newest))}"

    def _pushed_rows(self, table: SourceTable, condition: str) -> str:
        columns = ", ".join(self._source.identifier(column) for column in self.columns(table))
        return self._source.pushed(
            f"select {columns} from {self._source.identifier(table.name)}{condition}"
        )

    def _pushed_keys(self, table: SourceTable) -> str:
        return self._source.pushed(
            f"select {self._source.identifier(table.key)} "
            f"from {self._source.identifier(table.name)}"
        )


def plain_statement(sql: str) -> str:
    """A statement without its comments and its last semicolon, for pushing down."""
    lines = [line for line in sql.splitlines() if not line.lstrip().startswith("--")]
    return "\n".join(lines).strip().rstrip(";")
