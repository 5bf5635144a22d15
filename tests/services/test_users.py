"""Adding people, switching them off, and the sample firm's people."""

import pytest

from portal.domain.errors import Invalid, NotFound, SignInRefused
from portal.services.add_sample_users import SAMPLE_USERS, AddSampleUsers, add_sample_users
from portal.services.disable_user import DisableUser, disable_user
from portal.services.ports import SignInKind, User
from portal.services.retire_sample_users import retire_sample_users
from portal.services.set_user_password import SetUserPassword, set_user_password
from portal.services.sign_in_as_sample import SignInAsSample, sign_in_as_sample
from portal.store import Store
from tests.access_fixture import (
    PASSWORD,
    HandClock,
    PlainPasswords,
    a_session,
    a_user,
    sign_in,
)
from tests.services.store_fixture import store

__all__ = ["store"]


def add_samples(store: Store, people: dict[str, tuple[str, str]] | None = None) -> None:
    add_sample_users(
        AddSampleUsers(people=people or {}),
        store=store,
        clock=HandClock(),
        passwords=PlainPasswords(),
    )


def test_a_user_is_added_once_with_a_hash_and_an_audit_row(store: Store) -> None:
    user = a_user(store, "pat")

    assert user.password_hash != PASSWORD
    with pytest.raises(Invalid, match="already"):
        a_user(store, "PAT")
    with store.reading() as view:
        assert [row.action for row in view.audit.rows()] == ["user.added"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "p"}, "user name"),
        ({"name": "pät"}, "user name"),
        ({"name": "pat smith"}, "user name"),
        ({"name": "-pat"}, "user name"),
        ({"full_name": " "}, "full name"),
        ({"email": "pat"}, "email"),
        ({"email": "pat@x\nbcc: y@z"}, "email"),
        ({"groups": ("cooks",)}, "no group cooks"),
        ({"password": "short"}, "12 to 1,000"),
        ({"password": "x" * 1_001}, "12 to 1,000"),
        ({"password": " " + PASSWORD}, "space"),
    ],
)
def test_what_can_not_be_a_user_is_refused_in_words(
    store: Store, changes: dict[str, object], says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        a_user(store, **changes)

    with store.reading() as view:
        assert view.users.everybody() == []


def test_a_long_password_is_welcome(store: Store) -> None:
    password = "a long sentence that nobody guesses " * 4
    a_user(store, password=password.strip())

    assert sign_in(store, HandClock(), password=password.strip())


def test_switching_off_is_audited_with_the_sessions_it_ended(store: Store) -> None:
    a_user(store)

    disable_user(DisableUser(who="PAT", actor="terminal:ann"), store=store, clock=HandClock())

    with store.reading() as view:
        row = view.audit.rows(limit=1)[0]
    assert (row.action, row.actor, row.detail) == (
        "user.disabled",
        "terminal:ann",
        {"sessions_ended": 0},
    )


def test_switching_off_nobody_says_so(store: Store) -> None:
    with pytest.raises(NotFound, match="nobody"):
        disable_user(DisableUser(who="nobody", actor="test"), store=store, clock=HandClock())


def test_sample_people_take_names_and_emails_of_the_sample_staff(store: Store) -> None:
    add_samples(store)
    add_samples(store, {"partner": ("Thomas Rowe", "t.rowe@firm.example")})

    with store.reading() as view:
        people = {user.user_name: user for user in view.users.everybody()}
    assert people.keys() == {sample.user_name for sample in SAMPLE_USERS}
    assert people["partner"].full_name == "Thomas Rowe"
    assert people["partner"].email == "t.rowe@firm.example"
    assert sign_in(store, HandClock(), "admin", "demo")


def test_a_sample_user_who_was_switched_off_stays_off_at_the_next_start(store: Store) -> None:
    add_samples(store)
    disable_user(DisableUser(who="user", actor="test"), store=store, clock=HandClock())

    add_samples(store, {"user": ("Another Name", "a@firm.example")})

    with store.reading() as view:
        assert not view.users.find("local:user").is_active


def enter(store: Store, name: str, *, is_sample_firm: bool) -> str:
    return sign_in_as_sample(
        SignInAsSample(user_name=name),
        store=store,
        clock=HandClock(),
        is_sample_firm=is_sample_firm,
    ).ticket


def test_one_click_enters_the_sample_firm(store: Store) -> None:
    add_samples(store)

    assert enter(store, "partner", is_sample_firm=True)


def test_one_click_enters_no_real_firm_and_nobody_real(store: Store) -> None:
    add_samples(store)
    a_user(store, "pat")

    with pytest.raises(SignInRefused):
        enter(store, "partner", is_sample_firm=False)
    with pytest.raises(SignInRefused):
        enter(store, "pat", is_sample_firm=True)


def retire(store: Store) -> int:
    return retire_sample_users(store=store, clock=HandClock(), passwords=PlainPasswords())


def test_a_real_firm_switches_the_sample_people_off_and_ends_their_sessions(store: Store) -> None:
    add_samples(store)
    _, session_id = a_session(store, HandClock(), "admin", "demo")

    retired = retire(store)

    assert retired == len(SAMPLE_USERS)
    with store.reading() as view:
        assert {row.action for row in view.audit.rows(limit=5)} == {"user.disabled"}
    with pytest.raises(SignInRefused):
        sign_in(store, HandClock(), "admin", "demo")
    with store.reading() as view:
        assert not any(user.is_active for user in view.users.everybody())
        assert view.sessions.find(session_id).revoked_at is not None
    assert retire(store) == 0


def test_somebody_of_a_real_firm_with_a_sample_persons_name_stays(store: Store) -> None:
    a_user(store, "admin", "admins")

    assert retire(store) == 0
    assert sign_in(store, HandClock(), "admin")


ANOTHER = "another long password"


def change_password(store: Store, who: str = "pat", password: str = ANOTHER) -> None:
    set_user_password(
        SetUserPassword(who=who, password=password, actor="terminal:ann"),
        store=store,
        clock=HandClock(),
        passwords=PlainPasswords(),
    )


def test_a_new_password_takes_the_place_of_the_old_one_and_ends_its_sessions(store: Store) -> None:
    a_user(store)
    a_session(store, HandClock())

    change_password(store, "PAT")

    assert sign_in(store, HandClock(), password=ANOTHER)
    with pytest.raises(SignInRefused):
        sign_in(store, HandClock(), password=PASSWORD)
    with store.reading() as view:
        row = next(row for row in view.audit.rows() if row.action == "user.password_changed")
    assert (row.actor, row.detail) == ("terminal:ann", {"sessions_ended": 1})
    assert ANOTHER not in str(row)


@pytest.mark.parametrize(("password", "says"), [("short", "12 to 1,000"), (ANOTHER + " ", "space")])
def test_a_new_password_is_held_to_the_same_rules(store: Store, password: str, says: str) -> None:
    a_user(store)

    with pytest.raises(Invalid, match=says):
        change_password(store, password=password)

    assert sign_in(store, HandClock())


def test_nobody_of_the_single_sign_on_is_given_a_password(store: Store) -> None:
    sso = User(
        user_key="oidc:https://sso.example|1", kind=SignInKind.OIDC, user_name=None,
        full_name="Ann Bell", email="ann@firm.example", groups=("users",),
    )  # fmt: skip
    with store.unit_of_work() as uow:
        uow.users.save(sso)
        uow.commit()

    with pytest.raises(Invalid, match="single sign-on"):
        change_password(store, "ann@firm.example")


def test_access_that_was_ended_is_given_back_and_audited(store: Store) -> None:
    a_user(store)
    disable_user(DisableUser(who="pat", actor="test"), store=store, clock=HandClock())

    disable_user(
        DisableUser(who="pat", actor="test", is_active=True), store=store, clock=HandClock()
    )

    assert sign_in(store, HandClock())
    with store.reading() as view:
        assert "user.enabled" in {row.action for row in view.audit.rows()}
