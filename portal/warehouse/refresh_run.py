"""One run of the refresh inside its transaction: whole, or only what changed."""

from dataclasses import dataclass, field

import duckdb

from portal.pms.source import PmsSource, quoted
from portal.warehouse.canonical import Canonical, Layouts
from portal.warehouse.firm_choices import Choices
from portal.warehouse.mapping import CANONICAL, Mapping, SourceTable
from portal.warehouse.mart_changes import MartChanges
from portal.warehouse.marts import Marts
from portal.warehouse.mirror import Mirror
from portal.warehouse.refresh_log import Steps
from portal.warehouse.shown_clients import KnownClients
from portal.warehouse.slices import Affected
from portal.warehouse.table_delta import LayoutChanged


@dataclass
class Refreshed:
    """What one refresh did. `outcome` is done or unchanged; a failure raises instead."""

    kind: str
    outcome: str
    version: int
    changed_rows: int = 0
    seconds: float = 0.0
    detail: dict[str, object] = field(default_factory=dict)


class RefreshRun:
    """One run, on its own connection and in its caller's transaction."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        source: PmsSource,
        mapping: Mapping,
        choices: Choices,
        currency: str,
        shown_clients: KnownClients,
        steps: Steps,
        folded_rows: dict[str, int],
        layouts: Layouts,
    ) -> None:
        self._con = con
        self._source = source
        self._mapping = mapping
        self._shown = shown_clients
        self._steps = steps
        self._mirror = Mirror(con, source, mapping)
        self._canonical = Canonical(con, mapping, choices.get("excluded_statuses", []), layouts)
        self._marts = Marts(con, currency, folded_rows)

    def full(self) -> Refreshed:
        """Read everything anew."""
        reached = self._mirror.change_version()
        with self._steps("Reading the practice management system"):
            counts = self._mirror.copy_all(self._steps.progress)
        with self._steps("Catching up"):
            if self._mapping.changes_sql:
                # Tables were read one after the other; what changed meanwhile is read again.
                changed, reached = self._mirror.fetch_tracked(reached)
                for name in changed:
                    self._mirror.delta_of(self._mapping.tables[name]).apply()
        self._source.release()
        self._rebuild()
        return self._done("full", counts, reached)

    def incremental(self, since: int, deletions: bool) -> Refreshed:
        """Read what changed after the source's version `since`, and remake what that touches."""
        try:
            with self._steps("Fetching changes"):
                changed, reached = self._fetch(since, deletions)
        except LayoutChanged:
            return self.full()
        # All is read: nobody who writes there waits for the mapping.
        self._source.release()
        if not changed:
            return Refreshed("incremental", "unchanged", self._version())
        tables = [self._mapping.tables[name] for name in changed]
        result = self._done("incremental", changed, reached)
        if any(not table.touches for table in tables):
            for table in tables:
                self._mirror.delta_of(table).apply()
            self._rebuild()
            return result
        with self._steps("Finding what they touch"):
            affected = self._find_affected(tables)
            for table in tables:
                self._mirror.delta_of(table).apply()
        with self._steps("Mapping"):
            self._map(affected)
        with self._steps("Updating the lists"):
            result.detail["touched"] = self._update_marts(affected)
            if deletions:
                self._marts.fold()
        return result

    def _rebuild(self) -> None:
        with self._steps("Mapping"):
            key_type = self._canonical.create_tables()
            self._shown.lay_out(self._con)
            for table in CANONICAL:
                self._canonical.rebuild(table)
            self._shown.remember(self._con, "clients")
        with self._steps("Preparing the lists"):
            self._marts.rebuild()
        self._con.execute("delete from source_state where name = 'key_type'")
        self._con.execute("insert into source_state values ('key_type', $type)", {"type": key_type})

    def _fetch(self, since: int, deletions: bool) -> tuple[dict[str, int], int]:
        changed: dict[str, int] = {}
        reached = since
        if self._mapping.changes_sql:
            changed, reached = self._mirror.fetch_tracked(since)
        for table in self._mapping.tables.values():
            if table.changes == "watermark":
                changed[table.name] = self._mirror.fetch_watermark(table, deletions)
            elif table.changes == "compare" and (deletions or self._source.tracks_by_probe):
                changed[table.name] = self._mirror.fetch_compared(table)
        return {name: count for name, count in changed.items() if count}, reached

    def _find_affected(self, tables: list[SourceTable]) -> Affected:
        """Which canonical rows the changed source rows touch."""
        selects: dict[tuple[str, str], list[str]] = {}
        for table in tables:
            self._mirror.delta_of(table).keep_before()
            for touch in table.touches:
                selects.setdefault((touch.table, touch.column), []).append(
                    self._mirror.delta_of(table).changed_values(touch.source_column)
                )
        affected: Affected = {}
        for (table_name, column), parts in selects.items():
            name = quoted(f"affected_{table_name}_{column}")
            key_type = self._canonical.type_of(table_name, column)
            self._con.execute(
                f"create or replace temp table {name} as "
                f"select distinct try_cast(value as {key_type}) as value "
                f"from ({' union all '.join(parts)}) where value is not null"
            )
            affected.setdefault(table_name, {})[column] = name
        return affected

    def _map(self, affected: Affected) -> None:
        if "clients" in affected:
            by_id = set(affected["clients"]) == {"client_id"}
            self._shown.lay_out(self._con, affected["clients"]["client_id"] if by_id else None)
        self._canonical.prepare(affected)
        for table in CANONICAL:
            self._canonical.recompute(table, affected.get(table, {}))
        if "clients" in affected:
            self._shown.remember(self._con, "new_clients")

    def _update_marts(self, affected: Affected) -> dict[str, int]:
        changes = MartChanges(self._con, self._marts)
        touched = changes.keep_old()
        for table in CANONICAL:
            if table in affected:
                self._canonical.store(table)
        changes.take_in()
        return touched

    def _done(self, kind: str, rows: dict[str, int], reached: int) -> Refreshed:
        return Refreshed(
            kind,
            "done",
            self._version() + 1,
            changed_rows=sum(rows.values()),
            detail={"rows": rows, "change_version": reached},
        )

    def _version(self) -> int:
        return self._con.execute("select version from data_version").fetchone()[0]
