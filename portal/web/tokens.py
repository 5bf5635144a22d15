"""Grid tokens: which session, list and parameters may a grid in the browser ask rows for?

A token says only whose session it belongs to and which list it was made for. What that
person may see is read again from the session at every request, so a token never outlives
a sign-out or a lost permission.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from portal.domain.errors import PortalError

TOKEN_SECONDS = 15 * 60
"""How long a token is good for; a live grid renews it before that."""

RENEWABLE_SECONDS = 13 * 60 * 60
"""How long after minting an expired token may still be exchanged for a new one.

Longer than any session's absolute limit: a laptop that slept wakes to a grid that works,
as long as its session still does.
"""


class TokenInvalid(PortalError):
    """The token was not made here, or is damaged."""


class TokenExpired(PortalError):
    """The token was made here, but its time is over: renew it."""


@dataclass(frozen=True)
class GridToken:
    """What a grid's token says: `sid` is the hash that names a session row, never the cookie."""

    sid: str
    list_name: str
    params: Mapping[str, object] = field(default_factory=dict)


class TokenSigner:
    """Makes and reads grid tokens with the installation's secret key."""

    def __init__(self, secret_key: str, *, seconds: int = TOKEN_SECONDS) -> None:
        self._serializer = URLSafeTimedSerializer(secret_key, salt="portal.grid-token.1")
        self._seconds = seconds

    def mint(self, *, sid: str, list_name: str, params: Mapping[str, object] | None = None) -> str:
        """Make a token for one list of one session; `params` fix what the list is about."""
        return self._serializer.dumps([sid, list_name, dict(params or {})])

    def read(self, token: str) -> GridToken:
        """Say what a token says.

        Raises: TokenInvalid, TokenExpired.
        """
        return self._read(token, self._seconds)

    def renew(self, token: str) -> str:
        """Make a fresh token that says the same, even if the old one has just expired.

        Does not: look at the session; the caller makes sure that it still lives.
        Raises: TokenInvalid, TokenExpired when it is older than any session can be.
        """
        known = self._read(token, RENEWABLE_SECONDS)
        return self.mint(sid=known.sid, list_name=known.list_name, params=known.params)

    def _read(self, token: str, seconds: int) -> GridToken:
        try:
            said = self._serializer.loads(token, max_age=seconds)
        except SignatureExpired:
            raise TokenExpired("This list has been open too long. Reload the page.") from None
        except (BadSignature, ValueError, TypeError):
            raise TokenInvalid("This list's token is not valid. Reload the page.") from None
        match said:
            case [str(sid), str(list_name), dict(params)]:
                return GridToken(sid, list_name, params)
        raise TokenInvalid("This list's token is not valid. Reload the page.")
