"""Does /api/rows give people their rows, and nobody anything else?"""

# ruff: noqa: E501

import itertools
from dataclasses import replace

import duckdb
import pytest

from portal.domain.permissions import Permission
from tests.web.list_portal import EVERYTHING, OWN_CLIENTS, Browser, make_portal

MINE = {"10", "11", "14", "18"}
"""The clients where Ada Quill (staff 1) is partner or manager."""


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    made = make_portal(tmp_path_factory.mktemp("home"))
    yield made
    made.close()


@pytest.fixture
def admin(portal):
    return Browser(portal)


@pytest.fixture
def ada(portal):
    return Browser(portal, OWN_CLIENTS, staff_id="1")


def test_a_page_of_rows_carries_its_count_totals_and_version(admin):
    answer = admin.rows(end_row=2)

    said = answer.json()
    assert answer.status_code == 200
    assert set(said) == {"rows", "last_row", "totals", "totals_by_currency", "version"}
    assert [row["invoice_number"] for row in said["rows"]] == ["INV-112", "INV-110"]
    assert (said["last_row"], said["version"]) == (12, 1)
    assert said["totals"] == {
        "amount_cents": 530095,
        "outstanding_cents": 387750,
        "pending_cents": 0,
    }


def test_money_is_whole_cents_ids_are_text_and_dates_are_iso(admin):
    row = admin.rows(search="INV-104").json()["rows"][0]

    assert row["outstanding_cents"] == 45000
    assert (row["invoice_id"], row["client_id"]) == ("104", "12")
    assert row["due_date"] == "2026-07-01"
    assert (row["invoice_age"], row["status"], row["days_overdue"]) == (29, "Open", None)


def test_totals_never_add_up_two_currencies(admin):
    said = admin.rows(search="müller").json()

    nothing_pending = {"pending_cents": 0}
    assert said["totals"] == {"amount_cents": 45000, "outstanding_cents": 45000} | nothing_pending
    assert said["totals_by_currency"]["EUR"] == {
        "amount_cents": 700000,
        "outstanding_cents": 0,
        "pending_cents": 0,
    }


def test_an_invoice_due_today_is_not_overdue_and_one_without_due_date_never_is(admin):
    by_number = {row["invoice_number"]: row for row in admin.rows().json()["rows"]}

    assert by_number["inv_107%"]["status"] == "Open"  # due on the day itself
    assert by_number["INV-110"]["status"] == "Overdue"
    assert by_number["INV-105"]["status"] == "Open"
    assert by_number["INV-105"]["due_date"] is None


def test_void_invoices_show_only_where_a_clients_history_asks_for_them(admin):
    plain = admin.rows(params={"client_id": "14"}).json()
    history = admin.rows(params={"client_id": "14", "with_void": "yes"}).json()

    assert [row["invoice_number"] for row in plain["rows"]] == ["inv_107%"]
    assert [row["status"] for row in history["rows"]] == ["Void", "Open"]


@pytest.mark.catalogue(58)
@pytest.mark.parametrize("name", ["clients", "invoices", "payments", "worklist"])
def test_rows_and_totals_are_those_of_ones_own_clients(ada, admin, name):
    mine, all_of_it = ada.rows(name).json(), admin.rows(name).json()

    assert {row["client_id"] for row in mine["rows"]} <= MINE
    expected = [row for row in all_of_it["rows"] if row["client_id"] in MINE]
    assert mine["last_row"] == len(expected) > 0
    money = next(column for column in mine["totals"] if column.endswith("_cents"))
    assert mine["totals"][money] == sum(row[money] for row in expected)


@pytest.mark.catalogue(58)
def test_aging_is_that_of_ones_own_clients(ada):
    said = ada.rows("aging", params={"group_by": "client"}).json()

    assert {row["group_key"] for row in said["rows"]} <= MINE


@pytest.mark.catalogue(57)
def test_nothing_in_a_request_widens_the_scope(ada):
    everything = {"invoice_number": {"filterType": "text", "type": "notBlank"}}
    for params in ({}, {"book": "mine"}, {"toggle": "all"}, {"office": "Albany"}):
        rows = ada.rows(params=params, filter_model=everything).json()["rows"]
        assert {row["client_id"] for row in rows} <= MINE
    assert ada.rows(params={"book": "all"}).status_code == 403


def test_my_clients_narrows_also_somebody_who_sees_all(portal):
    boss = Browser(portal, EVERYTHING, staff_id="1")

    rows = boss.rows("clients", params={"book": "mine"}).json()["rows"]

    assert {row["client_id"] for row in rows} == MINE


