"""The page of quick payment links: who may, what it makes, and that a code leads where it says."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.domain.permissions import Permission
from portal.ui.quick_links import qr_code
from tests.pages.firm_pages import EVERYTHING, PagesPortal, pages_portal, tables, texts, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with pages_portal(tmp_path) as portal:
        yield portal


def test_the_page_shows_the_links_and_the_way_to_a_new_one(portal: PagesPortal) -> None:
    at = visit(portal, "quick_links")

    assert len(tables(at)) == 1
    assert "New quick link" in [button.label for button in at.button]


def test_the_page_is_refused_without_the_permission(portal: PagesPortal) -> None:
    at = visit(portal, "quick_links", EVERYTHING - {Permission.QUICK_LINKS})

    assert "You do not have the permission for this" in texts(at)
    assert not tables(at)


def test_a_qr_code_is_a_picture_without_scripts() -> None:
    drawn = qr_code("https://ar.firm.example/pay/open#token")

    assert drawn.startswith("<svg")
    assert "<script" not in drawn
