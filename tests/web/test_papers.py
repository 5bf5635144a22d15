"""Papers hold what the person asking may see, and the amounts the pages show."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from portal.documents import statements
from portal.domain.permissions import Permission
from portal.web import papers
from tests.web.list_portal import EVERYTHING, OWN_CLIENTS, Browser, ListPortal, make_portal


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[ListPortal]:
    made = make_portal(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize(
    "path",
    [
        "/documents/statement/10.pdf",
        "/documents/statement/10.pdf?from=2026-01-01&to=2026-06-30",
        "/documents/aging.pdf",
        "/documents/aging.pdf?group_by=client&lens=invoice&as_of=2026-05-31",
    ],
)
def test_papers_are_printed_for_who_may_see_them(portal, path) -> None:
    answer = Browser(portal).http.get(path)

    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"


def test_papers_of_other_peoples_clients_do_not_exist(portal) -> None:
    stranger = Browser(portal, OWN_CLIENTS, staff_id="999")

    answers = [
        stranger.http.get(path)
        for path in (
            "/documents/statement/10.pdf",
            "/documents/statement/nobody.pdf",
            "/documents/receipt/PI-0001-0001.pdf",
        )
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert answers[0].json() == answers[1].json()


def test_papers_need_the_permission_of_their_pages(portal) -> None:
    without = EVERYTHING - {
        Permission.VIEW_CLIENTS,
        Permission.VIEW_INVOICES,
        Permission.VIEW_PAYMENTS,
    }
    browser = Browser(portal, without)

    for path in (
        "/documents/statement/10.pdf",
        "/documents/receipt/PI-0001-0001.pdf",
        "/documents/aging.pdf",
    ):
        assert browser.http.get(path).status_code == 403, path


@pytest.mark.parametrize(
    "query", ["from=yesterday", "from=2026-06-30&to=2026-01-01", "as_of=2026-99-99", "nothing=1"]
)
def test_days_that_are_none_are_refused(portal, query) -> None:
    path = "statement/10" if "from" in query else "aging"

    assert Browser(portal).http.get(f"/documents/{path}.pdf?{query}").status_code == 422


def test_an_activity_statement_ends_with_the_balance_of_its_entries(portal) -> None:
    client = portal.correspondence.directory.client("10")

    facts = papers._activity(portal, client, "USD", {"from": "2026-02-01", "to": "2026-06-30"})

    entries = facts["entries"]
    moved = sum(int(row["charge_cents"]) - int(row["credit_cents"]) for row in entries)
    assert facts["opening_cents"] + moved == facts["closing_cents"]
    assert all(row["entry_date"] >= date(2026, 2, 1) for row in entries)
    assert statements.statement_pdf({**papers._named(client, "USD"), **facts})


def test_an_open_item_statement_holds_what_the_client_page_shows(portal) -> None:
    client = portal.correspondence.directory.client("10")

    facts = papers._open_items(portal, client, "USD")

    shown = portal.warehouse.connection().execute(
        "select sum(outstanding_cents)::bigint from open_invoices"
        " where client_id = 10 and currency = 'USD' and outstanding_cents > 0"
    ).fetchone()[0]  # fmt: skip
    assert facts["open_cents"] == shown
