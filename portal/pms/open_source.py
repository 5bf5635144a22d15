"""Which adapter reads the firm's source?"""

from pathlib import Path

from portal.pms.files import FilesSource
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
        case kind:
            raise NotImplementedError(kind)


def readable_folders(source: Source) -> tuple[Path, ...]:
    """The folders DuckDB must be allowed to read for this source."""
    if source.kind == "files":
        return (Path(source.location),)
    if source.kind == "sqlite":
        return (Path(source.location).parent,)
    return ()
