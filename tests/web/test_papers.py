"""Papers hold what the person asking may see, and the amounts the pages show."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

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
            "/documents/receipt/PI-0001-0001.pdf",
            "/documents/receipt/nothing.pdf",
        )
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()


def test_papers_need_the_permission_of_their_pages(portal) -> None:
    without = EVERYTHING - {
        Permission.VIEW_CLIENTS,
        Permission.VIEW_COLLECTIONS,
        Permission.VIEW_INVOICES,
        Permission.VIEW_PAYMENTS,
    }
    browser = Browser(portal, without)

    for path in (
        "/documents/receipt/PI-0001-0001.pdf",
        "/documents/aging.pdf",
    ):
        assert browser.http.get(path).status_code == 403, path


@pytest.mark.parametrize(
    "query", ["as_of=2026-99-99", "as_of=yesterday", "nothing=1", "group_by=nobody"]
)
def test_days_that_are_none_are_refused(portal, query) -> None:
    assert Browser(portal).http.get(f"/documents/aging.pdf?{query}").status_code == 422


def test_rows_of_other_currencies_take_no_room_on_the_aging_paper(portal, monkeypatch) -> None:
    portal.settings = replace(portal.settings, currency="GBP")
    printed = {}

    def note(**asked: object) -> bytes:
        printed.update(asked)
        return b"%PDF-"

    monkeypatch.setattr(papers, "MOST_ROWS", 1)
    monkeypatch.setattr(papers, "aging_pdf", note)

    Browser(portal).http.get("/documents/aging.pdf?group_by=client")

    assert (printed["rows"], printed["left_out"]) == ([], 0)
