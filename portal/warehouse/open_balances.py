"""What the store has to be told after a refresh: open balances and postings that changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from portal.warehouse.connection import transaction
from portal.warehouse.query import load_query
from portal.warehouse.rows import read_version
from portal.warehouse.warehouse import Warehouse


@dataclass(frozen=True, kw_only=True)
class BalanceNews:
    """What differs from what was recorded last, all of one data version.

    `balances` are rows of queries/balances/changed; with `is_full` they are all there is.
    """

    version: int
    is_full: bool
    balances: Sequence[Mapping[str, object]]
    gone: Sequence[str]
    posted_cents: Mapping[str, int]
    posted_refunds: Sequence[str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be told."""
        told = (self.balances, self.gone, self.posted_cents, self.posted_refunds)
        return not self.is_full and not any(told)


class OpenBalances:
    """Remembers what the store was told, and tells what is new. One caller at a time."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._is_known = False

    def news(self) -> BalanceNews:
        """What the store does not know yet; at first, and after `forget`, everything."""
        con = self._warehouse.connection()
        is_full = not self._is_known
        try:
            with transaction(con):
                if is_full:
                    con.execute(
                        "create or replace table store.recorded_balances as "
                        "from open_invoices limit 0"
                    )
                con.execute(
                    "create or replace temp table differing_balances as "
                    + load_query("balances/differing").sql
                )
                found = self._read(con, is_full)
                _record(con)
        finally:
            con.close()
        self._is_known = True
        return found

    def _read(self, con: duckdb.DuckDBPyConnection, is_full: bool) -> BalanceNews:
        changed, gone, posted, refunds = (
            self._warehouse.rows(f"balances/{name}", con=con)
            for name in ("changed", "gone", "posted", "posted_refunds")
        )
        return BalanceNews(
            version=read_version(con),
            is_full=is_full,
            balances=changed,
            gone=[str(row["invoice_id"]) for row in gone],
            posted_cents={str(row["item_id"]): row["posted_cents"] for row in posted},  # type: ignore[misc]
            posted_refunds=[str(row["line_id"]) for row in refunds],
        )

    def forget(self) -> None:
        """What was told has not been kept: tell everything the next time."""
        self._is_known = False


def _record(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("delete from store.recorded_balances where invoice_id in (from differing_balances)")
    con.execute(
        "insert into store.recorded_balances "
        "from open_invoices where invoice_id in (from differing_balances)"
    )
