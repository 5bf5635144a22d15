"""An administrator sees the portal as another person does, and can change nothing meanwhile."""

import dataclasses
import inspect
from types import SimpleNamespace
from typing import Any, get_type_hints

import pytest

from portal import bootstrap
from portal.bootstrap import Portal
from portal.domain import looking
from portal.domain.errors import Denied, NotFound, PortalError
from portal.domain.permissions import Permission, Principal
from portal.services.end_session import EndSession, end_session
from portal.services.grant_permission import GrantPermission, grant_permission
from portal.services.look_as import LookAs, StopLooking, look_as, stop_looking
from portal.services.principal_of_session import PrincipalOfSession, principal_of_session
from portal.services.record_visit import RecordVisit, record_visit
from portal.store import Store
from tests.access_fixture import GROUPS, LIMITS, HandClock, StaffList, a_session, a_user
from tests.services.store_fixture import store
from tests.services.test_free_texts import COMMANDS, made

__all__ = ["store"]

SEEN = Principal(
    user_key="local:pat", full_name="Pat", email="pat@firm.example",
    permissions=frozenset(Permission), staff_id="7", seen_by="local:ann",
)  # fmt: skip
NO_DEEDS = frozenset(["look_at_letter", "prepare_resend", "preview_statement", "quote_payment",
                      "read_plan", "forecast_statements", "record_visit",
                      "finish_hosted_payment"])  # fmt: skip
"""What only reads, or (a visit) keeps nothing of somebody who looks; what became of a payment page
is read at the gateway before it is written down."""


@pytest.fixture(autouse=True)
def _forgotten_afterwards():
    yield
    looking.remember(False)


def found(store: Store, session_id: str, clock: HandClock) -> Principal:
    principal = principal_of_session(
        PrincipalOfSession(session_id=session_id),
        store=store, clock=clock, groups=GROUPS, limits=LIMITS,
        staff=StaffList({"pat@firm.example": "7"}),
    )  # fmt: skip
    assert principal is not None
    return principal


def begin(store: Store, user_key: str = "local:pat") -> tuple[HandClock, str]:
    clock = HandClock()
    a_user(store, "ann", "admins")
    a_user(store)
    _, session_id = a_session(store, clock, "ann")
    ann = found(store, session_id, clock)
    look_as(LookAs(actor=ann, session_id=session_id, user_key=user_key), store=store, clock=clock)
    return clock, session_id


def test_one_sees_what_the_other_person_may_see_and_is_still_known(store: Store) -> None:
    clock, session_id = begin(store)

    seen = found(store, session_id, clock)

    assert (seen.user_key, seen.seen_by, seen.staff_id) == ("local:pat", "local:ann", "7")
    assert seen.permissions == GROUPS["partners"].permissions
    assert not seen.scope.all_clients


def test_a_permission_to_do_something_can_be_seen_and_not_used(store: Store) -> None:
    clock, session_id = begin(store)
    seen = found(store, session_id, clock)

    assert seen.may(Permission.EXPORT)
    seen.require_sight(Permission.EXPORT)
    seen.require(Permission.VIEW_CLIENTS)
    with pytest.raises(Denied, match="looking as somebody else"):
        seen.require(Permission.EXPORT)


def test_beginning_and_end_are_audited_and_the_end_gives_back_oneself(store: Store) -> None:
    clock, session_id = begin(store)

    assert stop_looking(StopLooking(session_id=session_id), store=store, clock=clock)

    assert found(store, session_id, clock).user_key == "local:ann"
    assert not stop_looking(StopLooking(session_id=session_id), store=store, clock=clock)
    with store.reading() as view:
        told = [(row.actor, row.action, row.subject) for row in view.audit.rows(limit=2)]
    assert told == [
        ("local:ann", "view_as.ended", "local:pat"),
        ("local:ann", "view_as.begun", "local:pat"),
    ]


def test_whoever_may_not_look_any_more_is_themselves_at_the_next_click(store: Store) -> None:
    clock, session_id = begin(store)
    with store.unit_of_work() as uow:
        ann = uow.users.find("local:ann")
        uow.users.save(dataclasses.replace(ann, groups=("users",)))
        uow.commit()

    assert found(store, session_id, clock).user_key == "local:ann"


