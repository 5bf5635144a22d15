"""What is measured in a process of its own: full refresh, bare copies, and the bookkeeper."""

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb

from portal.bootstrap import build
from portal.pms.extensions import load_extensions
from portal.pms.sample_firm.tick import tick_sample_firm
from portal.settings import load_settings
from portal.warehouse.connection import THREADS
from portal.warehouse.mapping import load_mapping


def full_refresh() -> dict[str, object]:
    """Load the firm anew into a new warehouse, as `portal refresh --full` does."""
    settings = load_settings()
    for suffix in ("", ".wal"):
        Path(f"{settings.warehouse_path}{suffix}").unlink(missing_ok=True)
    portal = build(settings)
    done = portal.refreshing.refresh(full=True)
    portal.close()
    return {
        "ms": done.seconds * 1000,
        "peak_mb": _peak_mb(),
        "rows": done.changed_rows,
        "file_mb": _size_mb(settings.warehouse_path),
    }


def bare_copy(columns: str) -> dict[str, object]:
    """Copy the same tables by the scanner alone: the `same` columns as the mapping, or `all`."""
    settings = load_settings()
    to = settings.home / f"bare_{columns}.duckdb"
    to.unlink(missing_ok=True)
    con = duckdb.connect(str(to), config={"threads": THREADS})
    load_extensions(con, "sqlite_scanner")
    mapping = load_mapping(settings.source.mapping)
    began = time.perf_counter()
    con.execute(f"attach '{settings.source.location}' as source (type sqlite, read_only)")
    con.execute("begin transaction")
    for table in mapping.tables.values():
        listed = "*" if columns == "all" or not table.columns else ", ".join(table.columns)
        con.execute(f"create table {table.name} as select {listed} from source.{table.name}")
    con.execute("commit")
    con.execute("checkpoint")
    took = (time.perf_counter() - began) * 1000
    con.close()
    return {"ms": took, "peak_mb": _peak_mb(), "file_mb": _size_mb(to)}


def bookkeeper() -> None:
    """Post as many changes as each line of stdin says; answer when they are committed."""
    settings = load_settings()
    for line in sys.stdin:
        began = time.monotonic()
        tick_sample_firm(
            Path(settings.source.location),
            changes=int(line),
            now=datetime.now(settings.timezone),
            seed=None,
        )
        ended = time.monotonic()
        print(json.dumps({"committed": ended, "ms": (ended - began) * 1000}), flush=True)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _size_mb(path: Path) -> float:
    return path.stat().st_size / 2**20


WORK: dict[str, Callable[..., object]] = {
    "full-refresh": full_refresh,
    "bare-copy": bare_copy,
    "bookkeeper": bookkeeper,
}

if __name__ == "__main__":
    answer = WORK[sys.argv[1]](*sys.argv[2:])
    if answer is not None:
        print(json.dumps(answer))
