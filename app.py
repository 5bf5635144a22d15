"""The server: pages by Streamlit, rows and documents by routes, one process. `streamlit run`."""

import streamlit as st
from starlette.middleware import Middleware

from portal import bootstrap
from portal.plain_log import log_plainly
from portal.settings import PROJECT, load_settings
from portal.ui import frame, sso
from portal.web import routes, sign_in
from portal.web.security import Security, SecurityPolicy
from portal.web.sockets import send_at_once, take_short_turns

log_plainly()
send_at_once()
take_short_turns()
settings = load_settings()

app = st.App(
    PROJECT / "portal" / "ui" / "shell.py",
    secrets=sso.secrets(settings),
    routes=[
        *sign_in.routes(),
        *routes.routes_of(settings.faces, bootstrap.current),
    ],
    middleware=[Middleware(Security, policy=SecurityPolicy(settings.public_url))],
    lifespan=bootstrap.lifespan,
    on_script_error=frame.show_problem,
)
