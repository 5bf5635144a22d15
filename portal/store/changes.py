"""Which rows of the store changed, told by the database itself: whoever writes cannot forget it.

Triggers note table and key of every row that is added, changed or removed. Copies of the
store's rows elsewhere are renewed by these notes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection, delete, func, select, text

from portal.store.tables import metadata, store_changes

MOST_TOLD = 20_000
"""With more changes than this it is cheaper to read everything."""
_KEPT = 100_000
"""Notes kept; whoever is further behind reads everything."""
_BATCH = 20_000
_KEYS_AT_ONCE = 500


class ChangeNotes:
    """The store at one moment, as the keeper of copies reads it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def newest_change(self) -> int:
        """The number of the last change noted; 0 when there was none."""
        return self._connection.execute(select(func.max(store_changes.c.seq))).scalar_one() or 0

    def changed_since(self, change: int) -> Mapping[str, set[str]] | None:
        """Keys of the rows that changed after that number, by table; None: too many to tell."""
        oldest = self._connection.execute(select(func.min(store_changes.c.seq))).scalar_one()
        if oldest is None or change < oldest - 1:
            return None
        found = self._connection.execute(
            select(store_changes.c.table_name, store_changes.c.row_key)
            .where(store_changes.c.seq > change)
            .distinct()
            .limit(MOST_TOLD + 1)
        ).all()
        if len(found) > MOST_TOLD:
            return None
        changed: dict[str, set[str]] = {}
        for table_name, row_key in found:
            changed.setdefault(table_name, set()).add(row_key)
        return changed

    def rows(
        self, table: str, columns: Sequence[str], key: str, keys: Iterable[str] | None
    ) -> Iterator[Sequence[tuple]]:
        """Rows of a table in batches: all, or those whose key is among `keys`."""
        source = metadata.tables[table]
        query = select(*(source.c[name] for name in columns))
        if keys is None:
            found = self._connection.execute(query.execution_options(yield_per=_BATCH))
            yield from (rows for rows in found.partitions(_BATCH) if rows)
            return
        wanted = sorted(keys)
        for first in range(0, len(wanted), _KEYS_AT_ONCE):
            some = wanted[first : first + _KEYS_AT_ONCE]
            own = source.c[key]
            of_type = [own.type.python_type(value) for value in some]
            if rows := self._connection.execute(query.where(own.in_(of_type))).all():
                yield rows


def note_changes(connection: Connection, keys: Mapping[str, str]) -> None:
    """Have the database note changes of these tables (table -> key column); forget old notes."""
    on_postgresql = connection.dialect.name == "postgresql"
    if on_postgresql:
        connection.execute(text(_POSTGRESQL_FUNCTION))
    for table, key in keys.items():
        if on_postgresql:
            connection.execute(text(_POSTGRESQL_TRIGGER.format(table=table, key=key)))
            continue
        for change, row in (("insert", "new"), ("update", "new"), ("delete", "old")):
            names = {"table": table, "key": key, "change": change, "row": row}
            connection.execute(text(_SQLITE_TRIGGER.format(**names)))
    newest = select(func.coalesce(func.max(store_changes.c.seq), 0) - _KEPT).scalar_subquery()
    connection.execute(delete(store_changes).where(store_changes.c.seq <= newest))


_SQLITE_TRIGGER = """
create trigger if not exists {table}_noted_{change} after {change} on {table}
begin
    insert into store_changes (table_name, row_key) values ('{table}', {row}.{key});
end
"""
_POSTGRESQL_FUNCTION = """
create or replace function note_store_change() returns trigger language plpgsql as $$
declare
    changed jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
    insert into store_changes (table_name, row_key) values (tg_table_name, changed ->> tg_argv[0]);
    return null;
end $$
"""
_POSTGRESQL_TRIGGER = """
create or replace trigger {table}_noted after insert or update or delete on {table}
for each row execute function note_store_change('{key}')
"""
