"""A store in a file of this test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}", secret_key="test")
    yield opened
    opened.close()
