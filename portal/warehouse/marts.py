"""The marts: what pages read, recomputed for the keys a refresh touched.

Lists (one row per invoice, receipt, client) are replaced key by key. Roll-ups take signed rows:
what went counts -1, what came +1; their sums are the state, and the slow beat folds them.
"""

import duckdb

from portal.warehouse.few_rows import few_rows
from portal.warehouse.query import load_query

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
_SIGNED_APPLICATIONS = (
    "select {sign} as sign, a.applied_date, a.amount_cents, "
    "i.partner_id, i.manager_id, i.office, i.currency "
    "from {applications} as a inner join {invoices} as i on a.invoice_id = i.invoice_id"
)


class Marts:
    """The marts on the connection of one refresh."""

    def __init__(self, con: duckdb.DuckDBPyConnection, currency: str) -> None:
        self._con = con
        self._currency = currency

    def rebuild(self) -> None:
        """Make every mart anew from the canonical tables."""
        for name, source in (
            ("scoped_invoices", "from invoices"),
            ("scoped_applications", "from applications"),
            ("scoped_invoice_list", "from invoice_list"),
            ("scoped_receipts", "from receipts"),
            ("scoped_receipt_applications", "from applications"),
            ("scoped_clients", "from clients"),
            ("scoped_contacts", "from contacts"),
            ("scoped_engagements", "from engagements"),
            ("scoped_client_invoices", "from invoice_list"),
            ("scoped_client_receipts", "from receipt_list"),
        ):
            if name == "scoped_invoice_list":
                self._make("invoice_list")
            if name == "scoped_client_receipts":
                self._make("receipt_list")
            self._con.execute(f"create or replace temp view {name} as {source}")
        self._make("open_invoices")
        self._make("client_rank")
        self._make("client_list")
        self._signed_whole()
        for rollup in ROLLUPS:
            self._make(rollup)

    def scope(self) -> dict[str, int]:
        """Find the invoices, receipts and clients that the recomputed canonical rows touch.

        Reads `old_` and `new_` tables of every canonical table. Returns: how many of each.
        """
        con = self._con
        con.execute(
            "create or replace temp table moved_clients as "
            "select client_id from ("
            "(select client_id, partner_id, manager_id, office from old_clients except "
            "select client_id, partner_id, manager_id, office from new_clients) union all "
            "(select client_id, partner_id, manager_id, office from new_clients except "
            "select client_id, partner_id, manager_id, office from old_clients))"
        )
        con.execute(
            "create or replace temp table scope_invoices as "
            "select invoice_id as value from old_invoices union "
            "select invoice_id from new_invoices union "
            "select invoice_id from old_applications union "
            "select invoice_id from new_applications union "
            "select invoice_id from invoices where client_id in (from moved_clients)"
        )
        con.execute(
            "create or replace temp table scope_receipts as "
            "select receipt_id as value from old_receipts union "
            "select receipt_id from new_receipts union "
            "select receipt_id from old_applications union "
            "select receipt_id from new_applications union "
            "select receipt_id from receipts where client_id in (from moved_clients)"
        )
        con.execute(
            "create or replace temp table scope_clients as "
            "select client_id as value from old_clients union "
            "select client_id from new_clients union "
            "select client_id from old_contacts union select client_id from new_contacts union "
            "select client_id from old_engagements union "
            "select client_id from new_engagements union "
            "select client_id from invoice_list where invoice_id in (from scope_invoices) union "
            "select client_id from new_invoices union "
            "select client_id from receipt_list where receipt_id in (from scope_receipts) union "
            "select client_id from new_receipts"
        )
        return {
            name: con.execute(f"select count(*) from scope_{name}").fetchone()[0]
            for name in ("invoices", "receipts", "clients")
        }

    def keep_old(self) -> None:
        """Remember the touched mart rows before the canonical tables change."""
        con = self._con
        con.execute(
            "create or replace temp table went_invoices as "
            + few_rows("invoice_list", "invoice_id in (from scope_invoices)")
        )
        con.execute(
            "create or replace temp table went_receipts as "
            + few_rows("receipt_list", "receipt_id in (from scope_receipts)")
        )
        con.execute(
            "create or replace temp table went_applications as "
            + _SIGNED_APPLICATIONS.format(
                sign=-1,
                applications=f"({few_rows('applications', 'invoice_id in (from scope_invoices)')})",
                invoices="went_invoices",
            )
        )

    def recompute(self) -> None:
        """Replace the touched mart rows; call after the canonical tables are stored."""
        con = self._con
        self._slice("scoped_invoices", "invoices", "invoice_id", "scope_invoices")
        self._slice("scoped_applications", "applications", "invoice_id", "scope_invoices")
        self._slice("scoped_receipts", "receipts", "receipt_id", "scope_receipts")
        self._slice("scoped_receipt_applications", "applications", "receipt_id", "scope_receipts")
        self._replace("invoice_list", "invoice_id", "scope_invoices")
        con.execute("create or replace temp table scoped_invoice_list as from came_invoice_list")
        self._replace("open_invoices", "invoice_id", "scope_invoices")
        self._replace("receipt_list", "receipt_id", "scope_receipts")
        if self._ranks_changed():
            self._make("client_rank")
            con.execute(
                "update client_list set name_rank = r.name_rank, number_rank = r.number_rank "
                "from client_rank as r where client_list.client_id = r.client_id "
                "and (client_list.name_rank, client_list.number_rank) "
                "is distinct from (r.name_rank, r.number_rank)"
            )
        self._slice("scoped_clients", "clients", "client_id", "scope_clients")
        self._slice("scoped_contacts", "contacts", "client_id", "scope_clients")
        self._slice("scoped_engagements", "engagements", "client_id", "scope_clients")
        # A client's entries stand all over the lists: here fewer columns help, not row ids.
        con.execute(
            "create or replace temp table scoped_client_invoices as "
            "select client_id, currency, outstanding_cents "
            "from invoice_list where client_id in (from scope_clients)"
        )
        con.execute(
            "create or replace temp table scoped_client_receipts as "
            "select client_id, currency, entry_kind, receipt_date, amount_cents, unapplied_cents "
            "from receipt_list where client_id in (from scope_clients)"
        )
        self._replace("client_list", "client_id", "scope_clients")
        self._add_to_rollups()

    def fold(self) -> None:
        """Fold the roll-ups' signed rows into one row a key."""
        for rollup, sums in _FOLDED.items():
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

    def _ranks_changed(self) -> bool:
        return self._con.execute(
            "select count(*) > 0 from ("
            "(select client_id, client_name, client_number from old_clients except "
            "select client_id, client_name, client_number from new_clients) union all "
            "(select client_id, client_name, client_number from new_clients except "
            "select client_id, client_name, client_number from old_clients))"
        ).fetchone()[0]

    def _add_to_rollups(self) -> None:
        con = self._con
        con.execute(
            "create or replace temp table signed_invoices as "
            "select -1 as sign, * from went_invoices union all by name "
            "select 1 as sign, * from came_invoice_list"
        )
        con.execute(
            "create or replace temp table signed_receipts as "
            "select -1 as sign, * from went_receipts union all by name "
            "select 1 as sign, * from came_receipt_list"
        )
        con.execute(
            "create or replace temp table signed_applications as from went_applications union all "
            + _SIGNED_APPLICATIONS.format(
                sign=1, applications="scoped_applications", invoices="came_invoice_list"
            )
        )
        for rollup in ROLLUPS:
            con.execute(f"insert into {rollup} by name {load_query(f'marts/{rollup}').sql}")

    def _signed_whole(self) -> None:
        con = self._con
        con.execute(
            "create or replace temp view signed_invoices as select 1 as sign, * from invoice_list"
        )
        con.execute(
            "create or replace temp view signed_receipts as select 1 as sign, * from receipt_list"
        )
        con.execute(
            "create or replace temp view signed_applications as "
            + _SIGNED_APPLICATIONS.format(
                sign=1, applications="applications", invoices="invoice_list"
            )
        )

    def _make(self, mart: str) -> None:
        query = load_query(f"marts/{mart}")
        self._con.execute(f"create or replace table {mart} as {query.sql}", self._params(query))

    def _slice(self, name: str, table: str, column: str, scope: str) -> None:
        rows = few_rows(table, f"{column} in (from {scope})")
        self._con.execute(f"create or replace temp table {name} as {rows}")

    def _replace(self, mart: str, column: str, scope: str) -> None:
        query = load_query(f"marts/{mart}")
        self._con.execute(
            f"create or replace temp table came_{mart} as {query.sql}", self._params(query)
        )
        self._con.execute(f"delete from {mart} where {column} in (from {scope})")
        self._con.execute(f"insert into {mart} by name from came_{mart}")

    def _params(self, query) -> dict[str, object]:
        return {"currency": self._currency} if query.params else {}
