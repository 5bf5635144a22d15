"""The worklist page: the list at the left, the client in hand at the right."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from portal.domain.collection_rules import CollectionRules, Trigger
from portal.domain.permissions import Permission, Principal
from portal.services.collections_ports import HoldKind
from portal.services.ports import SignInKind, User
from portal.services.save_collection_rules import SaveCollectionRules
from portal.ui.frame import SESSION_KEY
from portal.warehouse.store_mirror import StoreMirror
from tests.collections_fixture import CAROL
from tests.pages.firm_pages import (
    EVERYTHING,
    LIVE,
    OWN_CLIENTS,
    SID,
    PagesPortal,
    tables,
    texts,
)
from tests.pages.insight_pages import insight_portal, links_of, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with insight_portal(tmp_path) as portal:
        yield portal


def headings(at) -> list[str]:
    return [heading.value.replace("\\", "") for heading in at.header]


def test_the_first_client_is_in_hand_with_reasons_contacts_and_invoices(portal) -> None:
    at = visit(portal, "worklist")

    said = texts(at)
    assert len(tables(at)) == 1
    assert len(headings(at)) == 1
    for part in ("Why it is here", "Contacts", "Open invoices", "Last payments"):
        assert part in said
    assert "overdue" in said


def test_walking_to_another_row_takes_that_client_in_hand(portal) -> None:
    at = visit(portal, "worklist")
    at.session_state["worklist_selected"] = "10-USD"

    at.run()

    assert headings(at) == ["Acme Holdings"]
    assert "ann@acme.test" in texts(at)
    assert {"INV-100", "INV-101", "INV-112"} <= set(links_of(at))


def test_a_row_that_is_not_in_the_list_leaves_the_first_in_hand(portal) -> None:
    at = visit(portal, "worklist", OWN_CLIENTS, staff_id="1")
    mine = headings(at)
    at.session_state["worklist_selected"] = "16-USD"

    at.run()

    assert headings(at) == mine


def test_one_partners_clients_can_be_chosen(portal) -> None:
    at = visit(portal, "worklist", partner="Ben Okafor")
    at.session_state["worklist_selected"] = "10-USD"

    at.run()

    assert headings(at) != ["Acme Holdings"]


def test_an_empty_worklist_says_that_nobody_is_overdue(portal) -> None:
    at = visit(portal, "worklist", OWN_CLIENTS, staff_id=None)

    assert "Nobody is overdue" in texts(at)
    assert not tables(at)


def test_without_the_right_to_collections_the_page_is_refused(portal) -> None:
    at = visit(portal, "worklist", EVERYTHING - {Permission.VIEW_COLLECTIONS})

    assert "You do not have the permission" in texts(at)
    assert not tables(at)


def button(at: AppTest, label: str):
    """The button of that label."""
    return next(one for one in at.button if one.label == label)


def test_no_button_of_a_client_serves_the_one_that_comes_after_it(portal) -> None:
    at = visit(portal, "worklist")
    before = {one.key for one in at.button if (one.key or "").startswith("worklist_")}

    button(at, "Done for today").click().run()

    after = {one.key for one in at.button if (one.key or "").startswith("worklist_")}
    assert before and after and not before & after


def test_a_client_that_was_done_by_mistake_is_put_back_on_todays_list(portal) -> None:
    at = visit(portal, "worklist")
    at.session_state["worklist_selected"] = "10-USD"
    at.run()
    button(at, "Done for today").click().run()
    StoreMirror(portal.warehouse, portal.store).renew()
    portal.say(replace(LIVE, version=2))
    at.session_state["worklist_selected"] = "10-USD"
    at.run()

    button(at, "Back on the list").click().run()

    with portal.store.reading() as view:
        assert view.marks.find("10").done_on is None


def ticked(portal, page_function: str, names: str) -> AppTest:
    """One of the dialogs over ticked clients, opened as the list opens it."""
    portal.people[SID] = Principal(
        user_key="local:pat", full_name="Pat Example", email="pat@firm.test", permissions=EVERYTHING
    )
    at = AppTest.from_string(
        "from portal.ui import one_by_one, worklist_together\n"
        f"worklist_together.{page_function}({names})\n",
        default_timeout=30,
    )
    at.session_state[SESSION_KEY] = SID
    return at.run()


def test_several_clients_are_paused_together_and_each_says_so(portal) -> None:
    at = ticked(portal, "pause", "{'10': 'Acme Holdings', '99': 'Nobody'}")
    at.text_input[0].set_value("moving offices")
    at.button[0].click().run()

    said = texts(at)
    assert "1 done" in said and "1 not done" in said
    assert "Acme Holdings: paused until" in said
    assert "Nobody: There is no such client." in said
    with portal.store.reading() as view:
        assert view.holds.running("10", HoldKind.PAUSE) is not None
        assert view.holds.running("99", HoldKind.PAUSE) is None


def test_several_clients_get_a_next_action_together(portal) -> None:
    at = ticked(portal, "next_action", "{'10': 'Acme Holdings', '18': 'Zed'}")
    at.text_input[0].set_value("call about May")
    at.button[0].click().run()

    assert "2 done" in texts(at)
    with portal.store.reading() as view:
        assert {view.marks.find(one).next_action for one in ("10", "18")} == {"call about May"}


def test_statements_that_wait_are_sent_together_and_who_has_none_is_told(portal) -> None:
    rules = CollectionRules(triggers=(Trigger(days=146),))
    portal.collections.save_rules(SaveCollectionRules(actor=CAROL, rules=rules, based_on=0))
    portal.collections.run_statements(portal.now())

    at = ticked(portal, "send", "{'10': 'Acme Holdings', '18': 'Zed'}")
    assert "1 of 2 clients have a statement to send." in texts(at)
    at.button[0].click().run()

    said = texts(at)
    assert "Acme Holdings: statement sent" in said
    assert "Zed: No statement waits for review." in said
    with portal.store.reading() as view:
        assert len(view.outbox.of_client("10")) == 1


def test_two_colleagues_of_one_name_are_told_apart_when_clients_are_assigned(portal) -> None:
    with portal.store.unit_of_work() as uow:
        for key in ("local:kim", "local:kim2"):
            uow.users.save(
                User(
                    user_key=key, kind=SignInKind.LOCAL, user_name=key, full_name="Kim Lee",
                    email=f"{key[6:]}@firm.test", groups=(),
                )
            )  # fmt: skip
        uow.commit()
    at = ticked(portal, "assign", "['10']")

    at.selectbox[0].set_value("Kim Lee (local:kim2)")
    at.button[0].click().run()

    with portal.store.reading() as view:
        assert view.marks.find("10").assignee == "local:kim2"
    assert "Kim Lee" in at.selectbox[0].options
