"""What opens a list and what comes back from it: kept states, links, deeds, values."""

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.lists.payments import METHODS
from portal.lists.registry import LISTS
from portal.ui import format as words
from portal.ui import theme
from portal.ui.grid_event import MOST_IDS, GridEvent, nonce_of, read_event
from portal.ui.grid_options import (
    GridSettings,
    Place,
    grid_options,
    in_place,
    page_values,
    toggle_param,
)
from portal.ui.grid_state import (
    ROW_MENU,
    decode_link,
    encode_link,
    inert_json,
    opening_state,
)

COLUMNS = {"status": False, "client_name": False, "amount_cents": False, "office": True}
SORT = (("client_name", "asc"),)
CODE = "::JSCODE::alert(1)::JSCODE::"


def opened(kept=None, link=None):
    return opening_state(kept, link, columns=COLUMNS, default_sort=SORT)


def a_kept_state(**grid):
    return {"grid": {"columnOrder": {"orderedColIds": list(COLUMNS)}, **grid}, "toggle": "paid"}


def test_a_list_opens_in_its_default_order_for_someone_new():
    state = opened()

    assert state.grid == {
        "partialColumnState": True,
        "sort": {"sortModel": [{"colId": "client_name", "sort": "asc"}]},
    }
    assert state.toggle is None


def test_a_kept_layout_is_restored_with_the_row_menu_at_the_right():
    kept = a_kept_state(
        columnVisibility={"hiddenColIds": ["status"]},
        columnPinning={"leftColIds": ["client_name"], "rightColIds": [ROW_MENU]},
        columnSizing={"columnSizingModel": [{"colId": "status", "width": 222}]},
        sort={"sortModel": [{"colId": "amount_cents", "sort": "desc"}]},
    )

    grid = opened(kept).grid

    assert grid["columnVisibility"] == {"hiddenColIds": ["status"]}
    assert grid["columnPinning"]["leftColIds"][1:] == ["client_name"]
    assert grid["columnPinning"]["rightColIds"] == [ROW_MENU]
    assert grid["columnSizing"] == {"columnSizingModel": [{"colId": "status", "width": 222}]}
    assert grid["sort"] == {"sortModel": [{"colId": "amount_cents", "sort": "desc"}]}
    assert opened(kept).toggle == "paid"


def test_showing_every_column_is_kept_too():
    assert opened(a_kept_state()).grid["columnVisibility"] == {"hiddenColIds": []}


def test_a_column_that_is_new_since_the_state_was_kept_starts_as_the_list_says():
    kept = {"grid": {"columnOrder": {"orderedColIds": ["status", "client_name"]}}}

    grid = opened(kept).grid

    assert grid["columnVisibility"] == {"hiddenColIds": ["office"]}
    assert grid["columnOrder"]["orderedColIds"][-3:] == ["amount_cents", "office", ROW_MENU]


def test_sorting_switched_off_stays_off():
    kept = a_kept_state(sort={"sortModel": []})

    assert opened(kept).grid["sort"] == {"sortModel": []}


@pytest.mark.parametrize(
    "kept",
    [
        None,
        [],
        "x",
        {"grid": 5},
        {"grid": {"columnOrder": "x", "sort": 1, "filter": [], "columnSizing": {"a": 1}}},
        {"grid": {"columnOrder": {"orderedColIds": [1, {"a": 2}]}, "columnSizing": None}},
        {"grid": {"sort": {"sortModel": [{"colId": "nope", "sort": "asc"}, 3]}}, "toggle": 4},
    ],
)
def test_a_damaged_kept_state_opens_the_list_all_the_same(kept):
    assert opened(kept).grid["partialColumnState"] is True
    assert opened(kept).toggle is None


def test_unknown_columns_of_a_kept_state_are_dropped():
    kept = a_kept_state(
        filter={"filterModel": {"secret": {"filterType": "text"}, "status": {"filterType": "set"}}}
    )

    assert list(opened(kept).grid["filter"]["filterModel"]) == ["status"]


