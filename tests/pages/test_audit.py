"""The audit page: the log, and whether it is whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access_fixture import NOON
from tests.pages.firm_pages import PagesPortal, pages_portal, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with pages_portal(tmp_path) as portal:
        yield portal


def test_the_log_is_checked_on_request(portal):
    with portal.store.unit_of_work() as uow:
        uow.audit.append(at=NOON, actor="ann", action="a", subject="s", detail={})
        uow.commit()
    at = visit(portal, "audit")

    at.button(key="audit_check").click().run()

    assert "1 line: whole and unchanged." in [each.value for each in at.success]


def test_the_log_is_not_shown_without_permission(portal):
    at = visit(portal, "audit", frozenset())

    assert not at.button
