"""What changed in one source table: its new rows, its lost keys, and how the mirror takes them."""

import duckdb

from portal.pms.source import quoted
from portal.warehouse.mapping import SourceTable


class LayoutChanged(Exception):
    """A source table has other columns than its mirror: only reading everything anew helps."""


class TableDelta:
    """The temporary tables of one source table's changes, on the connection of one refresh.

    `rows` holds new and changed rows as the source has them now, `gone` the keys (as `row_key`)
    of rows that it has no more.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, table: SourceTable, columns: list[str]
    ) -> None:
        self._con = con
        self._table = table
        self._columns = columns
        self.mirror = f"pms.{quoted(table.name)}"
        self.rows = quoted(f"delta_{table.name}")
        self.gone = quoted(f"gone_{table.name}")
        self._before = quoted(f"before_{table.name}")
        self._key = quoted(table.key) if table.key else "null"
        self._types: dict[str, str] = {}

    @property
    def listed(self) -> str:
        """The mirrored columns, for a select."""
        return ", ".join(quoted(column) for column in self._columns)

    @property
    def key_type(self) -> str:
        """The type of the mirror's key column, known once the delta is prepared."""
        return self._types[self._table.key or ""]

    def prepare(self) -> None:
        """Begin with nothing changed.

        Raises: LayoutChanged when the source's columns are no longer the mirror's.
        """
        held = self._con.execute(f"select * from {self.mirror} limit 0").description
        self._types = {column[0]: str(column[1]) for column in held}
        if list(self._types) != self._columns:
            raise LayoutChanged(self._table.name)
        self._con.execute(
            f"create or replace temp table {self.rows} as select * from {self.mirror} limit 0"
        )
        self._con.execute(
            f"create or replace temp table {self.gone} as "
            f"select {self._key} as row_key from {self.mirror} limit 0"
        )

    def add(self, relation: str) -> None:
        """Take rows as the source has them now."""
        self._con.execute(f"insert into {self.rows} select {self.listed} from {relation}")

    def add_gone(self, keys: str) -> None:
        """Take a select of keys that the mirror has and the source has not."""
        self._con.execute(f"insert into {self.gone} {keys}")

    def forget(self, keys: list[str]) -> None:
        """Rows that changed again while they were read are read again."""
        for relation, key in ((self.rows, self._key), (self.gone, "row_key")):
            self._con.execute(
                f"delete from {relation} where {key}::varchar in (select unnest($keys))",
                {"keys": keys},
            )

    def note_gone(self, keys: list[str]) -> None:
        """Of the changed keys, those the source has no more, if the mirror has them."""
        held = self._con.execute(f"select {self._key}::varchar from {self.rows}").fetchall()
        missing = sorted(set(keys) - {row[0] for row in held})
        if missing:
            self._con.execute(
                # the keys take the column's type, not the column theirs: it is the long side
                f"insert into {self.gone} select {self._key} from {self.mirror} where {self._key} "
                f"in (select try_cast(unnest($keys) as {self.key_type}))",
                {"keys": missing},
            )

    def note_gone_of_all(self) -> None:
        """With every row of the source taken: keys of the mirror that are not among them."""
        self.add_gone(
            f"select {self._key} from {self.mirror} where {self._key} not in "
            f"(select {self._key} from {self.rows} where {self._key} is not null)"
        )

    def drop_unchanged(self) -> None:
        """Rows that the mirror holds with the same values are no change."""
        kept = quoted(f"kept_{self._table.name}")
        self._con.execute(
            f"create or replace temp table {kept} as select {self.listed} from {self.rows} "
            f"except select {self.listed} from {self.mirror}"
        )
        self._con.execute(f"delete from {self.rows}")
        self.add(kept)

    def differing(self) -> int:
        """Without a key: in how many rows the source's table and the mirror differ."""
        return self._con.execute(
            f"select count(*) from ((select * from {self.mirror} except all "
            f"select * from {self.rows}) union all "
            f"(select * from {self.rows} except all select * from {self.mirror}))"
        ).fetchone()[0]

    def count(self) -> int:
        """How many rows changed."""
        return self._con.execute(
            f"select (select count(*) from {self.rows}) + (select count(*) from {self.gone})"
        ).fetchone()[0]

    def keep_before(self) -> None:
        """Remember what the rows that changed said before, as far as it is touched."""
        named = {touch.source_column for touch in self._table.touches} - {self._table.key}
        if not named or self._table.key is None:
            return
        self._con.execute(
            f"create or replace temp table {self._before} as "
            f"select {', '.join(quoted(column) for column in sorted(named))} "
            f"from {self.mirror} where {self._key} in ({self._changed_keys()})"
        )

    def changed_values(self, column: str) -> str:
        """A select of a column's values in the rows that changed, before and after.

        Call `keep_before` first.
        """
        after = f"select {quoted(column)} as value from {self.rows}"
        if self._table.key is None:
            return f"{after} union all select {quoted(column)} from {self.mirror}"
        if column == self._table.key:
            return f"{after} union all select row_key from {self.gone}"
        return f"{after} union all select {quoted(column)} from {self._before}"

    def apply(self) -> None:
        """Bring the mirror up to what changed."""
        if self._table.key is None:
            self._con.execute(f"delete from {self.mirror}")
        else:
            self._con.execute(
                f"delete from {self.mirror} where {self._key} in ({self._changed_keys()})"
            )
        self._con.execute(f"insert into {self.mirror} select * from {self.rows}")

    def _changed_keys(self) -> str:
        return f"select {self._key} from {self.rows} union all select row_key from {self.gone}"
