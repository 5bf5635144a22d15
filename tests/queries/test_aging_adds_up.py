"""Aging adds up to the cent, whatever the entries, the day, the lens, the grouping, the buckets.

Buckets with no-due-date are what is outstanding; less what is unapplied it is the net; and both
are what a few lines of Python find in the entries themselves.
"""

import os
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.permissions import Scope
from portal.lists.aging import aging_list
from portal.warehouse.list_query import RowsRequest
from portal.warehouse.marts import Marts
from portal.warehouse.rows import list_page
from portal.warehouse.warehouse import Warehouse
from tests.queries.test_aging_as_of import warehouse

__all__ = ["warehouse"]

TODAY = date(2026, 6, 30)
EXAMPLES = 300 if os.environ.get("PORTAL_TEST_LONG") else 8
CLIENTS = {
    # client -> currency, partner, manager, office, group
    1: ("USD", 1, 3, "Boston", "Family"),
    2: ("USD", 1, 4, "Boston", None),
    3: ("EUR", 2, 3, "Albany", "Family"),
    4: ("USD", None, None, None, "Estate"),
}
PLACES = {"partner": 1, "manager": 2, "office": 3, "group": 4}
near = st.integers(-130, 40).map(lambda days: TODAY + timedelta(days=days))


@dataclass(frozen=True)
class Invoice:
    """An invoice, and what is applied to it: (day, share of the amount in percent)."""

    client: int
    made: date
    due: date | None
    cents: int
    applied: tuple[tuple[date, int], ...]
    is_void: bool


@dataclass(frozen=True)
class Asked:
    """How aging is looked at."""

    day: date
    lens: str
    group_by: str
    edges: tuple[int, ...]


invoices = st.builds(
    Invoice,
    client=st.sampled_from(sorted(CLIENTS)),
    made=near,
    due=st.none() | near,
    cents=st.integers(1, 90_000_00),
    applied=st.lists(st.tuples(near, st.integers(1, 50)), max_size=2).map(tuple),
    is_void=st.sampled_from((False, False, False, True)),
)
unapplied = st.lists(
    st.tuples(st.sampled_from(sorted(CLIENTS)), near, st.integers(1, 50_000_00)), max_size=3
)
asked = st.builds(
    Asked,
    day=near,
    lens=st.sampled_from(("due", "invoice")),
    group_by=st.sampled_from((*PLACES, "client")),
    edges=st.lists(st.integers(1, 150), min_size=1, max_size=6, unique=True).map(
        lambda edges: tuple(sorted(edges))
    ),
)
Money = tuple[int, date, int]


def test_every_aging_adds_up_and_is_what_the_entries_say(
    warehouse: Warehouse, suite_line: Callable[[str], None]
) -> None:
    compared = 0

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
    @given(
        made=st.lists(invoices, max_size=12),
        on_account=unapplied,
        looks=st.lists(asked, min_size=8, max_size=10),
    )
    def adds_up(made: list[Invoice], on_account: list[Money], looks: list[Asked]) -> None:
        nonlocal compared
        keep(warehouse, made, on_account)
        for look in looks:
            compare(warehouse, made, on_account, look)
            compared += 1

    adds_up()
    suite_line(f"aging: {compared} looks at {EXAMPLES} random ledgers, to the cent")


def keep(warehouse: Warehouse, made: list[Invoice], on_account: list[Money]) -> None:
    """Let these be the entries of the firm."""
    con = warehouse.connection()
    lines, receipts, parts = [], [], []
    for number, one in enumerate(made, start=100):
        currency = CLIENTS[one.client][0]
        lines.append((number, f"I{number}", one.client, None, "invoice", one.made, one.due,
                      currency, one.cents, False, one.is_void, None, None))  # fmt: skip
        for place, (day, percent) in enumerate(one.applied):
            receipt, cents = number * 10 + place, one.cents * percent // 100
            if cents and not one.is_void:
                receipts.append((receipt, one.client, "payment", day, "check", None, currency,
                                 cents, None))  # fmt: skip
                parts.append((str(receipt), receipt, number, cents, max(day, one.made), None))
    for number, (client, day, cents) in enumerate(on_account, start=90_000):
        receipts.append((number, client, "payment", day, "check", None, CLIENTS[client][0],
                         cents, None))  # fmt: skip
    people = [
        (i, f"C{i}", f"Client {i}", group, "Active", office, partner, manager, None,
         date(2020, 1, 1), None)
        for i, (_, partner, manager, office, group) in CLIENTS.items()
    ]  # fmt: skip
    tables = {"clients": people, "invoices": lines, "receipts": receipts, "applications": parts}
    for table, rows in tables.items():
        con.execute(f"delete from {table}")
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            con.executemany(f"insert into {table} values ({marks})", rows)
    Marts(con, "USD").rebuild()
    con.execute("update data_version set version = version + 1")
    con.close()


