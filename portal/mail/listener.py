"""The portal's own door for mail: a small SMTP server that takes invoices and reports in."""

import asyncio
import hashlib
import logging
from collections.abc import Callable

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from portal.mail.incoming import MOST_BYTES
from portal.mail.taking_in import SenderRefused

_LOG = logging.getLogger("portal.mail")

TakeMail = Callable[[bytes, str], None]
"""Takes a mail in: its text, and a key that names it for good."""


class MailDoor:
    """The server. A mail is answered for once it was taken in; until then its sender keeps it."""

    def __init__(self, host: str, port: int, take: TakeMail) -> None:
        self._controller = Controller(
            _Taking(take), hostname=host, port=port, data_size_limit=MOST_BYTES, ident="Firm Portal"
        )

    def start(self) -> None:
        """Listen."""
        self._controller.start()

    def stop(self) -> None:
        """Stop listening."""
        self._controller.stop()


class _Taking:
    def __init__(self, take: TakeMail) -> None:
        self._take = take

    async def handle_DATA(  # noqa: N802 - the server's own name for it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        key = hashlib.sha256(content).hexdigest()
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(None, self._take, content, key)
        except SenderRefused as problem:
            return f"550 5.7.1 {problem}"
        except Exception:
            _LOG.exception("a mail could not be taken in")
            return "451 4.3.0 Try again later"
        return "250 2.0.0 Taken"
