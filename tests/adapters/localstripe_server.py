"""A stand-in for Stripe on this machine: localstripe behind a proxy that has keys and faults.

localstripe knows no idempotency keys, takes refunds above the charge and refuses some parameters
that Stripe takes. The proxy adds the keys as Stripe has them, drops those parameters, keeps a log
of what was asked, and breaks answers as it is told. Both listen on 127.0.0.1 only, and nothing is
written to a file.
"""

import asyncio
import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from aiohttp import ClientSession, web
from localstripe.resources import store
from localstripe.server import app as localstripe_app

NOT_TAKEN: Mapping[str, tuple[str, ...]] = {
    "/v1/payment_intents": ("description", "off_session", "return_url"),
    "/confirm": ("off_session", "return_url"),
}
"""Parameters that Stripe takes and localstripe refuses, by the end of the address."""
SECONDS_TO_HANG = 1.0


@dataclass
class Asked:
    """One request as the proxy saw it."""

    method: str
    path: str
    key: str | None
    fields: dict[str, str]
    fault: str | None = None


@dataclass
class Proxy:
    """Idempotency keys and faults in front of localstripe."""

    upstream: str
    faults: list[str] = field(default_factory=list)
    log: list[Asked] = field(default_factory=list)
    answers: dict[str, tuple[str, int, bytes]] = field(default_factory=dict)
    in_flight: set[str] = field(default_factory=set)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer as Stripe would, or break as planned."""
        body = await request.read()
        key = request.headers.get("Idempotency-Key")
        fault = self.faults.pop(0) if self.faults and request.method == "POST" else None
        asked = Asked(request.method, request.path, key, dict(parse_qsl(body.decode())), fault)
        self.log.append(asked)
        if fault == "timeout_before":
            await asyncio.sleep(SECONDS_TO_HANG)
        if fault in ("error_before", "timeout_before"):
            return _error(500, type="api_error")
        if fault == "too_many":
            return _error(429, type="rate_limit_error", code="rate_limit")
        if fault == "key_refused":
            return _error(401, type="invalid_request_error", message="Invalid API Key")
        if fault == "in_flight":
            return _error(409, type="idempotency_error", code="idempotency_key_in_use")
        status, content = await self._answer(request, body, key)
        return await _broken(request, fault, status, content)

    async def _answer(self, request: web.Request, body: bytes, key: str | None) -> tuple:
        if request.method != "POST" or key is None:
            return await self._forward(request, body)
        digest = hashlib.sha256(request.path.encode() + body).hexdigest()
        if key in self.answers:
            seen, status, content = self.answers[key]
            if seen != digest:
                return 400, _json(error={"type": "idempotency_error", "message": "key reused"})
            return status, content
        if key in self.in_flight:
            return 409, _json(error={"code": "idempotency_key_in_use"})
        self.in_flight.add(key)
        try:
            status, content = await self._forward(request, body)
        finally:
            self.in_flight.discard(key)
        self.answers[key] = (digest, status, content)
        return status, content

    async def _forward(self, request: web.Request, body: bytes) -> tuple[int, bytes]:
        query = dict(request.query)
        customer = None
        if request.method == "GET" and request.path == "/v1/payment_intents":
            customer = query.pop("customer", None)
        if request.method == "POST":
            body = _without_refused(request.path, body)
        wanted = ("authorization", "content-type")
        headers = {k: v for k, v in request.headers.items() if k.lower() in wanted}
        url = f"{self.upstream}{request.path}?{urlencode(query)}"
        async with (
            ClientSession() as session,
            session.request(request.method, url, data=body, headers=headers) as answer,
        ):
            content = await answer.read()
        return answer.status, _of_customer(content, customer) if customer else content


class StripeStandIn:
    """Both servers, in a thread of their own, until `stop`."""

    def __init__(self) -> None:
        # localstripe would write every change to a fixed file that anyone may read.
        store.dump_to_disk = lambda: None
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._runners: list[web.AppRunner] = []
        self.localstripe_url = self.url = ""
        self.proxy = Proxy("")
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        if not self._ready.wait(20):
            raise RuntimeError("The stand-in for Stripe did not start within 20 seconds.")

    def stop(self) -> None:
        """End both."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._end())
        self._loop.close()

    async def _start(self) -> None:
        self.localstripe_url = await self._serve(localstripe_app)
        self.proxy = Proxy(self.localstripe_url)
        front = web.Application()
        front.router.add_route("*", "/{path:.*}", self.proxy.handle)
        self.url = await self._serve(front)

    async def _serve(self, app: web.Application) -> str:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self._runners.append(runner)
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    async def _end(self) -> None:
        for runner in reversed(self._runners):
            await runner.cleanup()


async def _broken(
    request: web.Request, fault: str | None, status: int, content: bytes
) -> web.StreamResponse:
    if fault == "dropped_after" and request.transport:
        request.transport.close()
    if fault == "hangs_after":
        await asyncio.sleep(SECONDS_TO_HANG)
    if fault == "error_after":
        return _error(500, type="api_error")
    if fault == "garbled":
        content = content[: len(content) // 2]
    if fault == "slow":
        return await _dripped(request, status, content)
    return web.Response(status=status, body=content, content_type="application/json")


async def _dripped(request: web.Request, status: int, content: bytes) -> web.StreamResponse:
    answer = web.StreamResponse(status=status, headers={"content-type": "application/json"})
    await answer.prepare(request)
    for start in range(0, len(content), 400):
        await answer.write(content[start : start + 400])
        await asyncio.sleep(0.02)
    await answer.write_eof()
    return answer


def _without_refused(path: str, body: bytes) -> bytes:
    refused = next((names for end, names in NOT_TAKEN.items() if path.endswith(end)), ())
    pairs = [pair for pair in parse_qsl(body.decode()) if pair[0] not in refused]
    return urlencode(pairs).encode()


def _of_customer(content: bytes, customer: str) -> bytes:
    said = json.loads(content)
    said["data"] = [each for each in said["data"] if each["customer"] == customer]
    return json.dumps(said).encode()


def _error(status: int, **fields: str) -> web.Response:
    return web.json_response({"error": {"message": "broken on purpose", **fields}}, status=status)


def _json(**fields: object) -> bytes:
    return json.dumps(fields).encode()
