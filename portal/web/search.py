"""GET /api/search: the jump box, from a few letters to a client or an invoice."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.domain.permissions import Permission
from portal.warehouse.search import jump
from portal.web.answers import in_thread, json_answer, refusals
from portal.web.gate import Portal, check_data, person_of


def routes(portal_of: Callable[[], Portal]) -> list[Route]:
    """The route, searching the portal that `portal_of` gives."""

    @refusals
    async def search(request: Request) -> Response:
        return await in_thread(_search, portal_of(), request)

    return [Route("/api/search", search, methods=["GET"])]


def _search(portal: Portal, request: Request) -> Response:
    principal = person_of(portal, request)
    check_data(portal)
    gives = portal.settings.gives
    found = jump(
        portal.warehouse,
        request.query_params.get("q", ""),
        principal.scope,
        portal.today(),
        clients=principal.may(Permission.VIEW_CLIENTS) and gives(principal, "clients"),
        invoices=principal.may(Permission.VIEW_INVOICES) and gives(principal, "invoices"),
    )
    return json_answer(found)
