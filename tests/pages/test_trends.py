"""The trends page: each side of it, its definitions, its links, and a bridge that ties."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.domain.metrics import METRICS
from portal.domain.permissions import Permission
from tests.pages.firm_pages import (
    EVERYTHING,
    OWN_CLIENTS,
    PagesPortal,
    figures,
    tables,
    texts,
)
from tests.pages.insight_pages import insight_portal, links_of, pictures, view_of, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with insight_portal(tmp_path) as portal:
        yield portal


def test_the_last_complete_month_is_shown_with_the_metrics_it_has(portal) -> None:
    at = visit(portal, "trends")

    shown = figures(at)
    assert "May 2026, the last complete month" in texts(at)
    assert shown["Billed"] == "$543"
    assert shown["Collected"] == "$0"
    assert len(pictures(at)) == 4


def test_every_figure_carries_its_definition(portal) -> None:
    at = visit(portal, "trends")

    defined = {metric.label: metric.definition for metric in METRICS.values()}
    for metric in at.metric:
        assert metric.proto.help == defined[metric.label]


def test_a_months_figure_opens_the_list_filtered_to_that_month(portal) -> None:
    at = visit(portal, "trends")

    at.button("card_Billed").click().run()

    model = view_of(at)["filter"]
    assert at.title[0].value == "Invoices"
    assert model["invoice_date"]["dateFrom"] == "2026-05-01"
    assert model["invoice_date"]["dateTo"] == "2026-05-31"


@pytest.mark.parametrize(("by", "tables_shown"), [("Method", 1), ("Partner", 1), ("Office", 1)])
def test_each_side_has_its_picture_and_its_list(portal, by, tables_shown) -> None:
    at = visit(portal, "trends", by=by)

    assert pictures(at)
    assert len(tables(at)) == tables_shown


def test_the_bridge_ties_to_the_aging_of_the_day(portal) -> None:
    at = visit(portal, "trends", by="AR bridge")

    said = texts(at)
    assert "it ties" in said
    assert "apart" not in said
    assert {"Opening", "Billed", "Collected", "Closing"} <= set(links_of(at))


def test_a_bridge_ties_for_any_month_and_for_one_partner(portal) -> None:
    at = visit(portal, "trends", by="AR bridge", partner="Ada Quill")
    at.selectbox("bridge_month").select_index(3).run()

    assert "it ties" in texts(at)


def test_a_partner_sees_the_months_of_own_clients(portal) -> None:
    everything = figures(visit(portal, "trends"))
    own = figures(visit(portal, "trends", OWN_CLIENTS, staff_id="2"))

    assert own["Billed"] != everything["Billed"]


def test_without_the_right_to_trends_the_page_is_refused(portal) -> None:
    at = visit(portal, "trends", EVERYTHING - {Permission.VIEW_TRENDS})

    assert "You do not have the permission" in texts(at)
    assert not tables(at)


def test_figures_of_one_office_do_not_open_lists_that_cannot_be_narrowed_to_it(portal) -> None:
    at = visit(portal, "trends", by="AR bridge", office="Boston")

    assert "it ties" in texts(at)
    assert "Billed" not in links_of(at)
    assert "office=Boston" in links_of(at)["Closing"]
