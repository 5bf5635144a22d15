"""Refresh: mirror, map, mart, in one transaction. Readers see the old version or the new one."""

import contextlib
from collections.abc import Callable, Iterator
from collections.abc import Mapping as MappingOf
from datetime import datetime

import duckdb

from portal.domain.errors import PortalError, SourceUnavailable
from portal.pms.source import PmsSource, plainly
from portal.warehouse import firm_choices, misfit
from portal.warehouse.canonical import Layouts
from portal.warehouse.connection import CHECKPOINT_AFTER, transaction
from portal.warehouse.mapping import Mapping
from portal.warehouse.refresh_log import Steps, log_done, log_failure, utc
from portal.warehouse.refresh_run import Refreshed, RefreshRun
from portal.warehouse.shown_clients import KnownClients, ShownClients
from portal.warehouse.warehouse import Warehouse


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
        self._choices = firm_choices.as_texts(choices)
        self._currency = currency
        self._shown = KnownClients(shown_clients)
        self._now = now
        self._explained: dict[str, str] = {}
        self._folded_rows: dict[str, int] = {}
        self._layouts = Layouts()

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
        steps = Steps(self._now, progress)
        con = self._warehouse.connection()
        try:
            result = self._run(con, full, deletions, steps)
        except duckdb.Error as met:
            self._layouts.forget()
            problem = SourceUnavailable(self._told(con, met))
            log_failure(con, steps, problem)
            raise problem from met
        except PortalError as problem:
            self._layouts.forget()
            log_failure(con, steps, problem)
            raise
        finally:
            self._source.release()
            con.close()
        self._explained.clear()
        result.seconds = steps.elapsed()
        if result.kind == "full":
            self._warehouse.forget_key_type()
        return result

    def _told(self, con: duckdb.DuckDBPyConnection, met: duckdb.Error) -> str:
        """What stopped a refresh, with the place in the source where that can be found."""
        if str(met) not in self._explained:
            found = misfit.explain(con, self._source, self._load_mapping(), met)
            self._explained = {str(met): found or plainly(met)}
        return f"The data could not be refreshed: {self._explained[str(met)]}"

    def _run(
        self, con: duckdb.DuckDBPyConnection, full: bool, deletions: bool, steps: Steps
    ) -> Refreshed:
        mapping = self._load_mapping()
        self._source.attach(con)
        firm_choices.give_to(con, self._choices)
        fingerprint = firm_choices.fingerprint(
            mapping.fingerprint, self._choices, self._source.kind, self._currency
        )
        state = dict(con.execute("select name, value from source_state").fetchall())
        run = RefreshRun(
            con, self._source, mapping, self._choices, self._currency, self._shown, steps,
            self._folded_rows, self._layouts,
        )  # fmt: skip
        is_full = full or state.get("fingerprint") != fingerprint
        with _written_once(con) if is_full else contextlib.nullcontext(), transaction(con):
            if is_full:
                result = run.full()
            else:
                result = run.incremental(int(state["change_version"]), deletions)
            if result.outcome == "unchanged":
                return result
            self._publish(con, result, fingerprint, steps)
        if result.kind == "full":
            # Readers in the middle of a page may hold it up; DuckDB then does it by itself later.
            with contextlib.suppress(duckdb.TransactionException):
                con.execute("checkpoint")
        return result

    def _publish(
        self, con: duckdb.DuckDBPyConnection, result: Refreshed, fingerprint: str, steps: Steps
    ) -> None:
        """Give what was made its version number and remember how far the source was read."""
        con.execute("delete from data_version")
        con.execute(
            "insert into data_version values ($version, $at, $as_of)",
            {
                "version": result.version,
                "at": utc(self._now()),
                "as_of": utc(steps.started_at),
            },
        )
        con.execute("delete from source_state where name <> 'key_type'")
        con.executemany(
            "insert into source_state values ($name, $value)",
            [
                {"name": "fingerprint", "value": fingerprint},
                {"name": "change_version", "value": str(result.detail["change_version"])},
            ],
        )
        log_done(
            con,
            steps,
            kind=result.kind,
            version=result.version,
            changed_rows=result.changed_rows,
            detail=result.detail,
        )


@contextlib.contextmanager
def _written_once(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Have a large commit go straight into the file, not into the write-ahead log before it.

    Where readers hold the file, DuckDB takes the way through the log by itself.
    """
    con.execute("set global checkpoint_threshold = '1MB'")
    try:
        yield
    finally:
        con.execute(f"set global checkpoint_threshold = '{CHECKPOINT_AFTER}'")
