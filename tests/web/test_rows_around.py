"""What stands around a list: its kept state, the jump box, the stream of news, /health."""

import asyncio
import json

import pytest

from portal.domain.permissions import Permission
from portal.web.events import VersionFeed, _told
from tests.web.list_portal import EVERYTHING, OWN_CLIENTS, Browser, make_portal


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    made = make_portal(tmp_path_factory.mktemp("home"))
    yield made
    made.close()


@pytest.fixture
def admin(portal):
    return Browser(portal)


def search(browser, text):
    return browser.http.get("/api/search", params={"q": text}).json()


def test_the_jump_box_finds_clients_by_name_or_number_and_invoices_by_number(admin):
    assert [c["client_number"] for c in search(admin, "acme")["clients"]] == ["C-0010", "C-0011"]
    assert [c["client_name"] for c in search(admin, "c-0016")["clients"]] == ["Zürich Trading 🚚"]
    assert [c["client_id"] for c in search(admin, "muller")["clients"]] == ["12"]
    found = search(admin, "inv-10")["invoices"]
    assert [each["invoice_number"] for each in found][:2] == ["INV-102", "INV-104"]
    assert search(admin, "109")["invoices"][0]["invoice_id"] == "109"


def test_the_jump_box_needs_two_characters_and_gives_eight_at_the_most(admin):
    assert search(admin, "i") == {"clients": [], "invoices": []}
    assert search(admin, "") == {"clients": [], "invoices": []}
    assert len(search(admin, "INV")["invoices"]) == 8
    for strange in ("%%", "\x00\x00", "'; --", "x" * 5_000):
        assert search(admin, strange) == {"clients": [], "invoices": []}


@pytest.mark.catalogue(58)
def test_the_jump_box_finds_only_what_a_person_may_see(portal):
    ada = Browser(portal, OWN_CLIENTS, staff_id="1")
    assert search(ada, "müller")["clients"] == []
    assert search(ada, "INV-104")["invoices"] == []
    assert search(ada, "INV-100")["invoices"][0]["client_name"] == "Acme Holdings"

    blind = Browser(portal, EVERYTHING - {Permission.VIEW_CLIENTS, Permission.VIEW_INVOICES})
    assert search(blind, "acme") == {"clients": [], "invoices": []}


@pytest.mark.parametrize("path", ["/api/search?q=acme", "/api/events", "/api/export/x"])
def test_without_a_session_nothing_is_told(portal, path):
    browser = Browser(portal)
    browser.sign_out()

    assert browser.http.get(path).status_code == 401


def test_a_list_comes_back_as_it_was_left_for_that_person_only(portal, admin):
    state = {"grid": {"columnOrder": {"orderedColIds": ["status"]}}, "toggle": "paid"}
    body = {"list": "invoices", "place": "invoices", "state": state}

    assert admin.ask("/api/list-state", body, method="PUT").status_code == 204

    with portal.store.reading() as view:
        mine = view.lists.state(portal.people[admin.sid].user_key, "invoices")
        theirs = view.lists.state("local:somebody", "invoices")
    assert (mine, theirs) == ({"places": {"invoices": state}}, None)


def test_a_state_that_is_too_large_or_for_another_list_is_refused(admin):
    large = {"list": "invoices", "place": "invoices", "state": {"x": "y" * 70_000}}
    other = {"list": "clients", "place": "clients", "state": {}}

    assert admin.ask("/api/list-state", large, method="PUT").status_code == 422
    assert (
        admin.ask("/api/list-state", other, method="PUT", token=admin.token("invoices")).status_code
        == 403
    )


def views(browser, name="invoices"):
    headers = {"x-grid-token": browser.token(name)}
    return browser.http.get(f"/api/views?list={name}", headers=headers).json()["views"]


