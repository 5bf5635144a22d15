"""Refresh: mirror, map, mart, in one transaction. Readers see the old version or the new one."""

import contextlib
import hashlib
import json
import time
from collections.abc import Callable, Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import duckdb
import pyarrow as pa

from portal.domain.errors import MappingInvalid, PortalError, SourceUnavailable
from portal.pms.source import PmsSource, quoted
from portal.settings import QUERIES
from portal.warehouse.canonical import Canonical
from portal.warehouse.connection import transaction
from portal.warehouse.mapping import CANONICAL, Mapping, load_mapping
from portal.warehouse.marts import Marts
from portal.warehouse.mirror import Mirror
from portal.warehouse.query import load_query
from portal.warehouse.warehouse import Warehouse

LOG_ROWS = 5_000


class ShownClients(Protocol):
    """Memory of which clients were ever shown; the store keeps it, the source can't tell it."""

    def all(self) -> Iterable[str]:
        """The ids of every client once shown."""

    def add(self, client_ids: Iterable[str]) -> None:
        """Remember clients that are shown from now on."""


@dataclass
class Refreshed:
    """What one refresh did. `outcome` is done or unchanged; a failure raises instead."""

    kind: str
    outcome: str
    version: int
    changed_rows: int = 0
    seconds: float = 0.0
    detail: dict[str, object] = field(default_factory=dict)


class _Steps:
    """Times the steps of a refresh and tells the person who waits."""

    def __init__(self, progress: Callable[[str], None]) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress

    @contextlib.contextmanager
    def __call__(self, name: str):
        self._progress(name)
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 4)


