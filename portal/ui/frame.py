"""The frame of every page: who is looking, how fresh the data is, and what to say when not.

Pages call `page()` first. Refusals and faults end a page in words, never in a traceback.
"""

import logging
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

import streamlit as st

from portal import bootstrap
from portal.bootstrap import Portal
from portal.domain.errors import PortalError
from portal.domain.permissions import Permission, Principal
from portal.services.tickets import SESSION_COOKIE, hash_of

SESSION_KEY = "frame_session_id"
BY_ITSELF = "frame_by_itself"
STILL = "frame_still"
"""Set while a dialog is open: the page must not draw itself anew under it."""
CHIP_SECONDS = 30

_MARKS = frozenset("\\`*_{}[]()<>#+-.!|~$:&")
_LINKING = re.compile(r"https?(?=:)|www(?=\.)|@|:(?=[\w+/-]+:)|-(?=-)|\.(?=\.)", re.IGNORECASE)
_LOG = logging.getLogger("portal.pages")
_CHIP = {
    "live": ("green", ":material/check_circle:"),
    "stale": ("orange", ":material/schedule:"),
    "away": ("red", ":material/cloud_off:"),
    "empty": ("gray", ":material/hourglass_empty:"),
}


def portal() -> Portal:
    """The running portal: its settings, warehouse and store."""
    return bootstrap.current()


def session_id() -> str | None:
    """The id of this browser's session, from its cookie; it may be over."""
    cookie = st.context.cookies.get(SESSION_COOKIE)
    # Page tests have no browser and no cookie: they put the id where the shell keeps it.
    return hash_of(cookie) if isinstance(cookie, str) else st.session_state.get(SESSION_KEY)


def find_principal(*, is_activity: bool = True) -> Principal | None:
    """Who is looking, read anew; None for nobody. A page that draws itself is no activity."""
    known = session_id()
    by_itself = st.session_state.get(BY_ITSELF, False)
    return portal().principal(known, is_activity=is_activity and not by_itself) if known else None


def principal() -> Principal:
    """Who is looking, read anew. Ends this run and shows the sign-in page when it is nobody."""
    found = find_principal()
    if found is None:
        st.rerun()
    return found


def require(permission: Permission) -> Principal:
    """Go on only if the person looking may do that.

    Raises: Denied, which the page shows as a calm refusal.
    """
    found = principal()
    found.require_sight(permission)
    return found


def grid_token(list_name: str, params: Mapping[str, object] | None = None) -> str:
    """A token with which this session's browser may ask rows of a list."""
    return portal().tokens.mint(sid=session_id() or "", list_name=list_name, params=params)


def page(
    title: str, subtitle: str | None = None, *, actions: Callable[[], None] | None = None
) -> Principal:
    """Draw the head of a page: its title, how fresh the data is, and its actions at the right.

    Returns: who is looking.
    """
    viewer = principal()
    st.session_state[STILL] = False
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        with st.container(gap=None, width="content"):
            st.title(plain(title), anchor=False, width="content")
            if subtitle:
                st.caption(plain(subtitle), width="content")
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            _freshness_chip()
            if actions:
                actions()
    _stale_banner(viewer)
    _sandbox_banner()
    return viewer


def empty(title: str, text: str = "") -> None:
    """Say that there is nothing here, and what to do about it."""
    with st.container(border=True, horizontal_alignment="center"):
        st.space("small")
        st.markdown(f"**{plain(title)}**", text_alignment="center")
        if text:
            st.caption(plain(text), text_alignment="center")
        st.space("small")


def refused(text: str) -> None:
    """Say what is not possible, and why."""
    st.warning(plain(text), icon=":material/block:")


def show_problem(problem: Exception) -> bool:
    """Show what stopped a page: a refusal in its own words, a fault as a reference to the log.

    Returns: True, so that Streamlit shows nothing of its own.
    """
    if isinstance(problem, PortalError):
        refused(str(problem))
        return True
    reference = uuid.uuid4().hex[:8].upper()
    _LOG.error("page fault %s", reference, exc_info=problem)
    st.error(
        "Something went wrong on our side, and it has been noted. "
        f"If it happens again, tell your administrator this reference: **{reference}**",
        icon=":material/error:",
    )
    return True


def plain(text: str) -> str:
    """Text that Streamlit shows as it is, although it reads Markdown in what it is given.

    An invisible joiner keeps addresses from becoming links, :words: from becoming icons, and
    two dashes or dots from becoming one sign.
    """
    unlinked = _LINKING.sub(lambda found: f"{found[0]}\u2060", text)
    return "".join(f"\\{sign}" if sign in _MARKS else sign for sign in unlinked)


@st.fragment(run_every=CHIP_SECONDS)
def _freshness_chip() -> None:
    # Also what locks an unattended screen: a session that is over leaves no figures on it.
    if find_principal(is_activity=False) is None:
        st.rerun()
    fresh = portal().refreshing.freshness()
    color, icon = _CHIP.get(fresh.state, _CHIP["away"])
    help_text = plain(fresh.message) if fresh.message else None
    st.badge(_chip_text(fresh.state, fresh.data_as_of), icon=icon, color=color, help=help_text)


def _chip_text(state: str, data_as_of: datetime | None) -> str:
    if data_as_of is None:
        return "No data yet"
    return f"{'Live' if state == 'live' else 'Data'} as of {_clock_time(data_as_of)}"


def _clock_time(at: datetime) -> str:
    here = at.astimezone(portal().settings.timezone)
    today = portal().settings.today(portal().now())
    day = "" if here.date() == today else f"{here:%b} {here.day}, "
    clock = f"{here:%I:%M %p}".lstrip("0")
    return plain(f"{day}{clock}")


def _stale_banner(viewer: Principal) -> None:
    fresh = portal().refreshing.freshness()
    if fresh.state == "away":
        since = f" since {_clock_time(fresh.since)}" if fresh.since else ""
        # Technical words help only those who look after the data.
        reason = f" {plain(fresh.message)}" if viewer.may(Permission.VIEW_DATA) else ""
        st.warning(
            f"The practice management system can't be read{since}. "
            f"You see the last good data.{reason}",
            icon=":material/cloud_off:",
        )
    elif fresh.state == "stale":
        st.warning(
            "The data has not been checked for a while; it may be behind the practice "
            "management system.",
            icon=":material/schedule:",
        )


def _sandbox_banner() -> None:
    if portal().settings.is_real_firm_with_sandbox:
        st.warning(
            "Payments are pretended here: no money moves. Choose a gateway in firm.toml.",
            icon=":material/toys:",
        )
