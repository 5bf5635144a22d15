"""Do something, and say what came of it: a refusal where one stands, success on the next page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from portal.domain.errors import PortalError
from portal.ui import frame

_R = TypeVar("_R")
_SAID = "said_last"
_TALLY = "said_tally"


@dataclass
class Tally:
    """How far something has come that is done to many, one after the other."""

    total: int
    tried: int = 0

    @property
    def is_over(self) -> bool:
        """Whether none is left."""
        return self.tried >= self.total


def attempt(run: Callable[[], _R], done: str | Callable[[_R], str]) -> None:
    """Do it. A refusal is said in place, success once the page is drawn anew."""
    try:
        result = run()
    except PortalError as problem:
        frame.refused(str(problem))
    else:
        st.session_state[_SAID] = done if isinstance(done, str) else done(result)
        st.rerun()


def keep_count(total: int) -> Tally:
    """Begin a tally; where it is broken off, the page says how far it came.

    Whoever closes a dialog or leaves a page stops its program at once, and from then on that
    can keep nothing any more: so the tally is kept first and only counted up.
    """
    st.session_state[_TALLY] = tally = Tally(total)
    return tally


def say() -> None:
    """Say what was done just before the page was drawn; pages call it once."""
    done = st.session_state.pop(_SAID, None)
    if done:
        st.toast(frame.plain(done), icon=":material/check:")
    tally = st.session_state.pop(_TALLY, None)
    if tally is not None and not tally.is_over:
        so_far = f"Broken off after {tally.tried:,} of {tally.total:,}."
        st.toast(f"{so_far} Do it again for the rest.", icon=":material/error:", duration="long")
