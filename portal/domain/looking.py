"""Somebody who looks at the portal as another person changes nothing, whatever they press.

Whoever asks is looked up at every click and request, in the thread that then acts; what was found
there is remembered for that thread alone, and the store asks before it writes anything.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from portal.domain.errors import Denied

ONLY_LOOKING = "You are looking as somebody else: nothing can be changed. Stop looking first."
_IS_LOOKING: ContextVar[bool] = ContextVar("is_looking", default=False)


def remember(is_looking: bool) -> None:
    """Note whether whoever asks now looks as somebody else."""
    _IS_LOOKING.set(is_looking)


def refuse_while_looking() -> None:
    """Go on only for somebody who is themselves.

    Raises: Denied.
    """
    if _IS_LOOKING.get():
        raise Denied(ONLY_LOOKING)


@contextmanager
def as_oneself() -> Iterator[None]:
    """For what belongs to the person who looks: their session's use and end, and looking itself."""
    before = _IS_LOOKING.set(False)
    try:
        yield
    finally:
        _IS_LOOKING.reset(before)
