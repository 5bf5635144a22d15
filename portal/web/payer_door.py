"""The door of the client portal: the page a link leads to, and the exchange for a session.

What a link carries stands behind its `#`: browsers send that to no server, so it is in no log
and no Referer. The page takes it out of the address at once and exchanges it by POST: a mail
scanner that opens the link uses nothing up.
"""

from collections.abc import Callable
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from portal.client_portal import ClientPortal
from portal.domain.errors import Denied, NotFound, SignInRefused
from portal.services.enter_client_portal import EnterClientPortal, enter_client_portal
from portal.services.find_quick_link import find_quick_link
from portal.services.open_client_portal import OpenClientPortal, open_client_portal
from portal.services.payer_doors import TOO_MANY
from portal.services.start_payer_session import PayerSessionStarted
from portal.web.answers import in_thread, json_answer, read_body, refusals
from portal.web.gate import SIGN_IN_AGAIN
from portal.web.payer_gate import PayerPortal, WrongLinks
from portal.web.payer_session import payer_cookie_of, set_payer_cookie, set_quick_cookie
from portal.web.security import SecurityPolicy
from portal.web.session import session_id_of

LONGEST_BODY = 2_000
_PAGE = (Path(__file__).parent / "payer_assets" / "open.html").read_text(encoding="utf-8")


def routes(portal_of: Callable[[], PayerPortal]) -> list[Route]:
    """The page and the two exchanges."""
    wrong_links = WrongLinks()

    @refusals
    async def page(request: Request) -> Response:
        return _page(portal_of().client_portal)

    @refusals
    async def enter(request: Request) -> Response:
        portal = portal_of().client_portal
        _check_origin(portal, request)
        said = await read_body(request, {"token": str}, ("token",), LONGEST_BODY)
        address = address_of(request)
        if wrong_links.has_had_enough(address):
            return json_answer({"error": TOO_MANY}, 429)
        try:
            started = await in_thread(_enter, portal, request, str(said["token"]), address)
        except SignInRefused:
            wrong_links.add(address)
            raise
        response = JSONResponse({"go": started.goes_to})
        policy = SecurityPolicy(portal.settings.public_url)
        set_payer_cookie(response, started, is_https=policy.is_https)
        return response

    @refusals
    async def as_staff(request: Request) -> Response:
        portal = portal_of().client_portal
        _check_origin(portal, request)
        known = {"client_id": str, "invoice_id": str}
        said = await read_body(request, known, ("client_id",), LONGEST_BODY)
        return json_answer({"token": await in_thread(_hand_over, portal, request, said)})

    @refusals
    async def quick(request: Request) -> Response:
        portal = portal_of().client_portal
        _check_origin(portal, request)
        said = await read_body(request, {"token": str}, ("token",), LONGEST_BODY)
        address, token = address_of(request), str(said["token"])
        if wrong_links.has_had_enough(address):
            return json_answer({"error": TOO_MANY}, 429)
        try:
            await in_thread(_find_quick, portal, token)
        except NotFound:
            wrong_links.add(address)
            raise
        response = JSONResponse({"go": "pay"})
        policy = SecurityPolicy(portal.settings.public_url)
        set_quick_cookie(response, token, is_https=policy.is_https)
        return response

    return [
        Route("/client-portal/open", page, methods=["GET"]),
        Route("/pay/open", page, methods=["GET"]),
        Route("/payer/quick", quick, methods=["POST"]),
        Route("/client-portal/staff", page, methods=["GET"]),
        Route("/payer/enter", enter, methods=["POST"]),
        Route("/payer/staff", as_staff, methods=["POST"]),
    ]


def address_of(request: Request) -> str:
    """The network address a request came from."""
    return request.client.host if request.client else ""


def _page(portal: ClientPortal) -> Response:
    settings = portal.settings
    filled = _PAGE.replace("@COLOUR@", settings.payers.colour)
    return HTMLResponse(filled.replace("@FIRM@", escape(settings.firm_name)))


def _check_origin(portal: ClientPortal, request: Request) -> None:
    policy = SecurityPolicy(portal.settings.public_url)
    host = request.headers.get("host", "")
    if not policy.allows_origin(request.headers.get("origin"), host):
        raise Denied("Another site may not do this.")


def _enter(portal: ClientPortal, request: Request, token: str, address: str) -> PayerSessionStarted:
    command = EnterClientPortal(
        token=token, earlier_cookie=payer_cookie_of(request), address=address
    )
    return enter_client_portal(
        command,
        store=portal.store,
        clock=portal.now,
        tokens=portal.links,
        directory=portal.directory,
    )


def _find_quick(portal: ClientPortal, token: str) -> None:
    find_quick_link(token, store=portal.store, clock=portal.now, tokens=portal.links)


def _hand_over(portal: ClientPortal, request: Request, said: dict[str, object]) -> str:
    session_id = session_id_of(request)
    principal = portal.staff(session_id) if session_id else None
    if session_id is None or principal is None:
        raise SignInRefused(SIGN_IN_AGAIN)
    invoice_id = said.get("invoice_id")
    return open_client_portal(
        OpenClientPortal(
            actor=principal,
            staff_session_id=session_id,
            client_id=str(said["client_id"]),
            invoice_ids=(str(invoice_id),) if invoice_id else (),
        ),
        store=portal.store,
        clock=portal.now,
        tokens=portal.links,
        directory=portal.directory,
    )
