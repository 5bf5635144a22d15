"""What the payments and payment pages read."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.queries.page_reads import Reads, small_reads


@pytest.fixture
def reads(tmp_path: Path) -> Iterator[Reads]:
    with small_reads(tmp_path) as reads:
        yield reads


def payment(reads: Reads, receipt_id: int) -> dict[str, object]:
    (found,) = reads.rows("payments/payment", receipt_id=str(receipt_id))
    return found


def test_the_month_by_method_counts_payments_alone(reads: Reads) -> None:
    assert reads.rows("payments/figures") == [
        {"currency": "USD", "method": "ach", "payments": 1, "amount_cents": 8800}
    ]


def test_twelve_months_end_with_this_one_and_none_is_missing(reads: Reads) -> None:
    dollars = [row for row in reads.rows("payments/months") if row["currency"] == "USD"]

    assert len(dollars) == 12
    assert (dollars[0]["month"], dollars[-1]["month"]) == (date(2025, 7, 1), date(2026, 6, 1))
    assert dollars[-1]["amount_cents"] == 8800
    assert dollars[7]["amount_cents"] == 100000
    assert dollars[0]["payments"] == 0


def test_the_last_month_equals_its_methods(reads: Reads) -> None:
    last = [row for row in reads.rows("payments/months") if row["month"] == date(2026, 6, 1)]
    methods = reads.rows("payments/figures")

    for row in last:
        own = [m["amount_cents"] for m in methods if m["currency"] == row["currency"]]
        assert row["amount_cents"] == sum(own)


def test_unapplied_is_what_the_list_sums_to(reads: Reads) -> None:
    listed = reads.execute("select sum(unapplied_cents)::bigint from receipt_list")[0][0]

    (dollar,) = reads.rows("payments/unapplied")
    assert (dollar["entries"], dollar["unapplied_cents"]) == (2, listed)


def test_a_payment_is_applied_and_unapplied(reads: Reads) -> None:
    found = payment(reads, 500)

    assert found["amount_cents"] == found["applied_cents"] + found["unapplied_cents"] == 100000
    assert found["entry_kind"] == "Payment"


def test_applications_sum_to_what_is_applied(reads: Reads) -> None:
    for (receipt_id,) in reads.execute("select receipt_id from receipt_list"):
        applied = reads.rows("payments/applications", receipt_id=str(receipt_id))
        total = sum(row["applied_cents"] for row in applied)
        assert total == payment(reads, receipt_id)["applied_cents"]


def test_neighbours_are_the_clients_own_entries_by_date(reads: Reads) -> None:
    assert payment(reads, 503)["next_id"] == "504"
    assert payment(reads, 504)["previous_id"] == "503"
    assert payment(reads, 500)["previous_id"] is None


@pytest.mark.parametrize(
    "name", ["payments/payment", "payments/client_of", "payments/applications"]
)
def test_somebody_elses_payment_is_not_read(reads: Reads, name: str) -> None:
    assert reads.as_staff("4", name, receipt_id="500") == []
    assert reads.as_staff("3", name, receipt_id="500") != []


@pytest.mark.parametrize("name", ["payments/figures", "payments/unapplied"])
def test_figures_follow_the_scope(reads: Reads, name: str) -> None:
    assert reads.as_staff("4", name) == []
    assert reads.as_staff("1", name) != []
