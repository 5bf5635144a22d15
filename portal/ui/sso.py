"""Single sign-on through `st.login`: its answer is exchanged for a session, once."""

import hashlib
import hmac
from collections.abc import Mapping

import streamlit as st

from portal.services.sign_in_by_sso import SignInBySso, is_answer_used, sign_in_by_sso
from portal.services.tickets import EntryTicket
from portal.settings import Settings
from portal.ui.frame import portal

_LONGEST = 500


def secrets(settings: Settings) -> Mapping[str, object]:
    """What Streamlit needs to know for `st.login`; nothing when the firm does not use it."""
    if "oidc" not in settings.access.sign_in:
        return {}
    written = dict(settings.access.oidc)
    auth: dict[str, object] = {
        "redirect_uri": f"{settings.public_url}/oauth2callback",
        "cookie_secret": _cookie_secret(settings.secret_key),
        "client_id": written.pop("client_id"),
        "client_secret": written.pop("client_secret"),
        "server_metadata_url": written.pop("server_metadata_url"),
    }
    if written:
        auth["client_kwargs"] = written
    return {"auth": auth}


def is_signed_on() -> bool:
    """Whether the identity provider has vouched for somebody in this browser."""
    return "oidc" in portal().settings.access.sign_in and bool(st.user.is_logged_in)


def ticket_of_answer() -> EntryTicket | None:
    """The ticket the identity provider's answer is worth; None without one, or if it is spent.

    Raises: SignInRefused.
    """
    if not is_signed_on():
        return None
    command = read_answer(st.user.to_dict(), portal().settings.access.groups_claim)
    if is_answer_used(command, store=portal().store):
        return None
    return sign_in_by_sso(
        command,
        store=portal().store,
        clock=portal().now,
        groups=portal().settings.access.groups,
    )


def read_answer(claims: Mapping[str, object], groups_claim: str) -> SignInBySso:
    """Read the verified claims. An email the provider has not verified counts as none."""
    email = claims.get("email") if claims.get("email_verified") is not False else None
    subject, issuer = _text(claims.get("sub")), _text(claims.get("iss"))
    name = _text(claims.get("name")) or _text(claims.get("preferred_username"))
    return SignInBySso(
        issuer=issuer,
        subject=subject,
        answer_id=f"{_text(claims.get('nonce'))}|{claims.get('iat')}",
        full_name=name or _text(email) or subject,
        email=_text(email),
        groups=_groups(claims.get(groups_claim)),
    )


def _cookie_secret(secret_key: str) -> str:
    # A key of its own: what signs the provider's answer must not sign anything else of ours.
    return hmac.new(secret_key.encode(), b"portal.sso-cookie.1", hashlib.sha256).hexdigest()


def _groups(said: object) -> tuple[str, ...] | None:
    if isinstance(said, str):
        return (said,)
    if isinstance(said, (list, tuple)):
        return tuple(str(name) for name in said)
    return None


def _text(said: object) -> str:
    return said.strip()[:_LONGEST] if isinstance(said, str) else ""