def test_somebody_the_practice_system_does_not_know_sees_no_client(portal):
    for staff_id in (None, "nobody", "999"):
        stranger = Browser(portal, OWN_CLIENTS, staff_id=staff_id)
        assert stranger.rows("clients").json()["last_row"] == 0
        assert stranger.rows("worklist").json()["last_row"] == 0
        assert stranger.rows("aging").json()["last_row"] == 0


def test_a_missing_or_damaged_token_is_401(admin):
    good = admin.token()
    # not the last sign: some of its bits stand for nothing
    flipped = good[:-5] + ("A" if good[-5] != "A" else "B") + good[-4:]
    for token in ("", "x", flipped, good + "x", good.rsplit(".", 1)[0], "\x7f" * 50):
        assert admin.rows(token=token).status_code == 401


def test_a_token_of_a_session_that_has_ended_is_401(portal):
    browser = Browser(portal)
    token = browser.token()
    assert browser.rows(token=token).status_code == 200

    browser.sign_out()

    assert browser.rows(token=token).status_code == 401
    assert browser.ask("/api/token", {"token": token}).status_code == 401


def test_an_expired_token_is_401_and_renews_itself_while_the_session_lives(portal, monkeypatch):
    browser = Browser(portal)
    token = browser.token()
    later = portal.tokens._serializer.make_signer().get_timestamp() + 16 * 60
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)

    assert browser.rows(token=token).status_code == 401
    fresh = browser.ask("/api/token", {"token": token}).json()["token"]

    assert browser.rows(token=fresh).status_code == 200


@pytest.mark.catalogue(54)
def test_a_permission_taken_away_counts_at_the_next_request(portal):
    browser = Browser(portal)
    token = browser.token()
    assert browser.rows(token=token).status_code == 200

    browser.become(EVERYTHING - {Permission.VIEW_INVOICES})

    assert browser.rows(token=token).status_code == 403


FORGED = [
    ("the token of another list", {"list": "clients"}, {"token_list": "invoices"}, 403),
    ("a list that does not exist", {"list": "staff"}, {"token_list": "staff"}, 403),
    ("another client than the page's", {"params": {"client_id": "12"}}, {"client_id": "10"}, 403),
    ("a client outside the scope", {"params": {"client_id": "12"}}, {}, 403),
    ("a client that does not exist", {"params": {"client_id": "999"}}, {}, 403),
    ("another partner's clients", {"params": {"partner_id": "2"}}, {}, 403),
    ("another manager's clients", {"params": {"manager_id": "2"}}, {}, 403),
    ("the whole firm", {"params": {"book": "all"}}, {}, 403),
    ("an id that is none", {"params": {"client_id": "1 or 1=1"}}, {}, 403),
    ("an unknown column", {"filter_model": {"x": {"filterType": "text"}}}, {}, 422),
    ("an unknown operator", {"filter_model": {"status": {"filterType": "text", "type": "raw", "filter": "1"}}}, {}, 422),
    ("an unknown sort", {"sort_model": [{"colId": "1;--", "sort": "asc"}]}, {}, 422),
    ("a sort that is no object", {"sort_model": ["status"]}, {}, 422),
    ("ten thousand rows", {"end_row": 10_000}, {}, 422),
    ("501 rows", {"end_row": 501}, {}, 422),
    ("rows before the first", {"start_row": -5}, {}, 422),
    ("an unknown field", {"sql": "select 1"}, {}, 422),
    ("an unknown parameter", {"params": {"sql": "1"}}, {}, 422),
    ("rows as text", {"start_row": "0"}, {}, 422),
    ("rows as a truth", {"start_row": False}, {}, 422),
    ("filters as a list", {"filter_model": []}, {}, 422),
    ("search as a number", {"search": 5}, {}, 422),
    ("a search too long", {"search": "x" * 201}, {}, 422),
    ("a body too large", {"search": "x" * 70_000}, {}, 422),
]  # fmt: skip


