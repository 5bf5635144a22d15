"""What the data page reads."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.queries.page_reads import Reads, small_reads


@pytest.fixture
def reads(tmp_path: Path) -> Iterator[Reads]:
    with small_reads(tmp_path) as reads:
        reads.execute(
            "insert into refresh_log select i, 'full', timestamp '2026-06-01' + to_hours(i::int),"
            " null, case when i % 50 = 0 then 'failed' else 'done' end, i, 1, 0.5, '{}', ''"
            " from range(1, 251) t(i)"
        )
        yield reads


def test_the_log_gives_the_latest_two_hundred_newest_first(reads: Reads) -> None:
    found = reads.rows("data/refresh_log", only_failed=False)

    assert len(found) == 200
    assert [row["refresh_id"] for row in found[:2]] == [250, 249]


def test_the_log_gives_failed_refreshes_alone_when_asked(reads: Reads) -> None:
    found = reads.rows("data/refresh_log", only_failed=True)

    assert [row["refresh_id"] for row in found] == [250, 200, 150, 100, 50]


def test_every_kind_of_row_is_counted_and_left_out_clients_are_not(reads: Reads) -> None:
    reads.execute(
        "insert into invoices values (900, 'X', 77, null, 'invoice', '2026-01-01', null, 'USD',"
        " 100, false, false, null, null)"
    )

    counted = {row["what"]: row["row_count"] for row in reads.rows("data/table_rows")}
    assert counted["Clients"] == 9
    assert counted["Invoices, service charges and debit memos"] == 13
    assert counted["Payments, credits, refunds and returns"] == 7
    assert counted["Staff"] == 4
