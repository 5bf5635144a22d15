"""Signing in with a name and a password: who gets in, who doesn't, and after how many tries."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.domain.errors import SignInRefused
from portal.services.disable_user import DisableUser, disable_user
from portal.services.passwords import Passwords
from portal.services.sign_in_locally import TOO_MANY, WRONG
from portal.store import Store, open_store
from tests.access_fixture import PASSWORD, HandClock, PlainPasswords, a_user, sign_in
from tests.adapters import store_backends
from tests.services.store_fixture import store

__all__ = ["store"]
cluster, store_url = store_backends.cluster, store_backends.store_url


def refusal(store: Store, clock: HandClock, **how: object) -> str:
    with pytest.raises(SignInRefused) as refused:
        sign_in(store, clock, **how)
    return str(refused.value)


def test_the_right_password_is_worth_a_ticket(store: Store) -> None:
    a_user(store)

    ticket = sign_in(store, HandClock(), name="  PAT ")

    assert len(ticket) >= 43  # 256 bits


def test_a_wrong_password_and_an_unknown_name_sound_alike(store: Store) -> None:
    a_user(store)
    clock = HandClock()

    assert refusal(store, clock, password="wrong") == WRONG
    assert refusal(store, clock, name="nobody") == WRONG


def test_an_unknown_name_costs_a_comparison_too(store: Store) -> None:
    passwords = PlainPasswords()

    refusal(store, HandClock(), name="nobody", passwords=passwords)

    assert passwords.compared == [None]


def test_a_real_comparison_takes_as_long_for_nobody() -> None:
    passwords = Passwords(rounds=9)
    kept = passwords.hash(PASSWORD)

    def seconds(password_hash: str | None) -> float:
        started = time.perf_counter()
        for _ in range(5):
            assert not passwords.matches("wrong", password_hash)
        return time.perf_counter() - started

    seconds(kept)
    assert 0.5 < seconds(None) / seconds(kept) < 2


@pytest.mark.catalogue(63)
def test_the_sixth_wrong_password_waits_15_minutes_also_after_a_restart(store: Store) -> None:
    a_user(store)
    clock = HandClock()
    for _ in range(5):
        assert refusal(store, clock, password="wrong") == WRONG

    assert refusal(store, clock) == TOO_MANY  # though the password is right

    again = open_store(store._engine.url.render_as_string(), secret_key="test")
    clock.pass_(minutes=14, seconds=59)
    assert refusal(again, clock) == TOO_MANY
    clock.pass_(seconds=2)
    assert sign_in(again, clock)
    again.close()


def test_an_unknown_name_is_locked_like_a_known_one(store: Store) -> None:
    clock = HandClock()
    for _ in range(5):
        refusal(store, clock, name="nobody")

    assert refusal(store, clock, name="nobody") == TOO_MANY


def test_a_locked_account_costs_no_comparison(store: Store) -> None:
    a_user(store)
    clock, passwords = HandClock(), PlainPasswords()
    for _ in range(8):
        refusal(store, clock, password="wrong", passwords=passwords)

    assert len(passwords.compared) == 5


def test_the_right_password_forgives_the_wrong_ones_before_it(store: Store) -> None:
    a_user(store)
    clock = HandClock()
    for _ in range(3):
        for _ in range(4):
            refusal(store, clock, password="wrong")
            clock.pass_(seconds=1)
        sign_in(store, clock)
        clock.pass_(seconds=1)

    assert refusal(store, clock, password="wrong") == WRONG


def test_one_address_may_be_wrong_20_times_whatever_the_names(store: Store) -> None:
    a_user(store)
    clock = HandClock()
    for number in range(20):
        refusal(store, clock, name=f"guess{number}")

    assert refusal(store, clock) == TOO_MANY
    assert sign_in(store, clock, address="192.0.2.2")


def test_thirty_tries_at_once_get_five_comparisons(store_url: str) -> None:
    store = open_store(store_url, secret_key="test")
    a_user(store)
    clock, passwords = HandClock(), PlainPasswords()

    def guess(number: int) -> str:
        return refusal(
            store, clock, password="wrong", address=f"192.0.2.{number}", passwords=passwords
        )

    with ThreadPoolExecutor(6) as guessers:
        said = list(guessers.map(guess, range(30)))

    assert len(passwords.compared) == 5
    assert said.count(WRONG) == 5
    assert said.count(TOO_MANY) == 25
    store.close()


@pytest.mark.catalogue(64)
def test_a_password_of_5000_characters_is_refused_without_work(store: Store) -> None:
    a_user(store)
    passwords = PlainPasswords()

    assert refusal(store, HandClock(), password="x" * 5_000, passwords=passwords) == WRONG
    assert passwords.compared == []


@pytest.mark.parametrize("typed", [("", PASSWORD), ("pat", ""), ("   ", PASSWORD)])
def test_an_empty_form_says_what_to_type(store: Store, typed: tuple[str, str]) -> None:
    assert "Type your user name" in refusal(store, HandClock(), name=typed[0], password=typed[1])


def test_a_disabled_user_hears_what_a_wrong_password_hears(store: Store) -> None:
    a_user(store)
    clock = HandClock()
    disable_user(DisableUser(who="pat", actor="test"), store=store, clock=clock)

    assert refusal(store, clock) == WRONG


def test_a_refusal_is_audited_without_the_name_nobody_has(store: Store) -> None:
    a_user(store)
    clock = HandClock()
    refusal(store, clock, name="my secret passw0rd")
    refusal(store, clock, password="wrong")

    with store.reading() as view:
        known, unknown = view.audit.rows(limit=2)
    assert (known.action, known.subject) == ("sign_in.refused", "local:pat")
    assert "passw0rd" not in repr(unknown)


@pytest.mark.parametrize(
    "pair",
    [
        ("long " * 30 + "a", "long " * 30 + "b"),
        ("zero\x00one is long", "zero\x00two is long"),
        ("pässwörter sind lang", "passworter sind lang"),
    ],
)
def test_every_character_of_a_password_counts(pair: tuple[str, str]) -> None:
    passwords = Passwords(rounds=4)
    kept = passwords.hash(pair[0])

    assert passwords.matches(pair[0], kept)
    assert not passwords.matches(pair[1], kept)


def test_text_that_is_no_unicode_is_just_wrong() -> None:
    passwords = Passwords(rounds=4)

    assert not passwords.matches("\ud800", passwords.hash(PASSWORD))
