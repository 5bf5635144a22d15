"""The server's log: one record is one line, whatever the texts in it say.

Names and messages of clients reach the log inside refusals and faults. A line break in one of
them must not begin a line that looks like another record.
"""

import logging
import sys
import unicodedata
from typing import TextIO

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_BREAKS = frozenset("\u2028\u2029\x85")


class PlainFormatter(logging.Formatter):
    """Writes control signs as escapes; the lines of a traceback are set in."""

    def __init__(self) -> None:
        super().__init__(_FORMAT)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """The first line of a record, and its only one without a fault."""
        return escaped(super().formatMessage(record))

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's own name
        """The traceback of a fault, each of its lines set in."""
        lines = super().formatException(ei).splitlines()  # type: ignore[arg-type]
        return "\n".join(f"    {escaped(line)}" for line in lines)


def escaped(text: str) -> str:
    """The text on one line, without signs that move a terminal's cursor."""
    return "".join(
        sign.encode("unicode_escape").decode("ascii")
        if sign in _BREAKS or unicodedata.category(sign) in ("Cc", "Cf", "Cs")
        else sign
        for sign in text
    )


def log_plainly(out: TextIO | None = None) -> logging.Handler:
    """Send what the portal logs to standard error, line by line. Returns: the handler."""
    handler = logging.StreamHandler(out or sys.stderr)
    handler.setFormatter(PlainFormatter())
    logging.getLogger("portal").addHandler(handler)
    return handler
