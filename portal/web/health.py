"""GET /health: is the portal up, and how old is what it shows?"""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.web.answers import in_thread, json_answer, refusals
from portal.web.gate import Portal


def routes(portal_of: Callable[[], Portal]) -> list[Route]:
    """The route; it needs no sign-in and tells nothing about the firm."""

    @refusals
    async def health(request: Request) -> Response:
        return json_answer(await in_thread(_health, portal_of()))

    return [Route("/health", health, methods=["GET"])]


def _health(portal: Portal) -> dict[str, object]:
    freshness = portal.refreshing.freshness()
    return {
        "status": "ok" if freshness.version else "starting",
        "data_as_of": freshness.data_as_of,
        "version": freshness.version,
    }
