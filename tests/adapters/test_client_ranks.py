"""The order of clients by name and number stays right, whoever is renamed."""

import random

import duckdb
import pytest

from portal.warehouse.client_ranks import GAP, MOST_RENAMED, place_renamed_clients
from portal.warehouse.query import load_query
from portal.warehouse.unique_keys import repeated_key

NAMES = ("Acme", "acme", "Ácme", "Beta & Sons", "Zeta", "=1+1", "", "  Leading", "Ωmega", None)


@pytest.fixture
def con():
    con = duckdb.connect()
    con.execute(
        "create table clients (client_id bigint, client_name varchar, client_number varchar)"
    )
    con.execute(
        "insert into clients select i, 'Client ' || (i * 7 % 50), 'N' || (i * 3 % 50) "
        "from range(50) as r(i)"
    )
    rank_anew(con)
    return con


def rank_anew(con) -> None:
    con.execute(f"create or replace table client_rank as {load_query('marts/client_rank').sql}")


def change(con, removed, added) -> bool:
    """Replace clients as a refresh does. Returns: whether all found a place."""
    con.execute("create or replace temp table old_clients as from clients limit 0")
    con.execute("create or replace temp table new_clients as from clients limit 0")
    for client_id in removed:
        con.execute("insert into old_clients from clients where client_id = $id", {"id": client_id})
    for row in added:
        con.execute("insert into new_clients values (?, ?, ?)", row)
    con.execute("delete from clients where client_id in (select client_id from old_clients)")
    con.execute("insert into clients from new_clients")
    return place_renamed_clients(con)


def order(con, by: str, table: str) -> list[int]:
    return [
        row[0] for row in con.execute(f"select client_id from {table} order by {by}").fetchall()
    ]


def is_right(con) -> bool:
    con.execute(f"create or replace temp table anew as {load_query('marts/client_rank').sql}")
    return all(
        order(con, f"{by}_rank", "client_rank") == order(con, f"{by}_rank", "anew")
        for by in ("name", "number")
    )


def test_clients_renamed_added_and_removed_by_chance_stand_where_sorting_would_put_them(con):
    dice, placed = random.Random(20261125), 0
    for step in range(60):
        known = [
            row[0] for row in con.execute("select client_id from clients order by 1").fetchall()
        ]
        renamed = dice.sample(known, dice.randint(0, 4))
        fresh = [1_000 + 10 * step + place for place in range(dice.randint(0, 3))]
        gone = renamed[:1] if dice.random() < 0.3 else []
        added = [
            (client_id, dice.choice(NAMES), dice.choice(("7", "N7", "N07", None)))
            for client_id in (*renamed, *fresh)
            if client_id not in gone
        ]

        if change(con, renamed, added):
            placed += 1
        else:
            rank_anew(con)
        assert is_right(con)
    assert placed > 50


def test_where_two_neighbours_leave_no_room_everybody_is_ranked_anew(con):
    con.execute(f"update client_rank set name_rank = name_rank // {GAP}")

    assert not change(con, [5], [(5, "Client 20 and a half", "N9")])


def test_more_renamed_clients_than_are_quickly_placed_are_ranked_anew(con):
    added = [(client_id, f"New {client_id}", "1") for client_id in range(MOST_RENAMED + 1)]

    assert not change(con, range(MOST_RENAMED + 1), added)


@pytest.mark.parametrize(
    ("keys", "repeated"),
    [
        ([1, 2, 3], None),
        ([3, 1, 2], None),
        ([1, 2, 2], (2,)),
        ([2, 1, 2], (2,)),
        ([None, 1, None], (None,)),
        ([1, None, 2], None),
    ],
)
def test_a_key_that_two_rows_have_is_found_in_any_order(keys, repeated):
    con = duckdb.connect()
    con.execute("create table entries (entry_id bigint)")
    con.executemany("insert into entries values (?)", [[key] for key in keys])

    assert repeated_key(con, "entries", "entry_id") == repeated
