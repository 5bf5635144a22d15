"""What the browser tests share: sample firms that are made once, and a browser for each file."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.screens import ready_firm
from tests.screens.running_portal import running_browser


@pytest.fixture(scope="session", autouse=True)
def _firms_are_made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    place: Path = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent  # each worker has a folder of its own in the run's
    place = place / "firms"
    place.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ready_firm.PLACE, str(place))
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running
