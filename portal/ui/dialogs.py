"""Dialogs: while one is open the page behind it stands still, so that nothing typed is lost."""

import functools
from collections.abc import Callable
from typing import Literal, ParamSpec, TypeVar

import streamlit as st

from portal.ui import frame

_P = ParamSpec("_P")
_R = TypeVar("_R")


def dialog(
    title: str, *, width: Literal["small", "medium", "large"] = "small"
) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """As Streamlit's own, for pages that draw themselves anew when there is newer data."""

    def decorate(draw: Callable[_P, _R]) -> Callable[_P, _R]:
        shown = st.dialog(title, width=width, on_dismiss="rerun")(draw)

        @functools.wraps(draw)
        def opened(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            st.session_state[frame.STILL] = True
            return shown(*args, **kwargs)

        return opened

    return decorate
