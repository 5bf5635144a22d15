"""Tie-out: do the portal's balances equal the practice management system's own, to the cent?

The control query runs inside the source with its own arithmetic; it knows nothing of the mapping.
"""

from dataclasses import dataclass, field, replace

import duckdb

from portal.domain.errors import PortalError, SourceUnavailable
from portal.pms.source import PmsSource
from portal.warehouse.mapping import Mapping
from portal.warehouse.mirror import plain_statement
from portal.warehouse.query import load_query
from portal.warehouse.warehouse import Warehouse

MOST_ROWS = 200


class NoControl(PortalError):
    """The mapping has no control query."""


@dataclass(frozen=True)
class ClientDifference:
    """One client whose balance in the portal is not the one in the source."""

    client_id: str
    client_name: str
    currency: str
    portal_cents: int
    source_cents: int
    reason: str

    @property
    def difference_cents(self) -> int:
        """Portal less source."""
        return self.portal_cents - self.source_cents


@dataclass(frozen=True)
class EntryDifference:
    """One entry of such a client that the portal and the source do not know alike."""

    client_id: str
    entry_id: str
    entry_number: str
    currency: str
    portal_cents: int
    source_cents: int
    reason: str

    @property
    def difference_cents(self) -> int:
        """Portal less source."""
        return self.portal_cents - self.source_cents


@dataclass(frozen=True)
class TieOut:
    """The comparison. `difference_cents` sums absolute differences: nothing can cancel out."""

    version: int
    clients: int
    portal_cents: dict[str, int]
    source_cents: dict[str, int]
    difference_cents: int
    clients_that_differ: int
    left_out_clients: int
    left_out_cents: dict[str, int]
    differences: list[ClientDifference] = field(default_factory=list)
    entries: list[EntryDifference] = field(default_factory=list)
    """What explains them, where the mapping has a control_entries.sql; the largest first."""


def tie_out(warehouse: Warehouse, source: PmsSource, mapping: Mapping) -> TieOut:
    """Compare every client's net balance with the source's control query.

    Clients that the firm's rule leaves out are counted apart: they explain why the source's
    total is larger, and are no difference.

    Raises: NoControl, SourceUnavailable.
    """
    if mapping.control_sql is None:
        raise NoControl(
            f"The mapping {mapping.title} has no control.sql; docs/mapping.md tells what it is."
        )
    con = warehouse.connection()
    try:
        source.attach(con)
        pushed = source.pushed(plain_statement(mapping.control_sql))
        con.execute(
            "create or replace temp table control as select client_id::varchar as client_id, "
            f"currency::varchar as currency, net_cents::bigint as net_cents from {pushed}"
        )
        portal = load_query("tie_out/portal_by_client").sql
        con.execute(f"create or replace temp table portal_net as {portal}")
        found = _compare(con)
        if found.differences and mapping.control_entries_sql is not None:
            return replace(found, entries=_entries(con, source, mapping.control_entries_sql, found))
        return found
    except duckdb.Error as problem:
        raise SourceUnavailable(
            f"The control totals cannot be read: {str(problem).splitlines()[0]}"
        ) from None
    finally:
        source.release()
        con.close()


def _compare(con: duckdb.DuckDBPyConnection) -> TieOut:
    rows = con.execute(load_query("tie_out/differences").sql).fetchall()
    facts = con.execute(load_query("tie_out/summary").sql).fetchone()
    by_currency = con.execute(load_query("tie_out/by_currency").sql).fetchall()
    return TieOut(
        version=facts[0],
        clients=facts[1],
        portal_cents={row[0]: row[1] for row in by_currency},
        source_cents={row[0]: row[2] for row in by_currency},
        difference_cents=facts[2],
        clients_that_differ=facts[3],
        left_out_clients=facts[4],
        left_out_cents={row[0]: row[3] for row in by_currency if row[3]},
        differences=[ClientDifference(*row) for row in rows[:MOST_ROWS]],
    )


def _entries(
    con: duckdb.DuckDBPyConnection, source: PmsSource, control_entries_sql: str, found: TieOut
) -> list[EntryDifference]:
    """Look for what explains the differences, in the entries of the clients that differ alone."""
    con.execute(
        "create or replace temp table differing_clients as select unnest($clients) as client_id",
        {"clients": [one.client_id for one in found.differences]},
    )
    pushed = source.pushed(plain_statement(control_entries_sql))
    con.execute(
        "create or replace temp table control_entries as select client_id::varchar as client_id, "
        "entry_id::varchar as entry_id, entry_number::varchar as entry_number, "
        f"currency::varchar as currency, net_cents::bigint as net_cents from {pushed} "
        "where client_id::varchar in (select client_id from differing_clients)"
    )
    rows = con.execute(load_query("tie_out/entries").sql).fetchmany(MOST_ROWS)
    return [EntryDifference(*row) for row in rows]
