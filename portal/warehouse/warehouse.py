"""The warehouse as the rest of the program sees it: named reads in one consistent version."""

import contextlib
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from portal.domain.errors import NotFound
from portal.warehouse.connection import open_database, transaction
from portal.warehouse.query import check_params, load_query
from portal.warehouse.store_tables import lay_out

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class DataVersion:
    """Which state of the practice management system and of the store the warehouse holds."""

    version: int
    refreshed_at: datetime | None


class Warehouse:
    """The open warehouse. Reads run in cursors of one process; only the refresh writes."""

    def __init__(
        self, path: Path, *, readable: tuple[Path, ...] = (), extensions: tuple[str, ...] = ()
    ) -> None:
        self._con = open_database(path, readable=readable, extensions=extensions)
        with transaction(self._con) as con:
            for table in ("source_state", "data_version", "refresh_log"):
                con.execute(load_query(f"canonical/tables/{table}").sql)
            con.execute(load_query("canonical/first_version").sql)
        self._key_type: str | None = None
        self.path = path
        with transaction(self._con) as con:
            lay_out(con, self.key_type())

    def close(self) -> None:
        """Write everything to the file and let go of it."""
        self._con.close()

    def connection(self) -> duckdb.DuckDBPyConnection:
        """A new connection of the same database, for a thread of its own."""
        return self._con.cursor()

    @contextlib.contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """One read transaction: every statement inside sees the same version."""
        con = self._con.cursor()
        try:
            with transaction(con):
                yield con
        finally:
            con.close()

    def read(
        self, name: str, *, con: duckdb.DuckDBPyConnection | None = None, **params: object
    ) -> "pd.DataFrame":
        """Run a named query.

        Returns: the columns of the file's last select, in its order; whole numbers stay whole.
        Raises: QueryParametersWrong; NotFound for an id that can't be one.
        """
        if con is None:
            with self.cursor() as own:
                return self.read(name, con=own, **params)
        query = load_query(name)
        check_params(query, params)
        bound = self.bind(query.params, params)
        table = con.execute(query.sql, bound).to_arrow_table()
        return table.to_pandas(types_mapper=_exact_types().get)

    def rows(
        self, name: str, *, con: duckdb.DuckDBPyConnection | None = None, **params: object
    ) -> list[dict[str, object]]:
        """Run a named query and give its rows as dicts of plain values."""
        if con is None:
            with self.cursor() as own:
                return self.rows(name, con=own, **params)
        query = load_query(name)
        check_params(query, params)
        answer = con.execute(query.sql, self.bind(query.params, params))
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def one(self, name: str, **params: object) -> dict[str, object] | None:
        """The first row of a named query, or None."""
        found = self.rows(name, **params)
        return found[0] if found else None

    def bind(self, types: dict[str, str], params: dict[str, object]) -> dict[str, object]:
        """Give ids the type the warehouse's keys have."""
        return {
            name: self.key(value) if types.get(name) == "KEY" else value
            for name, value in params.items()
        }

    def key(self, text: object) -> object:
        """An id as the warehouse stores it.

        Raises: NotFound for text that is no id of this practice management system.
        """
        if text is None or self.key_type() == "VARCHAR":
            return None if text is None else str(text)
        try:
            number = int(str(text))
        except ValueError:
            raise NotFound("There is no such record.") from None
        if not -(2**63) <= number < 2**63:
            raise NotFound("There is no such record.")
        return number

    def key_type(self) -> str:
        """BIGINT or VARCHAR: the one type all ids of this warehouse have."""
        if self._key_type is None:
            with self.cursor() as con:
                found = con.execute(load_query("canonical/key_type").sql).fetchone()
            if found is None:
                return "VARCHAR"
            self._key_type = found[0]
        return self._key_type

    def forget_key_type(self) -> None:
        """Look the key type up again: a full refresh may have changed it."""
        self._key_type = None

    def has_data(self) -> bool:
        """Whether a refresh has ever completed."""
        return self.data_version().version > 0

    def data_version(self) -> DataVersion:
        """The version on disk now; 0 before the first refresh."""
        with self.cursor() as con:
            return DataVersion(*con.execute(load_query("canonical/data_version").sql).fetchone())


@functools.cache
def _exact_types() -> "dict[pa.DataType, object]":
    """Types of pandas in which whole numbers, days and unknown values stay what they are."""
    # Only pages draw frames: a command in a terminal does not wait until pandas is loaded.
    import pandas as pd

    return {
        pa.int8(): pd.Int64Dtype(),
        pa.int16(): pd.Int64Dtype(),
        pa.int32(): pd.Int64Dtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.bool_(): pd.BooleanDtype(),
        pa.string(): pd.StringDtype(),
        pa.date32(): pd.ArrowDtype(pa.date32()),
    }
