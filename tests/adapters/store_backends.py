"""The databases the store's tests run on: SQLite, and PostgreSQL where it is installed."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from portal.store import Store, open_store
from tests.adapters.postgresql_cluster import binaries, running_cluster

SECRET = "the secret key of these tests"
BACKENDS = ("sqlite", "postgresql") if binaries() else ("sqlite",)

_names = itertools.count()


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The URL of a running PostgreSQL, with `{name}` where the database goes."""
    folder = binaries()
    assert folder is not None
    with running_cluster(folder) as url:
        yield url


@pytest.fixture(params=BACKENDS)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.sqlite'}"
        return
    cluster = request.getfixturevalue("cluster")
    name = f"store_{next(_names)}"
    _command(cluster, f"create database {name}")
    yield cluster.format(name=name)
    _command(cluster, f"drop database {name} with (force)")


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open store on each kind of database."""
    opened = open_store(store_url, secret_key=SECRET)
    yield opened
    opened.close()


def _command(cluster: str, statement: str) -> None:
    url = cluster.format(name="postgres").replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