def test_no_kept_or_linked_text_becomes_code():
    evil = {"status": {"filterType": "set", "values": [CODE]}}

    assert "filter" not in opened(a_kept_state(filter={"filterModel": evil})).grid
    assert "filter" not in opened(link={"filter": evil}).grid
    written = inert_json({"name": CODE, CODE: ["a::b", "::"]})
    assert "::" not in written
    assert json.loads(written) == {"name": CODE, CODE: ["a::b", "::"]}


def test_a_link_carries_filters_order_toggle_and_search():
    link = encode_link(
        filter_model={"status": {"filterType": "set", "values": ["Overdue", "Müller 🚢"]}},
        sort=[("amount_cents", "desc")],
        toggle="outstanding",
        search="acme",
    )

    state = opened(a_kept_state(), decode_link(link))

    assert state.grid["filter"]["filterModel"]["status"]["values"] == ["Overdue", "Müller 🚢"]
    assert state.grid["sort"] == {"sortModel": [{"colId": "amount_cents", "sort": "desc"}]}
    assert (state.toggle, state.search) == ("outstanding", "acme")


@pytest.mark.parametrize("text", [None, "", "%%%", "e30x", "x" * 9_000, "WzFd", "bm8"])
def test_what_is_no_link_is_ignored(text):
    assert decode_link(text) is None


def test_an_opened_row_is_read_with_its_id_only():
    value = {"nonce": "n", "kind": "open", "row_id": "42", "action": "delete", "extra": 1}

    assert read_event(value, actions=()) == GridEvent(kind="open", row_id="42")


@pytest.mark.parametrize(
    "value",
    [
        None,
        "open",
        {"kind": "open"},
        {"kind": "open", "row_id": 42},
        {"kind": "open", "row_id": ""},
        {"kind": "open", "row_id": "x" * 300},
        {"kind": "action", "action": "refund", "row_id": "1"},
        {"kind": "action", "action": ["show"], "row_id": "1"},
        {"kind": "selection", "action": "remind", "row_ids": [], "filter": {}},
        {"kind": "selection", "action": "remind", "row_ids": [1], "filter": {}},
        {"kind": "selection", "action": "remind", "row_ids": ["1"] * (MOST_IDS + 1), "filter": {}},
        {"kind": "selection", "action": "remind", "row_ids": ["1"], "filter": {"x": "y" * 30_000}},
        {"kind": "selection", "action": "show", "row_ids": ["1"], "filter": {}},
    ],
)
def test_what_is_no_deed_of_this_list_is_ignored(value):
    assert read_event(value, actions=["show"], together=["remind"]) is None


def test_a_selection_is_read_with_its_ids_once_each():
    value = {"kind": "selection", "action": "remind", "row_ids": ["1", "2", "1"], "filter": {}}

    event = read_event(value, actions=(), together=["remind"])

    assert event.row_ids == ("1", "2")
    assert event.all_matching is False


def test_all_matching_rows_are_a_filter_not_a_list_of_ids():
    asked = {"filter_model": {}, "search": "acme", "params": {"toggle": "paid"}}
    value = {"kind": "selection", "action": "a", "row_ids": [], "all_matching": True}

    event = read_event({**value, "filter": asked}, actions=(), together=["a"])

    assert (event.all_matching, event.filter) == (True, asked)


@pytest.mark.parametrize("value", [None, 3, {}, {"nonce": 3}, {"nonce": ""}])
def test_a_value_without_a_nonce_is_no_deed(value):
    assert nonce_of(value) is None


@pytest.mark.parametrize("definition", LISTS.values(), ids=lambda d: d.name)
def test_every_list_has_plain_options_and_values(definition):
    settings = GridSettings(
        currency="USD",
        today="2026-06-30",
        aging_edges=(30, 60),
        mode=theme.LIGHT,
        actions=definition.row_actions,
    )
    state = opening_state(None, None, columns={}, default_sort=definition.default_sort)

    options = grid_options(definition, state, settings, small=False)
    values = page_values(definition, settings, state, small=False)

    assert json.loads(json.dumps(options))["rowModelType"] == "infinite"
    ids = [column["colId"] for column in options["columnDefs"]]
    menu = [ROW_MENU] if definition.row_actions else []
    assert ids == [c.id for c in definition.columns if not c.hidden_always] + menu
    assert values["toggle"] == (definition.toggles[0].key if definition.toggles else None)
    assert "enableRangeSelection" not in options


