"""The trends page's queries: months equal the lists, month ends equal the totals, bridges close."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from portal.domain.metrics import Bridge
from portal.domain.month_figures import last_day
from portal.domain.permissions import Scope
from portal.lists.registry import LISTS
from portal.ui import list_slices
from portal.ui.grid_state import decode_link
from portal.warehouse.rows import RowsPage, RowsRequest, list_page
from portal.warehouse.warehouse import Warehouse
from tests.ledger_fixture import TODAY, small_ledger, thrown_ledger

EVERYBODY = {"sees_all": True, "staff_id": None}
ALL = {**EVERYBODY, "currency": "USD", "partner_id": None, "office": None}
FIRST, LAST = date(2025, 11, 1), date(2026, 6, 1)
EDGES = {f"edge_{n}": edge for n, edge in enumerate((30, 60, 90, 120, None, None), start=1)}
SEEDS = range(6)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Warehouse]:
    warehouse = small_ledger(tmp_path)
    yield warehouse
    warehouse.close()


@pytest.fixture(params=SEEDS)
def thrown(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Warehouse]:
    warehouse = thrown_ledger(tmp_path, request.param)
    yield warehouse
    warehouse.close()


def months(warehouse: Warehouse, **narrowed: object) -> list[dict]:
    asked = {**ALL, "first_month": FIRST, "last_month": LAST, "today": TODAY, **narrowed}
    return warehouse.rows("trends/months", **asked)


def bridge(warehouse: Warehouse, **narrowed: object) -> list[dict]:
    asked = {**ALL, "first_month": FIRST, "last_month": LAST, **narrowed}
    return warehouse.rows("bridge/months", **asked)


def net_on(warehouse: Warehouse, day: date, **narrowed: object) -> int:
    """Outstanding less unapplied on a day, from every invoice's own balance."""
    asked = {
        **EVERYBODY, "as_of": day, "today": TODAY, "group_by": "all", "lens": "due",
        "partner_id": None, "manager_id": None, "office": None, "client_group": None, **EDGES,
        **narrowed,
    }  # fmt: skip
    rows = warehouse.rows("aging/aging_by_group", **asked)
    return sum(row["net_cents"] for row in rows if row["currency"] == "USD")


def values(warehouse: Warehouse, sql: str, **params: object) -> list[tuple]:
    with warehouse.cursor() as con:
        return con.execute(sql, params or None).fetchall()


def opened(warehouse: Warehouse, name: str, link: dict[str, str]) -> RowsPage:
    """What a list shows that a figure's link opens."""
    view = decode_link(link["view"])
    request = RowsRequest(
        end_row=500, filter_model=view["filter"], params={"toggle": view["toggle"]}
    )
    return list_page(warehouse, LISTS[name], request, Scope(True), TODAY, "USD")


def test_the_invoices_paid_off_in_a_month_are_the_rows_their_figures_open(thrown):
    for row in months(thrown):
        paid = opened(thrown, "invoices", list_slices.invoices_paid_in(row["month"]))
        due = opened(
            thrown, "invoices", list_slices.invoices_paid_in(row["month"], with_due_date=True)
        )

        assert (paid.last_row, paid.totals["amount_cents"]) == (
            row["paid_invoices"],
            row["paid_cents"],
        )
        assert due.last_row == row["due_invoices"]


LINES = """
insert into store.portal_items by name
select 'PI-9-' || n as item_id, 'PI-9' as payment_id, client as client_id, 'payment' as entry_kind,
    date '2026-06-10' as day, currency, 5000 as amount_cents, 0 as fee_cents, state,
    'Declined' as status, failed as has_failed, 'card' as method
from (values (1, 10, 'USD', 'succeeded', false), (2, 10, 'USD', 'declined', true),
    (3, 12, 'USD', 'declined', true), (4, 10, 'USD', 'requires_action', false),
    (5, 10, 'EUR', 'declined', true)) as line (n, client, currency, state, failed);
insert into store.promises by name
select 'p' || n as promise_id, client as client_id, currency, 5000 as amount_cents,
    day::date as promised_on, state
from (values (1, 10, 'USD', '2026-06-02', 'kept'), (2, 10, 'USD', '2026-06-30', 'broken'),
    (3, 10, 'USD', '2026-06-20', 'open'), (4, 10, 'USD', '2026-06-21', 'withdrawn'),
    (5, 12, 'USD', '2026-06-05', 'kept'), (6, 10, 'EUR', '2026-06-05', 'kept'),
    (7, 10, 'USD', '2026-05-31', 'kept')) as promise (n, client, currency, day, state);
"""


