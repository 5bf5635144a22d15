"""Which adapter reads the firm's source?"""

from pathlib import Path

from portal.pms.files import FilesSource
from portal.pms.server import MySqlSource, OdbcSource, PostgresSource
from portal.pms.source import PmsSource
from portal.pms.sqlite import SqliteSource
from portal.settings import Source


def open_source(source: Source) -> PmsSource:
    """Pick the adapter of the source's kind; nothing is opened yet."""
    match source.kind:
        case "sqlite":
            return SqliteSource(Path(source.location))
        case "files":
            return FilesSource(Path(source.location))
        case "postgres":
            return PostgresSource(source.location)
        case "mysql":
            return MySqlSource(source.location)
        case _:
            return OdbcSource(source.location)


def readable_folders(source: Source) -> tuple[Path, ...]:
    """The folders the warehouse's DuckDB must be allowed to read for this source."""
    return (Path(source.location),) if source.kind == "files" else ()


def needed_extensions(source: Source) -> tuple[str, ...]:
    """The DuckDB extensions the warehouse needs for this source; databases have a scanner apart."""
    return ("excel",) if source.kind == "files" else ()
