"""Password hashes: slow to make, and as slow for a name nobody has."""

import base64
import hashlib

import bcrypt

ROUNDS = 12
LONGEST = 1_000
"""Characters. Longer ones are refused before any work is done on them."""


class Passwords:
    """Makes and compares bcrypt hashes.

    bcrypt reads 72 bytes and stops at a zero byte; the password is therefore digested to 44
    printable bytes first, so that every character of a long one counts.
    """

    def __init__(self, rounds: int = ROUNDS) -> None:
        self._rounds = rounds
        self._nobody = self.hash("a password nobody has")

    def hash(self, password: str) -> str:
        """Make the hash to keep."""
        return bcrypt.hashpw(_digest(password), bcrypt.gensalt(self._rounds)).decode("ascii")

    def matches(self, password: str, password_hash: str | None) -> bool:
        """Whether it is the password. Without a hash it never is, and takes as long to say so."""
        kept = (self._nobody if password_hash is None else password_hash).encode("ascii")
        return bcrypt.checkpw(_digest(password), kept) and password_hash is not None


def _digest(password: str) -> bytes:
    return base64.b64encode(hashlib.sha256(password.encode("utf-8", "surrogatepass")).digest())
