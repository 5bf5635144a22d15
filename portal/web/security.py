"""What every answer of the server carries, and which requests get none.

Pure ASGI: streams and WebSockets pass through untouched once they are let in.
"""

import base64
import hashlib
import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.services.tickets import SESSION_COOKIE
from portal.web.caching import NEVER, cache_control_of

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
CLOSED = (
    "/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check", "/_stcore/upload_file",
)  # fmt: skip
"""Streamlit's own doors nobody needs: figures about the process, a page-driving API, uploads."""

MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""Of a mail that is looked at: no script, no form, no picture, and no link that works."""

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FOUND = 200
_POLICY_VIOLATION = 1008
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True)
class SecurityPolicy:
    """Where the portal lives, as browsers see it."""

    public_url: str

    @property
    def is_https(self) -> bool:
        """Whether browsers reach the portal encrypted."""
        return urlsplit(self.public_url).scheme == "https"

    def allows_host(self, host: str) -> bool:
        """Whether a Host header names this portal: its public name, or this very machine."""
        name = _host_name(host)
        return name is not None and name in LOOPBACK | {urlsplit(self.public_url).hostname}

    def allows_origin(self, origin: str | None, host: str) -> bool:
        """Whether a page of this origin may change things here."""
        if not origin:
            return False
        said = urlsplit(origin)
        if origin == _origin_of(self.public_url):
            return True
        is_own_machine = _host_name(host) in LOOPBACK
        return is_own_machine and said.scheme in ("http", "https") and said.netloc == host


class Security:
    """The outermost layer of the server."""

    def __init__(self, app: ASGIApp, *, policy: SecurityPolicy) -> None:
        self._app = app
        self._policy = policy
        self._headers = _headers(policy)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or refuse it; dress the answer."""
        if scope["type"] == "http":
            refusal = self._refusal_of_request(scope)
            inner = refusal or self._app
            await inner(scope, receive, self._dressed(scope, send))
        elif scope["type"] == "websocket" and not self._lets_socket_in(scope):
            await receive()
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            await self._app(scope, receive, send)

    def _refusal_of_request(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._policy.allows_host(host):
            return PlainTextResponse("This portal does not answer to that name.", 400)
        if scope["path"].startswith(CLOSED):
            return PlainTextResponse("Not found.", 404)
        is_foreign = headers.get("sec-fetch-site") in ("cross-site", "same-site")
        origin = headers.get("origin")
        if origin is not None:
            is_foreign = not self._policy.allows_origin(origin, host)
        if scope["method"] not in _SAFE_METHODS and is_foreign:
            return PlainTextResponse("Another site may not do this.", 403)
        return None

    def _lets_socket_in(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        return self._policy.allows_host(host) and self._policy.allows_origin(
            headers.get("origin"), host
        )

    def _dressed(self, scope: Scope, send: Send) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                path, headers = scope["path"], MutableHeaders(scope=message)
                self._dress(path, headers)
                _keep(path, headers, is_found=message["status"] == _FOUND)
            await send(message)

        return dressed

    def _dress(self, path: str, headers: MutableHeaders) -> None:
        for name, value in self._headers.items():
            headers[name] = value
        headers["content-security-policy"] = _policy_of(path, self._policy)
        if path == "/auth/logout":
            headers.append("set-cookie", f"{SESSION_COOKIE}=; Path=/; Max-Age=0; HttpOnly")
        if self._policy.is_https:
            _secure_cookies(headers)


def _keep(path: str, headers: MutableHeaders, *, is_found: bool) -> None:
    """Say how long an answer lasts, where whoever answered has not said so."""
    kept = cache_control_of(path)
    is_silent = headers.get("cache-control") in (None, "public")
    if kept and is_silent and (is_found or kept == NEVER):
        headers["cache-control"] = kept


def _policy_of(path: str, policy: SecurityPolicy) -> str:
    if path.startswith("/component/"):
        return component_policy()
    if path.startswith("/mail/") and path.endswith(".html"):
        return MAIL_POLICY
    return page_policy(policy)


def page_policy(policy: SecurityPolicy) -> str:
    """The Content-Security-Policy of pages: scripts come from this server and nowhere else.

    `blob:` is how Streamlit loads the portal's own small scripts; without it, and without the
    hash of the one script in Streamlit's start page, nobody could sign in.
    """
    sockets = f"{'wss' if policy.is_https else 'ws'}://{urlsplit(policy.public_url).netloc}"
    scripts = " ".join(["'self'", "blob:", *inline_script_hashes()])
    return _policy(scripts, f"'self' {sockets}")


def component_policy() -> str:
    """The policy of the frame the lists live in: the grid makes functions from our static text."""
    return _policy("'self' 'unsafe-eval'", "'self'")


def inline_script_hashes() -> list[str]:
    """What allows exactly the scripts that Streamlit's start page contains, as installed."""
    return list(_START_PAGE_HASHES)


def _policy(scripts: str, connections: str) -> str:
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src {connections}",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


def _headers(policy: SecurityPolicy) -> dict[str, str]:
    headers = {
        "x-frame-options": "SAMEORIGIN",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    if policy.is_https:
        headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
    return headers


def _secure_cookies(headers: MutableHeaders) -> None:
    cookies = headers.getlist("set-cookie")
    if not cookies:
        return
    del headers["set-cookie"]
    for cookie in cookies:
        is_secure = "; secure" in cookie.lower()
        headers.append("set-cookie", cookie if is_secure else f"{cookie}; Secure")


def _host_name(host: str) -> str | None:
    if not host or any(sign in host for sign in "@/?#\\ "):
        return None
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # a port that is no number is no host
    except ValueError:
        return None
    return parts.hostname


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _hashes() -> tuple[str, ...]:
    installed = importlib.util.find_spec("streamlit")
    if installed is None or installed.origin is None:
        return ()
    start_page = Path(installed.origin).parent / "static" / "index.html"
    scripts = _INLINE_SCRIPT.findall(start_page.read_text(encoding="utf-8"))
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


_START_PAGE_HASHES = _hashes()
