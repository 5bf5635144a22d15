"""Do the lists of aging and of whom to contact next say what the entries say?"""

from collections import defaultdict
from datetime import date

import pytest

from portal.domain.aging import NO_DUE_DATE, NOT_DUE, bucket_key, buckets
from portal.domain.permissions import Scope
from portal.lists.aging import aging_list
from portal.lists.registry import LISTS, find_list
from portal.warehouse.list_query import RowsRequest
from portal.warehouse.list_sql import load_list
from portal.warehouse.query import load_query
from portal.warehouse.rows import list_page
from tests.warehouse_fixture import generated_warehouse, small_warehouse

TODAY = date(2026, 6, 30)
EVERYBODY = Scope(True)
EDGES = ((30, 60, 90, 120), (30,), (1, 2, 3, 4, 5, 6), (7, 14, 365))
GROUPS = ("partner", "manager", "office", "group", "client")


@pytest.fixture(scope="module")
def warehouse():
    return small_warehouse()


@pytest.fixture(scope="module")
def larger():
    return generated_warehouse(invoices=3_000)


def page(warehouse, name, *, scope=EVERYBODY, definition=None, today=TODAY, **asked):
    definition = definition or find_list(name)
    return list_page(warehouse, definition, RowsRequest(end_row=500, **asked), scope, today, "USD")


def balances(warehouse, as_of):
    """Invoice by invoice what was owed on a day, from the entries themselves."""
    con = warehouse.connection
    applied = defaultdict(int)
    entries = con.execute("select invoice_id, amount_cents, applied_date from applications")
    for invoice_id, cents, day in entries.fetchall():
        if day <= as_of:
            applied[invoice_id] += cents
    found = con.execute(
        "select i.invoice_id, i.client_id, i.currency, i.amount_cents, i.invoice_date, i.due_date, "
        "c.partner_id, c.manager_id, c.office, c.client_group "
        "from invoices i join clients c using (client_id) where not i.is_void"
    )
    names = [column[0] for column in found.description]
    for row in found.fetchall():
        entry = dict(zip(names, row, strict=True))
        entry["open"] = entry["amount_cents"] - applied[entry["invoice_id"]]
        if entry["open"] > 0 and entry["invoice_date"] <= as_of:
            yield entry


def expected_aging(warehouse, as_of, group_by, lens, edges):
    groups = defaultdict(lambda: defaultdict(int))
    column = {"group": "client_group", "office": "office"}.get(group_by, f"{group_by}_id")
    for entry in balances(warehouse, as_of):
        key = None if entry[column] is None else str(entry[column])
        day = entry["due_date"] if lens == "due" else entry["invoice_date"]
        cell = groups[(key, entry["currency"])]
        cell[bucket_key(day, as_of, edges)] += entry["open"]
        cell["all"] += entry["open"]
    return groups


def told_aging(rows, edges):
    keys = [bucket.key for bucket in buckets(edges)]
    told = {}
    for row in rows:
        cell = {key: row[f"b{place}_cents"] for place, key in enumerate(keys, start=1)}
        cell |= {NOT_DUE: row["not_due_cents"], NO_DUE_DATE: row["no_due_date_cents"]}
        assert sum(cell.values()) == row["outstanding_cents"]
        assert row["net_cents"] == row["outstanding_cents"] - row["unapplied_cents"]
        told[(row["group_key"], row["currency"])] = cell | {"all": row["outstanding_cents"]}
    return told


@pytest.mark.parametrize("edges", EDGES)
@pytest.mark.parametrize("as_of", [TODAY, date(2026, 6, 14), date(2026, 2, 1), date(2025, 1, 1)])
def test_buckets_are_those_of_the_entries_on_any_day_and_sum_to_outstanding(
    warehouse, larger, as_of, edges
):
    for source in (warehouse, larger) if edges == EDGES[0] else (warehouse,):
        for group_by in GROUPS:
            for lens in ("due", "invoice"):
                params = {"group_by": group_by, "lens": lens, "as_of": str(as_of)}
                rows = page(source, "aging", definition=aging_list(edges), params=params).rows
                if len(rows) == 500:
                    continue
                told = told_aging(rows, edges)
                expected = expected_aging(source, as_of, group_by, lens, edges)
                for key, cell in expected.items():
                    assert {k: v for k, v in told[key].items() if v} == {
                        k: v for k, v in cell.items() if v
                    }
                assert sum(c["all"] for c in told.values()) == sum(
                    c["all"] for c in expected.values()
                )


def dated_ahead(source, scope):
    values = {"sees_all": scope.all_clients, "staff_id": source.key(scope.staff_id)}
    values |= dict.fromkeys(("partner_id", "manager_id", "office", "client_group"))
    found = source.connection.execute(
        load_query("aging/dated_after").sql, {**values, "as_of": TODAY}
    ).fetchall()
    return sum(row[-1] for row in found if row[0] == "USD")


def test_todays_aging_ties_to_the_invoices_and_the_clients_list(warehouse, larger):
    for source in (warehouse, larger):
        for scope in (EVERYBODY, Scope(False, "1"), Scope(False, "3")):
            aging = page(source, "aging", scope=scope).totals
            invoices = page(source, "invoices", scope=scope).totals
            clients = page(source, "clients", scope=scope).totals
            ahead = dated_ahead(source, scope)
            assert aging["outstanding_cents"] + ahead == invoices["outstanding_cents"]
            assert aging["outstanding_cents"] + ahead == clients["outstanding_cents"]
            assert aging["unapplied_cents"] == clients["unapplied_cents"]


