"""What pages read: named queries, always within the rights of whoever is looking.

A query that declares `$sees_all` and `$staff_id`, `$today`, `$currency` or the aging `$edge_1`
is given them here, so no page can forget the scope; a subject that needs a permission is
refused without it.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd
import streamlit as st

from portal.bootstrap import Portal
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission, Scope
from portal.lists.aging import MOST_BUCKETS
from portal.ui import frame

MOST_KEPT = 200
"""Answers kept per kind of read; each is small, and a new data version makes them useless."""

MINUTE_SECONDS = 60

MINE = "mine"
EVERYTHING = "all"
"""Whose clients: those where I am partner or manager, or all that I may see."""

_SUBJECTS: Mapping[str, Permission] = {
    "clients": Permission.VIEW_CLIENTS,
    "groups": Permission.VIEW_CLIENTS,
    "invoices": Permission.VIEW_INVOICES,
    "payments": Permission.VIEW_PAYMENTS,
    "plans": Permission.VIEW_PAYMENTS,
    "data": Permission.VIEW_DATA,
    "emails": Permission.RESEND_INVOICE,
}
"""What it takes to read the queries of a folder of queries/; pages of other folders check it."""

Rows = Sequence[Mapping[str, object]]
_Asked = tuple[tuple[str, object], ...]


def table(name: str, *, book: str = EVERYTHING, **params: object) -> pd.DataFrame:
    """Read a named query for the person looking. Ends the run where no data was loaded yet.

    Returns: the columns of the query's last select, in its order; a copy of one's own.
    Raises: Denied; NotFound for an id that can't be one.
    """
    home, version, asked = _ask(name, book, params)
    return _table(home, version, name, asked)


def rows(name: str, *, book: str = EVERYTHING, **params: object) -> list[dict[str, object]]:
    """As `table`, but plain rows; none for an id that can't be one."""
    home, version, asked = _ask(name, book, params)
    try:
        return _rows(home, version, name, asked)
    except NotFound:
        return []


def one(name: str, *, book: str = EVERYTHING, **params: object) -> dict[str, object] | None:
    """The first row, or None: there is no such thing, or it is not theirs to see."""
    found = rows(name, book=book, **params)
    return found[0] if found else None


def latest(name: str, **params: object) -> list[dict[str, object]]:
    """As `rows`, but read anew: for what changes without a new data version."""
    _home, _version, asked = _ask(name, EVERYTHING, params)
    return frame.portal().warehouse.rows(name, **dict(asked))


def lately(name: str, *, book: str = EVERYTHING, **params: object) -> list[dict[str, object]]:
    """As `rows`, but up to a minute old: for long histories that hardly change beside a figure."""
    home, _version, asked = _ask(name, book, params)
    return _lately(home, name, asked)


def wired(found: Rows) -> Rows:
    """Rows as a small grid takes them: days as ISO text."""
    return [
        {name: v.isoformat() if isinstance(v, date) else v for name, v in row.items()}
        for row in found
    ]


def of_firm_currency(found: Rows) -> Rows:
    """Of rows per currency, those of the firm's currency: amounts of others never join them."""
    currency = frame.portal().settings.currency
    return [row for row in found if row["currency"] == currency]


def in_firm_currency(found: Rows) -> Mapping[str, object]:
    """Of one row per currency, the one of the firm's currency; empty if there is none."""
    own = of_firm_currency(found)
    return own[0] if own else {}


def _ask(name: str, book: str, params: Mapping[str, object]) -> tuple[str, int, _Asked]:
    portal = frame.portal()
    viewer = frame.principal()
    if needed := _SUBJECTS.get(name.split("/")[0]):
        viewer.require(needed)
    version = portal.refreshing.version
    if not version:
        frame.empty(
            "No data yet",
            "The first load from the practice management system has not finished.",
        )
        st.stop()
    scope = viewer.own_scope if book == MINE else viewer.scope
    declared = portal.query_params(name)
    known = _known(scope, portal)
    asked = {**{key: known[key] for key in declared if key in known}, **params}
    return str(portal.warehouse.path), version, tuple(sorted(asked.items()))


def _known(scope: Scope, portal: Portal) -> dict[str, object]:
    edges = portal.settings.aging_edges
    return {
        "sees_all": scope.all_clients,
        "staff_id": scope.staff_id,
        "today": portal.today(),
        "currency": portal.settings.currency,
        "zone": portal.settings.timezone.key,
        **{f"edge_{n}": edges[n - 1] if n <= len(edges) else None for n in range(1, MOST_BUCKETS)},
    }


# The home and the version stand in the key: another firm's or an older answer is never given.
@st.cache_data(max_entries=MOST_KEPT, show_spinner=False)
def _table(home: str, version: int, name: str, asked: _Asked) -> pd.DataFrame:
    return frame.portal().warehouse.read(name, **dict(asked))


@st.cache_data(max_entries=MOST_KEPT, show_spinner=False)
def _rows(home: str, version: int, name: str, asked: _Asked) -> list[dict[str, object]]:
    return frame.portal().warehouse.rows(name, **dict(asked))


@st.cache_data(max_entries=MOST_KEPT, ttl=MINUTE_SECONDS, show_spinner=False)
def _lately(home: str, name: str, asked: _Asked) -> list[dict[str, object]]:
    return frame.portal().warehouse.rows(name, **dict(asked))
