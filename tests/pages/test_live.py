"""Pages of figures follow the data by themselves, and that keeps nobody signed in."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portal.ui import frame, live
from portal.warehouse.marts import Marts
from tests.pages.firm_pages import LIVE, PagesPortal, figures
from tests.pages.insight_pages import TIED, insight_portal, visit

INVOICE = """
insert into invoices values (900, 'INV-900', 10, null, 'invoice', date '2026-06-30',
    date '2026-07-30', 'USD', 100000000, false, false, null, null)
"""


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with insight_portal(tmp_path) as portal:
        yield portal


def test_a_new_version_changes_the_figures_of_the_next_drawing(portal) -> None:
    at = visit(portal, "home", home="partner")
    before = figures(at)["Outstanding"]

    con = portal.warehouse.connection()
    con.execute(INVOICE)
    Marts(con, "USD").rebuild()
    portal.say(replace(LIVE, version=2), TIED)
    at.run()

    assert before == "$3.88K"
    assert figures(at)["Outstanding"] == "$1.00M"


def test_news_that_come_while_a_page_is_drawn_have_it_drawn_again(portal) -> None:
    at = visit(portal, "aging")
    at.session_state[live.DRAWN] = LIVE.version - 1

    at.run()

    assert at.session_state[live.NEXT_BY_ITSELF]
    assert live.DRAWN not in at.session_state


def test_drawing_by_itself_is_no_activity(portal) -> None:
    at = visit(portal, "aging")
    at.session_state[frame.BY_ITSELF] = True
    portal.activity.clear()

    at.run()

    assert portal.activity
    assert not any(portal.activity)


def test_after_it_has_drawn_itself_a_page_counts_activity_again(portal) -> None:
    at = visit(portal, "aging")
    at.session_state[frame.BY_ITSELF] = True
    at.run()
    portal.activity.clear()

    at.run()

    assert any(portal.activity)
