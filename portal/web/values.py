"""POST /api/values: what a choice filter offers. POST /api/token: a fresh token for a live grid."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.domain.errors import SignInRefused
from portal.warehouse.values import column_values
from portal.web.answers import in_thread, json_answer, read_body, refusals
from portal.web.gate import SIGN_IN_AGAIN, Portal, caller_of

_FIELDS = {"list": str, "column": str, "search": str, "params": dict}


def routes(portal_of: Callable[[], Portal]) -> list[Route]:
    """The routes, reading from the portal that `portal_of` gives."""

    @refusals
    async def values(request: Request) -> Response:
        body = await read_body(request, _FIELDS, required=("list", "column"))
        return await in_thread(_values, portal_of(), request, body)

    @refusals
    async def token(request: Request) -> Response:
        body = await read_body(request, {"token": str}, required=("token",))
        return await in_thread(_renewed, portal_of(), body["token"])

    return [
        Route("/api/values", values, methods=["POST"]),
        Route("/api/token", token, methods=["POST"]),
    ]


def _values(portal: Portal, request: Request, body: dict) -> Response:
    caller = caller_of(portal, request, body["list"], body.get("params", {}))
    found = column_values(
        portal.warehouse,
        caller.definition,
        body["column"],
        body.get("search", ""),
        caller.params,
        caller.principal.scope,
        portal.today(),
    )
    return json_answer({"values": found})


def _renewed(portal: Portal, token: str) -> Response:
    fresh = portal.tokens.renew(token)
    # A renewal is the grid's own doing: it neither needs nor counts as activity.
    if portal.principal(portal.tokens.read(fresh).sid, is_activity=False) is None:
        raise SignInRefused(SIGN_IN_AGAIN)
    return json_answer({"token": fresh})
