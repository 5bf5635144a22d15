"""The real server over loopback: started, signed in to as the sample firm's admin, and stopped."""

import contextlib
import gzip
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bench.firm import Firm
from portal.services.sign_in_as_sample import SignInAsSample, sign_in_as_sample
from portal.services.tickets import SESSION_COOKIE, hash_of
from portal.settings import PROJECT
from portal.store import open_store
from portal.web.tokens import TokenSigner

STARTS_WITHIN_SECONDS = 120
USER = "admin"


@dataclass
class Client:
    """One signed-in browser as far as HTTP goes: a connection kept alive, cookie and tokens."""

    address: str
    cookie: str
    signer: TokenSigner
    _connection: http.client.HTTPConnection | None = None
    _tokens: dict[str, str] = field(default_factory=dict)

    def rows(self, body: dict[str, object]) -> dict[str, object]:
        """POST /api/rows. The answer comes packed, as a browser asks for it."""
        return self.post("/api/rows", body)

    def post(self, path: str, body: dict[str, object]) -> dict[str, object]:
        """Ask a route about the list that the body names."""
        headers = {**self._headers(), "x-grid-token": self._token(str(body["list"]))}
        status, data = self._send("POST", path, json.dumps(body), headers)
        return _checked(path, status, data)

    def get(self, path: str) -> dict[str, object]:
        """GET something that answers in JSON."""
        return _checked(path, *self._send("GET", path, None, self._headers()))

    def download(self, path: str) -> Iterator[bytes]:
        """GET something large, block by block as it arrives."""
        connection = self._new()
        connection.request("GET", path, headers={"cookie": self.cookie})
        answer = connection.getresponse()
        while block := answer.read1(2**20):
            yield block
        connection.close()

    def versions(self) -> Iterator[int]:
        """Listen to /api/events: each new data version, as an open list hears of it."""
        connection = self._new()
        connection.request("GET", "/api/events", headers={"cookie": self.cookie})
        for line in connection.getresponse():
            if line.startswith(b"data:"):
                yield json.loads(line[5:])["version"]

    def close(self) -> None:
        """Leave the connection."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def _send(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        try:
            answer = self._ask(method, path, body, headers)
        except (ConnectionError, http.client.RemoteDisconnected):
            # the server leaves connections that were idle for some seconds
            self.close()
            answer = self._ask(method, path, body, headers)
        data = answer.read()
        packed = answer.headers.get("content-encoding") == "gzip"
        return answer.status, gzip.decompress(data) if packed else data

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        if self._connection is None:
            self._connection = self._new()
        self._connection.request(method, path, body, headers)
        return self._connection.getresponse()

    def _new(self) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=600)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _headers(self) -> dict[str, str]:
        return {
            "cookie": self.cookie,
            "origin": self.address,
            "content-type": "application/json",
            "accept-encoding": "gzip",
        }

    def _token(self, list_name: str) -> str:
        if list_name not in self._tokens:
            sid = hash_of(self.cookie.partition("=")[2])
            self._tokens[list_name] = self.signer.mint(sid=sid, list_name=list_name)
        return self._tokens[list_name]


@dataclass(frozen=True)
class Server:
    """A running server of one firm."""

    firm: Firm
    address: str
    process: int

    def enter(self) -> Client:
        """Sign in the way the sign-in page does: an entry ticket, exchanged for a cookie."""
        settings = self.firm.settings()
        with contextlib.closing(
            open_store(settings.store_url, secret_key=settings.secret_key)
        ) as store:
            ticket = sign_in_as_sample(
                SignInAsSample(user_name=USER),
                store=store,
                clock=lambda: datetime.now(UTC),
                is_sample_firm=True,
            )
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=60)
        connection.request(
            "POST", "/auth/enter", json.dumps({"ticket": ticket.ticket}), {"origin": self.address}
        )
        answer = connection.getresponse()
        answer.read()
        cookie = answer.headers.get("set-cookie", "").partition(";")[0]
        connection.close()
        if answer.status != 200 or not cookie.startswith(SESSION_COOKIE):
            raise RuntimeError(f"the server refused the sign-in: {answer.status}")
        return Client(self.address, cookie, TokenSigner(settings.secret_key))


@contextlib.contextmanager
def serving(firm: Firm) -> Iterator[Server]:
    """Serve a firm on a free port until the block ends."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    config = firm.home / "firm.toml"
    lines = config.read_text(encoding="utf-8").splitlines()
    told = [
        f'public_url = "{address}"' if line.startswith("public_url") else line for line in lines
    ]
    config.write_text("\n".join(told) + "\n", encoding="utf-8")
    with streamlit_server("app.py", port, firm) as process:
        yield Server(firm, address, process)


@contextlib.contextmanager
def streamlit_server(script: str, port: int, firm: Firm) -> Iterator[int]:
    """Run a Streamlit script as a server. Yields: its process."""
    log = firm.home / f"server_{port}.log"
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=PROJECT, env=firm.environ, stdout=out, stderr=out)
    try:
        _wait_for(port, server, log)
        yield server.pid
    finally:
        server.terminate()
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def _wait_for(port: int, server: subprocess.Popen, log: object) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until and server.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError):
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == 200:
                return
        connection.close()
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start: {log.read_text()[-2000:]}")


def _checked(path: str, status: int, data: bytes) -> dict[str, object]:
    if status != 200:
        raise RuntimeError(f"{path} answered {status}: {data[:300]!r}")
    return json.loads(data)
