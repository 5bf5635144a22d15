"""The sign-in page: a password form, single sign-on, or one click into the sample firm."""

from pathlib import Path

import streamlit as st

from portal.domain.errors import SignInRefused
from portal.services.add_sample_users import SAMPLE_PASSWORD, SAMPLE_USERS
from portal.services.sign_in_as_sample import SignInAsSample, sign_in_as_sample
from portal.services.tickets import EntryTicket
from portal.ui import brand, sso
from portal.ui.frame import plain, portal, session_id
from portal.ui.password_form import PasswordForm

CARD_WIDTH = 420
_ENTRANCES = (SAMPLE_USERS[:2], SAMPLE_USERS[2:4], SAMPLE_USERS[4:])
_TICKET = "sign_in_ticket"
_PROBLEM = "sign_in_problem"
_ENTER = st.components.v2.component(
    "portal_enter",
    js=(Path(__file__).parent / "sign_in_assets" / "enter.js").read_text(encoding="utf-8"),
)


def sign_in_page() -> None:
    """Draw the page and, once somebody is known, hand the browser its ticket."""
    settings = portal().settings
    modes = settings.access.sign_in
    with st.container(horizontal_alignment="center"):
        st.space("large")
        with st.container(width=CARD_WIDTH, gap="medium"):
            _heading(settings.firm_name)
            _notices()
            if settings.access.sample_users:
                _sample_entrances()
            if "oidc" in modes:
                _single_sign_on()
            if "local" in modes:
                _password_form()
    _hand_over()


def _heading(firm_name: str) -> None:
    with st.container(horizontal_alignment="center", gap="small"):
        st.image(brand.mark(), width=48)
        st.title(plain(firm_name), anchor=False, text_alignment="center")
        st.caption("Accounts receivable, in one place", text_alignment="center")


def _notices() -> None:
    problem = st.session_state.pop(_PROBLEM, None)
    if problem:
        st.error(plain(problem), icon=":material/error:")
    elif session_id() and _TICKET not in st.session_state:
        st.info("Your session has ended. Sign in again.", icon=":material/lock_clock:")


def _single_sign_on() -> None:
    try:
        ticket = sso.ticket_of_answer()
    except SignInRefused as refusal:
        st.error(plain(str(refusal)), icon=":material/block:")
        if st.button("Use another account", width="stretch", key="sign_in_other_account"):
            st.logout()
        return
    if ticket is not None:
        st.session_state[_TICKET] = ticket.ticket
    if st.button(
        "Continue with single sign-on",
        width="stretch",
        icon=":material/login:",
        key="sign_in_sso",
    ):
        st.login()


def _password_form() -> None:
    above = st.container()
    form = PasswordForm(portal())
    form.login(
        fields={
            "Form name": "Sign in",
            "Username": "User name",
            "Password": "Password",
            "Login": "Sign in",
        },
        key="sign_in_form",
    )
    if form.refusal:
        above.error(plain(form.refusal), icon=":material/error:")
    if form.ticket:
        _keep(form.ticket)


def _sample_entrances() -> None:
    with st.container(border=True, gap="small"):
        st.markdown("**This is a sample firm.** Everybody in it is invented.")
        st.caption(f"Enter with one click, or sign in below with the password “{SAMPLE_PASSWORD}”.")
        for row in _ENTRANCES:
            for column, sample in zip(st.columns(len(row), gap="small"), row, strict=True):
                entered = column.button(
                    f"Enter as {sample.user_name}",
                    key=f"enter_as_{sample.user_name}",
                    width="stretch",
                )
                if entered:
                    _enter_as(sample.user_name)


def _enter_as(user_name: str) -> None:
    try:
        ticket = sign_in_as_sample(
            SignInAsSample(user_name=user_name),
            store=portal().store,
            clock=portal().now,
            is_sample_firm=portal().settings.access.sample_users,
        )
    except SignInRefused as refusal:
        st.session_state[_PROBLEM] = str(refusal)
        st.rerun()
    _keep(ticket)


def _keep(ticket: EntryTicket) -> None:
    st.session_state[_TICKET] = ticket.ticket


def _hand_over() -> None:
    ticket = st.session_state.pop(_TICKET, None)
    answer = _ENTER(
        key="sign_in_enter", data={"ticket": ticket or ""}, height=1, on_refused_change=_took_long
    )
    del answer


def _took_long() -> None:
    st.session_state[_PROBLEM] = "This sign-in took too long. Sign in again."
