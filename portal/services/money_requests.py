"""What makes a form's second sending harmless: its request id and what it said."""

import hashlib
import json
import re
from collections.abc import Mapping

from portal.domain.card_numbers import refuse_card_numbers
from portal.domain.errors import Invalid, PortalError

_REQUEST = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
LONGEST_NOTE = 500


class RequestReused(PortalError):
    """The same form was sent again with other contents. Nothing was done."""


def fingerprint(what: str, contents: Mapping[str, object]) -> str:
    """What is asked, in one short text: the same contents always give the same."""
    written = json.dumps([what, contents], sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()


def check_request(request_id: str) -> None:
    """Go on only with an id as forms mint it.

    Raises: Invalid.
    """
    if not _REQUEST.fullmatch(request_id):
        raise Invalid("This form has lost its number. Open it again.")


def check_same(before: str, now: str) -> None:
    """Go on only if the form says what it said the first time.

    Raises: RequestReused.
    """
    if before != now:
        raise RequestReused(
            "This form was already used with other contents; nothing was charged. "
            "Open it again to do something else."
        )


def checked_text(text: str, *, longest: int = LONGEST_NOTE) -> str:
    """A note or reason as it is kept: one line, printable, and never with a card number.

    Raises: Invalid.
    """
    refuse_card_numbers(text)
    kept = " ".join(text.split())
    if len(kept) > longest:
        raise Invalid(f"Write at most {longest} characters.")
    if not kept.isprintable():
        raise Invalid("The text holds characters that can't be shown.")
    return kept
