"""Which rows of the store changed, told by the database itself: whoever writes cannot forget it.

Triggers note table and key of every row that is added, changed or removed. Copies of the
store's rows elsewhere are renewed by these notes.

PostgreSQL numbers a note when it is written and shows it when it is committed: one may appear
after later ones. Up to where the notes are known is therefore more than one number.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select, text

from portal.store.tables import metadata, store_changes

MOST_TOLD = 20_000
"""With more changes than this it is cheaper to read everything."""
_KEPT = 100_000
"""Notes kept; whoever is further behind reads everything."""
_BATCH = 20_000
_KEYS_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Reached:
    """Which notes are known: all up to `whole`, and `seen` after it.

    All up to `newest` will be known when every transaction before number `next_one` is over.
    """

    whole: int
    seen: frozenset[int] = frozenset()
    newest: int = 0
    next_one: int | None = None


class ChangeNotes:
    """The store at one moment, as the keeper of copies reads it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def reached(self, before: Reached | None) -> Reached:
        """Which notes are known to who has read this moment, and before it that one."""
        newest = self._connection.scalar(select(func.max(store_changes.c.seq))) or 0
        oldest_running, next_one = self._transactions()
        if oldest_running == next_one:
            return Reached(whole=newest)
        whole, last, ends = (before.whole, before.newest, before.next_one) if before else (0, 0, 0)
        if ends is None or oldest_running >= ends:
            whole, last, ends = last or whole, newest, next_one
        later = select(store_changes.c.seq).where(store_changes.c.seq > whole)
        seen = frozenset(self._connection.scalars(later))
        return Reached(whole=whole, seen=seen, newest=last, next_one=ends)

    def changed_since(self, reached: Reached) -> Mapping[str, set[str]] | None:
        """Keys of the rows whose changes are not known, by table; None: too many to tell."""
        ends = select(func.min(store_changes.c.seq), func.max(store_changes.c.seq))
        oldest, newest = self._connection.execute(ends).one()
        known = max(reached.seen, default=reached.whole)
        if (newest or 0) < known or (oldest or 0) > known + 1:
            return None  # notes were thrown away
        notes = select(store_changes).where(store_changes.c.seq > reached.whole)
        most = len(reached.seen) + MOST_TOLD
        found = self._connection.execute(notes.limit(most + 1)).all()
        if len(found) > most:
            return None
        changed: dict[str, set[str]] = {}
        for note in found:
            if note.seq not in reached.seen:
                changed.setdefault(note.table_name, set()).add(note.row_key)
        return changed

    def _transactions(self) -> tuple[int, int]:
        """The oldest transaction that was running at this moment, and the next one to begin."""
        if self._connection.dialect.name != "postgresql":
            return (0, 0)  # one writes at a time
        found = self._connection.execute(text(_TRANSACTIONS)).one()
        return (found[0], found[1])

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


_TRANSACTIONS = """
select
    pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""
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
