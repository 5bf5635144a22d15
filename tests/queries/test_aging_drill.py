"""What an amount of the aging list leads to: exactly the invoices behind it, for every line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.domain.permissions import Scope
from portal.lists.registry import find_list
from portal.ui import aging_drill
from portal.ui.grid_state import decode_link
from portal.warehouse.list_query import RowsRequest
from portal.warehouse.rows import RowsPage, list_page
from tests.queries.page_reads import TODAY
from tests.web.list_portal import ListPortal, make_portal

EVERYBODY = Scope(True, None)
WHOSE = {
    "partner": "partner_id",
    "manager": "manager_id",
    "office": "office",
    "group": "client_group",
    "client": "client_id",
}


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[ListPortal]:
    made = make_portal(tmp_path)
    yield made
    made.close()


def listed(portal: ListPortal, name: str, **asked: object) -> RowsPage:
    edges = portal.settings.aging_edges
    definition = find_list(name, edges)
    request = RowsRequest(end_row=500, **asked)
    return list_page(portal.warehouse, definition, request, EVERYBODY, TODAY, "USD")


@pytest.mark.parametrize("lens", ["due", "invoice"])
@pytest.mark.parametrize("group_by", WHOSE)
def test_the_invoices_behind_an_amount_add_up_to_it(portal, group_by, lens) -> None:
    edges = portal.settings.aging_edges
    lines = listed(portal, "aging", params={"group_by": group_by, "lens": lens}).rows
    columns = [c for c in find_list("aging", edges).columns if aging_drill.is_drill(c.opens)]
    assert len(columns) == len(edges) + 4
    opened = 0
    for line in [line for line in lines if line["group_key"]]:
        for column in [one for one in columns if line[one.id]]:
            link = aging_drill.invoices_behind(
                column.opens,
                {WHOSE[group_by]: line["group_key"]},
                lens=lens,
                currency=line["currency"],
                today=TODAY,
                edges=edges,
            )
            view = decode_link(link.pop("view"))
            found = listed(
                portal,
                "invoices",
                filter_model=view["filter"],
                params={**link, "toggle": view["toggle"]},
            )
            assert found.totals["outstanding_cents"] == line[column.id], (line, column.id)
            opened += 1
    assert opened > 5
