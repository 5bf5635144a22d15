"""The statements page: the queue, the one in hand, and the simulator."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.collection_rules import CollectionRules, Trigger
from portal.domain.permissions import Permission
from portal.services.collections_ports import HoldKind
from portal.services.hold_client import HoldClient
from portal.services.save_collection_rules import SaveCollectionRules
from portal.warehouse.store_mirror import StoreMirror
from tests.collections_fixture import CAROL
from tests.pages.firm_pages import EVERYTHING, PagesPortal, figures, tables, texts
from tests.pages.insight_pages import insight_portal, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    """INV-100 of Acme Holdings is 146 days past due on the firm's day."""
    with insight_portal(tmp_path) as portal:
        rules = CollectionRules(triggers=(Trigger(days=146),))
        portal.collections.save_rules(SaveCollectionRules(actor=CAROL, rules=rules, based_on=0))
        yield portal


def test_a_staged_statement_is_in_hand_with_its_reason_and_its_recipients(portal) -> None:
    portal.collections.run_statements(portal.now())

    at = visit(portal, "statements")

    said = texts(at)
    assert "Acme Holdings" in said
    assert "invoice INV-100 reached 146 days past due" in said
    assert "To: Ann Bell <ann@acme.test>" in said
    assert len(tables(at)) >= 1
    assert any(button.label == "Send all 1" for button in at.button)


def test_sending_the_one_in_hand_empties_the_queue(portal) -> None:
    portal.collections.run_statements(portal.now())
    at = visit(portal, "statements")

    next(button for button in at.button if button.label == "Send").click().run()

    assert "Nothing to review" in texts(at)
    with portal.store.reading() as view:
        (letter,) = view.outbox.of_client("10")
    assert letter.letter.facts["client_name"] == "Acme Holdings"


def test_somebody_without_the_right_to_send_sees_no_queue(portal) -> None:
    portal.collections.run_statements(portal.now())

    at = visit(portal, "statements", EVERYTHING - {Permission.SEND_STATEMENTS})

    assert not any(button.label.startswith("Send") for button in at.button)


def test_the_simulator_shows_the_next_run_and_says_when_there_is_none(portal) -> None:
    at = visit(portal, "statements", part="Simulator")
    assert figures(at)["To review"] == "1"

    at.date_input[0].set_value(portal.today() + timedelta(days=4)).run()

    assert "No run on 04 Jul 2026" in texts(at)


def test_without_the_right_to_collections_the_page_is_refused(portal) -> None:
    at = visit(portal, "statements", EVERYTHING - {Permission.VIEW_COLLECTIONS})

    assert "You do not have the permission" in texts(at)


def test_the_list_says_what_became_of_the_mail_and_whom_it_did_not_reach(portal) -> None:
    portal.collections.run_statements(portal.now())
    at = visit(portal, "statements")
    next(button for button in at.button if button.label == "Send").click().run()

    def row() -> dict:
        StoreMirror(portal.warehouse, portal.store).renew()
        (found,) = portal.warehouse.rows("statements/statements", sees_all=True, staff_id=None)
        return found

    assert (row()["state"], row()["mail"], row()["detail"]) == ("sent", "Queued", "")
    with portal.store._engine.begin() as connection:
        connection.exec_driver_sql("update letters set state = 'bounced'")
        connection.exec_driver_sql("update letter_recipients set state = 'bounced'")

    assert (row()["mail"], row()["detail"]) == ("Bounced", "Did not reach ann@acme.test")


def test_what_was_paused_meanwhile_is_kept_back_and_said_so(portal) -> None:
    portal.collections.run_statements(portal.now())
    at = visit(portal, "statements")
    portal.collections.hold_client(
        HoldClient(
            actor=CAROL,
            client_id="10",
            kind=HoldKind.PAUSE,
            reason="in probate",
            until=portal.today() + timedelta(days=9),
        )
    )

    next(button for button in at.button if button.label == "Send").click().run()

    assert at.toast[-1].value.replace("\\", "").startswith("Kept back: ")
    with portal.store.reading() as view:
        assert not view.outbox.of_client("10")
