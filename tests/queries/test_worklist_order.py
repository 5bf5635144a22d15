"""The worklist: broken promises first, what waits is put aside, and the reasons are said."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.collection_rules import CollectionRules, Mode, Trigger
from portal.services.collections_ports import HoldKind
from portal.services.dispute_invoice import DisputeInvoice
from portal.services.hold_client import HoldClient
from portal.services.mark_worklist import DoneForToday, SetNextAction
from portal.services.record_promise import RecordPromise
from portal.services.save_collection_rules import SaveCollectionRules
from portal.warehouse.store_mirror import StoreMirror
from tests.collections_fixture import CAROL
from tests.pages.firm_pages import PagesPortal
from tests.pages.insight_pages import insight_portal


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with insight_portal(tmp_path) as portal:
        yield portal


def listed(
    portal: PagesPortal, days_on: int = 0, most: int | None = None, row_id: str | None = None
) -> dict[str, dict]:
    """The worklist by client, some days on, with what the store knows by now."""
    StoreMirror(portal.warehouse, portal.store).renew()
    rows = portal.warehouse.rows(
        "worklist/overdue_clients",
        sees_all=True,
        staff_id=None,
        today=portal.today() + timedelta(days=days_on),
        most=most,
        row_id=row_id,
    )
    return {f"{row['client_id']}-{row['currency']}": row for row in rows}


def promise(portal: PagesPortal, client_id: str = "18") -> None:
    portal.collections.record_promise(
        RecordPromise(
            actor=CAROL,
            client_id=client_id,
            amount_cents=4_200,
            promised_on=portal.today() + timedelta(days=3),
            currency="USD",
        )
    )


def test_a_promised_client_waits_and_a_broken_promise_comes_first(portal) -> None:
    assert listed(portal)["18-USD"]["rank"] > 1
    promise(portal)

    waiting = listed(portal)["18-USD"]
    assert (waiting["place"], waiting["promise_state"]) == ("later", "open")
    assert waiting["reasons"].startswith("$42 promised by Jul 3")

    portal.collections.judge_promises(portal.now() + timedelta(days=6))
    broken = listed(portal, days_on=6)["18-USD"]
    assert (broken["place"], broken["rank"]) == ("now", 1)
    assert broken["reasons"].startswith("promise of $42 broken on Jul 3")


def test_a_pause_and_a_next_action_put_a_client_aside_until_their_day(portal) -> None:
    day = portal.today() + timedelta(days=5)
    portal.collections.hold_client(
        HoldClient(actor=CAROL, client_id="10", kind=HoldKind.PAUSE, reason="new owner", until=day)
    )
    portal.collections.set_next_action(
        SetNextAction(actor=CAROL, client_id="18", day=day, action="call Ann")
    )

    found = listed(portal)
    assert found["10-USD"]["place"] == found["18-USD"]["place"] == "later"
    assert "paused until Jul 5" in found["10-USD"]["reasons"]
    assert "call Ann Jul 5" in found["18-USD"]["reasons"]

    later = listed(portal, days_on=5)
    assert later["10-USD"]["place"] == "later"
    assert (later["18-USD"]["place"], later["18-USD"]["rank"]) == ("now", 1)
    assert listed(portal, days_on=6)["10-USD"]["place"] == "now"


def test_done_for_today_is_back_tomorrow(portal) -> None:
    portal.collections.done_for_today(DoneForToday(actor=CAROL, client_ids=["10"]))

    assert listed(portal)["10-USD"]["place"] == "done"
    assert listed(portal, days_on=1)["10-USD"]["place"] == "now"


def test_a_dispute_in_the_portal_counts_as_one_of_the_practice_system(portal) -> None:
    before = listed(portal)["10-USD"]
    portal.collections.dispute_invoice(
        DisputeInvoice(
            actor=CAROL,
            client_id="10",
            invoice_id="100",
            invoice_number="INV-100",
            reason="wrong hours",
            until=portal.today() + timedelta(days=5),
        )
    )

    disputed = listed(portal)["10-USD"]
    assert disputed["disputed_cents"] == before["disputed_cents"] + 30_000
    assert disputed["score"] < before["score"]
    assert listed(portal, days_on=6)["10-USD"]["disputed_cents"] == before["disputed_cents"]


def test_ranks_are_whole_and_what_is_to_do_comes_before_what_waits(portal) -> None:
    promise(portal)
    portal.collections.done_for_today(DoneForToday(actor=CAROL, client_ids=["10"]))

    rows = sorted(listed(portal).values(), key=lambda row: row["rank"])

    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    order = ["now", "later", "done"]
    places = [order.index(row["place"]) for row in rows]
    assert places == sorted(places)


def test_a_page_reads_the_first_clients_the_one_in_hand_and_the_one_after_it(portal) -> None:
    everybody = list(listed(portal))
    in_hand = everybody[-2]

    found = listed(portal, most=2, row_id=in_hand)

    assert len(everybody) > 4
    assert list(found) == [*everybody[:2], *everybody[-2:]]
    assert {one["rank"] for one in found.values()} == {1, 2, len(everybody) - 1, len(everybody)}


def test_the_reasons_say_that_the_last_statement_came_back(portal) -> None:
    rules = CollectionRules(triggers=(Trigger(days=146, mode=Mode.AUTOMATIC),))
    portal.collections.save_rules(SaveCollectionRules(actor=CAROL, rules=rules, based_on=0))
    portal.collections.run_statements(portal.now())
    with portal.store._engine.begin() as connection:
        connection.exec_driver_sql("update letters set state = 'bounced' where client_id = '10'")

    assert "last statement came back" in listed(portal)["10-USD"]["reasons"]
