"""Tokens of lists: what they say, how long, and that nobody else can make one."""

import base64
import json
import time
from collections.abc import Callable

import pytest
from itsdangerous import URLSafeTimedSerializer

from portal.web import tokens
from portal.web.tokens import GridToken, TokenExpired, TokenInvalid, TokenSigner

SIGNER = TokenSigner("a secret key")


def test_a_token_says_what_was_put_in() -> None:
    token = SIGNER.mint(sid="s1", list_name="invoices", params={"client_id": "7"})

    assert SIGNER.read(token) == GridToken("s1", "invoices", {"client_id": "7"})


def test_a_token_of_15_minutes_ago_is_expired_but_can_be_renewed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = SIGNER.mint(sid="s1", list_name="invoices")
    later = int(time.time()) + tokens.TOKEN_SECONDS + 2
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)

    with pytest.raises(TokenExpired):
        SIGNER.read(token)
    assert SIGNER.read(SIGNER.renew(token)) == GridToken("s1", "invoices", {})


def test_a_token_older_than_any_session_can_not_be_renewed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = SIGNER.mint(sid="s1", list_name="invoices")
    later = int(time.time()) + tokens.RENEWABLE_SECONDS + 2
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)

    with pytest.raises(TokenExpired):
        SIGNER.renew(token)


def test_a_token_with_any_letter_changed_or_missing_is_refused() -> None:
    token = SIGNER.mint(sid="s1", list_name="invoices", params={"client_id": "7"})

    for place in range(len(token)):
        # The last letter's two lowest bits mean nothing: choose one that differs above them.
        other = "A" if token[place] not in "ABCD" else "Q"
        for damaged in (token[:place] + other + token[place + 1 :], token[:place]):
            with pytest.raises(TokenInvalid):
                SIGNER.read(damaged)


@pytest.mark.catalogue(68)
@pytest.mark.parametrize(
    "make",
    [
        lambda: "",
        lambda: "....",
        lambda: "\x00",
        lambda: "é",
        lambda: TokenSigner("another key").mint(sid="s1", list_name="invoices"),
        lambda: signed("other", ["s1", "invoices", {}]),
        lambda: signed("portal.grid-token.1", ["s1", "x"]),
        lambda: jwt(alg="none"),
        lambda: jwt(alg="HS256", jku="https://elsewhere.example/keys"),
        lambda: jwt(alg="HS256", kid="../../dev/null"),
    ],
    ids=[
        "empty", "dots", "nul", "accent", "other key", "other purpose", "other content",
        "no algorithm", "key from elsewhere", "key of a path",
    ],
)  # fmt: skip
def test_what_was_not_made_here_for_this_is_refused(make: Callable[[], str]) -> None:
    with pytest.raises(TokenInvalid):
        SIGNER.read(make())


def signed(purpose: str, content: list[object]) -> str:
    """A text signed now with the right key, for any purpose."""
    return URLSafeTimedSerializer("a secret key", salt=purpose).dumps(content)


def jwt(**header: str) -> str:
    """A JSON web token that says by which key it wants to be checked."""
    parts = [json.dumps(part).encode() for part in (header, {"sid": "s1"})]
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), ""])
