"""What goes in and out of the list routes: strict JSON bodies, answers, refusals with a status."""

import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import TypeVar

import anyio
import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from portal.domain.card_numbers import names_card_data
from portal.domain.errors import Denied, Invalid, NotFound, PortalError, SignInRefused
from portal.web.tokens import TokenExpired, TokenInvalid

log = logging.getLogger("portal.web")

LONGEST_BODY = 64 * 1024
_STATUS: tuple[tuple[type[PortalError], int], ...] = (
    (TokenInvalid, 401),
    (TokenExpired, 401),
    (SignInRefused, 401),
    (Denied, 403),
    (NotFound, 404),
    (Invalid, 422),
)
Answer = TypeVar("Answer")
Handler = Callable[[Request], Awaitable[Response]]


def json_answer(content: object, status: int = 200) -> Response:
    """An answer as JSON; dates are ISO text, cents stay whole numbers."""
    return Response(
        orjson.dumps(content),
        status,
        {"cache-control": "no-store"},
        media_type="application/json",
    )


def refusals(handler: Handler) -> Handler:
    """Answer an expected refusal with its status and text, and anything else calmly as a 500."""

    @wraps(handler)
    async def guarded(request: Request) -> Response:
        try:
            return await handler(request)
        except PortalError as refusal:
            status = next((code for kind, code in _STATUS if isinstance(refusal, kind)), 503)
            return json_answer({"error": str(refusal)}, status)
        except Exception:
            reference = uuid.uuid4().hex[:8]
            log.exception("%s failed, reference %s", request.url.path, reference)
            text = f"That did not work; nothing was changed. Reference {reference}."
            return json_answer({"error": text}, 500)

    return guarded


async def in_thread(work: Callable[..., Answer], *given: object) -> Answer:
    """Run blocking work outside the event loop."""
    return await run_in_threadpool(work, *given)


async def read_body(
    request: Request,
    known: Mapping[str, type],
    required: tuple[str, ...] = ("list",),
    longest: int = LONGEST_BODY,
) -> dict[str, object]:
    """The body as an object with exactly the known fields, each of its type.

    Raises: Invalid.
    """
    body = b""
    with anyio.fail_after(30):
        async for chunk in request.stream():
            body += chunk
            if len(body) > longest:
                raise Invalid("That request is too large.")
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Invalid("The request is not JSON.") from None
    if not isinstance(said, dict):
        raise Invalid("The request must be an object.")
    refuse_card_data(request, said)
    if unknown := sorted(set(said) - set(known)):
        raise Invalid(f"The request has no field {unknown[0][:40]!r}.")
    for name, value in said.items():
        if not isinstance(value, known[name]) or (known[name] is int and isinstance(value, bool)):
            raise Invalid(f"The field {name} has the wrong type.")
    if missing := [name for name in required if name not in said]:
        raise Invalid(f"The field {missing[0]} is missing.")
    return said


def refuse_card_data(request: Request, said: object) -> None:
    """Drop a body with a field for a card's number or security code, and sound the alarm.

    Neither its values nor its names are logged. Raises: Invalid.
    """
    if names_card_data(said):
        log.error("card data was sent to %s; the request was dropped", request.url.path)
        raise Invalid("Card data has no place here. The request was dropped; nothing was kept.")
