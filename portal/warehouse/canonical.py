"""The canonical tables: the mapping's SQL over the mirror, whole or for the keys that changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from portal.domain.errors import MappingInvalid
from portal.warehouse.few_rows import few_rows
from portal.warehouse.mapping import CANONICAL, Mapping, with_tables
from portal.warehouse.query import load_query
from portal.warehouse.slices import Affected, Slices
from portal.warehouse.unique_keys import repeated_key

KEYS = {
    "staff": ("staff_id",),
    "clients": ("client_id",),
    "contacts": ("contact_id", "client_id"),
    "engagements": ("engagement_id",),
    "invoices": ("invoice_id",),
    "receipts": ("receipt_id",),
    "applications": ("application_id",),
}
_ID_COLUMNS = {
    "staff": ("staff_id",),
    "clients": ("client_id", "partner_id", "manager_id"),
    "contacts": ("contact_id", "client_id"),
    "invoices": ("invoice_id", "client_id"),
    "receipts": ("receipt_id", "client_id"),
    "applications": ("receipt_id", "invoice_id"),
}
_ASKED_OF_OLD = {
    "clients": ("partner_id", "manager_id", "office", "client_name", "client_number"),
    "engagements": ("client_id",),
    "invoices": ("client_id",),
    "receipts": ("client_id",),
    "applications": ("receipt_id", "invoice_id"),
}
"""Besides the keys: what the marts want to know of rows as they were before a change."""


@dataclass
class Layouts:
    """The columns of the canonical tables and of the mapping's selects.

    Known from one full refresh to the next, or to a fault: asking DuckDB each time costs as much
    as the rows of a small change.
    """

    given: dict[str, list[str]] = field(default_factory=dict)
    stored: dict[str, dict[str, str]] = field(default_factory=dict)

    def forget(self) -> None:
        """Everything may look different now."""
        self.given.clear()
        self.stored.clear()


class Canonical:
    """Evaluates one mapping on the connection of one refresh. `layouts` outlives it."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        mapping: Mapping,
        excluded: Sequence[str],
        layouts: Layouts | None = None,
    ) -> None:
        self._con = con
        self._mapping = mapping
        self._excluded = list(excluded)
        self._layouts = layouts or Layouts()
        self._slices = Slices(con, mapping)

    def create_tables(self) -> str:
        """Make all canonical tables empty. Returns: the key type, BIGINT or VARCHAR."""
        key_type = self._key_type()
        self._layouts.forget()
        for table in (*CANONICAL, "left_out_clients"):
            ddl = load_query(f"canonical/tables/{table}").sql
            self._con.execute(ddl.replace(" KEY", f" {key_type}"))
        return key_type

    def rebuild(self, table: str) -> int:
        """Evaluate a canonical table whole. Returns: its rows."""
        if table not in self._mapping.sql:
            return 0
        select = self._select(table, {})
        self._con.execute(f"insert into {table} by name {select} where {self._is_shown(table)}")
        self._refuse_doubles(table)
        if table == "clients":
            self._con.execute(f"insert into left_out_clients {_left_out(f'({select})', 'clients')}")
        return self._con.execute(f"select count(*) from {table}").fetchone()[0]

    def recompute(self, table: str, affected: dict[str, str]) -> None:
        """Evaluate the rows a change touches, without storing them yet.

        Args:
            table: the canonical table.
            affected: canonical column -> temporary table with its touched values as `value`.

        Call `prepare` before.
        Makes `old_<table>` (as stored, as far as it is asked) and `new_<table>` (as the mirror
        now says).
        """
        self._con.execute(f"create or replace temp table new_{table} as from {table} limit 0")
        touched = [
            f"{column} in (select value from {values})" for column, values in affected.items()
        ]
        asked = _asked_of_old(table)
        self._con.execute(
            f"create or replace temp table old_{table} as "
            + (
                few_rows(table, *touched, columns=asked)
                if touched
                else f"select {asked} from {table} limit 0"
            )
        )
        if table not in self._mapping.sql or not touched:
            return
        select = self._select(table, self._slices.relations(table, affected))
        made = f"select * from ({select}) as mapped where {' or '.join(touched)}"
        if table == "clients":
            # Kept for itself: those whom the firm's rule leaves out are noted as well.
            self._con.execute(f"create or replace temp table mapped_clients as {made}")
            made = f"from mapped_clients where {self._is_shown(table)}"
        self._con.execute(f"insert into new_{table} by name {made}")
        if len(affected) > 1:
            self._complete_old(table)
        if table == "clients":
            self._con.execute(
                "create or replace temp table new_left_out_clients as "
                + _left_out("mapped_clients", "new_clients")
            )

    def store(self, table: str) -> None:
        """Replace the touched rows by what was recomputed."""
        keys = ", ".join(KEYS[table])
        self._con.execute(
            f"delete from {table} where ({keys}) in (select ({keys}) from old_{table})"
        )
        self._con.execute(f"insert into {table} by name select * from new_{table}")
        if table == "clients":
            self._con.execute(
                "delete from left_out_clients where client_id in (from new_left_out_clients) "
                "or client_id in (select client_id::varchar from new_clients) "
                "or client_id in (select value::varchar from affected_clients_client_id)"
            )
            self._con.execute("insert into left_out_clients from new_left_out_clients")

    def prepare(self, affected: Affected) -> None:
        """Cut out of the mirror what making the touched rows needs; before `recompute`."""
        self._slices.cut(affected, self.type_of)

    def type_of(self, table: str, column: str) -> str:
        """The type of a canonical column; the source's own may be another."""
        return self._stored(table)[column]

    def missing_columns(self, table: str) -> list[str]:
        """Canonical columns that the mapping leaves out; they are null."""
        given = self._given(table) if table in self._mapping.sql else []
        return [column for column in self._stored(table) if column not in given]

    def _complete_old(self, table: str) -> None:
        """A row found by one touched column may be stored under another value of the other."""
        keys = ", ".join(KEYS[table])
        missing = (
            f"({keys}) in (select ({keys}) from new_{table} "
            f"except select ({keys}) from old_{table})"
        )
        rows = few_rows(table, missing, columns=_asked_of_old(table))
        self._con.execute(f"insert into old_{table} {rows}")

    def _select(self, table: str, slices: dict[str, str]) -> str:
        """The mapping's rows of a canonical table, clients whom the firm leaves out included."""
        sql = with_tables(self._mapping.sql[table], slices).strip().rstrip(";")
        given = [column for column in self._stored(table) if column in self._given(table)]
        return f"select {', '.join(given)} from ({sql}) as mapped"

    def _is_shown(self, table: str) -> str:
        """A condition on mapped rows: not left out by the firm's rule, unless shown before."""
        if table != "clients" or not self._excluded or "client_status" not in self._given(table):
            return "true"
        return (
            "client_status is null "
            "or lower(client_status) not in "
            "(select lower(unnest(firm_choices('excluded_statuses')))) "
            "or client_id::varchar in (select client_id from shown_clients)"
        )

    def _refuse_doubles(self, table: str) -> None:
        """Two rows with one key would count money twice."""
        keys = ", ".join(KEYS[table])
        double = repeated_key(self._con, table, *KEYS[table])
        if double:
            raise MappingInvalid(
                f"{self._mapping.folder.name}/{table}.sql makes more than one row with "
                f"{keys} = {', '.join(str(part) for part in double)}. Each needs its own."
            )

    def _stored(self, table: str) -> dict[str, str]:
        """The canonical table's columns and their types."""
        if table not in self._layouts.stored:
            rows = self._con.execute(f"describe {table}").fetchall()
            self._layouts.stored[table] = {row[0]: row[1] for row in rows}
        return self._layouts.stored[table]

    def _given(self, table: str) -> list[str]:
        if table not in self._layouts.given:
            self._layouts.given[table] = [row[0] for row in self._describe(table)]
        return self._layouts.given[table]

    def _describe(self, table: str) -> list[tuple]:
        sql = with_tables(self._mapping.sql[table], {}).strip().rstrip(";")
        try:
            return self._con.execute(f"describe {sql}").fetchall()
        except duckdb.Error as problem:
            raise MappingInvalid(
                f"{self._mapping.folder.name}/{table}.sql does not fit the practice management "
                f"system: {str(problem).splitlines()[0]}"
            ) from None

    def _key_type(self) -> str:
        """BIGINT if every id the mapping yields is a whole number, else VARCHAR."""
        for table, columns in _ID_COLUMNS.items():
            if table not in self._mapping.sql:
                continue
            for row in self._describe(table):
                if row[0] in columns and row[1] not in ("BIGINT", "INTEGER", "SMALLINT", '"NULL"'):
                    return "VARCHAR"
        return "BIGINT"


def _left_out(mapped: str, shown: str) -> str:
    """A select of the clients among the mapped ones that the firm's rule leaves out."""
    return (
        f"select client_id::varchar as client_id from {mapped} as mapped "
        f"except select client_id::varchar from {shown}"
    )


def _asked_of_old(table: str) -> str:
    return ", ".join((*KEYS[table], *_ASKED_OF_OLD.get(table, ())))
