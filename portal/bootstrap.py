"""The composition root: the one place that picks adapters and puts the program together."""

import contextlib
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from portal.domain.errors import PortalError
from portal.jobs.command_socket import CommandSocket
from portal.jobs.refreshing import Refreshing
from portal.pms.open_source import open_source, readable_folders
from portal.settings import Settings, load_settings
from portal.store import Store, open_store
from portal.warehouse.mapping import Mapping, load_mapping
from portal.warehouse.refresh import Refresher
from portal.warehouse.warehouse import Warehouse

log = logging.getLogger("portal")


def utc_now() -> datetime:
    """The clock of a running portal; tests pass their own."""
    return datetime.now(UTC)


@dataclass
class Portal:
    """One firm's portal, put together: what pages, routes and commands work with."""

    settings: Settings
    warehouse: Warehouse
    store: Store
    refreshing: Refreshing
    now: Callable[[], datetime] = utc_now

    def today(self) -> date:
        """The firm's day."""
        return self.settings.today(self.now())

    def close(self) -> None:
        """Stop refreshing and close both stores."""
        self.refreshing.stop()
        self.warehouse.close()
        self.store.close()


class RememberedClients:
    """The store's memory of clients once shown, for the refresh."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> Iterable[str]:
        """The ids of every client once shown."""
        with self._store.reading() as view:
            return view.shown_clients.all()

    def add(self, client_ids: Iterable[str]) -> None:
        """Remember clients that are shown from now on."""
        with self._store.unit_of_work() as uow:
            uow.shown_clients.add(client_ids)
            uow.commit()


class NotStarted(PortalError):
    """Nothing has put a portal together in this process."""


_current: list[Portal] = []


def current() -> Portal:
    """The portal of this process.

    Raises: NotStarted.
    """
    if not _current:
        raise NotStarted("The portal has not been started in this process.")
    return _current[-1]


def use(portal: Portal | None) -> None:
    """Make a portal the one of this process (None: there is none any more)."""
    _current[:] = [portal] if portal else []


def build(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> Portal:
    """Open both stores and wire the refresh; nothing runs by itself yet.

    Raises: SettingsInvalid, WarehouseBusy.
    """
    if settings.source is None:
        raise PortalError("firm.toml has no [source]: the portal has nothing to read.")
    store = open_store(settings.store_url, secret_key=settings.secret_key)
    warehouse = Warehouse(settings.warehouse_path, readable=readable_folders(settings.source))
    source = open_source(settings.source)
    folder = settings.source.mapping

    def mapping() -> Mapping:
        return load_mapping(folder)

    refresher = Refresher(
        warehouse,
        source,
        mapping,
        choices=settings.mapping,
        currency=settings.currency,
        shown_clients=RememberedClients(store),
        now=now,
    )
    refreshing = Refreshing(
        warehouse, source, refresher, mapping,
        every_seconds=settings.source.every_seconds, now=now,
    )  # fmt: skip
    return Portal(settings, warehouse, store, refreshing, now)


def start(settings: Settings) -> Portal:
    """Build the portal of a server, load data where there is none, and keep it fresh."""
    portal = build(settings)
    use(portal)
    with contextlib.suppress(PortalError):
        # A source that is away must not keep the portal from showing the last good data.
        portal.refreshing.refresh(deletions=False)
    portal.refreshing.start()
    return portal


@contextlib.asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[dict[str, object]]:
    """The server's life: start before the first page, stop in order."""
    settings = load_settings()
    portal = start(settings)
    socket = CommandSocket(settings.home, portal)
    socket.start()
    ticker = _start_sample_ticks(settings)
    try:
        yield {"portal": portal}
    finally:
        if ticker:
            ticker.terminate()
            ticker.wait(timeout=10)
        socket.stop()
        use(None)
        portal.close()


def _start_sample_ticks(settings: Settings) -> subprocess.Popen | None:
    """The sample firm lives in a process of its own: the server never opens the source to write."""
    if settings.sample_tick_seconds <= 0 or settings.source is None:
        return None
    return subprocess.Popen(  # noqa: S603 - our own program and our own arguments
        [
            sys.executable,
            "-m",
            "portal.cli",
            "sample",
            "live",
            "--every",
            str(settings.sample_tick_seconds),
        ]
    )
