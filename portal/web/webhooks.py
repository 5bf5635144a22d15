"""POST /api/gateway/events: what the payment gateway tells by itself.

It has no session: its signature is its proof. Everything it says but which thing to read is
ignored; anything forged or stale gets 400 and no effect.
"""

from collections.abc import Callable

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.bootstrap import Portal
from portal.domain.errors import Invalid
from portal.services.gateway import WebhookRefused
from portal.services.record_gateway_event import RecordGatewayEvent
from portal.web.answers import in_thread, json_answer, refusals

LONGEST_BODY = 256 * 1024


def routes(portal_of: Callable[[], Portal]) -> list[Route]:
    """The route."""

    @refusals
    async def take(request: Request) -> Response:
        body = await _body(request)
        command = RecordGatewayEvent(headers=dict(request.headers), body=body)
        try:
            await in_thread(portal_of().money.record_event, command)
        except WebhookRefused as refused:
            return json_answer({"error": str(refused)}, 400)
        return json_answer({"received": True})

    return [Route("/api/gateway/events", take, methods=["POST"])]


async def _body(request: Request) -> bytes:
    body = b""
    with anyio.fail_after(30):
        async for chunk in request.stream():
            body += chunk
            if len(body) > LONGEST_BODY:
                raise Invalid("That request is too large.")
    return body