class Refresher:
    """Keeps the warehouse equal to its source. One at a time; the caller holds a lock."""

    def __init__(
        self,
        warehouse: Warehouse,
        source: PmsSource,
        mapping: Callable[[], Mapping],
        *,
        choices: MappingOf[str, object],
        currency: str,
        shown_clients: ShownClients,
        now: Callable[[], datetime],
    ) -> None:
        self._warehouse = warehouse
        self._source = source
        self._load_mapping = mapping
        self._choices = {name: _texts(value) for name, value in choices.items()}
        self._currency = currency
        self._shown = shown_clients
        self._now = now

    def refresh(
        self,
        *,
        full: bool = False,
        deletions: bool = False,
        progress: Callable[[str], None] = lambda step: None,
    ) -> Refreshed:
        """Bring the warehouse up to the source.

        Args:
            full: read everything anew; else only what changed, where a refresh went before.
            deletions: also look for deleted rows where the source's changes don't tell of them.
            progress: told the name of each step.

        Raises: SourceUnavailable, MappingInvalid; the last good data stays.
        """
        started_at = self._now()
        started = time.perf_counter()
        con = self._warehouse.connection()
        try:
            steps = _Steps(progress)
            try:
                result = self._run(con, full, deletions, steps)
            except duckdb.Error as problem:
                raise SourceUnavailable(
                    f"The data could not be refreshed: {str(problem).splitlines()[0]}"
                ) from problem
        except PortalError as problem:
            self._log_failure(con, started_at, started, problem)
            raise
        finally:
            con.close()
        result.seconds = round(time.perf_counter() - started, 4)
        if result.kind == "full":
            self._warehouse.forget_key_type()
        return result

    def _run(
        self, con: duckdb.DuckDBPyConnection, full: bool, deletions: bool, steps: _Steps
    ) -> Refreshed:
        mapping = self._load_mapping()
        self._source.attach(con)
        self._prepare(con)
        fingerprint = self._fingerprint(mapping)
        state = dict(con.execute("select name, value from source_state").fetchall())
        mirror = Mirror(con, self._source, mapping)
        canonical = Canonical(con, mapping, self._choices.get("excluded_statuses", []))
        marts = Marts(con, self._currency)
        started_at, started = self._now(), time.perf_counter()
        with transaction(con):
            if full or state.get("fingerprint") != fingerprint:
                result = self._full(con, mapping, mirror, canonical, marts, steps)
            else:
                since = int(state["change_version"])
                result = self._incremental(
                    con, mapping, mirror, canonical, marts, steps, since, deletions
                )
            if result.outcome == "unchanged":
                return result
            result.detail["fingerprint"] = fingerprint
            self._finish(con, result, steps, started_at, started)
        if result.kind == "full":
            # Readers in the middle of a page may hold it up; DuckDB then does it by itself later.
            with contextlib.suppress(duckdb.TransactionException):
                con.execute("checkpoint")
        return result

    def _full(
        self,
        con: duckdb.DuckDBPyConnection,
        mapping: Mapping,
        mirror: Mirror,
        canonical: Canonical,
        marts: Marts,
        steps: _Steps,
    ) -> Refreshed:
        reached = mirror.change_version()
        with steps("Reading the practice management system"):
            counts = mirror.copy_all(steps._progress)
        with steps("Catching up"):
            if mapping.changes_sql:
                # Tables were read one after the other; what changed meanwhile is read again.
                changed, reached = mirror.fetch_tracked(reached)
                for name in changed:
                    mirror.apply(mapping.tables[name])
        self._rebuild(con, canonical, marts, steps)
        return Refreshed(
            "full",
            "done",
            self._next_version(con),
            changed_rows=sum(counts.values()),
            detail={"rows": counts, "change_version": reached},
        )

    def _rebuild(
        self, con: duckdb.DuckDBPyConnection, canonical: Canonical, marts: Marts, steps: _Steps
    ) -> None:
        with steps("Mapping"):
            key_type = canonical.create_tables()
            self._load_shown(con)
            for table in CANONICAL:
                canonical.rebuild(table)
            self._remember(con, "clients")
        with steps("Preparing the lists"):
            marts.rebuild()
        con.execute("delete from source_state where name = 'key_type'")
        con.execute("insert into source_state values ('key_type', $type)", {"type": key_type})

    def _incremental(
        self,
        con: duckdb.DuckDBPyConnection,
        mapping: Mapping,
        mirror: Mirror,
        canonical: Canonical,
        marts: Marts,
        steps: _Steps,
        since: int,
        deletions: bool,
    ) -> Refreshed:
        with steps("fetch"):
            changed, reached = self._fetch(mapping, mirror, since, deletions)
        if not changed:
            return Refreshed("incremental", "unchanged", self._version(con))
        tables = [mapping.tables[name] for name in changed]
        result = Refreshed(
            "incremental",
            "done",
            self._next_version(con),
            changed_rows=sum(changed.values()),
            detail={"rows": changed, "change_version": reached},
        )
        if any(not table.touches for table in tables):
            for table in tables:
                mirror.apply(table)
            self._rebuild(con, canonical, marts, steps)
            return result
        with steps("affected"):
            affected = self._affected(con, mirror, tables)
            for table in tables:
                mirror.apply(table)
        with steps("map"):
            self._load_shown_for(con, affected)
            for table in CANONICAL:
                canonical.recompute(table, affected.get(table, {}))
            if "clients" in affected:
                self._remember(con, "new_clients")
        with steps("marts"):
            result.detail["touched"] = marts.scope()
            marts.keep_old()
            for table in CANONICAL:
                if table in affected:
                    canonical.store(table)
            marts.recompute()
            if deletions:
                marts.fold()
        return result

    def _fetch(
        self, mapping: Mapping, mirror: Mirror, since: int, deletions: bool
    ) -> tuple[dict[str, int], int]:
        changed: dict[str, int] = {}
        reached = since
        if mapping.changes_sql:
            changed, reached = mirror.fetch_tracked(since)
        for table in mapping.tables.values():
            if table.changes == "watermark":
                changed[table.name] = mirror.fetch_watermark(table, deletions)
            elif table.changes == "compare" and (deletions or self._source.tracks_by_probe):
                changed[table.name] = mirror.fetch_compared(table)
        return {name: count for name, count in changed.items() if count}, reached

    def _affected(
        self, con: duckdb.DuckDBPyConnection, mirror: Mirror, tables: list
    ) -> dict[str, dict[str, str]]:
        """Which canonical rows the changed source rows touch, by canonical table and column."""
        selects: dict[tuple[str, str], list[str]] = {}
        for table in tables:
            for touch in table.touches:
                selects.setdefault((touch.table, touch.column), []).append(
                    mirror.changed_values(table, touch.source_column)
                )
        affected: dict[str, dict[str, str]] = {}
        for (table, column), parts in selects.items():
            name = quoted(f"affected_{table}_{column}")
            con.execute(
                f"create or replace temp table {name} as "
                f"select distinct value from ({' union all '.join(parts)}) where value is not null"
            )
            affected.setdefault(table, {})[column] = name
        return affected

    def _prepare(self, con: duckdb.DuckDBPyConnection) -> None:
        """Give the mapping's SQL its macros and the firm's choices."""
        con.execute(
            "set variable firm = map($names::varchar[], $values::varchar[][])",
            {"names": list(self._choices), "values": list(self._choices.values())},
        )
        for name in ("firm_choices", "firm_choice", "to_cents", "to_day"):
            con.execute(load_query(f"canonical/macros/{name}").sql)

    def _load_shown(self, con: duckdb.DuckDBPyConnection) -> None:
        table = pa.table({"client_id": pa.array(list(self._shown.all()), pa.string())})
        con.register("remembered_clients", table)
        con.execute("create or replace temp table shown_clients as from remembered_clients")
        con.unregister("remembered_clients")

    def _load_shown_for(
        self, con: duckdb.DuckDBPyConnection, affected: dict[str, dict[str, str]]
    ) -> None:
        """Clients on screen now were shown before; only when clients change is the memory asked."""
        if "clients" in affected:
            self._load_shown(con)

    def _remember(self, con: duckdb.DuckDBPyConnection, table: str) -> None:
        """Remember who is shown before anybody can see them: a crash in between loses nothing."""
        fresh = con.execute(
            f"select distinct client_id::varchar from {table} "
            "where client_id::varchar not in (select client_id from shown_clients)"
        ).fetchall()
        if fresh:
            self._shown.add([row[0] for row in fresh])

    def _fingerprint(self, mapping: Mapping) -> str:
        """Changes when the mapping, the firm's choices or the tables' own SQL do."""
        digest = hashlib.sha256(mapping.fingerprint.encode())
        digest.update(json.dumps(self._choices, sort_keys=True).encode())
        digest.update(f"{self._source.kind} {self._currency}".encode())
        for folder in ("canonical", "marts"):
            for file in sorted((QUERIES / folder).rglob("*.sql")):
                digest.update(file.read_bytes())
        return digest.hexdigest()

    def _finish(
        self,
        con: duckdb.DuckDBPyConnection,
        result: Refreshed,
        steps: _Steps,
        started_at: datetime,
        started: float,
    ) -> None:
        finished_at = self._now()
        con.execute("delete from data_version")
        con.execute(
            "insert into data_version values ($version, $at, $as_of)",
            {"version": result.version, "at": _utc(finished_at), "as_of": _utc(started_at)},
        )
        fingerprint = result.detail.pop("fingerprint")
        con.execute("delete from source_state where name <> 'key_type'")
        con.executemany(
            "insert into source_state values ($name, $value)",
            [
                {"name": "fingerprint", "value": fingerprint},
                {"name": "change_version", "value": str(result.detail["change_version"])},
            ],
        )
        result.detail["seconds"] = steps.seconds
        self._log(
            con,
            {
                "kind": result.kind,
                "started_at": _utc(started_at),
                "finished_at": _utc(finished_at),
                "outcome": result.outcome,
                "version": result.version,
                "changed_rows": result.changed_rows,
                "seconds": round(time.perf_counter() - started, 4),
                "detail": json.dumps(result.detail),
                "message": "",
            },
        )

    def _log_failure(
        self,
        con: duckdb.DuckDBPyConnection,
        started_at: datetime,
        started: float,
        problem: PortalError,
    ) -> None:
        """Keep the first of a row of equal failures: an hour's outage is one line."""
        last = con.execute(
            "select outcome, message from refresh_log order by refresh_id desc limit 1"
        ).fetchone()
        if last == ("failed", str(problem)):
            return
        self._log(
            con,
            {
                "kind": "mapping" if isinstance(problem, MappingInvalid) else "incremental",
                "started_at": _utc(started_at),
                "finished_at": _utc(self._now()),
                "outcome": "failed",
                "version": self._version(con),
                "changed_rows": 0,
                "seconds": round(time.perf_counter() - started, 4),
                "detail": "{}",
                "message": str(problem),
            },
        )

    def _log(self, con: duckdb.DuckDBPyConnection, row: dict[str, object]) -> None:
        con.execute(
            "insert into refresh_log by name select "
            "(select coalesce(max(refresh_id), 0) + 1 from refresh_log) as refresh_id, "
            + ", ".join(f"${name} as {name}" for name in row),
            row,
        )
        con.execute(
            "delete from refresh_log where refresh_id <= "
            f"(select max(refresh_id) - {LOG_ROWS} from refresh_log)"
        )

    def _version(self, con: duckdb.DuckDBPyConnection) -> int:
        return con.execute("select version from data_version").fetchone()[0]

    def _next_version(self, con: duckdb.DuckDBPyConnection) -> int:
        return self._version(con) + 1


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else [str(value)]


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


__all__ = ["Refreshed", "Refresher", "ShownClients", "load_mapping"]
