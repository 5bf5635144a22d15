"""A real IMAP server on loopback, in a process of its own."""

import imaplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.adapters.mail_server import free_port

USER, PASSWORD = "invoices", "a-mailbox-password"


@contextmanager
def imap_server() -> Iterator[int]:
    """The server with an empty mailbox. Gives: its port."""
    port = free_port()
    command = [
        str(Path(sys.executable).parent / "pymap"), "--host", "127.0.0.1", "--port", str(port),
        "--no-tls", "dict", "--demo-user", USER, "--demo-password", PASSWORD,
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def post(port: int, *mails: bytes) -> None:
    """Put mails into the mailbox."""
    box = imaplib.IMAP4("127.0.0.1", port, timeout=5)
    box.login(USER, PASSWORD)
    for mail in mails:
        assert box.append("INBOX", "", None, mail)[0] == "OK"  # type: ignore[arg-type]
    box.logout()


def unread(port: int) -> int:
    """How many mails of the mailbox are not marked as read."""
    box = imaplib.IMAP4("127.0.0.1", port, timeout=5)
    box.login(USER, PASSWORD)
    box.select("INBOX")
    found = box.uid("SEARCH", "UNSEEN")[1][0] or b""
    box.logout()
    return len(found.split())


def _wait(port: int) -> None:
    for _ in range(150):
        try:
            imaplib.IMAP4("127.0.0.1", port, timeout=2).shutdown()
            return
        except (OSError, imaplib.IMAP4.error):
            time.sleep(0.1)
    raise TimeoutError("the IMAP server did not start")
