"""Home, aging, worklist and trends over the small firm with the marts a refresh makes."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from streamlit.testing.v1 import AppTest

from portal import bootstrap
from portal.domain.permissions import Permission
from portal.ui.grid_state import decode_link
from portal.ui.navigation import pages_for
from portal.warehouse.marts import Marts
from tests.pages.firm_pages import EVERYTHING, LIVE, SID, PagesPortal, pages_portal, texts
from tests.pages.firm_pages import visit as visit_page

TIED = SimpleNamespace(difference_cents=0, clients_that_differ=0)


@contextmanager
def insight_portal(home: Path) -> Iterator[PagesPortal]:
    """The pages' portal; the month marts are the real ones."""
    with pages_portal(home) as portal:
        Marts(portal.warehouse.connection(), "USD").rebuild()
        portal.say(LIVE, TIED)
        yield portal


def visit(
    portal: PagesPortal,
    page: str,
    permissions: frozenset[Permission] = EVERYTHING,
    staff_id: str | None = None,
    home: str = "user",
    **query: str,
) -> AppTest:
    """Open a page as somebody of a kind; any exception of the page fails the test."""
    portal.people = _Everybody(home)
    return visit_page(portal, page, permissions, staff_id, **query)


class _Everybody(dict):
    """People who all get the same home page."""

    def __init__(self, home: str) -> None:
        super().__init__()
        self._home = home

    def get(self, session_id: str, default: object = None) -> object:
        found = super().get(session_id, default)
        return replace(found, home=self._home) if session_id == SID and found else found


def links_of(at: AppTest) -> dict[str, str]:
    """The links to other pages by their text: page and query. A page without any is a fault."""
    found = at.get("page_link")
    if not found:
        viewer = bootstrap.current().principal(SID)
        entries = [entry.file for entry in pages_for(viewer, bootstrap.current().settings)]
        drawn = Counter(element.type for element in at._tree)
        raise AssertionError(f"no link is drawn; pages {entries}, drawn {drawn}\n{texts(at)}")
    return {
        _plain(element.proto.label): f"{element.proto.page}?{element.proto.query_string}"
        for element in found
    }


def view_of(at: AppTest) -> dict:
    """How the list on the page was asked to open."""
    view = at.query_params["view"]
    return decode_link(view if isinstance(view, str) else view[0])


def pictures(at: AppTest) -> list[str]:
    """What the pictures say to those who can't see them."""
    return [element.proto.alt for element in at.get("plotly_chart")]


def _plain(text: str) -> str:
    return text.replace("\\", "").replace("\u2060", "")