def test_promises_and_failed_payments_are_counted_by_month_and_within_reach(small):
    for statement in LINES.split(";")[:-1]:
        small.connection().execute(statement)

    def june(**narrowed: object) -> tuple:
        asked = {**ALL, "first_month": FIRST, "last_month": LAST, **narrowed}
        row = small.rows("trends/portal_months", **asked)[-1]
        return tuple(row.values())[1:]

    assert june() == (2, 3, 3, 2)
    assert june(currency="EUR") == (1, 1, 1, 1)
    of_partner = june(sees_all=False, staff_id="1")
    assert of_partner == june(partner_id="1") == (1, 2, 2, 1)
    failed = opened(small, "payments", list_slices.failed_in(LAST))
    assert {row["payment_id"] for row in failed.rows} == {"PI-9-2", "PI-9-3", "PI-9-5"}


def test_a_month_collected_is_what_is_posted_of_it_in_the_payments_list(small):
    for statement in LINES.split(";")[:-1]:
        small.connection().execute(statement)

    for row in months(small):
        link = list_slices.payments_in(row["month"], status=list_slices.POSTED)
        page = opened(small, "payments", link)
        assert page.totals["amount_cents"] == row["collected_cents"]


def test_a_month_collected_is_the_receipts_list_filtered_to_payments_of_that_month(thrown):
    for row in months(thrown):
        listed = values(
            thrown,
            "select count(*), coalesce(sum(amount_cents), 0)::bigint from receipt_list "
            "where entry_kind = 'payment' and receipt_date between $first and $last",
            first=row["month"],
            last=last_day(row["month"]),
        )

        assert (row["payment_count"], row["collected_cents"]) == listed[0]


def test_a_month_billed_is_the_invoices_list_filtered_to_that_month(thrown):
    for row in months(thrown):
        listed = values(
            thrown,
            "select count(*), coalesce(sum(amount_cents), 0)::bigint from invoice_list "
            "where not is_void and invoice_date between $first and $last",
            first=row["month"],
            last=last_day(row["month"]),
        )

        assert (row["invoice_count"], row["billed_cents"]) == listed[0]


def test_every_month_end_equals_the_totals_as_of_that_day(thrown):
    ends = thrown.rows("trends/month_ends", **ALL, first_month=FIRST, today=TODAY)

    assert [row["month"] for row in ends] == [row["month"] for row in months(thrown)]
    for row in ends:
        totals = thrown.rows("totals/totals_as_of", as_of=row["end_date"])[0]
        not_overdue = totals["outstanding_cents"] - totals["overdue_cents"]
        assert row["outstanding_cents"] == totals["outstanding_cents"]
        assert row["not_overdue_cents"] == not_overdue


def test_a_month_that_has_not_ended_ends_today(small):
    mid_month = date(2026, 6, 15)

    ends = small.rows("trends/month_ends", **ALL, first_month=FIRST, today=mid_month)

    totals = small.rows("totals/totals_as_of", as_of=mid_month)
    dollars = next(row for row in totals if row["currency"] == "USD")
    assert ends[-1]["end_date"] == mid_month
    assert ends[-1]["outstanding_cents"] == dollars["outstanding_cents"]


def test_an_overpaid_invoice_owes_nothing_and_not_less(small):
    ends = small.rows("trends/month_ends", **ALL, first_month=FIRST, today=TODAY)

    owed = values(
        small, "select sum(outstanding_cents)::bigint from open_invoices where currency = 'USD'"
    )[0][0]
    dated_ahead = 7700 - 4000
    assert ends[-1]["outstanding_cents"] == owed - dated_ahead


def test_every_bridge_closes_and_the_next_one_opens_there(thrown):
    rows = bridge(thrown)

    for row in rows:
        steps = {name: row[name] for name in row if name not in ("month", "closing_cents")}
        assert Bridge(**steps).closing_cents == row["closing_cents"]
    closings = [row["closing_cents"] for row in rows[:-1]]
    assert closings == [row["opening_cents"] for row in rows[1:]]


