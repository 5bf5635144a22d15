"""The inbound mailbox: unread mails are taken in, then marked as read; none is deleted."""

import contextlib
import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from portal.domain.errors import PortalError
from portal.firm_toml.mail import Server
from portal.mail.incoming import MOST_BYTES

_UIDS = re.compile(rb"\d+")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_DATE = re.compile(rb'INTERNALDATE "[^"]*"')
MOST_AT_ONCE = 200

TakeMail = Callable[[bytes, str, datetime], None]
"""Takes a mail in: its text, a key that names it for good, and when it came."""


class MailboxAway(PortalError):
    """The inbound mailbox can't be read now; what is in it stays there."""


def empty_mailbox(server: Server, folder: str, take: TakeMail) -> int:
    """Take in every unread mail of a mailbox. Returns: how many.

    A mail is marked as read after it was taken in: killed in between, it is taken again.
    Raises: MailboxAway.
    """
    try:
        with _connected(server) as box:
            _asked(box.select(_quoted(folder)))
            validity = box.response("UIDVALIDITY")[1][0] or b"0"
            found = _asked(box.uid("SEARCH", "UNSEEN"))
            uids = _UIDS.findall(found[0] or b"")[:MOST_AT_ONCE]
            for uid in uids:
                _take_one(box, validity.decode("ascii"), uid.decode("ascii"), take)
            return len(uids)
    except (OSError, imaplib.IMAP4.error) as problem:
        raise MailboxAway(f"The inbound mailbox can't be read: {str(problem)[:300]}") from None


def _take_one(box: imaplib.IMAP4, validity: str, uid: str, take: TakeMail) -> None:
    asked = _asked(box.uid("FETCH", uid, "(RFC822.SIZE INTERNALDATE)"))
    about = b" ".join(part for part in asked if isinstance(part, bytes))
    size = _SIZE.search(about)
    if size and int(size[1]) <= MOST_BYTES:
        parts = _asked(box.uid("FETCH", uid, "(BODY.PEEK[])"))
        raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
        take(bytes(raw), f"{validity}-{uid}", _came_at(about))
    _asked(box.uid("STORE", uid, "+FLAGS", r"(\Seen)"))


def _came_at(about: bytes) -> datetime:
    written = _DATE.search(about)
    at = imaplib.Internaldate2tuple(written[0]) if written else None
    if at is None:
        return datetime.now(UTC)
    return datetime(*at[:6]).astimezone(UTC)


@contextlib.contextmanager
def _connected(server: Server) -> Iterator[imaplib.IMAP4]:
    context = ssl.create_default_context(cafile=server.ca_file)
    seconds = server.timeout_seconds
    if server.security == "tls":
        box: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            server.host, server.port, ssl_context=context, timeout=seconds
        )
    else:
        box = imaplib.IMAP4(server.host, server.port, timeout=seconds)
    try:
        if server.security == "starttls":
            box.starttls(ssl_context=context)
        box.login(server.user, server.password)
        yield box
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            box.logout()


def _asked(answer: tuple[str, list]) -> list:
    kind, data = answer
    if kind != "OK":
        said = data[0] if data else b""
        raise imaplib.IMAP4.error(str(said))
    return data


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
