"""Is aging as of a day, in every grouping, what `portal totals` says of that day?"""

import random
from collections import defaultdict
from datetime import date, timedelta

import pytest

from portal.domain.aging import DEFAULT_EDGES, NO_DUE_DATE, NOT_DUE, buckets
from portal.domain.permissions import Scope
from portal.lists.aging import aging_list
from portal.lists.registry import find_list
from portal.warehouse.list_query import RowsRequest
from portal.warehouse.marts import Marts
from portal.warehouse.rows import list_page
from portal.warehouse.totals import totals
from portal.warehouse.warehouse import Warehouse
from tests.warehouse_fixture import CANONICAL

TODAY = date(2026, 6, 30)
FIRMS = 4
DAYS = [TODAY + timedelta(days=days) for days in (-400, -45, 0, 1, 20, 400)]
GROUPS = ("partner", "manager", "office", "group", "client")
BUCKETS = {
    NOT_DUE: "not_due_cents",
    **{b.key: f"b{place}_cents" for place, b in enumerate(buckets(DEFAULT_EDGES), start=1)},
    NO_DUE_DATE: "no_due_date_cents",
}
NO_NARROWING = dict.fromkeys(("partner_id", "manager_id", "office", "client_group"))
ANYBODY = {"sees_all": True, "staff_id": None}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    opened = Warehouse(tmp_path_factory.mktemp("home") / "warehouse.duckdb")
    con = opened.connection()
    con.execute(CANONICAL)
    con.execute("insert into staff select i, 'Staff ' || i, null, true from range(1, 5) t(i)")
    con.execute("insert into source_state values ('key_type', 'BIGINT')")
    yield opened
    opened.close()


def a_day(chance):
    return TODAY + timedelta(days=chance.randint(-90, 40))


def random_firm(warehouse, seed):
    """Replace the entries by random ones, dated up to forty days ahead, and make the marts anew."""
    chance = random.Random(seed)
    clients = [
        (i, f"C{i}", f"Client {i}", chance.choice((None, "Family")), "Active",
         chance.choice(("Boston", "Albany", None)), chance.choice((1, 2, None)),
         chance.choice((3, 4, None)), None, date(2020, 1, 1), None)
        for i in range(1, 9)
    ]  # fmt: skip
    currency = {i: chance.choice(("USD", "USD", "EUR")) for i in range(1, 9)}
    invoices = [random_invoice(chance, i, currency) for i in range(100, 140)]
    receipts = [random_receipt(chance, i, currency) for i in range(500, 530)]
    con = warehouse.connection()
    for table, rows in (
        ("clients", clients),
        ("invoices", invoices),
        ("receipts", receipts),
        ("applications", random_applications(chance, invoices, receipts)),
    ):
        con.execute(f"delete from {table}")
        con.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)
    Marts(con, "USD").rebuild()
    con.execute("update data_version set version = version + 1")


