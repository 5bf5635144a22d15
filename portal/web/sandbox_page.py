"""/sandbox/pay/<page>: the sandbox's own payment page, on which nothing can be typed.

Getting the page never changes anything. Every form carries a mark of the page's version; one that
was made before the page moved on leads back to the page as it is now.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from functools import wraps
from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from portal.bootstrap import Portal
from portal.domain.errors import NotFound
from portal.gateways.sandbox.gateway import SandboxGateway
from portal.gateways.sandbox.named_methods import NAMED_METHODS
from portal.gateways.sandbox.page_view import PageStage, PageView
from portal.services.gateway import GatewayBusy, GatewayRefused, GatewayUnsure
from portal.web.answers import in_thread
from portal.web.sandbox_pages import ASSETS, SandboxPages

LONGEST_BODY = 2_000
_ANSWERS = {"yes": True, "no": False}


class NotOffered(GatewayRefused):
    """A form says something that the page does not ask."""


def routes(portal_of: Callable[[], Portal]) -> list[BaseRoute]:
    """The page's routes, for the sandbox of the portal that `portal_of` gives."""

    @_calmly(portal_of)
    async def show(request: Request) -> Response:
        return await in_thread(_show, portal_of(), request.path_params["page"])

    @_calmly(portal_of)
    async def act(request: Request) -> Response:
        said = await _said(request)
        return await in_thread(_act, portal_of(), request.path_params["page"], said)

    return [
        Route("/sandbox/pay/{page}", show, methods=["GET"]),
        Route("/sandbox/pay/{page}", act, methods=["POST"]),
        Mount("/sandbox/assets", StaticFiles(directory=ASSETS), name="sandbox_assets"),
    ]


def _show(portal: Portal, page: str) -> Response:
    view = _gateway(portal).view_page(page)
    return _pages(portal).page(view, token=_token(portal, view), way_back=_way_back(view))


def _act(portal: Portal, page: str, said: Mapping[str, str]) -> Response:
    gateway = _gateway(portal)
    view = gateway.view_page(page)
    here = f"/sandbox/pay/{quote(page, safe='')}"
    given = said.get("token", "")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), _token(portal, view).encode()):
        return RedirectResponse(here, 303)
    moved = _moved(gateway, view, said)
    return RedirectResponse(_way_back(moved) if moved.stage is PageStage.DONE else here, 303)


def _moved(gateway: SandboxGateway, view: PageView, said: Mapping[str, str]) -> PageView:
    fields = set(said) - {"token"}
    if fields == {"answer"} and said["answer"] in _ANSWERS:
        return gateway.answer_bank(view.ref, view.version, agrees=_ANSWERS[said["answer"]])
    if fields == {"method"} and said["method"] in NAMED_METHODS:
        return gateway.choose(view.ref, view.version, said["method"])
    raise NotOffered("Nothing can be typed here.", code="not_offered")


def _token(portal: Portal, view: PageView) -> str:
    """What proves that a form was made by us from the page as it is now."""
    text = f"sandbox page {view.ref} {view.version}"
    return hmac.new(portal.settings.secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()


def _way_back(view: PageView) -> str:
    """Where the payer goes from here: the portal's own address, and which page it was."""
    if not view.return_url:
        return ""
    joint = "&" if "?" in view.return_url else "?"
    return f"{view.return_url}{joint}page={quote(view.ref, safe='')}"


async def _said(request: Request) -> dict[str, str]:
    """The form's fields. What is not a form of ours is refused without a look at its contents."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            raise NotOffered("That is more than this page asks.", code="not_offered")
    try:
        pairs = parse_qsl(body.decode("ascii"), strict_parsing=True, max_num_fields=3)
    except ValueError:
        raise NotOffered("Nothing can be typed here.", code="not_offered") from None
    return dict(pairs)


def _gateway(portal: Portal) -> SandboxGateway:
    """The sandbox, where the firm has it."""
    if not isinstance(portal.gateway, SandboxGateway):
        raise NotFound("There is no such page.")
    return portal.gateway


def _pages(portal: Portal) -> SandboxPages:
    settings = portal.settings
    return SandboxPages(
        firm_name=settings.firm_name, colour=settings.payers.colour, zone=settings.timezone
    )


def _calmly(portal_of: Callable[[], Portal]) -> Callable:
    """Answer every refusal with a page a payer understands. What was typed is never repeated."""

    def around(handler: Callable) -> Callable:
        @wraps(handler)
        async def guarded(request: Request) -> Response:
            here = request.url.path
            try:
                return await handler(request)
            except NotOffered:
                return _pages(portal_of()).nothing_typed(here)
            except GatewayUnsure:
                return _pages(portal_of()).no_answer(here)
            except GatewayBusy:
                return _pages(portal_of()).busy(here)
            except (GatewayRefused, NotFound):
                return _pages(portal_of()).unknown()

        return guarded

    return around
