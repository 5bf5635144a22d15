"""The password form of streamlit-authenticator, with the portal's own rules behind it.

The library draws the form. What it would keep in memory and in a cookie that scripts can
read, the portal keeps in its store: wrong tries, sessions, who is switched off.
"""

import streamlit as st
from streamlit_authenticator import Authenticate
from streamlit_authenticator.controllers import AuthenticationController
from streamlit_authenticator.models import AuthenticationModel

from portal.bootstrap import Portal
from portal.domain.errors import SignInRefused
from portal.services.sign_in_locally import SignInLocally, sign_in_locally
from portal.services.tickets import EntryTicket


class PasswordForm(Authenticate):
    """Draw it with `login()`; then `ticket` or `refusal` says how the try ended."""

    def __init__(self, portal: Portal) -> None:
        self.attrs = {"login_sleep_time": 0}
        self.path = None
        self.cookie_controller = _NoCookie()
        self.authentication_controller = _Controller(portal)

    @property
    def ticket(self) -> EntryTicket | None:
        """The promise of a session, when the password was right."""
        return self.authentication_controller.authentication_model.ticket

    @property
    def refusal(self) -> str:
        """What to tell the person, when it was not."""
        return self.authentication_controller.authentication_model.refusal


class _NoCookie:
    """Stands where the library would set a cookie by script: the server sets ours."""

    def get_cookie(self) -> None:
        """There is none."""

    def set_cookie(self) -> None:
        """Nothing to set."""


class _Controller(AuthenticationController):
    def __init__(self, portal: Portal) -> None:
        self.authentication_model = _Model(portal)


class _Model(AuthenticationModel):
    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self.ticket: EntryTicket | None = None
        self.refusal = ""

    def login(self, username: str, password: str, *_args: object, **_kwargs: object) -> bool | None:
        """Ask the portal; called by the form when it is sent."""
        if username is None:
            return None
        try:
            self.ticket = sign_in_locally(
                SignInLocally(
                    user_name=username,
                    password=password or "",
                    address=str(st.context.ip_address or "127.0.0.1"),
                ),
                store=self._portal.store,
                clock=self._portal.now,
                passwords=self._portal.passwords,
            )
        except SignInRefused as refusal:
            self.refusal = str(refusal)
        return self.ticket is not None
