"""What firm.toml says, line by line, as the audit log may keep it: without its secrets."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping

_SECRET_WORDS = ("secret", "password", "dsn", "token", "key")
_ADDRESSES = ("url", "location", "path")
_FROM_ENVIRONMENT = "env:"


def as_said(written: Mapping[str, object], seal: str) -> Mapping[str, str]:
    """Every key with its value; a secret shows only whether it is the same as before.

    `seal` is the installation's own key: without it nobody can try out what a secret was.
    """
    return {name: _told(name, value, seal) for name, value in _lines("", written)}


def _lines(above: str, written: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for key, value in written.items():
        name = f"{above}.{key}" if above else str(key)
        if isinstance(value, Mapping):
            yield name, {}
            yield from _lines(name, value)
        else:
            yield name, value


def _told(name: str, value: object, seal: str) -> str:
    if (
        isinstance(value, str)
        and not value.startswith(_FROM_ENVIRONMENT)
        and _is_secret(name, value)
    ):
        digest = hmac.new(seal.encode(), f"{name}\n{value}".encode(), hashlib.sha256)
        return f"kept secret ({digest.hexdigest()[:12]})"
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _is_secret(name: str, value: str) -> bool:
    key = name.rpartition(".")[2]
    if any(word in key for word in _SECRET_WORDS):
        return True
    # An address may carry a password: scheme://name:password@host.
    return key in _ADDRESSES and "@" in value
