"""Routes of signing in, and the few addresses that only lead on."""

import json
import mimetypes

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from portal import bootstrap
from portal.domain.errors import Invalid, SignInRefused
from portal.services.start_session import SessionStarted, StartSession, start_session
from portal.services.tickets import SESSION_COOKIE
from portal.settings import PROJECT
from portal.web.answers import refuse_card_data
from portal.web.security import SecurityPolicy
from portal.web.session import LONGEST_COOKIE, set_session_cookie

LONGEST_BODY = 2_000


def routes() -> list[BaseRoute]:
    """The routes; Streamlit's own (/auth/login, /auth/logout, /oauth2callback) stand beside."""
    mimetypes.add_type("font/woff2", ".woff2")
    return [
        Route("/auth/enter", enter, methods=["POST"]),
        Route("/firm-portal", home, methods=["GET"]),
        # Streamlit would look for static/ beside the script of the pages.
        Mount("/app/static", StaticFiles(directory=PROJECT / "static"), name="static"),
    ]


async def enter(request: Request) -> Response:
    """Exchange an entry ticket for a session cookie.

    Only by POST from our own page: a link that somebody opens can sign nobody in.
    """
    policy = SecurityPolicy(bootstrap.current().settings.public_url)
    host = request.headers.get("host", "")
    if not policy.allows_origin(request.headers.get("origin"), host):
        return JSONResponse({"error": "Another site may not do this."}, 403)
    said = _object(await _body(request))
    ticket = said.get("ticket")
    try:
        refuse_card_data(request, said)
    except Invalid as refusal:
        return JSONResponse({"error": str(refusal)}, 422)
    if not isinstance(ticket, str) or not ticket:
        return JSONResponse({"error": "There is no ticket in this request."}, 422)
    try:
        started = await run_in_threadpool(_start, request, ticket)
    except SignInRefused as refusal:
        return JSONResponse({"error": str(refusal)}, 401)
    response = JSONResponse({})
    set_session_cookie(response, started, is_https=policy.is_https)
    return response


async def home(request: Request) -> Response:
    """The firm's address is /firm-portal; its home page is /."""
    query = request.url.query
    return RedirectResponse(f"/?{query}" if query else "/", 307)


def _start(request: Request, ticket: str) -> SessionStarted:
    portal = bootstrap.current()
    earlier = request.cookies.get(SESSION_COOKIE)
    command = StartSession(
        ticket=ticket,
        earlier_cookie=earlier if earlier and len(earlier) <= LONGEST_COOKIE else None,
        address=request.client.host if request.client else "",
    )
    return start_session(command, store=portal.store, clock=portal.now, limits=portal.limits)


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            return b""
    return body


def _object(body: bytes) -> dict[str, object]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
