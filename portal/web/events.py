"""GET /api/events: open pages hear at once that there is newer data.

One thread waits for the next version, however many pages listen.
"""

import asyncio
import contextlib
import signal
import threading
from collections.abc import AsyncIterator, Callable
from types import FrameType

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from portal.domain.errors import SignInRefused
from portal.web.answers import in_thread, refusals
from portal.web.gate import Portal, person_of

HEARTBEAT_SECONDS = 15.0
"""Also how soon a signed-out browser's stream ends."""
WAIT_SECONDS = 1.0
"""How long one look for a newer version waits; short, so that a server can stop."""


class VersionFeed:
    """Tells any number of listeners about versions; looks only while somebody listens."""

    def __init__(self, portal_of: Callable[[], Portal]) -> None:
        self._portal_of = portal_of
        self._version = 0
        self._news = asyncio.Event()
        self._listeners = 0
        self._task: asyncio.Task | None = None
        self.is_leaving = False
        """The server has been told to stop: streams end, so that it need not wait for them."""

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator["VersionFeed"]:
        """Look for versions as long as this lasts."""
        self._listeners += 1
        if self._task is None or self._task.done():
            self._version = self._portal_of().refreshing.version
            self._leave_with_the_server()
            self._task = asyncio.create_task(self._look())
        try:
            yield self
        finally:
            self._listeners -= 1

    @property
    def version(self) -> int:
        """The newest version known."""
        return self._version

    async def newer(self, than: int, timeout: float) -> int | None:
        """The next version that is not `than`; None when the time is over or the server stops."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while self._version == than and not self.is_leaving:
                    await self._news.wait()
        return None if self._version == than else self._version

    def _leave_with_the_server(self) -> None:
        """Hear the signals that stop the server before the server does, and pass them on."""
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            handler = signal.getsignal(number)
            if callable(handler) and getattr(handler, "feed", None) is not self:
                signal.signal(number, self._chained(loop, handler))

    def _chained(self, loop: asyncio.AbstractEventLoop, handler: Callable) -> Callable:
        def leave(number: int, frame: FrameType | None) -> None:
            self.is_leaving = True
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._tell)
            handler(number, frame)

        leave.feed = self  # type: ignore[attr-defined]
        return leave

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def _look(self) -> None:
        while self._listeners and not self.is_leaving:
            refreshing = self._portal_of().refreshing
            found = await in_thread(refreshing.wait_for_version, self._version, WAIT_SECONDS)
            if found != self._version:
                self._version = found
                self._tell()


def routes(portal_of: Callable[[], Portal]) -> list[Route]:
    """The route, telling of the versions of the portal that `portal_of` gives."""
    feed = VersionFeed(portal_of)

    @refusals
    async def events(request: Request) -> Response:
        await in_thread(_signed_in, portal_of, request)
        return StreamingResponse(
            _told(feed, portal_of, request),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    return [Route("/api/events", events, methods=["GET"])]


async def _told(
    feed: VersionFeed, portal_of: Callable[[], Portal], request: Request
) -> AsyncIterator[bytes]:
    async with feed.listening():
        clock = asyncio.get_running_loop().time
        version, checked_at = feed.version, clock()
        yield b"retry: 2000\n\n" + _message(version)
        while not feed.is_leaving:
            # by time, not by quiet: a busy day's news must not keep a signed-out browser listening
            left = checked_at + HEARTBEAT_SECONDS - clock()
            found = await feed.newer(version, left) if left > 0 else None
            if found is not None:
                version = found
                yield _message(version)
                continue
            if feed.is_leaving:
                return
            if not await _is_still_in(portal_of, request):
                yield b"event: ended\ndata: {}\n\n"
                return
            checked_at = clock()
            yield b": still here\n\n"


async def _is_still_in(portal_of: Callable[[], Portal], request: Request) -> bool:
    try:
        await in_thread(_signed_in, portal_of, request)
    except SignInRefused:
        return False
    return True


def _signed_in(portal_of: Callable[[], Portal], request: Request) -> None:
    person_of(portal_of(), request, is_activity=False)


def _message(version: int) -> bytes:
    return b"event: version\ndata: " + orjson.dumps({"version": version}) + b"\n\n"