def random_invoice(chance, invoice_id, currency):
    client, day = chance.randint(1, 8), a_day(chance)
    due = chance.choice((None, day, day + timedelta(days=30), day - timedelta(days=20)))
    cents = chance.randint(1, 90_000)
    # some sources say a balance of their own; what is missing was settled outside the entries
    balance = chance.choice((None, None, None, cents, cents // 2, 0))
    return (
        invoice_id, f"I{invoice_id}", client, None, "invoice", day, due, currency[client], cents,
        False, chance.random() < 0.1, balance, None,
    )  # fmt: skip


def random_receipt(chance, receipt_id, currency):
    client = chance.randint(1, 8)
    kind = chance.choice(("payment", "payment", "credit_memo", "return"))
    cents = chance.randint(1, 90_000) * (-1 if kind == "return" else 1)
    return (receipt_id, client, kind, a_day(chance), "check", None, currency[client], cents, None)


def random_applications(chance, invoices, receipts):
    made = []
    for receipt in receipts:
        own = [i for i in invoices if i[2] == receipt[1] and not i[10]]
        for invoice in chance.sample(own, min(len(own), chance.randint(0, 3))):
            day = max(receipt[3], invoice[5]) + timedelta(days=chance.choice((0, 0, 5, 60)))
            cents = chance.choice((receipt[7], receipt[7] // 3, min(receipt[7], invoice[8])))
            made.append((str(len(made)), receipt[0], invoice[0], cents, day, None))
    return made


def aging(warehouse, day, today=TODAY, scope=None, **params):
    request = RowsRequest(end_row=500, params={"as_of": str(day), **params})
    scope = scope or Scope(True)
    return list_page(warehouse, aging_list(), request, scope, today, "USD").rows


def by_currency(rows, columns):
    sums = defaultdict(lambda: dict.fromkeys(columns, 0))
    for row in rows:
        for column in columns:
            sums[row["currency"]][column] += row[column]
    return sums


def test_aging_of_any_day_equals_the_totals_of_that_day_however_it_is_grouped(warehouse):
    columns = ("outstanding_cents", "unapplied_cents", "invoice_count", *BUCKETS.values())
    compared = 0
    for seed in range(FIRMS):
        random_firm(warehouse, seed)
        for day in DAYS:
            said = totals(warehouse, as_of=day, edges=DEFAULT_EDGES)["currencies"]
            for group_by in GROUPS:
                for lens in ("due", "invoice"):
                    rows = aging(warehouse, day, group_by=group_by, lens=lens)
                    for row in rows:
                        cells = sum(row[column] for column in BUCKETS.values())
                        assert cells == row["outstanding_cents"]
                        net = row["outstanding_cents"] - row["unapplied_cents"]
                        assert row["net_cents"] == net
                    sums = by_currency(rows, columns)
                    for currency, cell in said.items():
                        found = sums[currency]
                        assert found["outstanding_cents"] == cell["outstanding_cents"]
                        assert found["unapplied_cents"] == cell["unapplied_cents"]
                        assert found["invoice_count"] == cell["open_invoices"]
                        if lens == "due":
                            told = {key: found[column] for key, column in BUCKETS.items()}
                            assert told == {k: v["cents"] for k, v in cell["aging"].items()}
                    assert {code for code, sum_ in sums.items() if any(sum_.values())} <= set(said)
                    compared += 1
    assert compared == FIRMS * len(DAYS) * len(GROUPS) * 2


def test_the_quick_totals_of_any_day_are_those_of_the_list(warehouse):
    columns = ("outstanding_cents", "invoice_count", *BUCKETS.values())
    for seed in range(FIRMS):
        random_firm(warehouse, seed)
        for day in DAYS:
            for staff_id in (None, "1", "3"):
                scope = Scope(staff_id is None, staff_id)
                for lens in ("due", "invoice"):
                    rows = aging(warehouse, day, scope=scope, lens=lens)
                    listed = by_currency(rows, columns)
                    for currency in ("USD", "EUR"):
                        quick = warehouse.one(
                            "aging/aging_totals",
                            sees_all=staff_id is None,
                            staff_id=staff_id,
                            as_of=day,
                            today=TODAY,
                            currency=currency,
                            lens=lens,
                            **aging_list().constants,
                        )
                        assert {name: quick[name] for name in columns} == listed[currency]


def test_what_is_dated_after_a_day_is_the_difference_to_the_list_of_all_invoices(warehouse):
    for seed in range(FIRMS):
        random_firm(warehouse, seed)
        page = list_page(
            warehouse, find_list("invoices"), RowsRequest(end_row=500), Scope(True), TODAY, "USD"
        )
        for day in DAYS:
            counted = by_currency(aging(warehouse, day), ("outstanding_cents",))
            later = warehouse.rows("aging/dated_after", as_of=day, **ANYBODY, **NO_NARROWING)
            moved = defaultdict(int, {row["currency"]: row["moved_cents"] for row in later})
            for currency, sums in (page.totals_by_currency or {"USD": page.totals}).items():
                found = counted[currency]["outstanding_cents"] + moved[currency]
                assert found == sums["outstanding_cents"]


def test_nothing_is_said_to_be_dated_later_when_nothing_is(warehouse):
    random_firm(warehouse, 1)
    params = {**ANYBODY, **NO_NARROWING}

    assert warehouse.rows("aging/dated_after", as_of=DAYS[-1], **params) == []
    later = warehouse.rows("aging/dated_after", as_of=TODAY, **params)
    assert sum(row["invoice_count"] for row in later) > 0
    stranger = {**params, "sees_all": False, "staff_id": "99"}
    assert warehouse.rows("aging/dated_after", as_of=TODAY, **stranger) == []


def test_ages_are_counted_to_the_day_asked_for_whatever_today_is(warehouse):
    random_firm(warehouse, 2)

    answers = [aging(warehouse, TODAY, today=TODAY + timedelta(days=n)) for n in (-30, 0, 30)]

    assert answers[0] == answers[1] == answers[2]
