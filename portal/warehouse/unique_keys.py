"""Does a key name one row each? Asked of whole tables, so mostly answered by their order alone."""

import duckdb


def repeated_key(con: duckdb.DuckDBPyConnection, table: str, *columns: str) -> tuple | None:
    """A key that more than one row has, or None. A null counts as a value like any other."""
    if len(columns) == 1 and _rises(con, table, columns[0]):
        return None
    listed = ", ".join(columns)
    return con.execute(
        f"select {listed} from {table} group by {listed} having count(*) > 1 limit 1"
    ).fetchone()


def _rises(con: duckdb.DuckDBPyConnection, table: str, column: str) -> bool:
    """Whether each row's key is higher than that of the row read before it."""
    return con.execute(
        "select count(*) filter (where not coalesce(own > last_one, position = 1)) = 0 "
        f"from (select {column} as own, lag({column}) over () as last_one, "
        f"row_number() over () as position from {table})"
    ).fetchone()[0]
