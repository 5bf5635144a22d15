"""What Python does when a list is drawn, without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from portal import bootstrap
from portal.services.save_list_state import SaveListState, save_list_state
from portal.ui import grid
from portal.ui.frame import SESSION_KEY
from tests.web.list_portal import Browser, make_portal


@pytest.fixture
def firm(tmp_path):
    portal = make_portal(tmp_path)
    bootstrap.use(portal)
    yield portal
    bootstrap.use(None)
    portal.close()


def a_page() -> None:
    import streamlit as st

    from portal.ui import grid

    event = grid.list_grid("invoices", params={"client_id": "1"})
    st.text(f"event: {event}")


def a_small_page() -> None:
    import streamlit as st

    from portal.lists.columns import Column, Kind
    from portal.ui import grid

    rows = [{"id": 1, "name": "Ada", "owed_cents": None, "since": None}]
    columns = [
        Column(id="name", label="Name", kind=Kind.TEXT),
        Column(id="owed_cents", label="Owed", kind=Kind.MONEY, total=True),
        Column(id="since", label="Since", kind=Kind.DATE),
    ]
    event = grid.small_grid(rows, columns, row_id="id", key="people", title="People")
    st.text(f"event: {event}")


def drawn(page, browser: Browser) -> AppTest:
    test = AppTest.from_function(page, default_timeout=20)
    test.session_state[SESSION_KEY] = browser.sid
    return test.run()


@pytest.mark.parametrize("page", [a_page, a_small_page])
def test_a_page_with_a_list_runs_and_nothing_has_been_done_yet(firm, page):
    test = drawn(page, Browser(firm))

    assert not test.exception
    assert test.text[0].value == "event: None"


def test_a_list_holds_its_token_for_as_long_as_it_stands(firm):
    browser = Browser(firm)
    test = drawn(a_page, browser)
    first = test.session_state["invoices_light_life"]

    again = test.run().session_state["invoices_light_life"]

    assert again == first
    token = firm.tokens.read(first["values"]["token"])
    assert (token.sid, token.list_name) == (browser.sid, "invoices")
    assert token.params == {"client_id": "1"}


def test_a_list_opens_as_this_person_left_it(firm):
    browser = Browser(firm)
    kept = {
        "grid": {
            "columnOrder": {"orderedColIds": ["client_name", "status"]},
            "sort": {"sortModel": [{"colId": "client_name", "sort": "asc"}]},
        },
        "toggle": "paid",
    }
    actor = firm.people[browser.sid]
    for place, state in (("invoices@client_id", kept), ("invoices", {"toggle": "outstanding"})):
        left = SaveListState(actor=actor, list_name="invoices", place=place, state=state)
        save_list_state(left, store=firm.store)

    life = drawn(a_page, browser).session_state["invoices_light_life"]

    assert life["state"].grid["columnOrder"]["orderedColIds"][1:3] == ["client_name", "status"]
    assert life["state"].grid["sort"] == {"sortModel": [{"colId": "client_name", "sort": "asc"}]}
    assert life["values"]["toggle"] == "paid"


def test_a_list_that_does_not_exist_is_a_fault_of_the_page(firm):
    def page() -> None:
        from portal.ui import grid

        grid.list_grid("nonsense")

    test = drawn(page, Browser(firm))

    assert len(test.exception) == 1


def test_more_rows_than_a_browser_should_hold_need_a_list():
    with pytest.raises(ValueError, match="need a list"):
        grid.small_grid([{}] * 5_001, [], row_id="id", key="x", title="X")
