"""What the clients, client and group pages read."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.queries.page_reads import Reads, small_reads

BUCKETS = ("not_due_cents", *(f"b{n}_cents" for n in range(1, 8)), "no_due_date_cents")
CLIENT = {"client_id": "10", "client_group": None}
BY_CLIENT = ("clients/contacts", "clients/engagements", "clients/activity", "clients/client")


@pytest.fixture
def reads(tmp_path: Path) -> Iterator[Reads]:
    with small_reads(tmp_path) as reads:
        yield reads


def test_figures_are_kept_apart_by_currency(reads: Reads) -> None:
    euro, dollar = reads.rows("clients/figures")

    assert (euro["currency"], euro["outstanding_cents"]) == ("EUR", 0)
    assert dollar["outstanding_cents"] == 387750
    assert dollar["overdue_cents"] == 294251
    assert dollar["unapplied_cents"] == 10777
    assert (dollar["clients_with_balance"], dollar["overdue_clients"]) == (8, 5)


def test_figures_equal_the_sum_of_the_list(reads: Reads) -> None:
    listed = reads.execute(
        "select sum(outstanding_cents)::bigint from client_list where currency = 'USD'"
    )

    assert reads.rows("clients/figures")[1]["outstanding_cents"] == listed[0][0]


def test_figures_of_one_persons_clients_count_partner_and_manager(reads: Reads) -> None:
    (own,) = reads.as_staff("1", "clients/figures")

    assert own["outstanding_cents"] == 30000 + 50050 + 7700 + 999 + 8800 + 4200
    assert own["overdue_cents"] == 30000 + 50050 + 4200


def test_amounts_leave_as_whole_numbers(reads: Reads) -> None:
    frame = reads.warehouse.read("clients/figures", sees_all=True, staff_id=None, today=date.max)

    cents = [column for column in frame.columns if column.endswith("_cents")]
    assert {str(frame[column].dtype) for column in cents} == {"Int64"}


def test_the_balance_of_a_client_nets_what_is_unapplied(reads: Reads) -> None:
    (balance,) = reads.rows("clients/balance", **CLIENT)

    assert balance["outstanding_cents"] == 87750
    assert balance["overdue_cents"] == 80050
    assert balance["net_cents"] == 77750
    assert balance["overdue_invoices"] == 2
    assert balance["average_days_to_pay"] is None


def test_days_to_pay_run_from_invoice_to_last_application_and_skip_void_invoices(
    reads: Reads,
) -> None:
    reads.execute(
        "update invoice_list set outstanding_cents = 0, last_applied_date = date '2026-02-20'"
        " where invoice_id in (107, 108)"
    )

    (balance,) = reads.rows("clients/balance", client_id="14", client_group=None)

    assert balance["paid_invoices"] == 1
    assert balance["average_days_to_pay"] == 10


def test_the_balance_of_a_group_adds_its_clients(reads: Reads) -> None:
    (group,) = reads.rows("clients/balance", client_id=None, client_group="Acme group")

    assert (group["clients"], group["outstanding_cents"]) == (2, 87750 + 999)


@pytest.mark.parametrize("name", ["clients/balance", "clients/aging"])
def test_asking_for_neither_client_nor_group_gives_nothing(reads: Reads, name: str) -> None:
    assert reads.rows(name, client_id=None, client_group=None) == []


@pytest.mark.parametrize("client_id", ["10", "12", "13", "14", "16"])
def test_the_buckets_of_a_client_sum_to_its_balance(reads: Reads, client_id: str) -> None:
    whose = {"client_id": client_id, "client_group": None}
    owed = {r["currency"]: r["outstanding_cents"] for r in reads.rows("clients/balance", **whose)}

    for row in reads.rows("clients/aging", **whose):
        assert sum(row[bucket] for bucket in BUCKETS) == owed[row["currency"]]
        assert row["outstanding_cents"] == owed[row["currency"]]


def test_an_invoice_falls_into_the_bucket_of_its_days_past_due(reads: Reads) -> None:
    (aged,) = reads.rows("clients/aging", **CLIENT)

    assert aged["not_due_cents"] == 7700
    assert aged["b1_cents"] == 50050
    assert aged["b5_cents"] == 30000


def test_an_invoice_without_a_due_date_has_its_own_bucket(reads: Reads) -> None:
    (aged,) = reads.rows("clients/aging", client_id="13", client_group=None)

    assert aged["no_due_date_cents"] == 31000
    assert aged["b2_cents"] == 10000


def test_due_today_is_not_overdue(reads: Reads) -> None:
    (aged,) = reads.rows("clients/aging", client_id="14", client_group=None)
    (balance,) = reads.rows("clients/balance", client_id="14", client_group=None)

    assert aged["not_due_cents"] == 8800
    assert balance["overdue_cents"] == 0


def test_contacts_carry_their_tags_and_may_have_none(reads: Reads) -> None:
    (with_tags,) = reads.rows("clients/contacts", client_id="10")
    (without,) = reads.rows("clients/contacts", client_id="13")

    assert with_tags["receives"] == "invoices, statements"
    assert without["receives"] == ""
    assert without["roles"] == "Primary"


def test_an_engagement_shows_what_was_billed_for_it(reads: Reads) -> None:
    billed = {r["engagement_name"]: r for r in reads.rows("clients/engagements", client_id="10")}

    assert billed["Audit 2025"]["billed_cents"] == 120000
    assert billed["Audit 2025"]["outstanding_cents"] == 30000
    assert billed["Tax 2025"]["invoices"] == 1


def test_activity_is_newest_first_and_ends_at_the_net_balance(reads: Reads) -> None:
    entries = reads.rows("clients/activity", client_id="10")

    assert [entry["document"] for entry in entries] == [
        "INV-112",
        "INV-101",
        "check 1001",
        "INV-100",
    ]
    assert sum(entry["signed_cents"] for entry in entries) == 77750


def test_a_void_invoice_is_in_the_activity_and_changes_nothing(reads: Reads) -> None:
    entries = reads.rows("clients/activity", client_id="14")

    (void,) = [entry for entry in entries if entry["entry_kind"] == "Void invoice"]
    assert (void["document"], void["amount_cents"], void["signed_cents"]) == ("INV-108", 6000, 0)


@pytest.mark.parametrize("name", BY_CLIENT)
def test_nothing_of_somebody_elses_client_is_read(reads: Reads, name: str) -> None:
    assert reads.as_staff("4", name, client_id="10") == []
    assert reads.as_staff("1", name, client_id="10") != []


@pytest.mark.parametrize("name", ["clients/balance", "clients/aging"])
def test_no_amount_of_somebody_elses_client_is_read(reads: Reads, name: str) -> None:
    assert reads.as_staff("4", name, **CLIENT) == []


def test_a_group_counts_the_clients_in_scope(reads: Reads) -> None:
    (whole,) = reads.rows("groups/group", client_group="Acme group")
    (part,) = reads.as_staff("4", "groups/group", client_group="Acme group")

    assert (whole["clients"], part["clients"]) == (2, 1)
    assert reads.as_staff("2", "groups/group", client_group="Acme group") == []
