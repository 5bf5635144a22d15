"""The marts: what pages read, made anew from the canonical tables.

Lists (one row per invoice, receipt, client) are replaced or moved key by key (`mart_changes`).
Roll-ups take signed rows: what went counts -1, what came +1; their sums are the state, and the
slow beat folds those that have grown.
"""

import duckdb

from portal.warehouse.query import Query, load_query
from portal.warehouse.store_tables import show

ROLLUPS = ("aging_day", "billed_month", "paid_month", "payment_month", "applied_month")
_FOLDED = {
    "aging_day": ("outstanding_cents", "invoice_count"),
    "billed_month": ("invoice_count", "amount_cents"),
    "paid_month": (
        "paid_invoices",
        "days_to_pay_sum",
        "amount_cents",
        "cents_days_sum",
        "due_invoices",
        "on_time_invoices",
        "days_late_sum",
    ),
    "payment_month": ("receipt_count", "amount_cents"),
    "applied_month": ("amount_cents",),
}
GROWN = 1.25
"""A roll-up with so many times the rows it had is folded; folding reads and writes all of it."""
SIGNED_APPLICATIONS = (
    "select {sign} as sign, a.applied_date, a.amount_cents, "
    "i.partner_id, i.manager_id, i.office, i.currency "
    "from {applications} as a inner join {invoices} as i on a.invoice_id = i.invoice_id"
)
_WHOLE = (
    ("scoped_invoices", "invoices"),
    ("scoped_applications", "applications"),
    ("scoped_receipts", "receipts"),
    ("scoped_receipt_applications", "applications"),
    ("scoped_clients", "clients"),
    ("scoped_contacts", "contacts"),
    ("scoped_engagements", "engagements"),
)


class Marts:
    """The marts on the connection of one refresh.

    `folded_rows` outlives it: the rows each roll-up had when it was last known to be folded.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        currency: str,
        folded_rows: dict[str, int] | None = None,
    ) -> None:
        self._con = con
        self._currency = currency
        self._folded_rows = {} if folded_rows is None else folded_rows

    def rebuild(self) -> None:
        """Make every mart anew from the canonical tables."""
        for scoped, table in _WHOLE:
            self._view(scoped, table)
        self.make("invoice_list")
        self.make("receipt_list")
        for scoped in ("scoped_invoice_list", "scoped_client_invoices"):
            self._view(scoped, "invoice_list")
        for scoped in ("scoped_receipt_list", "scoped_client_receipts"):
            self._view(scoped, "receipt_list")
        for mart in ("open_invoices", "posted_items", "client_rank", "client_list"):
            self.make(mart)
        self._signed_whole()
        for rollup in ROLLUPS:
            self.make(rollup)
            self._folded_rows[rollup] = self._rows(rollup)
        show(self._con)

    def make(self, mart: str, *, into: str = "") -> None:
        """Make a mart of what its query reads, or what of it a refresh touches, `into` another."""
        query = load_query(f"marts/{mart}")
        table = f"temp table {into}" if into else f"table {mart}"
        self._con.execute(f"create or replace {table} as {query.sql}", self._params(query))

    def fold(self) -> None:
        """Fold the signed rows of roll-ups that have grown into one row a key."""
        for rollup, sums in _FOLDED.items():
            rows = self._rows(rollup)
            if rows <= GROWN * self._folded_rows.setdefault(rollup, rows):
                continue
            keys = [
                row[0]
                for row in self._con.execute(f"describe {rollup}").fetchall()
                if row[0] not in sums
            ]
            listed = ", ".join(keys)
            folded = ", ".join(f"sum({name})::bigint as {name}" for name in sums)
            some = " or ".join(f"sum({name}) <> 0" for name in sums)
            self._con.execute(
                f"create or replace table {rollup} as select {listed}, {folded} "
                f"from {rollup} group by {listed} having {some} order by {listed}"
            )
            self._folded_rows[rollup] = self._rows(rollup)

    def add_to_rollups(self) -> None:
        """Take what the tables `signed_...` say into the roll-ups."""
        for rollup in ROLLUPS:
            self._con.execute(f"insert into {rollup} by name {load_query(f'marts/{rollup}').sql}")

    def _rows(self, rollup: str) -> int:
        return self._con.execute(f"select count(*) from {rollup}").fetchone()[0]

    def _signed_whole(self) -> None:
        for signed, mart in (
            ("signed_invoices", "invoice_list"),
            ("signed_receipts", "receipt_list"),
        ):
            self._con.execute(
                f"create or replace temp view {signed} as select 1 as sign, * from {mart}"
            )
        self._con.execute(
            "create or replace temp view signed_applications as "
            + SIGNED_APPLICATIONS.format(
                sign=1, applications="applications", invoices="invoice_list"
            )
        )

    def _view(self, name: str, table: str) -> None:
        self._con.execute(f"create or replace temp view {name} as from {table}")

    def _params(self, query: Query) -> dict[str, object]:
        return {"currency": self._currency} if query.params else {}