@pytest.mark.catalogue(49)
@pytest.mark.catalogue(52)
@pytest.mark.parametrize(
    ("more", "token", "status"), [case[1:] for case in FORGED], ids=[case[0] for case in FORGED]
)
def test_a_forged_request_is_refused(ada, more, token, status):
    token = dict(token)
    made = ada.token(token.pop("token_list", "invoices"), **token)
    body = {"list": "invoices", "start_row": 0, "end_row": 100} | more

    answer = ada.ask("/api/rows", body, token=made)

    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert "select" not in answer.text.lower()


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{", b"\xff", b'{"list": "\\ud800"}', b"1"])
def test_a_body_that_is_no_object_is_422(admin, body):
    answer = admin.http.post("/api/rows", content=body, headers={"x-grid-token": admin.token()})

    assert answer.status_code == 422


@pytest.mark.catalogue(85)
def test_strange_characters_in_a_search_are_never_an_error(admin):
    for text in ("\x00", "a\x00b", "🚚", "\u202e", "\u200b", "%\\_", "'" * 200):
        assert admin.rows(search=text).status_code == 200


@pytest.mark.parametrize("missing", ["list", "start_row", "end_row"])
def test_a_missing_field_is_422(admin, missing):
    body = {"list": "invoices", "start_row": 0, "end_row": 10}
    del body[missing]

    assert admin.ask("/api/rows", body, token=admin.token()).status_code == 422


@pytest.mark.catalogue(48)
@pytest.mark.parametrize(
    "spoilt",
    [
        {"cvv": "123"},
        {"filter_model": {"amount": {"CVC": "987"}}},
        {"sort_model": [{"card-number": "4242424242424242"}]},
        {"search": "x", "Security Code": 999},
    ],
)
def test_a_body_with_a_field_of_a_card_is_dropped_and_the_alarm_sounds(admin, spoilt, caplog):
    body = {"list": "invoices", "start_row": 0, "end_row": 10, **spoilt}

    answer = admin.ask("/api/rows", body, token=admin.token())

    assert answer.status_code == 422
    assert "Card data has no place here" in answer.json()["error"]
    alarms = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [record.getMessage() for record in alarms] == [
        "card data was sent to /api/rows; the request was dropped"
    ]
    assert not any(number in caplog.text for number in ("123", "987", "4242", "999"))


def test_a_permission_not_held_is_403(portal):
    needed = {
        "clients": Permission.VIEW_CLIENTS,
        "invoices": Permission.VIEW_INVOICES,
        "payments": Permission.VIEW_PAYMENTS,
        "worklist": Permission.VIEW_COLLECTIONS,
        "aging": Permission.VIEW_COLLECTIONS,
    }
    for name, permission in needed.items():
        assert Browser(portal, EVERYTHING - {permission}).rows(name).status_code == 403


def test_every_sort_puts_blanks_last_and_breaks_ties_the_same_way(admin):
    for name in ("clients", "invoices", "payments", "worklist"):
        first = admin.rows(name).json()["rows"][0]
        for column, direction in itertools.product(first, ("asc", "desc")):
            answer = admin.rows(name, sort_model=[{"colId": column, "sort": direction}])
            if answer.status_code == 422:
                assert column in ("source", "reasons", "row_id")
                continue
            values = [row[column] for row in answer.json()["rows"]]
            blanks = [value in (None, "") for value in values]
            assert blanks == sorted(blanks), (name, column)
            again = admin.rows(name, sort_model=[{"colId": column, "sort": direction}])
            assert answer.json() == again.json()


def test_status_sorts_overdue_first_and_age_by_the_dates_behind_it(admin):
    by_status = admin.rows(sort_model=[{"colId": "status", "sort": "asc"}]).json()["rows"]
    by_age = admin.rows(sort_model=[{"colId": "invoice_age", "sort": "desc"}]).json()["rows"]

    order = ["Overdue", "Open", "Paid"]
    places = [order.index(row["status"]) for row in by_status]
    ages = [row["invoice_age"] for row in by_age]
    assert places == sorted(places)
    assert ages == sorted(ages, reverse=True)


def test_pages_of_a_list_fit_together_without_gap_or_repeat(admin):
    whole = admin.rows(sort_model=[{"colId": "partner", "sort": "asc"}]).json()["rows"]
    parts = [
        admin.rows(
            start_row=at, end_row=at + 5, sort_model=[{"colId": "partner", "sort": "asc"}]
        ).json()["rows"]
        for at in range(0, 15, 5)
    ]

    assert [row for part in parts for row in part] == whole


def test_search_finds_by_invoice_number_client_number_and_name_without_accents(admin):
    def found(text):
        return {row["invoice_number"] for row in admin.rows(search=text).json()["rows"]}

    assert found("inv-104") == {"INV-104"}
    assert found("C-0012") == {"INV-103", "INV-104"}
    assert found("muller sohne") == {"INV-103", "INV-104"}
    assert found("acme hold") == {"INV-100", "INV-101", "INV-112"}
    assert found("no such thing") == set()


def test_values_are_offered_only_from_ones_own_rows(ada, admin):
    def offered(browser, name, column, **more):
        body = {"list": name, "column": column} | more
        return browser.ask("/api/values", body).json()["values"]

    assert offered(admin, "invoices", "manager") == ["Ada Quill", "Cleo Marsh", "Dev Rao"]
    assert offered(ada, "invoices", "partner") == ["Ada Quill", "Cleo Marsh"]
    assert offered(ada, "clients", "office") == ["Boston"]
    assert offered(admin, "clients", "client_group", search="ACME") == ["Acme group"]
    assert offered(admin, "invoices", "status") == ["Overdue", "Open", "Paid"]
    for column in ("client_name", "nope", "outstanding_cents"):
        asked = {"list": "invoices", "column": column}
        assert admin.ask("/api/values", asked).status_code == 422


def test_a_request_of_the_grids_own_does_not_keep_a_session_awake(admin):
    headers = {"x-grid-token": admin.token(), "x-grid-refresh": "1"}
    body = {"list": "invoices", "start_row": 0, "end_row": 10}

    admin.http.post("/api/rows", json=body, headers=headers)
    admin.rows()

    assert admin.portal.activity[-2:] == [False, True]


def test_a_module_the_firm_has_switched_off_takes_its_lists_and_columns_along(portal, monkeypatch):
    off = {"payments": False, "engagements": False}
    monkeypatch.setattr(portal, "settings", replace(portal.settings, modules=off))
    browser = Browser(portal)

    assert browser.rows("payments").status_code == 403
    assert "engagement" not in browser.rows("invoices").json()["rows"][0]
    assert "engagements" not in browser.rows("clients").json()["rows"][0]
    sort = [{"colId": "engagements", "sort": "asc"}]
    assert browser.rows("clients", sort_model=sort).status_code == 422


def test_a_module_that_none_of_somebodys_groups_has_is_closed_to_them_alone(portal):
    browser, other = Browser(portal), Browser(portal)
    known = portal.people[browser.sid]
    portal.people[browser.sid] = replace(known, modules=frozenset({"invoices"}))

    assert browser.rows("payments").status_code == 403
    assert browser.rows("clients").status_code == 403
    assert "engagement" not in browser.rows("invoices").json()["rows"][0]
    assert other.rows("payments").status_code == 200


@pytest.mark.catalogue(79)
@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "attach '/tmp/other.duckdb' as other",
        "copy (select 1) to '/tmp/out.csv'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
    ],
)
def test_the_warehouse_reaches_no_other_file_even_if_a_statement_got_in(portal, admin, statement):
    with pytest.raises(duckdb.Error):
        portal.warehouse.connection().execute(statement)
    for field in ({"search": statement}, {"params": {"office": statement}}):
        assert admin.rows("clients", **field).json()["last_row"] == 0


