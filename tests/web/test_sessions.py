"""The route that exchanges a ticket for the session cookie, and reading that cookie back."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from portal import bootstrap
from portal.domain.permissions import Principal
from portal.services.principal_of_session import PrincipalOfSession, principal_of_session
from portal.store import Store
from portal.web import sign_in as web_sign_in
from portal.web.session import session_id_of
from tests.access_fixture import (
    GROUPS,
    LIMITS,
    HandClock,
    StaffList,
    a_session,
    a_user,
    sign_in,
)
from tests.services.store_fixture import store

__all__ = ["store"]
HERE = "http://127.0.0.1:8501"


@dataclass
class SmallPortal:
    """What the sign-in routes need of the portal."""

    store: Store
    now: HandClock = field(default_factory=HandClock)
    settings: object = field(default_factory=lambda: SimpleNamespace(public_url=HERE))
    limits: object = LIMITS

    def principal(self, session_id: str, *, is_activity: bool = True) -> Principal | None:
        return principal_of_session(
            PrincipalOfSession(session_id=session_id, is_activity=is_activity),
            store=self.store,
            clock=self.now,
            groups=GROUPS,
            limits=LIMITS,
            staff=StaffList(),
        )


@pytest.fixture
def portal(store: Store) -> Iterator[SmallPortal]:
    a_user(store)
    portal = SmallPortal(store)
    bootstrap.use(portal)
    yield portal
    bootstrap.use(None)


@pytest.fixture
def client(portal: SmallPortal) -> TestClient:
    def who(request: Request) -> Response:
        session_id = session_id_of(request)
        principal = portal.principal(session_id) if session_id else None
        return PlainTextResponse(principal.user_key if principal else "nobody")

    app = Starlette(routes=[*web_sign_in.routes(), Route("/who", who)])
    return TestClient(app, base_url=HERE, headers={"origin": HERE})


def test_a_ticket_becomes_a_cookie_no_script_can_read(
    client: TestClient, portal: SmallPortal
) -> None:
    answer = client.post("/auth/enter", json={"ticket": sign_in(portal.store, portal.now)})

    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("portal_session=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "; path=/" in cookie
    assert client.get("/who").text == "local:pat"


def test_over_https_the_cookie_is_secure(client: TestClient, portal: SmallPortal) -> None:
    portal.settings.public_url = "https://ar.firm.example"
    answer = client.post(
        "/auth/enter",
        json={"ticket": sign_in(portal.store, portal.now)},
        headers={"origin": "https://ar.firm.example"},
    )

    assert "; secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_another_site_can_sign_nobody_in(
    client: TestClient, portal: SmallPortal, origin: str
) -> None:
    ticket = sign_in(portal.store, portal.now)

    answer = client.post("/auth/enter", json={"ticket": ticket}, headers={"origin": origin})

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_link_can_sign_nobody_in(client: TestClient, portal: SmallPortal) -> None:
    ticket = sign_in(portal.store, portal.now)

    assert client.get(f"/auth/enter?ticket={ticket}").status_code == 405


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"[]", 422),
        (b'{"ticket": 7}', 422),
        (b'{"ticket": ""}', 422),
        (b'{"ticket": "guess"}', 401),
        (b"\xff\xfe", 422),
        (b'{"ticket": "' + b"x" * 5_000 + b'"}', 422),
    ],
)
def test_anything_but_a_ticket_gets_no_cookie(client: TestClient, body: bytes, status: int) -> None:
    answer = client.post("/auth/enter", content=body)

    assert answer.status_code == status
    assert "set-cookie" not in answer.headers


def test_the_cookie_a_browser_had_before_is_worthless_afterwards(
    client: TestClient, portal: SmallPortal
) -> None:
    planted, _ = a_session(portal.store, portal.now)
    client.cookies.set("portal_session", planted)
    client.post("/auth/enter", json={"ticket": sign_in(portal.store, portal.now)})

    client.cookies.clear()
    client.cookies.set("portal_session", planted)

    assert client.get("/who").text == "nobody"


@pytest.mark.parametrize("cookie", ["", "guess", "x" * 5_000, "%00", "a b"])
def test_a_cookie_that_is_none_is_nobody(client: TestClient, cookie: str) -> None:
    assert client.get("/who", headers={"cookie": f"portal_session={cookie}"}).text == "nobody"


def test_the_firms_address_leads_home(client: TestClient) -> None:
    answer = client.get("/firm-portal?x=1", follow_redirects=False)

    assert answer.status_code == 307
    assert answer.headers["location"] == "/?x=1"


def test_the_portals_font_is_served_from_here(client: TestClient) -> None:
    answer = client.get("/app/static/Inter.woff2")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "font/woff2"


@pytest.mark.parametrize("path", ["../app.py", "..%2fapp.py", "%2e%2e/pyproject.toml"])
def test_static_files_are_those_of_the_static_folder_only(client: TestClient, path: str) -> None:
    assert client.get(f"/app/static/{path}").status_code == 404