def compare(
    warehouse: Warehouse, made: list[Invoice], on_account: list[Money], look: Asked
) -> None:
    """One look at aging beside the same from the entries."""
    request = RowsRequest(
        end_row=500,
        params={"as_of": str(look.day), "lens": look.lens, "group_by": look.group_by},
    )
    definition = aging_list(look.edges)
    rows = list_page(warehouse, definition, request, Scope(True), TODAY, "USD").rows
    buckets = [f"b{place}_cents" for place in range(1, len(look.edges) + 2)]
    cells = ["not_due_cents", *buckets, "no_due_date_cents"]
    found = {}
    for row in rows:
        assert sum(row[name] for name in cells) == row["outstanding_cents"]
        assert row["net_cents"] == row["outstanding_cents"] - row["unapplied_cents"]
        said = ([row[name] for name in cells], row["unapplied_cents"])
        found[row["group_key"], row["currency"]] = said
    expected = from_the_entries(made, on_account, look)
    assert found == {key: one for key, one in expected.items() if any(one[0]) or one[1]}


def from_the_entries(
    made: list[Invoice], on_account: list[Money], look: Asked
) -> dict[tuple[str | None, str], tuple[list[int], int]]:
    """Buckets and unapplied money of each group and currency, without SQL."""
    aged: dict[tuple, list[int]] = defaultdict(lambda: [0] * (len(look.edges) + 3))
    waiting: dict[tuple, int] = defaultdict(int)
    for one in made:
        if one.is_void:
            continue
        key, left = group_of(one.client, look), one.cents
        for day, percent in one.applied:
            cents = one.cents * percent // 100
            is_applied = max(day, one.made) <= look.day
            left -= cents if is_applied else 0
            waiting[key] += cents if day <= look.day and not is_applied else 0
        if one.made <= look.day and left > 0:
            aged[key][place_of(one, look)] += left
    for client, day, cents in on_account:
        waiting[group_of(client, look)] += cents if day <= look.day else 0
    return {
        key: (aged[key] if key in aged else [0] * (len(look.edges) + 3), waiting[key])
        for key in {*aged, *waiting}
    }


def group_of(client: int, look: Asked) -> tuple[str | None, str]:
    """The group a client counts in, and its currency."""
    own = CLIENTS[client]
    key = client if look.group_by == "client" else own[PLACES[look.group_by]]
    return (None if key is None else str(key), own[0])


def place_of(one: Invoice, look: Asked) -> int:
    """Which bucket an invoice is in: 0 not due, the last one without a due date."""
    start = one.due if look.lens == "due" else one.made
    if start is None:
        return len(look.edges) + 2
    age = (look.day - start).days
    return 0 if age <= 0 else 1 + sum(age > edge for edge in look.edges)


@pytest.mark.parametrize("edge", [30, 60, 90])
def test_the_last_day_of_a_bucket_belongs_to_it(warehouse: Warehouse, edge: int) -> None:
    made = [
        Invoice(1, TODAY - timedelta(days=200), TODAY - timedelta(days=edge + n), 100, (), False)
        for n in (0, 1)
    ]
    keep(warehouse, made, [])

    look = Asked(TODAY, "due", "client", (30, 60, 90))
    compare(warehouse, made, [], look)
    ((cells, _),) = from_the_entries(made, [], look).values()

    assert cells[edge // 30] == cells[edge // 30 + 1] == 100