@pytest.mark.parametrize("partner_id", [None, 1, 2, 3])
def test_a_bridge_closes_at_outstanding_less_unapplied_of_its_last_day(thrown, partner_id):
    for row in bridge(thrown, partner_id=partner_id):
        day = last_day(row["month"])
        assert row["closing_cents"] == net_on(thrown, day, partner_id=partner_id)


def test_a_bridge_of_the_awkward_firm_closes_for_everybody_and_for_each_office(small):
    for office in (None, "Boston", "Albany"):
        for row in bridge(small, office=office):
            assert row["closing_cents"] == net_on(small, last_day(row["month"]), office=office)


def test_the_steps_of_a_bridge_are_the_months_own_entries(small):
    june = bridge(small)[-1]

    assert june["collected_cents"] == 8800 + 1500 + 9000
    assert june["written_off_cents"] == 50000
    assert june["refunded_cents"] == 8800
    assert june["billed_cents"] == 999 + 45000 + 250000


def test_what_one_side_alone_changes_stands_under_other(small):
    by_month = {row["month"]: row for row in bridge(small)}

    assert by_month[date(2026, 3, 1)]["other_cents"] == 700, "applied to a void invoice"
    assert by_month[date(2026, 5, 1)]["other_cents"] == 4000, "applied ahead of its invoice"


def test_methods_add_up_to_what_was_collected(thrown):
    rows = thrown.rows("trends/methods", **ALL, first_month=FIRST, last_month=LAST)

    collected = sum(row["collected_cents"] for row in months(thrown))
    assert sum(row["amount_cents"] for row in rows) == collected
    assert {row["all_cents"] for row in rows} == {collected}


@pytest.mark.parametrize("by", ["partner", "manager", "office"])
def test_owners_add_up_to_the_months(thrown, by):
    rows = thrown.rows(
        "trends/owners", **ALL, by=by, first_month=FIRST, last_month=LAST, today=TODAY
    )

    whole = months(thrown)
    for column in ("billed_cents", "collected_cents", "paid_invoices", "days_to_pay_sum"):
        assert sum(row[column] for row in rows) == sum(row[column] for row in whole)
    owed = values(thrown, "select sum(outstanding_cents)::bigint from open_invoices")[0][0]
    assert sum(row["outstanding_cents"] for row in rows) == owed


def test_days_to_pay_are_those_of_the_invoices_paid_off_in_the_month(thrown):
    for row in months(thrown):
        paid = values(
            thrown,
            "select count(*), coalesce(sum(last_applied_date - invoice_date), 0)::bigint, "
            "count(*) filter (last_applied_date <= due_date) from invoice_list "
            "where not is_void and outstanding_cents <= 0 "
            "and last_applied_date between $first and $last",
            first=row["month"],
            last=last_day(row["month"]),
        )

        found = (row["paid_invoices"], row["days_to_pay_sum"], row["on_time_invoices"])
        assert found == paid[0]


def test_a_person_sees_only_the_months_of_their_own_clients(thrown):
    own = months(thrown, sees_all=False, staff_id="1")
    everything = months(thrown)
    as_partner = months(thrown, partner_id="1")

    assert own == as_partner
    assert sum(row["billed_cents"] for row in own) < sum(r["billed_cents"] for r in everything)
    assert not any(row["billed_cents"] for row in months(thrown, sees_all=False, staff_id=None))


def test_two_currencies_never_add_up(small):
    dollars = sum(row["billed_cents"] for row in months(small))
    euros = sum(row["billed_cents"] for row in months(small, currency="EUR"))

    assert euros == 700000
    assert (
        dollars
        == values(
            small,
            "select sum(amount_cents)::bigint from invoice_list where not is_void "
            "and currency = 'USD' and invoice_date between date '2025-11-01' and date '2026-06-30'",
        )[0][0]
    )


def test_choices_are_partners_managers_and_offices_of_ones_own_clients(small):
    found = small.rows("trends/choices", sees_all=False, staff_id="2")

    named = {(row["choice_kind"], row["choice_name"]) for row in found}
    assert ("partner", "Ben Okafor") in named
    assert ("partner", "Ada Quill") not in named
    assert ("office", "Albany") in named
