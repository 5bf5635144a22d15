"""The owner of the warehouse answers commands of other processes on a socket in PORTAL_HOME.

DuckDB gives a database to one process. `portal totals` beside a running server asks that server;
the same code answers either way (`commands.run`).
"""

import contextlib
import json
import os
import socket
import socketserver
import threading
from pathlib import Path

from portal.domain.errors import PortalError
from portal.jobs import commands

SOCKET_NAME = "portal.sock"
ASK_SECONDS = 3600


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    portal: object


class _Handler(socketserver.StreamRequestHandler):
    """One line of JSON in: command and arguments. Lines of JSON out: progress, then the answer."""

    def handle(self) -> None:
        asked = json.loads(self.rfile.readline())
        try:
            answer = commands.run(
                self.server.portal,
                asked["command"],
                asked.get("arguments", {}),
                progress=lambda step: self._say({"progress": step}),
            )
            self._say({"answer": answer})
        except PortalError as problem:
            self._say({"error": str(problem)})

    def _say(self, what: dict[str, object]) -> None:
        with contextlib.suppress(BrokenPipeError):
            self.wfile.write(json.dumps(what, default=str).encode() + b"\n")


class CommandSocket:
    """The server's ear for commands. Only the account that runs the server may speak to it."""

    def __init__(self, home: Path, portal: object) -> None:
        self._path = home / SOCKET_NAME
        self._portal = portal
        self._server: _Server | None = None

    def start(self) -> None:
        """Listen in a thread."""
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
        with _short_path(self._path) as address:
            self._server = _Server(address, _Handler)
        self._path.chmod(0o600)
        self._server.portal = self._portal
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()


def ask(
    home: Path, command: str, arguments: dict[str, object], progress: commands.Progress
) -> tuple[bool, object]:
    """Ask the running server. Returns: whether there is one, and its answer.

    Raises: PortalError with the server's refusal.
    """
    path = home / SOCKET_NAME
    try:
        with _short_path(path) as address:
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(ASK_SECONDS)
            connection.connect(address)
    except (FileNotFoundError, ConnectionRefusedError):
        return False, None
    with connection, connection.makefile("rwb") as lines:
        asked = {"command": command, "arguments": arguments}
        lines.write(json.dumps(asked, default=str).encode() + b"\n")
        lines.flush()
        for line in lines:
            said = json.loads(line)
            if "progress" in said:
                progress(said["progress"])
            elif "error" in said:
                raise PortalError(said["error"])
            else:
                return True, said["answer"]
    raise PortalError("The server stopped before it answered.")


@contextlib.contextmanager
def _short_path(path: Path):
    """A socket's address holds about a hundred characters; a folder's may be longer."""
    if len(str(path)) < 100:
        yield str(path)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