def test_views_are_kept_shared_and_dropped(portal, admin):
    colleague = Browser(portal, EVERYTHING - {Permission.MANAGE_PERMISSIONS})
    body = {"list": "invoices", "name": "Old and large", "state": {"toggle": "outstanding"}}

    own = admin.ask("/api/views", body).json()["view"]
    shared = admin.ask("/api/views", body | {"name": "For all", "shared": True}).json()["view"]

    assert [view["name"] for view in views(admin)] == ["For all", "Old and large"]
    assert [(v["name"], v["is_own"]) for v in views(colleague)] == [("For all", False)]
    assert views(admin, "clients") == []
    drop = {"list": "invoices", "view_id": shared["view_id"]}
    assert colleague.ask("/api/views", drop, method="DELETE").status_code == 403
    hidden = {"list": "invoices", "view_id": own["view_id"]}
    assert colleague.ask("/api/views", hidden, method="DELETE").status_code == 404
    assert admin.ask("/api/views", drop, method="DELETE").status_code == 204
    assert [view["name"] for view in views(admin)] == ["Old and large"]


def test_sharing_a_view_takes_the_permission_to_share(portal):
    browser = Browser(portal, EVERYTHING - {Permission.SHARE_VIEWS})
    body = {"list": "invoices", "name": "Mine", "state": {}, "shared": True}

    assert browser.ask("/api/views", body).status_code == 403


def test_health_tells_version_and_age_of_the_data_to_anybody(portal):
    browser = Browser(portal)
    browser.sign_out()

    said = browser.http.get("/health").json()

    assert said == {"status": "ok", "data_as_of": "2026-06-30T16:00:00+00:00", "version": 1}


class _Request:
    def __init__(self, browser):
        self.cookies = {"portal_session": browser.cookie}


def test_open_pages_hear_of_a_new_version_at_once_and_one_thread_serves_them_all(portal):
    browser = Browser(portal)
    waiting = []
    wait = portal.refreshing.wait_for_version

    def counted(after, timeout):
        waiting.append(1)
        try:
            return wait(after, timeout)
        finally:
            waiting.pop()

    async def listen():
        feed = VersionFeed(lambda: portal)
        streams = [_told(feed, lambda: portal, _Request(browser)) for _ in range(100)]
        first = [await anext(stream) for stream in streams]
        later = [asyncio.ensure_future(anext(stream)) for stream in streams]
        await asyncio.sleep(0.2)
        at_once = len(waiting)
        started = asyncio.get_running_loop().time()
        portal.refreshing.publish(2)
        news = await asyncio.wait_for(asyncio.gather(*later), 5)
        took = asyncio.get_running_loop().time() - started
        for stream in streams:
            await stream.aclose()
        return first, news, at_once, took

    portal.refreshing.wait_for_version = counted
    try:
        first, news, at_once, took = asyncio.run(listen())
    finally:
        portal.refreshing.wait_for_version = wait
        portal.refreshing.publish(1)

    assert all(b'data: {"version":1}' in each for each in first)
    assert [json.loads(each.split(b"data: ")[1])["version"] for each in news] == [2] * 100
    assert at_once == 1
    assert took < 1


def test_the_stream_of_a_signed_out_browser_ends(portal, monkeypatch):
    monkeypatch.setattr("portal.web.events.HEARTBEAT_SECONDS", 0.05)
    browser = Browser(portal)

    async def listen():
        stream = _told(VersionFeed(lambda: portal), lambda: portal, _Request(browser))
        said = [await anext(stream), await anext(stream)]
        browser.sign_out()
        return said + [each async for each in stream]

    said = asyncio.run(listen())

    assert said[1] == b": still here\n\n"
    assert said[-1] == b"event: ended\ndata: {}\n\n"


def test_the_stream_of_a_signed_out_browser_ends_while_news_come_all_the_time(portal, monkeypatch):
    monkeypatch.setattr("portal.web.events.HEARTBEAT_SECONDS", 0.2)
    browser = Browser(portal)

    async def tell_news():
        for version in range(100, 200):
            portal.refreshing.publish(version)
            await asyncio.sleep(0.05)

    async def listen():
        news = asyncio.ensure_future(tell_news())
        stream = _told(VersionFeed(lambda: portal), lambda: portal, _Request(browser))
        said = [await anext(stream)]
        browser.sign_out()
        async with asyncio.timeout(4):
            said += [each async for each in stream]
        news.cancel()
        return said

    try:
        said = asyncio.run(listen())
    finally:
        portal.refreshing.publish(1)

    assert said[-1] == b"event: ended\ndata: {}\n\n"
    assert any(b"event: version" in each for each in said[1:-1])
