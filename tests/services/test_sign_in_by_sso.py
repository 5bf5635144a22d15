"""Single sign-on: which answers of the identity provider become a session."""

from dataclasses import replace

import pytest

from portal.domain.errors import SignInRefused
from portal.services.disable_user import DisableUser, disable_user
from portal.services.sign_in_by_sso import SignInBySso, is_answer_used, sign_in_by_sso
from portal.services.start_session import StartSession, start_session
from portal.store import Store
from tests.access_fixture import GROUPS, LIMITS, HandClock
from tests.services.store_fixture import store

__all__ = ["store"]

UMA = SignInBySso(
    issuer="https://sso.firm.example",
    subject="u1",
    answer_id="nonce-1",
    full_name="Uma",
    email="uma@firm.example",
    groups=("users", "cooks"),
)


def sign_in(store: Store, answer: SignInBySso) -> str:
    return sign_in_by_sso(answer, store=store, clock=HandClock(), groups=GROUPS).ticket


def start(store: Store, ticket: str) -> None:
    start_session(StartSession(ticket=ticket), store=store, clock=HandClock(), limits=LIMITS)


def refusal(store: Store, answer: SignInBySso) -> str:
    with pytest.raises(SignInRefused) as refused:
        sign_in(store, answer)
    return str(refused.value)


def test_a_member_of_a_known_group_comes_in_under_issuer_and_subject(store: Store) -> None:
    start(store, sign_in(store, UMA))

    with store.reading() as view:
        known = view.users.find("oidc:https://sso.firm.example|u1")
    assert known.groups == ("users", "cooks")
    assert known.password_hash is None


@pytest.mark.parametrize("groups", [None, (), ("cooks",), ("Users",)])
def test_without_a_known_group_nobody_comes_in_and_nothing_is_kept(
    store: Store, groups: tuple[str, ...] | None
) -> None:
    assert "group" in refusal(store, replace(UMA, groups=groups))

    with store.reading() as view:
        assert view.users.everybody() == []


def test_one_answer_is_worth_one_session(store: Store) -> None:
    first, second = sign_in(store, UMA), sign_in(store, UMA)
    start(store, first)

    assert is_answer_used(UMA, store=store)
    assert "already" in refusal(store, UMA)
    with pytest.raises(SignInRefused):
        start(store, second)
    assert sign_in(store, replace(UMA, answer_id="nonce-2"))


def test_the_same_subject_of_another_issuer_is_another_person(store: Store) -> None:
    sign_in(store, UMA)

    sign_in(store, replace(UMA, issuer="https://other.example", email="o@firm.example"))

    with store.reading() as view:
        assert len(view.users.everybody()) == 2


@pytest.mark.catalogue(56)
def test_changing_ones_email_to_a_colleagues_opens_nothing(store: Store) -> None:
    sign_in(store, UMA)
    taker = replace(UMA, subject="t1", answer_id="n", email="tom@firm.example")
    sign_in(store, taker)

    changed = replace(taker, answer_id="n2", email="UMA@firm.example")

    assert "belongs to another person" in refusal(store, changed)


def test_the_email_of_somebody_switched_off_is_free_again(store: Store) -> None:
    sign_in(store, UMA)
    who = DisableUser(who="uma@firm.example", actor="test")
    disable_user(who, store=store, clock=HandClock())

    assert sign_in(store, replace(UMA, subject="new"))
    assert "switched off" in refusal(store, UMA)


def test_new_groups_replace_the_old_ones_and_are_audited(store: Store) -> None:
    sign_in(store, UMA)
    sign_in(store, replace(UMA, answer_id="n2"))
    sign_in(store, replace(UMA, answer_id="n3", groups=("admins",)))

    with store.reading() as view:
        assert view.users.find(UMA.user_key).groups == ("admins",)
        learned = [row.detail for row in view.audit.rows() if row.action == "user.learned"]
    assert [detail["after"]["groups"] for detail in learned] == [["admins"], ["cooks", "users"]]
