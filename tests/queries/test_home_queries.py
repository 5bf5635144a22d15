"""The home page's queries: every figure equals the rows it opens."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from portal.warehouse.warehouse import Warehouse
from tests.ledger_fixture import TODAY, small_ledger, thrown_ledger

EVERYBODY = {"sees_all": True, "staff_id": None}
ALL = {**EVERYBODY, "currency": "USD"}
WEEK_AGO = TODAY - timedelta(days=7)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Warehouse]:
    warehouse = small_ledger(tmp_path)
    yield warehouse
    warehouse.close()


@pytest.fixture(params=range(4))
def thrown(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Warehouse]:
    warehouse = thrown_ledger(tmp_path, request.param)
    yield warehouse
    warehouse.close()


def values(warehouse: Warehouse, sql: str) -> tuple:
    with warehouse.cursor() as con:
        return con.execute(sql).fetchone()


def standing(warehouse: Warehouse, **narrowed: object) -> dict:
    asked = {**ALL, "today": TODAY, "since": WEEK_AGO, **narrowed}
    return warehouse.rows("home/standing", **asked)[0]


def test_outstanding_and_overdue_are_the_open_invoices(thrown):
    found = standing(thrown)

    assert (found["outstanding_cents"], found["open_invoices"]) == values(
        thrown, "select sum(outstanding_cents)::bigint, count(*) from open_invoices"
    )
    assert (found["overdue_cents"], found["overdue_invoices"]) == values(
        thrown,
        "select coalesce(sum(outstanding_cents), 0)::bigint, count(*) from open_invoices "
        "where due_date < date '2026-06-30'",
    )


def test_unapplied_is_the_sum_over_clients(thrown):
    assert (standing(thrown)["unapplied_cents"],) == values(
        thrown, "select sum(unapplied_cents)::bigint from client_list where currency = 'USD'"
    )


def test_newly_overdue_was_not_overdue_a_week_ago(small):
    found = standing(small)

    newly = values(
        small,
        "select coalesce(sum(outstanding_cents), 0)::bigint, count(*) from open_invoices "
        "where due_date between date '2026-06-23' and date '2026-06-29' and currency = 'USD'",
    )
    assert (found["newly_overdue_cents"], found["newly_overdue_invoices"]) == newly
    assert found["newly_overdue_cents"] == 200000, "due on the 29th, overdue on the 30th"


def test_nothing_is_newly_overdue_since_today(small):
    assert standing(small, since=TODAY)["newly_overdue_cents"] == 0


def test_somebody_unknown_to_the_firm_sees_zero_and_no_rows(small):
    nobody = {"sees_all": False, "staff_id": None}

    assert standing(small, **nobody)["outstanding_cents"] == 0
    assert not small.rows("home/top_overdue", **ALL | nobody, today=TODAY, most=5)
    assert not small.rows("home/movers", **ALL | nobody, today=TODAY, since=WEEK_AGO, most=5)


def test_the_most_overdue_come_first_and_add_up(thrown):
    rows = thrown.rows("home/top_overdue", **ALL, today=TODAY, most=100)

    amounts = [row["overdue_cents"] for row in rows]
    assert amounts == sorted(amounts, reverse=True)
    assert sum(amounts) == standing(thrown)["overdue_cents"]


@pytest.mark.parametrize("days", [7, 45])
def test_movers_add_up_to_the_change_of_all_balances(thrown, days):
    since = TODAY - timedelta(days=days)

    rows = thrown.rows("home/movers", **ALL, today=TODAY, since=since, most=100)

    then, now = (thrown.rows("totals/totals_as_of", as_of=day)[0] for day in (since, TODAY))
    owed_then, owed_now = (_balances(thrown, day) for day in (since, TODAY))
    assert sum(row["change_cents"] for row in rows) == owed_now - owed_then
    assert then["billed_cents"] <= now["billed_cents"]


def test_news_count_what_is_dated_since_the_last_visit(small):
    found = small.rows("home/news", **ALL, since=date(2026, 6, 20), today=TODAY)[0]

    assert (found["invoices"], found["invoiced_cents"]) == (3, 999 + 250000 + 7700)
    assert (found["payments"], found["paid_cents"]) == (1, 1500)
    assert (found["newly_overdue"], found["newly_overdue_cents"]) == (1, 200000)


def test_failed_refreshes_are_told_with_the_last_reason(small):
    with small.cursor() as con:
        con.execute(
            "insert into refresh_log "
            "(started_at, finished_at, outcome, changed_rows, seconds, message) values "
            "('2026-06-30 10:00', '2026-06-30 10:01', 'done', 7, 0.5, null), "
            "('2026-06-30 11:00', '2026-06-30 11:01', 'failed', 0, 0.1, 'Locked.'), "
            "('2026-06-28 11:00', '2026-06-28 11:01', 'failed', 0, 0.1, 'Old.')"
        )

        row = small.rows("home/refreshes", con=con, since=datetime(2026, 6, 29, 12))[0]

    assert (row["done"], row["failed"], row["changed_rows"]) == (1, 1, 7)
    assert row["last_failure"] == "Locked."


def test_a_clients_open_invoices_and_payments_stay_within_reach(small):
    of_acme = {"client_id": "10", "currency": "USD", "most": 10}

    invoices = small.rows("worklist/client_invoices", **EVERYBODY, **of_acme, today=TODAY)
    payments = small.rows("worklist/client_payments", **EVERYBODY, **of_acme)
    hidden = {"sees_all": False, "staff_id": "2", **of_acme}

    assert [row["invoice_number"] for row in invoices] == ["INV-100", "INV-101", "INV-112"]
    assert invoices[0]["days_overdue"] == (TODAY - date(2026, 2, 4)).days
    assert [row["amount_cents"] for row in payments] == [4000, 100000]
    assert not small.rows("worklist/client_invoices", **hidden, today=TODAY)
    assert not small.rows("worklist/client_payments", **hidden)


def _balances(warehouse: Warehouse, day: date) -> int:
    """Amounts less applications of all invoices dated by a day, overpaid ones included."""
    return values(
        warehouse,
        "select coalesce(sum(i.amount_cents - coalesce(a.cents, 0)), 0)::bigint "
        "from invoice_list i "
        "left join (select invoice_id, sum(amount_cents) as cents from applications "
        f"where applied_date <= date '{day}' group by invoice_id) a using (invoice_id) "
        f"where not is_void and i.invoice_date <= date '{day}'",
    )[0]
