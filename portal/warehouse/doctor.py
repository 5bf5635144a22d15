"""Doctor: does the source fit the mapping, is the data whole, what does the mapping leave out?"""

from collections.abc import Mapping as MappingOf

import duckdb

from portal.domain.errors import PortalError
from portal.pms.source import PmsSource
from portal.settings import QUERIES
from portal.warehouse import firm_choices
from portal.warehouse.canonical import Canonical
from portal.warehouse.mapping import CANONICAL, Mapping
from portal.warehouse.mirror import Mirror
from portal.warehouse.query import load_query
from portal.warehouse.warehouse import Warehouse


def examine(
    warehouse: Warehouse, source: PmsSource, mapping: Mapping, *, choices: MappingOf[str, object]
) -> dict[str, object]:
    """Look at everything that can be wrong without changing anything.

    Returns: `source`, `tables`, `missing_columns` (canonical columns that stay empty),
    `firm_choices`, `checks` (name -> rows that should not be there), `healthy`.
    """
    con = warehouse.connection()
    try:
        found: dict[str, object] = {"mapping": mapping.title, "firm_choices": dict(choices)}
        found["source"] = _source(con, source, mapping)
        if warehouse.has_data():
            found["missing_columns"] = _missing(con, mapping)
            found["checks"] = run_checks(con)
        problems = [name for name, rows in found.get("checks", {}).items() if rows]
        found["healthy"] = found["source"] == "reachable" and not problems
        return found
    finally:
        source.release()
        con.close()


def run_checks(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Run every query of queries/checks. Returns: name -> rows found; none should be."""
    found = {}
    for file in sorted((QUERIES / "checks").glob("*.sql")):
        rows = con.execute(load_query(f"checks/{file.stem}").sql).fetchall()
        found[file.stem] = len(rows)
    return found


def _source(con: duckdb.DuckDBPyConnection, source: PmsSource, mapping: Mapping) -> str:
    try:
        source.attach(con)
        mirror = Mirror(con, source, mapping)
        for table in mapping.tables.values():
            mirror.columns(table)
    except PortalError as problem:
        return str(problem)
    return "reachable"


def _missing(con: duckdb.DuckDBPyConnection, mapping: Mapping) -> dict[str, list[str]]:
    firm_choices.give_to(con, {})
    canonical = Canonical(con, mapping, [])
    missing = {table: canonical.missing_columns(table) for table in CANONICAL}
    return {table: columns for table, columns in missing.items() if columns}
