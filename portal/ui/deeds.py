"""Doing something from a dialog: refusals are said where the person is, in their own words."""

import uuid
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from portal.domain.errors import PortalError
from portal.ui import frame

Answer = TypeVar("Answer")


def attempt(deed: Callable[[], Answer]) -> Answer | None:
    """Do it. Returns: what it gives; None where it was refused, which is then on screen."""
    try:
        return deed()
    except PortalError as refusal:
        frame.refused(str(refusal))
        return None


def request_id(form: str) -> str:
    """The id of an open form: a double click, a rerun and a retry carry the same one."""
    key = f"{form}_request_id"
    if key not in st.session_state:
        st.session_state[key] = uuid.uuid4().hex
    return st.session_state[key]


def form_is_done(form: str) -> None:
    """The next form of this name is a new one."""
    st.session_state.pop(f"{form}_request_id", None)