def test_oneself_nobody_and_a_session_of_somebody_else_are_refused(store: Store) -> None:
    clock = HandClock()
    a_user(store, "ann", "admins")
    a_user(store)
    _, mine = a_session(store, clock, "ann")
    _, pats = a_session(store, clock)
    ann, pat = found(store, mine, clock), found(store, pats, clock)

    for actor, session_id, user_key, refusal in (
        (ann, mine, "local:ann", Denied),
        (ann, mine, "local:nobody", NotFound),
        (ann, pats, "local:pat", NotFound),
        (pat, pats, "local:ann", Denied),
    ):
        with pytest.raises(refusal):
            look_as(
                LookAs(actor=actor, session_id=session_id, user_key=user_key),
                store=store, clock=clock,
            )  # fmt: skip


def test_who_looks_can_neither_look_on_nor_give_permissions(store: Store) -> None:
    clock, session_id = begin(store)
    seen = dataclasses.replace(found(store, session_id, clock), permissions=frozenset(Permission))

    with pytest.raises(Denied, match="looking"):
        look_as(LookAs(actor=seen, session_id=session_id, user_key="local:ann"),
                store=store, clock=clock)  # fmt: skip
    with pytest.raises(Denied, match="looking"):
        grant_permission(
            GrantPermission(actor=seen, user_key="local:ann", permission=Permission.REFUND),
            store=store, clock=clock,
        )  # fmt: skip


def test_the_store_writes_nothing_for_whoever_looks_until_they_stop(store: Store) -> None:
    clock, session_id = begin(store)
    portal = SimpleNamespace(
        store=store, now=clock, limits=LIMITS, staff=StaffList(),
        settings=SimpleNamespace(access=SimpleNamespace(groups=GROUPS)),
    )  # fmt: skip

    assert Portal.principal(portal, session_id).seen_by == "local:ann"  # type: ignore[arg-type]

    with pytest.raises(Denied, match="nothing can be changed"), store.unit_of_work():
        pass
    assert record_visit(RecordVisit(actor=SEEN, page="home"), store=store, clock=clock) is None
    stop_looking(StopLooking(session_id=session_id), store=store, clock=clock)
    Portal.principal(portal, session_id)  # type: ignore[arg-type]
    with store.unit_of_work():
        pass


def test_who_looks_can_sign_out(store: Store) -> None:
    clock, session_id = begin(store)
    looking.remember(True)

    assert end_session(EndSession(session_id=session_id), store=store, clock=clock)


class Untold(Exception):
    """The command has begun to read; whatever it writes later is refused by the store."""


class OnlyReading:
    """A port of somebody who looks: it may be read, not written; a gateway may not be asked."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, asked: str) -> Any:
        if self._name == "store" and asked == "unit_of_work":
            raise Denied(looking.ONLY_LOOKING)
        if self._name in ("gateway", "mailer", "shelf"):
            raise AssertionError(f"{self._name}.{asked} was used for somebody who only looks")
        raise Untold

    def __call__(self, *args: object, **more: object) -> Any:
        raise Untold


FILLED = {
    "request_id": "r" * 32, "name": "Mine", "state": {}, "client_ids": ("1",),
    "text": "A text.", "reason": "A reason.", "message": "A text.", "amount_cents": 100,
    "statement_ids": ("1",), "client_id": "1", "until": None, "lines": {"1": 100},
}  # fmt: skip
"""So much of a request that a command does not stop at what is missing."""
DEEDS = [
    (act, kind)
    for act, kind in COMMANDS
    if "actor" in get_type_hints(kind)
    and "Principal" in str(get_type_hints(kind)["actor"])
    and act.__name__ not in NO_DEEDS
]


@pytest.mark.parametrize(("act", "kind"), DEEDS, ids=[act.__name__ for act, _ in DEEDS])
def test_no_command_of_somebody_who_looks_writes_or_asks_a_gateway_first(act, kind):
    ports = {name: OnlyReading(name) for name in list(inspect.signature(act).parameters)[1:]}

    command = made(kind, actor=SEEN, **FILLED)
    if hasattr(command, "kind"):
        object.__setattr__(command, "kind", next(iter(get_type_hints(kind)["kind"])))

    with pytest.raises((PortalError, Untold)):
        act(command, **ports)


def test_all_commands_of_staff_are_among_them():
    assert len(DEEDS) >= 50
    assert bootstrap.Portal.principal is Portal.principal
