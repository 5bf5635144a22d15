"""Sessions: how they start and end, and what the person may do at every moment in between."""

import pytest

from portal.domain.errors import SignInRefused
from portal.domain.permissions import Permission, Principal
from portal.services.disable_user import DisableUser, disable_user
from portal.services.end_session import EndSession, end_session
from portal.services.ports import Grant
from portal.services.principal_of_session import PrincipalOfSession, principal_of_session
from portal.services.start_session import StartSession, start_session
from portal.services.tickets import hash_of
from portal.store import Store
from tests.access_fixture import (
    GROUPS,
    LIMITS,
    NOON,
    HandClock,
    StaffList,
    a_session,
    a_user,
    sign_in,
)
from tests.services.store_fixture import store

__all__ = ["store"]


def who(
    store: Store,
    clock: HandClock,
    session_id: str,
    *,
    is_activity: bool = True,
    staff: StaffList | None = None,
) -> Principal | None:
    return principal_of_session(
        PrincipalOfSession(session_id=session_id, is_activity=is_activity),
        store=store,
        clock=clock,
        groups=GROUPS,
        limits=LIMITS,
        staff=staff or StaffList(),
    )


def start(store: Store, clock: HandClock, ticket: str, earlier: str | None = None) -> str:
    return start_session(
        StartSession(ticket=ticket, earlier_cookie=earlier),
        store=store,
        clock=clock,
        limits=LIMITS,
    ).cookie


def test_a_session_belongs_to_who_signed_in(store: Store) -> None:
    a_user(store, "pat", "partners")
    clock = HandClock()
    _, session_id = a_session(store, clock)

    found = who(store, clock, session_id, staff=StaffList({"pat@firm.example": "17"}))

    assert found is not None
    assert (found.user_key, found.full_name, found.staff_id) == ("local:pat", "Pat", "17")
    assert found.home == "partner"
    assert found.permissions == {Permission.VIEW_CLIENTS, Permission.EXPORT}


def test_the_store_never_sees_the_cookie(store: Store) -> None:
    a_user(store)
    cookie, session_id = a_session(store, HandClock())

    with store.reading() as view:
        assert view.sessions.find(cookie) is None
        assert view.sessions.find(session_id) is not None


def test_a_ticket_starts_one_session(store: Store) -> None:
    a_user(store)
    clock = HandClock()
    ticket = sign_in(store, clock)
    start(store, clock, ticket)

    with pytest.raises(SignInRefused):
        start(store, clock, ticket)


def test_a_ticket_is_worthless_after_30_seconds(store: Store) -> None:
    a_user(store)
    clock = HandClock()
    ticket = sign_in(store, clock)
    clock.pass_(seconds=30)

    with pytest.raises(SignInRefused):
        start(store, clock, ticket)


@pytest.mark.parametrize("ticket", ["", "guess", "' or 1=1 --", "\ud800"])
def test_a_guessed_ticket_starts_nothing(store: Store, ticket: str) -> None:
    with pytest.raises(SignInRefused):
        start(store, HandClock(), ticket)


@pytest.mark.catalogue(62)
def test_signing_in_makes_a_new_id_and_ends_the_one_the_browser_had(store: Store) -> None:
    a_user(store)
    clock = HandClock()
    planted, planted_id = a_session(store, clock)

    cookie = start(store, clock, sign_in(store, clock), earlier=planted)

    assert cookie != planted
    assert who(store, clock, planted_id) is None
    assert who(store, clock, hash_of(cookie)) is not None


@pytest.mark.catalogue(61)
def test_a_cookie_copied_before_signing_out_opens_nothing_after(store: Store) -> None:
    a_user(store)
    clock = HandClock()
    _, session_id = a_session(store, clock)

    assert end_session(EndSession(session_id=session_id), store=store, clock=clock)

    assert who(store, clock, session_id) is None
    assert not end_session(EndSession(session_id=session_id), store=store, clock=clock)


