"""A store in a file of this test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.store import Store, open_store
from tests.adapters.store_backends import copy_of_tables


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    path = tmp_path / "store.sqlite"
    copy_of_tables(path)
    opened = open_store(f"sqlite:///{path}", secret_key="test")
    yield opened
    opened.close()
