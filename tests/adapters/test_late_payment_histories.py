"""Real input: 2,466 invoices of a public data set with totals computed independently."""

import csv
import json
import shutil
from datetime import date, datetime
from decimal import Decimal

import pytest

from portal.domain.permissions import Scope
from portal.lists.aging import aging_list
from portal.settings import Source
from portal.warehouse.doctor import run_checks
from portal.warehouse.list_query import RowsRequest
from portal.warehouse.rows import list_page
from portal.warehouse.totals import totals
from tests.loading import FIXTURES, Loaded, open_loaded

FOLDER = FIXTURES / "late_payment_histories"
CONTROL = json.loads((FOLDER / "control_totals.json").read_text())
EDGES = (30, 60, 90, 120)
AGED = ("not_due_cents", "b1_cents", "b2_cents", "b3_cents", "b4_cents", "b5_cents",
        "no_due_date_cents")  # fmt: skip
NOBODY = {"partner": "No partner", "manager": "No manager", "group": "No group"}
"""The file has no owners and no groups: all of it stands in one line."""


def cents(amount: float) -> int:
    return round(amount * 100)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory) -> Loaded:
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(FOLDER / "data", home / "data")
    found = open_loaded(home, Source("files", str(home / "data"), FOLDER / "mapping"))
    found.refresher.refresh()
    yield found
    found.warehouse.close()


@pytest.mark.parametrize("day", sorted(CONTROL["as_of"]))
def test_every_control_total_comes_out_exactly_on_each_day(loaded, day):
    control = CONTROL["as_of"][day]

    usd = totals(loaded.warehouse, as_of=date.fromisoformat(day), edges=EDGES)["currencies"]["USD"]

    assert usd["open_invoices"] == control["open_invoices"]
    assert usd["outstanding_cents"] == cents(control["outstanding"])
    assert usd["overdue_invoices"] == control["overdue_invoices"]
    assert usd["overdue_cents"] == cents(control["overdue_outstanding"])
    aging = usd["aging"]
    assert aging["not_due"] == bucket(control["aging"]["not_due(<=0)"])
    for key in ("1-30", "31-60", "61-90", "no_due_date"):
        assert aging[key] == bucket(control["aging"][key])
    over_90 = control["aging"]["91+"]
    assert aging["91-120"]["cents"] + aging["120+"]["cents"] == cents(over_90["amount"])
    assert sum(part["cents"] for part in aging.values()) == usd["outstanding_cents"]


def bucket(control: dict) -> dict[str, int]:
    return {"invoices": control["n"], "cents": cents(control["amount"])}


@pytest.mark.parametrize("group_by", ["client", "office", "partner", "manager", "group"])
@pytest.mark.parametrize("lens", ["due", "invoice"])
@pytest.mark.parametrize("day", sorted(CONTROL["as_of"]))
def test_aging_on_each_day_is_what_the_file_itself_adds_up_to(loaded, day, lens, group_by):
    """However it is grouped and counted; computed from the rows of the file, without SQL."""
    as_of = date.fromisoformat(day)
    request = RowsRequest(end_row=500, params={"as_of": day, "lens": lens, "group_by": group_by})

    page = list_page(loaded.warehouse, aging_list(EDGES), request, Scope(True), as_of, "USD")

    expected = added_up(as_of, lens, group_by)
    assert page.last_row == len(expected)
    assert {row["group_name"]: [row[name] for name in AGED] for row in page.rows} == expected
    for row in page.rows:
        assert sum(row[name] for name in AGED) == row["outstanding_cents"]
        assert row["net_cents"] == row["outstanding_cents"] - row["unapplied_cents"]


def added_up(day: date, lens: str, group_by: str) -> dict[str, list[int]]:
    """The buckets of each client, country or of all, from the file's own rows."""
    sums: dict[str, list[int]] = {}
    with (FOLDER / "data" / "late_payment_histories.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            made, due, settled = (
                datetime.strptime(row[name], "%m/%d/%Y").date()
                for name in ("InvoiceDate", "DueDate", "SettledDate")
            )
            if not made <= day < settled:
                continue
            age = (day - (due if lens == "due" else made)).days
            place = 0 if age <= 0 else 1 + sum(age > edge for edge in EDGES)
            name = {"client": row["customerID"], "office": f"Country {row['countryCode']}"}
            group = name.get(group_by, NOBODY.get(group_by, ""))
            cells = sums.setdefault(group, [0] * len(AGED))
            cells[place] += int(Decimal(row["InvoiceAmount"]) * 100)
    return sums


@pytest.mark.parametrize("day", sorted(CONTROL["as_of"]))
def test_the_clients_that_owe_most_on_each_day_are_the_right_ones(loaded, day):
    control = CONTROL["as_of"][day]

    owed = loaded.values(
        "select i.client_id, sum(i.amount_cents)::bigint as cents "
        "from invoice_list as i inner join applications as a on i.invoice_id = a.invoice_id "
        f"where i.invoice_date <= date '{day}' and a.applied_date > date '{day}' "
        "group by i.client_id order by cents desc, i.client_id"
    )

    assert len(owed) == control["open_clients"]
    assert owed[:5] == [(name, cents(amount)) for name, amount in control["top5_clients"]]


def test_over_all_time_everything_is_billed_and_paid(loaded):
    found = totals(loaded.warehouse, as_of=date(2014, 12, 31), edges=EDGES)

    usd = found["currencies"]["USD"]
    assert found["clients"] == CONTROL["clients"]
    assert found["invoices"] == CONTROL["rows"]
    assert found["paid_invoices"] == CONTROL["paid_invoices"]
    assert found["average_days_to_pay"] == CONTROL["avg_days_to_pay"]
    assert usd["billed_cents"] == cents(CONTROL["total_amount"])
    assert usd["receipts"] == {"count": 2466, "cents": cents(CONTROL["total_amount"])}
    assert usd["outstanding_cents"] == 0
    assert usd["unapplied_cents"] == 0


def test_payments_of_each_month_are_those_of_the_data_set(loaded):
    months = loaded.values(
        "select strftime(month, '%Y-%m'), sum(receipt_count)::bigint, sum(amount_cents)::bigint "
        "from payment_month group by month order by month"
    )

    expected = CONTROL["payments_per_month"]
    assert {m: {"n": n, "cents": c} for m, n, c in months} == {
        month: {"n": found["n"], "cents": cents(found["amount"])}
        for month, found in expected.items()
    }


def test_disputes_dates_and_leading_zeros_survive_the_load(loaded):
    (facts,) = loaded.values(
        "select count(*) filter (where is_disputed), "
        "sum(amount_cents) filter (where is_disputed)::bigint, "
        "count(*) filter (where invoice_number like '0%'), "
        "min(invoice_date), max(invoice_date), min(due_date), max(due_date), "
        "count(*) filter (where last_applied_date > due_date) from invoice_list"
    )

    assert facts == (
        CONTROL["disputed_yes"],
        cents(CONTROL["disputed_amount"]),
        CONTROL["leading_zero_invoice_numbers"],
        date(2012, 1, 3),
        date(2013, 12, 2),
        date(2012, 2, 2),
        date(2014, 1, 1),
        CONTROL["paid_late"],
    )


def test_every_check_of_the_data_finds_nothing(loaded):
    with loaded.warehouse.cursor() as con:
        assert not any(run_checks(con).values())