def test_an_hour_without_use_ends_a_session(store: Store) -> None:
    a_user(store)
    clock = HandClock()
    _, session_id = a_session(store, clock)

    clock.pass_(minutes=59)
    assert who(store, clock, session_id) is not None  # that was a use
    clock.pass_(minutes=59)
    assert who(store, clock, session_id) is not None
    clock.pass_(minutes=60)
    assert who(store, clock, session_id) is None


def test_what_the_browser_does_by_itself_is_no_use(store: Store) -> None:
    a_user(store)
    clock = HandClock()
    _, session_id = a_session(store, clock)

    for _ in range(5):
        clock.pass_(minutes=10)
        assert who(store, clock, session_id, is_activity=False) is not None
    clock.pass_(minutes=10)

    assert who(store, clock, session_id, is_activity=False) is None


def test_twelve_hours_end_a_session_however_busy(store: Store) -> None:
    a_user(store)
    clock = HandClock()
    _, session_id = a_session(store, clock)

    for _ in range(23):
        clock.pass_(minutes=30)
        assert who(store, clock, session_id) is not None
    clock.pass_(minutes=30)

    assert who(store, clock, session_id) is None


def test_a_session_that_is_over_stays_over_when_the_clock_goes_back(store: Store) -> None:
    a_user(store)
    clock = HandClock()
    _, session_id = a_session(store, clock)
    end_session(EndSession(session_id=session_id), store=store, clock=clock)

    clock.pass_(hours=-5)

    assert who(store, clock, session_id) is None


@pytest.mark.catalogue(54)
def test_a_grant_and_its_removal_act_at_the_next_look(store: Store) -> None:
    a_user(store)
    clock = HandClock()
    _, session_id = a_session(store, clock)
    grant = Grant(user_key="local:pat", permission="refund", until=None, granted_by="local:ann")
    with store.unit_of_work() as uow:
        uow.grants.save(grant)
        uow.commit()
    assert who(store, clock, session_id).may(Permission.REFUND)

    with store.unit_of_work() as uow:
        uow.grants.remove("local:pat", "refund")
        uow.commit()

    assert not who(store, clock, session_id).may(Permission.REFUND)


def test_a_grant_of_something_unknown_gives_nothing(store: Store) -> None:
    a_user(store)
    clock = HandClock()
    _, session_id = a_session(store, clock)
    with store.unit_of_work() as uow:
        uow.grants.save(
            Grant(user_key="local:pat", permission="everything", until=None, granted_by="x")
        )
        uow.commit()

    assert who(store, clock, session_id).permissions == GROUPS["partners"].permissions


def test_a_person_switched_off_is_out_at_the_next_look_and_stays_out(store: Store) -> None:
    a_user(store)
    clock = HandClock()
    _, session_id = a_session(store, clock)
    ticket = sign_in(store, clock)

    disable_user(DisableUser(who="pat", actor="test"), store=store, clock=clock)

    assert who(store, clock, session_id) is None
    with pytest.raises(SignInRefused):
        start(store, clock, ticket)
    disable_user(DisableUser(who="pat", actor="test", is_active=True), store=store, clock=clock)
    assert who(store, clock, session_id) is None


def test_the_first_group_of_the_firm_decides_the_home_page(store: Store) -> None:
    a_user(store, groups=("users", "partners"))
    clock = HandClock()
    _, session_id = a_session(store, clock)

    assert who(store, clock, session_id).home == "partner"


def test_somebody_the_practice_system_does_not_know_sees_no_client(store: Store) -> None:
    a_user(store)
    clock = HandClock()
    _, session_id = a_session(store, clock)

    scope = who(store, clock, session_id).scope

    assert (scope.all_clients, scope.staff_id) == (False, None)


def test_starting_and_ending_are_in_the_audit_log(store: Store) -> None:
    a_user(store)
    clock = HandClock()
    _, session_id = a_session(store, clock)
    end_session(EndSession(session_id=session_id), store=store, clock=clock)

    with store.reading() as view:
        ended, started = view.audit.rows(limit=2)
    assert (started.action, started.actor, started.at) == ("session.started", "local:pat", NOON)
    assert (ended.action, ended.subject) == ("session.ended", "local:pat")


def test_an_unknown_session_is_nobody(store: Store) -> None:
    assert who(store, HandClock(), "unknown") is None
