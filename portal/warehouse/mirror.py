"""The mirror: the source's tables as they are, in the schema `pms`, kept up by deltas.

Deltas are fetched by queries that run inside the source, where its indexes are: a condition on
an attached table would read all of it.
"""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

import duckdb

from portal.domain.errors import MappingInvalid, SourceUnavailable
from portal.pms.source import PmsSource, literal, plainly, quoted
from portal.warehouse.mapping import Mapping, SourceTable

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


class LayoutChanged(Exception):
    """A source table has other columns than its mirror: only reading everything anew helps."""


class Mirror:
    """The mirrored tables of one mapping, on the connection of one refresh."""

    def __init__(self, con: duckdb.DuckDBPyConnection, source: PmsSource, mapping: Mapping) -> None:
        self._con = con
        self._source = source
        self._mapping = mapping
        self._columns: dict[str, list[str]] | None = None

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
        if table.columns is None:
            return found
        present = {name.lower() for name in found}
        for column in table.columns:
            if column.lower() not in present:
                raise MappingInvalid(
                    f"The practice management system's table {table.name} has no column "
                    f"{column}; the mapping {self._mapping.title} needs it."
                )
        return list(table.columns)

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

        Returns: changed rows per table, in `delta_` and `gone_` tables; the version reached.
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
        self._prepare(table)
        mirror = f"pms.{quoted(table.name)}"
        listed = self._listed(table)
        newest = self._con.execute(
            f"select max({quoted(table.watermark)})::timestamp "
            f"- to_seconds({table.overlap_seconds}) from {mirror}"
        ).fetchone()[0]
        since = "" if newest is None else self._since(table, newest)
        pushed = self._source.pushed(
            f"select {self._pushed_columns(table)} "
            f"from {self._source.identifier(table.name)}{since}"
        )
        self._insert(table, f"select {listed} from {pushed}")
        # What is held already with the same values is no change: the overlap costs nothing later.
        self._drop_unchanged(table)
        if deletions:
            self._find_gone(table)
        return self._changed(table)

    @_tells_the_table
    def fetch_compared(self, table: SourceTable) -> int:
        """Compare the whole table with the mirror."""
        self._prepare(table)
        relation = self._source.whole(table.name, self.columns(table))
        self._insert(table, f"select {self._listed(table)} from {relation}")
        if table.key is None:
            return self._compare_keyless(table)
        seen = f"seen_{table.name}"
        self._con.execute(
            f"create or replace temp table {quoted(seen)} as "
            f"select distinct {quoted(table.key)} as row_key from {self.delta(table)} "
            f"where {quoted(table.key)} is not null"
        )
        self._drop_unchanged(table)
        self._con.execute(
            f"insert into {self.gone(table)} "
            f"select {quoted(table.key)} from pms.{quoted(table.name)} "
            f"where {quoted(table.key)} not in (select row_key from {quoted(seen)})"
        )
        return self._changed(table)

    @_tells_the_table
    def find_gone(self, table: SourceTable) -> int:
        """Look for deleted rows of a table whose changes don't tell of them."""
        self._prepare(table)
        self._find_gone(table)
        return self._changed(table)

    def apply(self, table: SourceTable) -> None:
        """Bring the mirror of one table up to its fetched delta."""
        mirror = f"pms.{quoted(table.name)}"
        if table.key is None:
            self._con.execute(f"delete from {mirror}")
        else:
            key = quoted(table.key)
            self._con.execute(
                f"delete from {mirror} where {key} in (select {key} from {self.delta(table)} "
                f"union all select row_key from {self.gone(table)})"
            )
        self._con.execute(f"insert into {mirror} select * from {self.delta(table)}")

    def keep_before(self, table: SourceTable) -> None:
        """Remember what the rows that changed said before, as far as it is touched."""
        named = {touch.source_column for touch in table.touches} - {table.key}
        if not named or table.key is None:
            return
        key = quoted(table.key)
        self._con.execute(
            f"create or replace temp table {self._before(table)} as "
            f"select {', '.join(quoted(column) for column in sorted(named))} "
            f"from pms.{quoted(table.name)} where {key} in "
            f"(select {key} from {self.delta(table)} union all "
            f"select row_key from {self.gone(table)})"
        )

    def changed_values(self, table: SourceTable, column: str) -> str:
        """A select of a column's values in the rows that changed, before and after.

        Call `keep_before` first.
        """
        after = f"select {quoted(column)} as value from {self.delta(table)}"
        if table.key is None:
            return f"{after} union all select {quoted(column)} from pms.{quoted(table.name)}"
        if column == table.key:
            return f"{after} union all select row_key from {self.gone(table)}"
        return f"{after} union all select {quoted(column)} from {self._before(table)}"

    def delta(self, table: SourceTable) -> str:
        """The temporary table of new and changed rows."""
        return quoted(f"delta_{table.name}")

    def gone(self, table: SourceTable) -> str:
        """The temporary table of the keys of deleted rows, as `row_key`."""
        return quoted(f"gone_{table.name}")

    def _before(self, table: SourceTable) -> str:
        return quoted(f"before_{table.name}")

    @_tells_the_table
    def _copy(self, table: SourceTable) -> int:
        mirror = f"pms.{quoted(table.name)}"
        relation = self._source.whole(table.name, self.columns(table))
        self._con.execute(f"create or replace table {mirror} as select * from {relation}")
        return self._count(mirror)

    def _prepare(self, table: SourceTable) -> None:
        mirror = f"pms.{quoted(table.name)}"
        held = self._con.execute(f"select * from {mirror} limit 0").description
        if [column[0] for column in held] != self.columns(table):
            raise LayoutChanged(table.name)
        self._con.execute(
            f"create or replace temp table {self.delta(table)} as select * from {mirror} limit 0"
        )
        key = quoted(table.key) if table.key else "null"
        self._con.execute(
            f"create or replace temp table {self.gone(table)} as "
            f"select {key} as row_key from {mirror} limit 0"
        )

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
        if fresh == known:
            self._prepare(table)
        key = quoted(table.key)
        type_name = self._con.execute(
            f"select typeof({key}) from pms.{quoted(table.name)} limit 1"
        ).fetchone()
        whole_number = type_name is not None and type_name[0].endswith("INT")
        listed = sorted(fresh)
        if fresh != known:
            self._forget(table, listed)
        for start in range(0, len(listed), KEYS_A_QUERY):
            batch = listed[start : start + KEYS_A_QUERY]
            inside = ",".join(str(int(k)) if whole_number else literal(k) for k in batch)
            pushed = self._source.pushed(
                f"select {self._pushed_columns(table)} "
                f"from {self._source.identifier(table.name)} "
                f"where {self._source.identifier(table.key)} in ({inside})"
            )
            self._insert(table, f"select {self._listed(table)} from {pushed}")
        self._note_gone(table, listed)

    def _forget(self, table: SourceTable, keys: list[str]) -> None:
        """Rows that changed again while they were read are read again."""
        for relation, key in (
            (self.delta(table), quoted(table.key)),
            (self.gone(table), "row_key"),
        ):
            self._con.execute(
                f"delete from {relation} where {key}::varchar in (select unnest($keys))",
                {"keys": keys},
            )

    def _note_gone(self, table: SourceTable, keys: list[str]) -> None:
        """Of the changed keys, those the source has no more, if the mirror has them."""
        key = quoted(table.key)
        missing = self._con.execute(
            f"select unnest($keys) except select {key}::varchar from {self.delta(table)}",
            {"keys": keys},
        ).fetchall()
        if missing:
            self._con.execute(
                f"insert into {self.gone(table)} select {key} from pms.{quoted(table.name)} "
                f"where {key}::varchar in (select unnest($keys))",
                {"keys": [row[0] for row in missing]},
            )

    def _since(self, table: SourceTable, newest: object) -> str:
        column = self._source.identifier(table.watermark)
        return f" where {column} >= {literal(str(newest))}"

    def _find_gone(self, table: SourceTable) -> None:
        key = quoted(table.key)
        pushed = self._source.pushed(
            f"select {self._source.identifier(table.key)} "
            f"from {self._source.identifier(table.name)}"
        )
        self._con.execute(
            f"insert into {self.gone(table)} select {key} from pms.{quoted(table.name)} "
            f"except select {key} from {pushed}"
        )

    def _drop_unchanged(self, table: SourceTable) -> None:
        listed = self._listed(table)
        self._con.execute(
            f"create or replace temp table {quoted('kept_' + table.name)} as "
            f"select {listed} from {self.delta(table)} "
            f"except select {listed} from pms.{quoted(table.name)}"
        )
        self._con.execute(f"delete from {self.delta(table)}")
        self._con.execute(
            f"insert into {self.delta(table)} select {listed} from {quoted('kept_' + table.name)}"
        )

    def _compare_keyless(self, table: SourceTable) -> int:
        mirror = f"pms.{quoted(table.name)}"
        differing = self._con.execute(
            f"select count(*) from ((select * from {mirror} except all "
            f"select * from {self.delta(table)}) union all "
            f"(select * from {self.delta(table)} except all select * from {mirror}))"
        ).fetchone()[0]
        return int(differing)

    def _insert(self, table: SourceTable, select: str) -> None:
        self._con.execute(f"insert into {self.delta(table)} {select}")

    def _changed(self, table: SourceTable) -> int:
        return self._count(self.delta(table)) + self._count(self.gone(table))

    def _count(self, relation: str) -> int:
        return self._con.execute(f"select count(*) from {relation}").fetchone()[0]

    def _listed(self, table: SourceTable) -> str:
        return ", ".join(quoted(column) for column in self.columns(table))

    def _pushed_columns(self, table: SourceTable) -> str:
        return ", ".join(self._source.identifier(column) for column in self.columns(table))


def plain_statement(sql: str) -> str:
    """A statement without its comments and its last semicolon, for pushing down."""
    lines = [line for line in sql.splitlines() if not line.lstrip().startswith("--")]
    return "\n".join(lines).strip().rstrip(";")
