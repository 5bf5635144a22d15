"""What the invoices and invoice pages read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.queries.page_reads import Reads, small_reads


@pytest.fixture
def reads(tmp_path: Path) -> Iterator[Reads]:
    with small_reads(tmp_path) as reads:
        yield reads


def invoice(reads: Reads, invoice_id: int) -> dict[str, object]:
    (found,) = reads.rows("invoices/invoice", invoice_id=str(invoice_id))
    return found


def test_figures_count_unpaid_overdue_and_this_months_invoices(reads: Reads) -> None:
    dollar = {row["currency"]: row for row in reads.rows("invoices/figures")}["USD"]

    assert (dollar["unpaid_invoices"], dollar["outstanding_cents"]) == (11, 387750)
    assert (dollar["overdue_invoices"], dollar["overdue_cents"]) == (6, 294251)
    assert (dollar["billed_invoices"], dollar["billed_cents"]) == (3, 999 + 45000 + 250000)
    assert round(dollar["average_age_days"]) == 103


def test_figures_of_one_persons_clients(reads: Reads) -> None:
    (own,) = reads.as_staff("1", "invoices/figures")

    assert (own["unpaid_invoices"], own["outstanding_cents"]) == (6, 101749)
    assert own["billed_cents"] == 999


@pytest.mark.parametrize(
    ("invoice_id", "status"),
    [(100, "Overdue"), (102, "Open"), (103, "Paid"), (105, "Open"), (107, "Open"), (108, "Void")],
)
def test_the_status_follows_balance_and_due_date(reads: Reads, invoice_id, status) -> None:
    assert invoice(reads, invoice_id)["status"] == status


def test_only_an_overdue_invoice_has_days_overdue(reads: Reads) -> None:
    assert invoice(reads, 100)["overdue_days"] == 146
    assert invoice(reads, 105)["overdue_days"] is None
    assert invoice(reads, 103)["overdue_days"] is None


def test_an_invoice_with_part_applied_is_partly_paid(reads: Reads) -> None:
    assert invoice(reads, 100)["is_partly_paid"]
    assert not invoice(reads, 103)["is_partly_paid"]
    assert not invoice(reads, 102)["is_partly_paid"]


def test_amount_is_applied_outstanding_and_settled_otherwise(reads: Reads) -> None:
    for (invoice_id,) in reads.execute("select invoice_id from invoice_list where not is_void"):
        found = invoice(reads, invoice_id)
        parts = ("applied_cents", "outstanding_cents", "settled_outside_cents")
        assert found["amount_cents"] == sum(found[part] for part in parts)


def test_neighbours_are_the_clients_own_invoices_by_date(reads: Reads) -> None:
    found = invoice(reads, 101)

    assert (found["previous_id"], found["next_id"]) == ("100", "112")
    assert invoice(reads, 100)["previous_id"] is None


def test_applications_sum_to_what_is_applied(reads: Reads) -> None:
    for (invoice_id,) in reads.execute("select invoice_id from invoice_list"):
        applied = reads.rows("invoices/applications", invoice_id=str(invoice_id))
        total = sum(row["applied_cents"] for row in applied)
        assert total == invoice(reads, invoice_id)["applied_cents"]


def test_a_returned_payment_is_among_the_applications_with_its_sign(reads: Reads) -> None:
    applied = reads.rows("invoices/applications", invoice_id="107")

    assert [(row["entry_kind"], row["applied_cents"]) for row in applied] == [
        ("Return", -8800),
        ("Payment", 8800),
    ]


@pytest.mark.parametrize("name", ["invoices/invoice", "invoices/client_of"])
def test_somebody_elses_invoice_is_not_read(reads: Reads, name: str) -> None:
    assert reads.as_staff("4", name, invoice_id="100") == []
    assert reads.as_staff("3", name, invoice_id="100") != []


def test_somebody_elses_applications_are_not_read(reads: Reads) -> None:
    assert reads.as_staff("4", "invoices/applications", invoice_id="100") == []


def test_an_invoice_of_a_client_left_out_is_not_read(reads: Reads) -> None:
    reads.execute(
        "insert into invoices values (900, 'X', 77, null, 'invoice', '2026-01-01', null, 'USD',"
        " 100, false, false, null, null)"
    )

    assert reads.rows("invoices/invoice", invoice_id="900") == []
    assert reads.rows("invoices/client_of", invoice_id="900") == []
