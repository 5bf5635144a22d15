"""How is the sample firm made? DuckDB invents it from a seed and writes an SQLite database."""

import sqlite3
import tomllib
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from portal.domain.errors import Invalid
from portal.firm_toml.sample import is_sample_file
from portal.pms.extensions import load_extensions
from portal.settings import PROJECT, QUERIES

FEWEST_CLIENTS = 50
FEWEST_INVOICES = 50
INVENTED = (
    ("Inventing staff and clients", ("dice", "words", "staff", "awkward_clients", "clients")),
    ("Inventing invoices", ("services", "months", "invoices")),
    ("Inventing payments", ("settlements", "receipts", "applications", "ledger")),
    ("Inventing contacts", ("contacts",)),
)
WRITTEN = (
    ("Writing clients and contacts", ("load_people",)),
    ("Writing the ledger", ("load_ledger",)),
)
SHARE_OF_TIME = (0.02, 0.05, 0.12, 0.2, 0.24, 0.32)

Progress = Callable[[str, float], None]
_TEMPLATE = PROJECT / "data" / "sample_firm.toml"


def create_sample_firm(
    path: Path,
    *,
    clients: int,
    invoices: int,
    seed: int,
    today: date,
    progress: Progress | None = None,
) -> None:
    """Write an invented accounting firm as a Practice CS database in SQLite, replacing `path`.

    `invoices` counts invoices, service charges and debit memos, void and unposted ones too. The
    same numbers, seed and day give the same firm. `progress` hears what is done and the share of
    the whole, 0 to 1. The file appears when it is complete.

    Raises: Invalid below 50 clients or 50 invoices, and where `path` is another database.
    """
    if clients < FEWEST_CLIENTS or invoices < FEWEST_INVOICES:
        raise Invalid(
            f"The sample firm needs at least {FEWEST_CLIENTS} clients and "
            f"{FEWEST_INVOICES} invoices."
        )
    if path.exists() and path.stat().st_size and not is_sample_file(path):
        raise Invalid(f"{path} is no sample firm of this version; it is not replaced.")
    say = progress or _say_nothing
    path.parent.mkdir(parents=True, exist_ok=True)
    building = path.with_name(path.name + ".building")
    _remove(building)
    _run_in_sqlite(building, "schema")
    size = {"clients": clients, "invoices": invoices, "seed": seed, "today": today}
    _invent_and_write(building, size, say)
    say("Indexing", 0.65)
    _run_in_sqlite(building, "finish")
    _remove(path)
    building.replace(path)
    say("Done", 1.0)


def sample_day(now: datetime) -> date:
    """The day it is at the sample firm: nothing it has posted is dated after that."""
    written = tomllib.loads(_TEMPLATE.read_text(encoding="utf-8"))
    return now.astimezone(ZoneInfo(written["firm"]["timezone"])).date()


def write_sample_config(config_path: Path, database: Path) -> None:
    """Write the firm.toml of the sample firm, unless there is one already."""
    written = _TEMPLATE.read_text(encoding="utf-8")
    config_path.parent.mkdir(parents=True, exist_ok=True)
    location = str(database.resolve()).replace("\\", "\\\\").replace('"', '\\"')
    try:
        with config_path.open("x", encoding="utf-8") as file:
            file.write(written.replace("@PATH@", location))
    except FileExistsError:
        return


def _invent_and_write(building: Path, size: dict[str, object], say: Progress) -> None:
    with closing(duckdb.connect()) as con:
        con.execute("set temp_directory = $folder", {"folder": f"{building}.spill"})
        con.execute("set preserve_insertion_order = true")
        load_extensions(con, "sqlite_scanner")
        con.execute(_statements("settings"), size)
        location = str(building).replace("'", "''")
        con.execute(f"attach '{location}' as pms (type sqlite, journal_mode 'OFF')")
        for (title, names), share in zip(INVENTED + WRITTEN, SHARE_OF_TIME, strict=True):
            say(title, share)
            for name in names:
                con.execute(_statements(name))
        con.execute("detach pms")


def _run_in_sqlite(building: Path, name: str) -> None:
    """Run a file of statements with SQLite itself; nothing else has the file open."""
    with closing(sqlite3.connect(building)) as con:
        con.execute("pragma synchronous = off")
        con.execute("pragma temp_store = memory")
        con.execute("pragma cache_size = -400000")
        con.executescript(_statements(name))


def _statements(name: str) -> str:
    return (QUERIES / "sample" / f"{name}.sql").read_text(encoding="utf-8")


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _say_nothing(what: str, share: float) -> None:
    """Nobody asked for progress."""
