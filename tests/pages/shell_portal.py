"""A portal for tests of the frame: a real store and settings, no warehouse, no refresh."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

from portal import bootstrap
from portal.bootstrap import Portal
from portal.jobs.refreshing import Freshness, FreshnessState
from portal.settings import Settings, read_settings
from portal.store import open_store
from tests.access_fixture import GROUPS, NOON, HandClock, PlainPasswords, StaffList
from tests.adapters.store_backends import copy_of_tables

LIVE = Freshness(3, NOON, NOON, FreshnessState.LIVE)


def settings_of(home: Path, *, sign_in: str = "local", is_sample: bool = False) -> Settings:
    """Settings of a firm with the groups of the tests."""
    oidc = {"client_id": "c", "client_secret": "s", "server_metadata_url": "https://sso.example"}
    written = {"firm": {"name": "Bell & Söhne"}, "access": {"sign_in": sign_in, "oidc": oidc}}
    settings = read_settings(written, home=home, path=home / "firm.toml", environ={})
    access = replace(settings.access, groups=GROUPS, sample_users=is_sample)
    return replace(settings, access=access)


@contextmanager
def shell_portal(settings: Settings, fresh: Freshness = LIVE) -> Iterator[Portal]:
    """The portal of this process for the time of a test."""
    copy_of_tables(settings.home / "store.sqlite")
    store = open_store(settings.store_url, secret_key=settings.secret_key)
    clock = HandClock()

    def now() -> datetime:
        return clock()

    refreshing = SimpleNamespace(freshness=lambda: fresh, version=fresh.version)
    portal = Portal(settings, SimpleNamespace(), store, refreshing, now)
    portal.__dict__["staff"] = StaffList()
    portal.__dict__["passwords"] = PlainPasswords()
    portal.__dict__["clock"] = clock
    bootstrap.use(portal)
    try:
        yield portal
    finally:
        bootstrap.use(None)
        store.close()
