"""The portal users page: payers with an account, linked and de-linked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.firm_pages import PagesPortal, pages_portal, texts, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with pages_portal(tmp_path) as portal:
        yield portal


def test_the_page_says_what_it_is_for_and_needs_its_permission(portal):
    assert "add or de-link clients" in texts(visit(portal, "portal_users"))
    assert "add or de-link clients" not in texts(visit(portal, "portal_users", frozenset()))
