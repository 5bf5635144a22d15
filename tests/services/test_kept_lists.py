"""How people keep their lists and pages."""

import math

import pytest

from portal.domain.errors import Denied, Invalid, NotFound
from portal.domain.permissions import Permission, Principal
from portal.services.delete_list_view import DeleteListView, delete_list_view
from portal.services.ports import ListView
from portal.services.record_visit import RecordVisit, record_visit
from portal.services.save_list_state import (
    SaveListState,
    list_state,
    places_of,
    save_list_state,
)
from portal.services.save_list_view import SaveListView, list_views, save_list_view
from portal.store import Store
from tests.access_fixture import NOON, HandClock
from tests.services.store_fixture import store

__all__ = ["store"]

ANN = Principal("local:ann", "Ann", "ann@firm.example")
BOB = Principal("local:bob", "Bob", "bob@firm.example")
SHARER = Principal(
    "local:cat", "Cat", "cat@firm.example", permissions=frozenset({Permission.SHARE_VIEWS})
)
ADMIN = Principal("local:adm", "Adm", "adm@firm.example", permissions=frozenset(Permission))


def save_view(store: Store, actor: Principal, name: str = "Old debts", **how: object) -> ListView:
    command = SaveListView(actor=actor, list_name="clients", name=name, state={"s": 1}, **how)
    return save_list_view(command, store=store, clock=HandClock())


def delete(store: Store, actor: Principal, view: ListView) -> None:
    command = DeleteListView(actor=actor, view_id=view.view_id)
    delete_list_view(command, store=store, clock=HandClock())


def keep_state(store: Store, actor: Principal, place: str, state: dict[str, object]) -> None:
    command = SaveListState(actor=actor, list_name="clients", place=place, state=state)
    save_list_state(command, store=store)


def test_a_list_comes_back_as_its_person_left_it(store: Store) -> None:
    keep_state(store, ANN, "clients", {"sort": ["x"]})

    assert list_state(ANN, "clients", store=store) == {"places": {"clients": {"sort": ["x"]}}}
    assert list_state(BOB, "clients", store=store) is None


def test_two_tabs_of_one_person_keep_their_places_beside_each_other(store: Store) -> None:
    keep_state(store, ANN, "clients", {"toggle": "all"})
    keep_state(store, ANN, "clients@group_id", {"toggle": "paid"})
    keep_state(store, ANN, "clients", {"toggle": "outstanding"})

    kept = places_of(list_state(ANN, "clients", store=store))
    assert kept == {
        "clients": {"toggle": "outstanding"},
        "clients@group_id": {"toggle": "paid"},
    }


def test_the_places_left_longest_ago_are_forgotten(store: Store) -> None:
    for letter in "abcdefghijklmnopq":
        keep_state(store, ANN, f"clients@{letter}", {})
    keep_state(store, ANN, "clients@f", {"toggle": "paid"})
    keep_state(store, ANN, "clients@r", {})

    kept = places_of(list_state(ANN, "clients", store=store))
    assert list(kept) == [f"clients@{letter}" for letter in "hijklmnopqfr"]


def test_what_is_no_state_of_places_counts_as_nothing_kept() -> None:
    assert places_of({"places": []}) == places_of(None) == places_of({"grid": {}}) == {}


@pytest.mark.parametrize("state", [{"a": "x" * 70_000}, {"a": object()}, {"a": math.nan}])
def test_a_state_no_list_has_is_refused(store: Store, state: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        keep_state(store, ANN, "clients", state)


@pytest.mark.parametrize("place", ["", "x" * 201, "clients@4242 4242 4242 4242"])
def test_a_place_no_list_has_is_refused(store: Store, place: str) -> None:
    with pytest.raises(Invalid):
        keep_state(store, ANN, place, {})


def test_a_view_is_its_owners_until_it_is_shared(store: Store) -> None:
    mine = save_view(store, SHARER)
    assert list_views(ANN, "clients", store=store) == []

    save_view(store, SHARER, is_shared=True, view_id=mine.view_id)

    assert [view.name for view in list_views(ANN, "clients", store=store)] == ["Old debts"]
    with store.reading() as view:
        assert view.audit.rows(limit=1)[0].action == "view.shared"


def test_sharing_needs_the_permission(store: Store) -> None:
    with pytest.raises(Denied):
        save_view(store, ANN, is_shared=True)


def test_nobody_changes_or_deletes_what_is_somebody_elses(store: Store) -> None:
    hers, ours = save_view(store, SHARER), save_view(store, SHARER, "Ours", is_shared=True)

    for view in (hers, ours):
        with pytest.raises(NotFound):
            save_view(store, ANN, view_id=view.view_id)
    with pytest.raises(NotFound):
        delete(store, ANN, hers)
    with pytest.raises(Denied):
        delete(store, ANN, ours)
    delete(store, ADMIN, ours)
    delete(store, SHARER, hers)
    assert list_views(SHARER, "clients", store=store) == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b", "a\u202eb"])
def test_a_view_needs_a_name_people_can_read(store: Store, name: str) -> None:
    with pytest.raises(Invalid):
        save_view(store, ANN, name)


def test_one_person_has_one_view_of_a_name(store: Store) -> None:
    save_view(store, ANN)

    with pytest.raises(Invalid, match="already"):
        save_view(store, ANN, "OLD  debts")
    assert save_view(store, BOB)


def test_a_visit_says_when_the_visit_before_was(store: Store) -> None:
    clock = HandClock()

    def visit() -> object:
        command = RecordVisit(actor=ANN, page="home")
        return record_visit(command, store=store, clock=clock)

    assert visit() is None
    clock.pass_(minutes=29)
    assert visit() is None  # still the same sitting
    clock.pass_(days=1)
    yesterday = visit()
    clock.pass_(minutes=10)

    assert yesterday is not None
    assert (yesterday - NOON).total_seconds() == 29 * 60
    assert visit() == yesterday
