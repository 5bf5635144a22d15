"""What every answer carries and which requests get none."""

import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from portal.web.security import Security, SecurityPolicy

PUBLIC = "https://ar.firm.example"
LOCAL = "http://127.0.0.1:8501"


async def show(request: Request) -> Response:
    answer = PlainTextResponse("shown")
    answer.set_cookie("one", "1", httponly=True)
    answer.set_cookie("two", "2", secure=True)
    return answer


async def miss(request: Request) -> Response:
    return PlainTextResponse("There is no such file.", 404)


async def stream(request: Request) -> Response:
    async def parts() -> object:
        for part in ("a", "b", "c"):
            yield part

    return StreamingResponse(parts())


async def talk(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(await socket.receive_text())
    await socket.close()


def client(public_url: str = PUBLIC, base_url: str | None = None) -> TestClient:
    app = Starlette(
        routes=[
            Route("/stream", stream),
            Route("/component/{name}/static/js/lost.{hash}.js", miss),
            WebSocketRoute("/_stcore/stream", talk),
            Route("/{path:path}", show, methods=["GET", "POST", "PUT", "DELETE"]),
        ],
        middleware=[Middleware(Security, policy=SecurityPolicy(public_url))],
    )
    return TestClient(app, base_url=base_url or public_url)


def policy_of(answer: object) -> dict[str, str]:
    parts = answer.headers["content-security-policy"].split("; ")
    return {name: rest for name, _, rest in (part.partition(" ") for part in parts)}


def test_every_answer_carries_the_protecting_headers() -> None:
    headers = client().get("/").headers

    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["strict-transport-security"].startswith("max-age=31536000")
    assert "camera=()" in headers["permissions-policy"]


@pytest.mark.catalogue(95)
def test_pages_run_scripts_of_this_server_only() -> None:
    policy = policy_of(client().get("/"))

    scripts = policy["script-src"].split()
    hashes = [source for source in scripts if source.startswith("'sha256-")]
    assert set(scripts) - set(hashes) == {"'self'", "blob:"}
    assert len(hashes) == 1  # the one script in Streamlit's start page
    assert policy["default-src"] == "'self'"
    assert policy["connect-src"] == "'self' wss://ar.firm.example"
    assert policy["frame-ancestors"] == "'self'"
    assert policy["object-src"] == "'none'"


def test_only_the_frame_of_a_list_may_make_functions_from_text() -> None:
    assert "unsafe-eval" not in client().get("/").headers["content-security-policy"]

    frame = policy_of(client().get("/component/st_aggrid.agGrid/index.html"))
    assert frame["script-src"] == "'self' 'unsafe-eval'"


def test_refusals_carry_the_headers_too() -> None:
    answer = client().get("/_stcore/metrics")

    assert answer.status_code == 404
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/metrics/",
        "/_stcore/agent/openapi.json",
        "/_stcore/agent/interact",
        "/_stcore/agent/mcp",
        "/_stcore/script-health-check",
        "/%5fstcore/metrics",
    ],
)
def test_streamlits_own_doors_nobody_needs_are_closed(path: str) -> None:
    assert client().get(path).status_code == 404


@pytest.mark.catalogue(97)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_no_file_can_be_sent_to_a_page(method: str) -> None:
    answer = client().request(method, "/_stcore/upload_file/some-session/some-file")

    assert answer.status_code == 404


def test_over_https_every_cookie_is_secure() -> None:
    cookies = client().get("/").headers.get_list("set-cookie")

    assert len(cookies) == 2
    assert all(cookie.lower().count("; secure") == 1 for cookie in cookies)


def test_without_https_nothing_pretends_to_be_secure() -> None:
    answer = client(LOCAL).get("/")

    assert "secure" not in answer.headers.get_list("set-cookie")[0].lower()
    assert "strict-transport-security" not in answer.headers


def test_leaving_takes_the_session_cookie_away() -> None:
    cookies = client().get("/auth/logout").headers.get_list("set-cookie")

    assert any(re.match(r"portal_session=; Path=/; Max-Age=0;.*Secure", one) for one in cookies)


@pytest.mark.catalogue(94)
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("ar.firm.example", 200),
        ("AR.firm.example:443", 200),
        ("127.0.0.1:8501", 200),
        ("localhost", 200),
        ("[::1]:8501", 200),
        ("evil.example", 400),
        ("ar.firm.example.evil.example", 400),
        ("ar.firm.example@evil.example", 400),
        ("evil.example/ar.firm.example", 400),
        ("ar.firm.example:x", 400),
        ("", 400),
    ],
)
def test_only_names_of_this_portal_are_answered(host: str, status: int) -> None:
    assert client().get("/", headers={"host": host}).status_code == status


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": PUBLIC}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({}, 200),  # no browser: nothing of somebody else's to misuse
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://ar.firm.example"}, 403),
        ({"origin": "https://ar.firm.example.evil.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ],
)
def test_another_site_changes_nothing(method: str, headers: dict[str, str], status: int) -> None:
    assert client().request(method, "/api/x", headers=headers).status_code == status


def test_another_site_may_link_here() -> None:
    headers = {"sec-fetch-site": "cross-site"}

    assert client().get("/clients", headers=headers).status_code == 200


def says(headers: dict[str, str], public_url: str = PUBLIC) -> str:
    host = public_url.split("//")[1]
    with client(public_url).websocket_connect(
        "/_stcore/stream", headers={"host": host, **headers}
    ) as socket:
        socket.send_text("hello")
        return socket.receive_text()


def test_our_own_page_gets_its_socket() -> None:
    assert says({"origin": PUBLIC}) == "hello"
    assert says({"origin": LOCAL}, LOCAL) == "hello"
    assert says({"origin": "http://localhost:9000", "host": "localhost:9000"}) == "hello"


@pytest.mark.catalogue(94)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:9999"},
        {"origin": "https://ar.firm.example:444"},
        {"origin": PUBLIC, "host": "evil.example"},
        {"origin": "https://evil.example", "host": "evil.example"},
    ],
)
def test_a_foreign_page_or_one_that_does_not_say_gets_no_socket(headers: dict[str, str]) -> None:
    with pytest.raises(WebSocketDisconnect):
        says(headers)


def test_streams_pass_through() -> None:
    assert client().get("/stream").text == "abc"


def test_answers_with_figures_are_not_kept_by_the_browser() -> None:
    assert client().get("/api/rows").headers["cache-control"] == "no-store"
    assert client().get("/auth/enter").headers["cache-control"] == "no-store"


def test_what_is_named_by_its_content_is_kept_for_a_year_and_what_is_not_found_is_not() -> None:
    program = "/component/st_aggrid.AgGrid.agGrid/static/js/main.f4bb7ae6.js"
    assert "immutable" in client().get(program).headers["cache-control"]
    lost = client().get("/component/st_aggrid.AgGrid.agGrid/static/js/lost.f4bb7ae6.js")
    assert lost.status_code == 404
    assert "cache-control" not in lost.headers
    page = client().get("/component/st_aggrid.AgGrid.agGrid/index.html")
    assert "immutable" not in page.headers.get("cache-control", "")
