"""Tokens of lists: what they say, how long, and that nobody else can make one."""

import time

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


@pytest.mark.parametrize(
    "token",
    [
        "",
        "....",
        "\x00",
        "é",
        TokenSigner("another key").mint(sid="s1", list_name="invoices"),
        URLSafeTimedSerializer("a secret key", salt="other").dumps(["s1", "invoices", {}]),
        URLSafeTimedSerializer("a secret key", salt="portal.grid-token.1").dumps(["s1", "x"]),
    ],
    # The signed ones hold the time: named by it, two processes would not know them as the same.
    ids=["empty", "dots", "nul", "accent", "other key", "other purpose", "other content"],
)
def test_what_was_not_made_here_for_this_is_refused(token: str) -> None:
    with pytest.raises(TokenInvalid):
        SIGNER.read(token)