def test_the_toggle_of_a_list_is_the_parameter_with_its_choices():
    assert toggle_param(LISTS["invoices"]) == "toggle"
    assert toggle_param(LISTS["worklist"]) == "toggle"
    assert toggle_param(LISTS["aging"]) is None


def test_a_toggle_among_the_parameters_only_sets_the_start():
    settings = GridSettings(
        currency="USD",
        today="",
        aging_edges=(30,),
        mode=theme.LIGHT,
        params={"client_id": "7", "toggle": "outstanding"},
    )
    state = opening_state(None, None, columns={}, default_sort=())

    values = page_values(LISTS["invoices"], settings, state, small=False)

    assert values["params"] == {"client_id": "7"}
    assert (values["default_toggle"], values["widest_toggle"]) == ("outstanding", "all")


def test_a_cell_does_not_open_what_the_person_may_not_do():
    settings = GridSettings(currency="USD", today="", aging_edges=(30,), mode=theme.LIGHT)
    state = opening_state(None, None, columns={}, default_sort=())

    told = page_values(LISTS["invoices"], settings, state, small=False)["columns"]

    assert {column["opens"] for column in told} == {None}


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", [theme.LIGHT, theme.DARK])
def test_text_can_be_read_on_every_surface(mode):
    colours = theme.PALETTES[mode]
    surfaces = (colours.background, colours.surface, colours.raised, colours.hover)

    for surface in (*surfaces, colours.selected, colours.accent_surface):
        assert _contrast(colours.text, surface) >= 7
        assert _contrast(colours.quiet, surface) >= 4.5
        assert _contrast(colours.focus, surface) >= 4.5
    assert _contrast(colours.accent_text, colours.accent) >= 4.5
    for back, text in theme.status_colours(mode).values():
        assert _contrast(text, back) >= 4.5


def test_aging_buckets_have_a_colour_each_also_beyond_the_last():
    keys = ["not_due", *[str(n) for n in range(9)], "no_due_date"]

    colours = theme.bucket_colours(keys, theme.LIGHT)

    assert len(colours) == len(keys)
    assert colours[1] == theme.AGE_COLOURS[theme.LIGHT][0]
    assert colours[8] == colours[9] == theme.AGE_COLOURS[theme.LIGHT][-1]


def test_pages_write_money_dates_and_days_like_the_lists():
    assert words.money(-123456, "EUR") == "-€1,234.56"
    assert words.money(None, "EUR") == "–"
    assert words.day(date(2026, 3, 5)) == words.day("2026-03-05") == "05 Mar 2026"
    assert (words.days(1), words.days(1234), words.days(None)) == ("1 day", "1,234 days", "–")
    assert (words.count(1, "invoice"), words.count(2000, "invoice")) == (
        "1 invoice",
        "2,000 invoices",
    )
    assert words.rate(0.8344) == "83.4%"
    at = datetime(2026, 3, 5, 18, 2, tzinfo=UTC)
    assert words.moment(at, ZoneInfo("America/New_York")) == "05 Mar 2026, 1:02 PM"
    assert words.ago(at, datetime(2026, 3, 5, 18, 7, tzinfo=UTC)) == "5 min ago"


def test_a_list_in_a_place_has_neither_the_columns_nor_the_actions_left_out():
    place = Place(without=("client_name", "open_client"), search_hint="Invoice number")

    definition = in_place(LISTS["invoices"], place)

    assert "client_name" not in [column.id for column in definition.columns]
    assert [a.key for a in definition.row_actions] == ["open", "show_pdf", "open_portal", "resend"]
    assert definition.search_hint == "Invoice number"


def test_ways_to_pay_are_told_as_people_write_them():
    settings = GridSettings(currency="USD", today="", aging_edges=(30,), mode=theme.LIGHT)
    state = opening_state(None, None, columns={}, default_sort=())

    told = page_values(LISTS["payments"], settings, state, small=False)["columns"]

    assert {c["id"]: c["spoken"] for c in told if c["spoken"]} == {"method": dict(METHODS)}
    assert [words.method(word) for word in ("ach", "check", "", None)] == [
        "ACH", "Check", "No method", "No method",
    ]  # fmt: skip
