"""The statements page: the queue, the one in hand, and the simulator."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from portal.domain.collection_rules import CollectionRules, Trigger
from portal.domain.permissions import Permission, Principal
from portal.services.collections_ports import HoldKind
from portal.services.hold_client import HoldClient
from portal.services.save_collection_rules import SaveCollectionRules
from portal.ui.frame import SESSION_KEY
from portal.ui.grid_event import GridEvent
from portal.warehouse.store_mirror import StoreMirror
from tests.collections_fixture import CAROL
from tests.pages.firm_pages import (
    EVERYTHING,
    OWN_CLIENTS,
    SID,
    PagesPortal,
    figures,
    tables,
    texts,
)
from tests.pages.insight_pages import insight_portal, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    """INV-100 of Acme Holdings is 146 days past due on the firm's day."""
    with insight_portal(tmp_path) as portal:
        rules = CollectionRules(triggers=(Trigger(days=146),))
        portal.collections.save_rules(SaveCollectionRules(actor=CAROL, rules=rules, based_on=0))
        yield portal


def two_wait(portal: PagesPortal) -> None:
    """Acme Holdings of partner 1, and one of partner 2, wait for review."""
    portal.collections.run_statements(portal.now())
    with portal.store.unit_of_work() as uow:
        (first,) = uow.statements.staged()
        other = {"client_id": "16", "client_number": "C-0016", "client_name": "Trading Zurich"}
        owner = {"partner_id": "2", "manager_id": None}
        uow.statements.add([replace(first, statement_id="second", **other, **owner)])
        uow.commit()
    StoreMirror(portal.warehouse, portal.store).renew()


def of_it(at: AppTest, label: str):
    """The button beside the mail of the statement in hand."""
    return next(button for button in at.button if button.label == label)


def chosen(portal: PagesPortal, event: GridEvent, permissions=EVERYTHING, staff_id=None) -> str:
    """What the dialog says after somebody did something with chosen rows of the list."""
    portal.people[SID] = Principal(
        user_key="local:pat", full_name="Pat Example", email="pat@firm.test",
        permissions=permissions, staff_id=staff_id,
    )  # fmt: skip
    at = AppTest.from_string(
        "from portal.ui import statement_dialogs, statements\n"
        "from portal.ui.grid_event import GridEvent\n"
        f"statement_dialogs.together({event!r}, statements.waiting('all'))\n",
        default_timeout=30,
    )
    at.session_state[SESSION_KEY] = SID
    at.run()
    assert not at.exception, at.exception
    return texts(at)


def all_that(**found: object) -> GridEvent:
    """All rows that a filter finds are to be sent."""
    asked = {"params": {"book": "all", "toggle": "staged"}, **found}
    return GridEvent(kind="selection", action="send_together", all_matching=True, filter=asked)


def test_all_matching_are_those_the_filter_finds_and_no_others(portal) -> None:
    two_wait(portal)

    assert "1 statement will be sent." in chosen(portal, all_that(search="acme"))
    assert "2 statements will be sent." in chosen(portal, all_that())


def test_all_matching_are_only_clients_of_ones_own_for_whoever_sees_no_others(portal) -> None:
    two_wait(portal)

    said = chosen(portal, all_that(), OWN_CLIENTS, "1")

    assert "1 statement will be sent." in said


def test_ticked_statements_of_others_are_not_sent(portal) -> None:
    two_wait(portal)
    ticked = GridEvent(kind="selection", action="send_together", row_ids=("second",))

    assert "None of these waits for review." in chosen(portal, ticked, OWN_CLIENTS, "1")


def test_send_all_means_the_clients_of_the_chosen_book(portal) -> None:
    two_wait(portal)

    mine = visit(portal, "statements", staff_id="1")
    everybodys = visit(portal, "statements", staff_id="1", book="All clients")

    assert any(button.label == "Send all 1" for button in mine.button)
    assert any(button.label == "Send all 2" for button in everybodys.button)


@pytest.mark.parametrize("label", ["Send", "Edit", "Drop"])
def test_no_button_of_a_statement_serves_the_one_that_comes_after_it(portal, label) -> None:
    two_wait(portal)
    at = visit(portal, "statements")
    before = of_it(at, label).key

    of_it(at, "Send").click().run()

    assert of_it(at, label).key != before


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

    of_it(at, "Send").click().run()

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


SEVERAL = """
import streamlit as st
from portal.ui import deeds, one_by_one, said

said.say()

def deed(key):
    if key == st.session_state.get("leaves_at"):
        del st.session_state["leaves_at"]
        st.stop()
    return deeds.request_id("form")

if st.button("Go"):
    one_by_one.each({"a": "Ann", "b": "Ben", "c": "Cleo"}, deed, form="form")
"""


def test_what_is_broken_off_half_way_says_how_far_it_came_and_goes_on_with_the_same_request(
    portal,
) -> None:
    at = AppTest.from_string(SEVERAL, default_timeout=30).run()
    at.session_state["leaves_at"] = "c"
    at.button[0].click().run()
    begun = at.session_state["form_request_id"]

    at.run()

    assert at.toast[-1].value.replace("\\", "") == (
        "Broken off after 2 of 3. Do it again for the rest."
    )
    at.button[0].click().run()
    done, refused = at.session_state["one_by_one_came"]
    assert done == [f"{name}: {begun}" for name in ("Ann", "Ben", "Cleo")]
    assert not refused
    assert "form_request_id" not in at.session_state
