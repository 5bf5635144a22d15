"""Named queries over the small firm, as somebody who sees all clients unless a test says else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from portal.warehouse.query import load_query
from portal.warehouse.warehouse import Warehouse
from tests.made_once import copy_made_once
from tests.pages.firm_pages import MONTHS
from tests.warehouse_fixture import fill_small

TODAY = date(2026, 6, 30)
EDGES = {"edge_1": 30, "edge_2": 60, "edge_3": 90, "edge_4": 120, "edge_5": None, "edge_6": None}
COMMON = {"sees_all": True, "staff_id": None, "today": TODAY, "currency": "USD", **EDGES}


class Reads:
    """Runs a named query with what it declares of the usual parameters and what a test adds."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse

    def rows(self, name: str, **asked: object) -> list[dict[str, object]]:
        declared = load_query(name).params
        usual = {key: value for key, value in COMMON.items() if key in declared}
        return self.warehouse.rows(name, **{**usual, **asked})

    def as_staff(self, staff_id: str, name: str, **asked: object) -> list[dict[str, object]]:
        """The same for somebody who sees own clients only."""
        return self.rows(name, sees_all=False, staff_id=staff_id, **asked)

    def execute(self, sql: str) -> list[tuple]:
        return self.warehouse.connection().execute(sql).fetchall()


@contextmanager
def small_reads(home: Path) -> Iterator[Reads]:
    """The small firm's warehouse in a folder."""
    path = home / "warehouse.duckdb"
    copy_made_once(path, _make_small)
    warehouse = Warehouse(path)
    yield Reads(warehouse)
    warehouse.close()


def _make_small(path: Path) -> None:
    warehouse = Warehouse(path)
    fill_small(warehouse.connection())
    warehouse.connection().execute(MONTHS)
    warehouse.connection().execute("insert into source_state values ('key_type', 'BIGINT')")
    warehouse.close()
