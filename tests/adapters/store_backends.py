"""The databases the store's tests run on: SQLite, and PostgreSQL where it is installed."""

import functools
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from portal.store import Store, open_store
from tests.adapters.postgresql_cluster import binaries, running_cluster
from tests.made_once import copy_made_once

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
    """The URL of a database of each kind: empty, or with the tables in it if `store` is asked."""
    has_tables = "store" in request.fixturenames
    if request.param == "sqlite":
        path = tmp_path / "store.sqlite"
        if has_tables:
            copy_of_tables(path)
        yield f"sqlite:///{path}"
        return
    cluster = request.getfixturevalue("cluster")
    name = f"store_{next(_names)}"
    new_database(cluster, name, has_tables=has_tables)
    yield cluster.format(name=name)
    drop_database(cluster, name)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open store on each kind of database."""
    opened = open_store(store_url, secret_key=SECRET)
    yield opened
    opened.close()


def new_database(cluster: str, name: str, *, has_tables: bool) -> None:
    """Make a database of the cluster, empty or with the store's tables."""
    template = f" template {_tables_of(cluster)}" if has_tables else ""
    _command(cluster, f"create database {name}{template}")


def drop_database(cluster: str, name: str) -> None:
    """Drop a database, whoever is still connected to it."""
    _command(cluster, f"drop database {name} with (force)")


def copy_of_tables(path: Path) -> None:
    """Put a SQLite store with its tables made, and nothing in them, at this path."""
    copy_made_once(path, _make_tables)


def _make_tables(path: Path) -> None:
    open_store(f"sqlite:///{path}", secret_key=SECRET).close()


@functools.cache
def _tables_of(cluster: str) -> str:
    name = "store_tables"
    _command(cluster, f"create database {name}")
    open_store(cluster.format(name=name), secret_key=SECRET).close()
    return name


def _command(cluster: str, statement: str) -> None:
    url = cluster.format(name="postgres").replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