@pytest.mark.catalogue(73)
def test_names_travel_as_they_are_in_json_that_no_browser_takes_for_a_page(portal, admin):
    name = "<img src=x onerror=alert(1)></script>`${1}`"
    portal.warehouse.connection().execute(
        "insert into client_list by name select * replace ($name as client_name, 77 as client_id) "
        "from client_list where client_id = 17",
        {"name": name},
    )
    try:
        answer = admin.rows(
            "clients",
            filter_model={"client_id": {"filterType": "text", "type": "equals", "filter": "77"}},
        )
    finally:
        portal.warehouse.connection().execute("delete from client_list where client_id = 77")

    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["rows"][0]["client_name"] == name


def test_before_the_first_load_a_list_says_that_it_is_coming(portal):
    browser = Browser(portal)
    portal.refreshing.publish(0)
    try:
        answers = [browser.rows(), browser.http.get("/api/search?q=acme")]
        health = browser.http.get("/health").json()
    finally:
        portal.refreshing.publish(1)

    assert [answer.status_code for answer in answers] == [503, 503]
    assert "being loaded" in answers[0].json()["error"]
    assert (health["status"], health["version"]) == ("starting", 0)


def test_a_fault_of_ours_is_one_calm_sentence_with_a_reference(portal, monkeypatch):
    def broken(*given):
        raise RuntimeError("secret detail /etc/passwd")

    monkeypatch.setattr("portal.web.rows.list_page", broken)
    answer = Browser(portal).rows()

    assert answer.status_code == 500
    assert "Reference" in answer.json()["error"]
    assert "secret" not in answer.text
