"""Tokens of links: 256 random bits under a seal, so that garbage never reaches the store.

The seal is no secret of its own: it says for which door a token was made, and lets a guess be
refused by arithmetic alone. What a token opens is looked up by the hash of its random part.
"""

import base64
import hashlib
import hmac
import re

PAY_LINK = "pay"
QUICK_LINK = "quick"
HANDOVER = "enter"
ACCOUNT_CODE = "code"

_SEAL_LETTERS = 22
"""128 bits of the seal, in the letters a URL takes."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class SealedTokens:
    """Makes and opens tokens with a key of its own, derived from the installation's."""

    def __init__(self, secret_key: str) -> None:
        self._key = hmac.new(secret_key.encode(), b"portal.links.1", hashlib.sha256).digest()

    def seal(self, purpose: str, secret: str) -> str:
        """The token that goes into a link."""
        return f"{secret}{self._seal(purpose, secret)}"

    def open(self, purpose: str, token: str) -> str | None:
        """The random part of a token made here for this purpose; None for anything else."""
        secret, seal = token[:-_SEAL_LETTERS], token[-_SEAL_LETTERS:]
        if not _SECRET.fullmatch(secret) or not seal.isascii():
            return None
        return secret if hmac.compare_digest(seal, self._seal(purpose, secret)) else None

    def derive(self, purpose: str, name: str) -> str:
        """A secret that can be made again from its name, for links that are shown again."""
        digest = hmac.new(self._key, f"derive\n{purpose}\n{name}".encode(), hashlib.sha256).digest()
        return _letters(digest)

    def _seal(self, purpose: str, secret: str) -> str:
        said = f"seal\n{purpose}\n{secret}".encode()
        return _letters(hmac.new(self._key, said, hashlib.sha256).digest())[:_SEAL_LETTERS]


def _letters(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")
