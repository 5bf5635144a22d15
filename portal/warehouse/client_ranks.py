"""Where renamed clients stand in the order of names and numbers, found among their neighbours.

Ranks are far apart, so that a client moves between two others without a new place for all.
"""

import duckdb

MOST_RENAMED = 40
"""More at once than this are placed quicker by sorting everybody anew."""
GAP = 1_048_576
"""Between two ranks of marts/client_rank."""
_NAMED = "select client_id, client_name, client_number from"


def place_renamed_clients(con: duckdb.DuckDBPyConnection) -> bool:
    """Give clients that are new, gone or renamed their place in `client_rank`.

    Reads `old_clients` and `new_clients`. Returns: False where all clients must be ranked anew.
    """
    con.execute(
        "create or replace temp table renamed as select distinct client_id as value from ("
        f"({_NAMED} old_clients except {_NAMED} new_clients) union all "
        f"({_NAMED} new_clients except {_NAMED} old_clients))"
    )
    count = con.execute("select count(*) from renamed").fetchone()[0]
    if not count:
        return True
    if count > MOST_RENAMED:
        return False
    con.execute("delete from client_rank where client_id in (from renamed)")
    con.execute(
        "create or replace temp table fresh_ranks as select client_id, "
        "lower(strip_accents(client_name)) as name_key, "
        "lower(strip_accents(client_number)) as number_key "
        "from new_clients where client_id in (from renamed)"
    )
    con.execute(f"create or replace temp table places as {_places()}")
    if not con.execute("select coalesce(bool_and(has_room), true) from places").fetchone()[0]:
        return False
    con.execute("insert into client_rank by name select * exclude (has_room) from places")
    return True


def _places() -> str:
    """A select of the fresh clients with the ranks between those of their neighbours."""
    found = ", ".join(_neighbours(order) for order in ("name", "number"))
    ranked = ", ".join(_rank(order) for order in ("name", "number"))
    room = " and ".join(
        f"coalesce({order}_above - {order}_below, {GAP}) "
        f"> count(*) over (partition by {order}_below)"
        for order in ("name", "number")
    )
    return (
        f"with found as (select fresh.client_id, fresh.name_key, fresh.number_key, {found} "
        "from fresh_ranks as fresh left join client_rank as r on true group by all) "
        f"select client_id, name_key, number_key, {ranked}, {room} as has_room from found"
    )


def _neighbours(order: str) -> str:
    key = f"{order}_key"
    # a client without a name stands last, as where all are sorted
    before = (
        f"coalesce(r.{key} < fresh.{key}, r.{key} is not null and fresh.{key} is null) "
        f"or (r.{key} is not distinct from fresh.{key} and r.client_id < fresh.client_id)"
    )
    return (
        f"coalesce(max(r.{order}_rank) filter (where {before}), 0) as {order}_below, "
        f"min(r.{order}_rank) filter (where not ({before})) as {order}_above"
    )


def _rank(order: str) -> str:
    among = f"partition by {order}_below order by {order}_key asc nulls last, client_id asc"
    step = (
        f"coalesce({order}_above - {order}_below, {GAP} * (1 + count(*) over "
        f"(partition by {order}_below))) // (1 + count(*) over (partition by {order}_below))"
    )
    return f"({order}_below + {step} * row_number() over ({among}))::bigint as {order}_rank"
