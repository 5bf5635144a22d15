"""Single permissions beyond the groups, and the parts of the portal that a group works with."""

from datetime import timedelta

import pytest

from portal.domain.errors import Denied, Invalid, NotFound
from portal.domain.permissions import Group, Permission, Principal
from portal.services.disable_user import DisableUser, disable_user
from portal.services.grant_permission import GrantPermission, grant_permission
from portal.services.people_and_permissions import people_and_permissions
from portal.services.principal_of_session import PrincipalOfSession, principal_of_session
from portal.services.revoke_permission import RevokePermission, revoke_permission
from portal.store import Store
from tests.access_fixture import GROUPS, LIMITS, NOON, HandClock, StaffList, a_session, a_user
from tests.services.store_fixture import store

__all__ = ["store"]


def an_admin(name: str = "ann") -> Principal:
    return Principal(
        user_key=f"local:{name}",
        full_name=name.title(),
        email=f"{name}@firm.example",
        permissions=frozenset({Permission.MANAGE_PERMISSIONS}),
    )


def give(store: Store, actor: Principal | None = None, who: str = "local:pat", **more) -> None:
    grant_permission(
        GrantPermission(
            **{"actor": actor or an_admin(), "user_key": who, "permission": Permission.REFUND}
            | more
        ),
        store=store,
        clock=HandClock(),
    )


def take_back(store: Store, actor: Principal | None = None) -> None:
    revoke_permission(
        RevokePermission(
            actor=actor or an_admin(), user_key="local:pat", permission=Permission.REFUND
        ),
        store=store,
        clock=HandClock(),
    )


def may_refund(store: Store, session_id: str, clock: HandClock) -> bool:
    found = principal_of_session(
        PrincipalOfSession(session_id=session_id),
        store=store, clock=clock, groups=GROUPS, limits=LIMITS, staff=StaffList(),
    )  # fmt: skip
    return found is not None and found.may(Permission.REFUND)


def audited(store: Store) -> list[tuple[str, str, str, object]]:
    with store.reading() as view:
        found = view.audit.rows()
    return [
        (row.actor, row.action, row.subject, row.detail)
        for row in reversed(found)
        if row.action.startswith("permission.")
    ]


def test_what_is_given_counts_from_the_next_click_and_what_is_taken_back_too(store: Store) -> None:
    clock = HandClock()
    a_user(store)
    _, session_id = a_session(store, clock)
    assert not may_refund(store, session_id, clock)

    give(store)
    assert may_refund(store, session_id, clock)
    take_back(store)

    assert not may_refund(store, session_id, clock)
    assert audited(store) == [
        ("local:ann", "permission.granted", "local:pat", {"permission": "refund", "until": None}),
        ("local:ann", "permission.revoked", "local:pat", {"permission": "refund"}),
    ]


def test_a_permission_for_a_time_is_gone_when_the_time_is_over(store: Store) -> None:
    clock = HandClock()
    a_user(store)
    _, session_id = a_session(store, clock)

    give(store, until=NOON + timedelta(minutes=30))

    assert may_refund(store, session_id, clock)
    clock.pass_(minutes=30)
    assert not may_refund(store, session_id, clock)


def test_nobody_gives_themselves_a_permission(store: Store) -> None:
    a_user(store, "ann", "admins")

    with pytest.raises(Denied, match="themselves"):
        give(store, who="local:ann")

    assert audited(store) == []


def test_only_somebody_who_manages_permissions_gives_and_takes_them(store: Store) -> None:
    a_user(store)
    give(store)
    nobody = Principal(user_key="local:eve", full_name="Eve", email="")

    for deed in (lambda: give(store, nobody), lambda: take_back(store, nobody)):
        with pytest.raises(Denied):
            deed()
    with pytest.raises(Denied):
        people_and_permissions(
            nobody, store=store, clock=HandClock(), groups=GROUPS, staff=StaffList()
        )

    assert len(audited(store)) == 1


def test_a_time_that_is_over_and_a_person_who_is_not_there_are_refused(store: Store) -> None:
    a_user(store)
    with pytest.raises(Invalid, match="over"):
        give(store, until=NOON)
    with pytest.raises(NotFound):
        give(store, who="local:nobody")
    disable_user(DisableUser(who="pat", actor="test"), store=store, clock=HandClock())
    with pytest.raises(NotFound, match="switched off"):
        give(store)
    with pytest.raises(NotFound, match="not given"):
        take_back(store)


def test_people_are_shown_as_their_requests_are_judged(store: Store) -> None:
    a_user(store)
    a_user(store, "uma", "users")
    give(store)
    give(store, who="local:uma", until=NOON + timedelta(minutes=1))

    later = HandClock(NOON + timedelta(hours=1))
    pat, uma = people_and_permissions(
        an_admin(), store=store, clock=later, groups=GROUPS,
        staff=StaffList({"pat@firm.example": "7"}),
    )  # fmt: skip

    assert pat.principal.may(Permission.REFUND)
    assert pat.principal.staff_id == "7"
    assert [one.permission for one in pat.grants] == ["refund"]
    assert uma.grants == ()
    assert not uma.principal.may(Permission.REFUND)


def test_somebody_works_with_the_modules_of_any_of_their_groups(store: Store) -> None:
    groups = {
        "tax": Group("tax", frozenset(), modules=frozenset({"invoices"})),
        "audit": Group("audit", frozenset(), modules=frozenset({"clients"})),
        "all": Group("all", frozenset()),
    }
    a_user(store, "pat", "users")

    def modules(*names: str) -> frozenset[str]:
        with store.unit_of_work() as uow:
            user = uow.users.find("local:pat")
            uow.users.save(user.__class__(**{**vars(user), "groups": names}))
            uow.commit()
        [person] = people_and_permissions(
            an_admin(), store=store, clock=HandClock(), groups=groups, staff=StaffList()
        )
        return person.principal.modules

    assert modules("tax") == {"invoices"}
    assert modules("tax", "audit") == {"invoices", "clients"}
    assert "collections" in modules("tax", "all")
