"""A day on screen is the firm's day, whatever day it is in Greenwich."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.queries.page_reads import Reads, small_reads

TODAY = date(2026, 6, 30)


@pytest.fixture
def reads(tmp_path: Path) -> Iterator[Reads]:
    with small_reads(tmp_path) as reads:
        reads.execute("update store.firm_zone set timezone = 'Europe/Berlin'")
        yield reads


def test_a_quick_link_is_open_to_the_end_of_its_last_day_where_the_firm_is(reads: Reads) -> None:
    reads.execute(
        "insert into store.quick_links by name select 'q1' as link_id, 'Retainer' as label, "
        "'' as description, 'USD' as currency, 0 as uses, 'local:pat' as created_by, "
        "timestamp '2026-06-01 22:30' as created_at, timestamp '2026-06-30 22:00' as expires_at"
    )

    (link,) = reads.rows("quick_links/links")
    (later,) = reads.rows("quick_links/links", today=date(2026, 7, 1))

    assert (link["state"], link["expires_date"]) == ("Open", TODAY)
    assert link["created_date"] == date(2026, 6, 2)
    assert later["state"] == "Expired"


def test_a_plan_is_made_and_tried_again_on_days_of_the_firm(reads: Reads) -> None:
    reads.execute(
        "insert into store.plans by name select 'p1' as plan_id, 'recurring' as kind, "
        "10 as client_id, 'Tax' as name, 'USD' as currency, 5000 as amount_cents, "
        "'monthly' as frequency, date '2026-06-01' as start_date, 'active' as state, "
        "timestamp '2026-05-31 23:00' as created_at"
    )
    reads.execute(
        "insert into store.occurrences by name select 'p1' as plan_id, 1 as number, "
        "date '2026-06-30' as due_date, 5000 as amount_cents, 'scheduled' as state, 1 as tries, "
        "timestamp '2026-07-02 22:30' as next_try_at"
    )

    (plan,) = reads.rows("plans/plans")

    assert plan["created_date"] == date(2026, 6, 1)
    assert plan["next_date"] == date(2026, 7, 3)
