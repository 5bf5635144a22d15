"""One DuckDB database, opened once, in one process, and shut off from everything else."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from portal.domain.errors import PortalError
from portal.pms.extensions import load_extensions

THREADS = 2
CHECKPOINT_AFTER = "256MB"
"""Log written before DuckDB moves it into the file; a tick should seldom wait for that."""


class WarehouseBusy(PortalError):
    """Another process holds the warehouse."""


def open_database(
    path: Path, *, readable: tuple[Path, ...] = (), extensions: tuple[str, ...] = ()
) -> duckdb.DuckDBPyConnection:
    """Open the warehouse read-write and shut DuckDB off from everything but its folders.

    `readable` are folders of the source that DuckDB may read besides the warehouse's own,
    `extensions` the scanners that read it.
    After this no statement can reach another file or load an extension.

    Raises: WarehouseBusy when another process has it open.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        con = duckdb.connect(str(path), config={"threads": THREADS})
    except duckdb.IOException as problem:
        if "lock" in str(problem).lower():
            raise WarehouseBusy(
                f"{path} is in use by another process. Stop the other `portal` first."
            ) from None
        raise
    load_extensions(con, *extensions)
    con.execute("set autoinstall_known_extensions = false")
    con.execute("set autoload_known_extensions = false")
    con.execute("set timezone = 'UTC'")
    con.execute(f"set checkpoint_threshold = '{CHECKPOINT_AFTER}'")
    # An export written twice within a second would be read half from the cache.
    con.execute("set enable_external_file_cache = false")
    folders = [str(folder) for folder in (path.parent, *readable)]
    con.execute("set allowed_directories = $folders", {"folders": folders})
    con.execute("set enable_external_access = false")
    return con


@contextlib.contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """All that is done inside happens together or not at all."""
    con.execute("begin transaction")
    try:
        yield con
    except BaseException:
        with contextlib.suppress(duckdb.Error):
            con.execute("rollback")
        raise
    con.execute("commit")
