"""How long a browser may keep what the server sent."""

import re

NEVER = "no-store"
FOR_EVER = "public, max-age=31536000, immutable"
"""A year: what the address names never changes, another content gets another name."""
FOR_A_DAY = "public, max-age=86400"

_NAMED_BY_CONTENT = re.compile(r"/component/.+\.[0-9a-f]{8,}\.(js|css)")
_OWN_FONT = re.compile(r"/app/static/[^/]+\.woff2")


def cache_control_of(path: str) -> str | None:
    """The Cache-Control of an address, or None where whoever answers knows best.

    The grid's program (4 MB) carries the hash of its content in its name; kept by the browser,
    together with its compiled form, it is not parsed anew for every list that opens.
    """
    if path.startswith(("/api/", "/auth/")):
        return NEVER
    if _NAMED_BY_CONTENT.fullmatch(path):
        return FOR_EVER
    if _OWN_FONT.fullmatch(path):
        return FOR_A_DAY
    return None