def test_the_quick_totals_tie_to_the_aging_list(warehouse, larger):
    query = load_query("aging/aging_totals")
    for source in (warehouse, larger):
        for staff_id in (None, 1, 3):
            for lens in ("due", "invoice"):
                constants = aging_list().constants
                values = {"sees_all": staff_id is None, "staff_id": staff_id, "as_of": TODAY}
                values |= {"today": TODAY}
                values |= {"currency": "USD", "lens": lens, **constants}
                found = source.connection.execute(query.sql, values)
                names = [column[0] for column in found.description]
                totals = dict(zip(names, found.fetchone(), strict=True))
                scope = Scope(staff_id is None, staff_id and str(staff_id))
                listed = page(source, "aging", scope=scope, params={"lens": lens}).totals
                for name in ("outstanding_cents", "not_due_cents", "b1_cents", "b5_cents"):
                    assert totals[name] == listed[name]
                assert totals["no_due_date_cents"] == listed["no_due_date_cents"]
                assert totals["invoice_count"] == sum(
                    row["invoice_count"]
                    for row in page(source, "aging", scope=scope, params={"lens": lens}).rows
                    if row["currency"] == "USD"
                )


def test_unapplied_on_a_past_day_counts_only_what_had_come_by_then(warehouse):
    rows = page(warehouse, "aging", params={"group_by": "client", "as_of": "2026-02-28"}).rows

    by_client = {row["group_name"]: row["unapplied_cents"] for row in rows}
    assert by_client["Acme Holdings"] == 10_000
    assert by_client["Back\\slash Co"] == 0  # paid on 1 March


def test_groups_without_a_name_say_so(warehouse):
    def names(group_by):
        return {
            row["group_name"]
            for row in page(warehouse, "aging", params={"group_by": group_by}).rows
        }

    assert "No partner" in names("partner")
    assert "No manager" in names("manager")
    assert {"No office", "Boston"} <= names("office")
    assert {"No group", "Acme group", "O'Neil"} <= names("group")


def test_the_worklist_holds_every_overdue_client_once_and_its_overdue_ties(warehouse, larger):
    for source in (warehouse, larger):
        for scope in (EVERYBODY, Scope(False, "1")):
            worklist = page(source, "worklist", scope=scope)
            clients = page(source, "clients", scope=scope)
            assert worklist.totals["overdue_cents"] == clients.totals["overdue_cents"]
            ids = [row["row_id"] for row in worklist.rows]
            assert len(set(ids)) == len(ids)
            assert [row["rank"] for row in worklist.rows] == list(range(1, len(ids) + 1))


def test_the_worklist_ranks_by_its_score_and_says_why(warehouse):
    rows = page(warehouse, "worklist").rows

    scores = [row["score"] for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)
    by_name = {row["client_name"]: row for row in rows}
    acme = by_name["Acme Holdings"]
    assert acme["reasons"] == (
        "$801 overdue · oldest 146 days · $501 disputed · no payment for 149 days"
    )
    # 10 x log10(300.00) + 30 + 15 x 800.50 / 877.50 + 10
    assert acme["score"] == round(8.75 + 20 + 9.12 + 10)
    assert by_name["Zürich Trading 🚚"]["reasons"].endswith("never paid")
    assert by_name["Back\\slash Co"]["reasons"].endswith("nobody to write to")
    assert "Müller & Söhne" not in by_name


def test_a_recent_payment_lowers_the_score_and_silence_raises_it(warehouse):
    con = warehouse.connection
    before = {row["client_id"]: row for row in page(warehouse, "worklist").rows}
    con.execute("update client_list set last_payment_date = date '2026-06-28' where client_id = 10")
    try:
        warehouse.bump()
        after = {row["client_id"]: row for row in page(warehouse, "worklist").rows}
    finally:
        con.execute(
            "update client_list set last_payment_date = date '2026-02-01' where client_id = 10"
        )
        warehouse.bump()

    assert before["10"]["score"] == 48
    assert after["10"]["score"] == round(8.75 + 20 + 9.12 + 2 / 12 - 15)
    assert after["10"]["reasons"].endswith("paid 2 days ago")


def test_totals_are_read_anew_for_a_new_version_and_a_new_day(warehouse):
    first = page(warehouse, "clients").totals
    con = warehouse.connection
    con.execute(
        "update client_list set outstanding_cents = outstanding_cents + 1 where client_id = 17"
    )
    try:
        assert page(warehouse, "clients").totals == first  # no new version: as it was
        warehouse.bump()
        assert (
            page(warehouse, "clients").totals["outstanding_cents"] == first["outstanding_cents"] + 1
        )
    finally:
        con.execute(
            "update client_list set outstanding_cents = outstanding_cents - 1 where client_id = 17"
        )
        warehouse.bump()

    overdue = [
        page(warehouse, "clients", today=day).totals["overdue_cents"]
        for day in (TODAY, date(2026, 7, 1))
    ]
    assert overdue[1] == overdue[0] + 8_800  # due on 30 June


OF_NO_CLIENT = (
    "quick_links",
    "audit",
)
"""The firm's own, for whoever has the permission: there is no client whose rows they would be."""


def test_a_list_never_reads_without_its_scope():
    for name in LISTS:
        sql = load_list(name)
        scoped = sql.scope if sql.picked_by else sql.source
        if name in OF_NO_CLIENT:
            assert "client" not in scoped
            continue
        assert "$sees_all" in scoped
        assert "$staff_id" in scoped


def test_overdue_clients_of_two_currencies_are_two_rows(warehouse):
    rows = page(warehouse, "clients", search="müller").rows

    assert sorted((row["currency"], row["outstanding_cents"]) for row in rows) == [
        ("EUR", 0),
        ("USD", 45_000),
    ]
    assert len({row["row_id"] for row in rows}) == 2
