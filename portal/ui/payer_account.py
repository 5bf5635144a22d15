"""The account of a payer: signing in and up, and choosing a new password."""

from collections.abc import Callable

import streamlit as st

from portal.domain.errors import PortalError, SignInRefused
from portal.domain.payers import Payer
from portal.services.ask_new_password import AskNewPassword, ask_new_password
from portal.services.set_payer_password import SetPayerPassword, set_payer_password
from portal.services.sign_in_payer import SignInPayer, sign_in_payer
from portal.services.sign_up import SignUp, sign_up
from portal.ui import payer_doors, payer_frame, payer_navigation
from portal.ui.frame import plain, portal

_SAID = "payer_account_said"
_LOOK = "Look into your mail: we have written to the address. The link is good for {time}."


def sign_in_form() -> None:
    """Email and password."""
    with st.form("payer_sign_in"):
        email = st.text_input("Email", key="payer_email", autocomplete="email")
        password = st.text_input(
            "Password", type="password", key="payer_password", autocomplete="current-password"
        )
        asked = st.form_submit_button("Sign in", type="primary", width="stretch")
    if asked:
        _sign_in(email, password)
    with st.container(horizontal=True):
        payer_navigation.link("Create an account", "sign_up", icon=":material/person_add:")
        payer_navigation.link("Forgotten password", "password", icon=":material/key:")
    payer_doors.hand_over()


def _sign_in(email: str, password: str) -> None:
    face = payer_frame.face()
    try:
        token = sign_in_payer(
            SignInPayer(email=email, password=password, address=payer_frame.address()),
            store=portal().store,
            clock=portal().now,
            passwords=portal().passwords,
            tokens=face.links,
        )
    except SignInRefused as refusal:
        st.error(plain(str(refusal)), icon=":material/error:")
        return
    payer_doors.keep(token)


def sign_up_form() -> None:
    """Name and email; a mail shows that the address is theirs, and lets them choose a password."""
    if _said():
        return
    with st.form("payer_sign_up"):
        name = st.text_input("Your name", key="sign_up_name", autocomplete="name", max_chars=120)
        email = st.text_input("Email", key="sign_up_email", autocomplete="email")
        asked = st.form_submit_button("Create account", type="primary", width="stretch")
    st.caption(
        "An account keeps your payment methods, sets up AutoPay and shows all your clients in one "
        "place. Paying needs none."
    )
    if asked:
        face = payer_frame.face()
        command = SignUp(
            full_name=name,
            email=email,
            address=payer_frame.address(),
            payer=payer_frame.find_payer(),
        )
        _try(
            lambda: sign_up(
                command,
                store=portal().store,
                clock=portal().now,
                tokens=face.links,
                url_of=face.door_url,
            ),
            _LOOK.format(time="24 hours"),
        )


def password_form() -> None:
    """A password for who came by a mail of the account; for everybody else, that mail."""
    viewer = payer_frame.find_payer()
    if _said():
        return
    if viewer is not None and viewer.may_set_password:
        _choose_password()
        return
    with st.form("payer_forgotten"):
        email = st.text_input("Email of your account", key="forgotten_email", autocomplete="email")
        asked = st.form_submit_button("Send me a link", type="primary", width="stretch")
    if asked:
        face = payer_frame.face()
        command = AskNewPassword(email=email, address=payer_frame.address())
        _try(
            lambda: ask_new_password(
                command,
                store=portal().store,
                clock=portal().now,
                tokens=face.links,
                url_of=face.door_url,
            ),
            "If there is an account with this address, we have written to it. "
            "The link is good for one hour.",
        )


def _choose_password() -> None:
    with st.form("payer_new_password"):
        new = st.text_input(
            "New password",
            type="password",
            key="new_password",
            autocomplete="new-password",
        )
        st.caption("At least 12 characters.")
        asked = st.form_submit_button("Set password", type="primary", width="stretch")
    if asked:
        command = SetPayerPassword(payer=payer_frame.payer(), new_password=new)
        _try(lambda: _set_password(command), "Your password is set.")


def change_password(viewer: Payer) -> None:
    """Old and new password, in the settings; no old one of who came by a mail of the account."""
    with st.form("payer_change_password", border=False):
        old = "" if viewer.may_set_password else _old_password()
        new = st.text_input(
            "New password", type="password", key="next_password", autocomplete="new-password"
        )
        asked = st.form_submit_button("Change password")
    if asked:
        command = SetPayerPassword(payer=viewer, new_password=new, old_password=old)
        try:
            _set_password(command)
        except PortalError as refusal:
            st.error(plain(str(refusal)), icon=":material/error:")
            return
        st.success("Your password is changed.", icon=":material/check_circle:")


def _old_password() -> str:
    return st.text_input(
        "Current password", type="password", key="old_password", autocomplete="current-password"
    )


def _set_password(command: SetPayerPassword) -> None:
    set_payer_password(
        command, store=portal().store, clock=portal().now, passwords=portal().passwords
    )


def _try(work: Callable[[], None], said: str) -> None:
    try:
        work()
    except PortalError as refusal:
        st.error(plain(str(refusal)), icon=":material/error:")
        return
    st.session_state[_SAID] = said
    st.rerun()


def _said() -> bool:
    said = st.session_state.get(_SAID)
    if said is None:
        return False
    st.success(plain(said), icon=":material/mark_email_read:")
    if st.button("Go on", key="payer_said"):
        del st.session_state[_SAID]
        payer_navigation.go("invoices")
    return True
