"""Loading a folder of files or a sample firm into a warehouse, for tests."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from portal.pms.open_source import needed_extensions, open_source, readable_folders
from portal.pms.source import PmsSource
from portal.settings import Source
from portal.warehouse.mapping import Mapping, load_mapping
from portal.warehouse.refresh import Refresher
from portal.warehouse.warehouse import Warehouse

FIXTURES = Path(__file__).parent / "fixtures"


class FakeShownClients:
    """A memory of shown clients that lives as long as the test."""

    def __init__(self) -> None:
        self.remembered: set[str] = set()

    def all(self) -> Iterable[str]:
        return set(self.remembered)

    def add(self, client_ids: Iterable[str]) -> None:
        self.remembered.update(client_ids)


@dataclass
class Loaded:
    """A warehouse with its refresh."""

    warehouse: Warehouse
    refresher: Refresher
    source: PmsSource
    mapping_folder: Path
    shown: FakeShownClients = field(default_factory=FakeShownClients)

    def mapping(self) -> Mapping:
        return load_mapping(self.mapping_folder)

    def values(self, sql: str) -> list[tuple]:
        with self.warehouse.cursor() as con:
            return con.execute(sql).fetchall()


def open_loaded(
    home: Path,
    source: Source,
    *,
    choices: dict[str, object] | None = None,
    shown: FakeShownClients | None = None,
) -> Loaded:
    """Open a warehouse over a source; nothing is refreshed yet."""
    shown = shown or FakeShownClients()
    warehouse = Warehouse(
        home / "warehouse.duckdb",
        readable=readable_folders(source),
        extensions=needed_extensions(source),
    )
    opened = open_source(source)
    refresher = Refresher(
        warehouse,
        opened,
        lambda: load_mapping(source.mapping),
        choices=choices or {},
        currency="USD",
        shown_clients=shown,
        now=lambda: datetime.now(UTC),
    )
    return Loaded(warehouse, refresher, opened, source.mapping, shown)
