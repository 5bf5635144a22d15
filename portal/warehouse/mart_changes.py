"""The marts after a change: rows are made again for the keys a refresh touched, and only those.

A row whose own entry changed is replaced. A row that only something else reaches (an invoice that
was paid, a client whose invoices moved) stays where it is, and its figures are set: its texts are
never read, and the lists keep the order that makes reading them fast.
"""

import duckdb

from portal.warehouse.client_ranks import place_renamed_clients
from portal.warehouse.few_rows import few_rows
from portal.warehouse.marts import SIGNED_APPLICATIONS, Marts

_FIGURES = {
    "invoice_list": ("applied_cents", "outstanding_cents", "last_applied_date"),
    "receipt_list": ("applied_cents", "unapplied_cents", "invoice_count"),
    "client_list": (
        "outstanding_cents", "unpaid_invoices", "unapplied_cents", "payments_to_date_cents",
        "last_payment_date",
    ),
}  # fmt: skip
_OWNERS = ("partner_id", "manager_id", "office")
_KEY = {"invoice_list": "invoice_id", "receipt_list": "receipt_id", "client_list": "client_id"}


class MartChanges:
    """Takes one refresh's changes into the marts, in its transaction.

    Reads the `old_` and `new_` tables of every canonical table.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, marts: Marts) -> None:
        self._con = con
        self._marts = marts
        self._has_moved = False
        self._has_changing = False

    def keep_old(self) -> dict[str, int]:
        """Find the rows that are touched and remember them, before the canonical tables change.

        Returns: how many invoices, receipts and clients are touched.
        """
        self._find_moved_clients()
        for entry, entries in (("invoice", "invoices"), ("receipt", "receipts")):
            self._scope_entries(entry, entries)
        self._table(
            "went_applications",
            few_rows("applications", "invoice_id in (from scope_invoices)"),
        )
        self._table(
            "whole_clients",
            "select client_id as value from old_clients union "
            "select client_id from new_clients union "
            "select client_id from old_contacts union select client_id from new_contacts union "
            "select client_id from old_engagements union select client_id from new_engagements",
        )
        self._table(
            "scope_clients",
            "from whole_clients union "
            "select client_id from went_invoices union select client_id from new_invoices union "
            "select client_id from went_receipts union select client_id from new_receipts",
        )
        counts = self._con.execute(
            "select (select count(*) from scope_invoices), (select count(*) from scope_receipts), "
            "(select count(*) from scope_clients)"
        ).fetchone()
        return dict(zip(("invoices", "receipts", "clients"), counts, strict=True))

    def take_in(self) -> None:
        """Bring the marts up to the canonical tables; call it after these are stored."""
        self._invoices()
        self._receipts()
        if not place_renamed_clients(self._con):
            self._marts.make("client_rank")
            self._con.execute(
                "update client_list set name_rank = r.name_rank, number_rank = r.number_rank "
                "from client_rank as r where client_list.client_id = r.client_id"
            )
        self._clients()
        self._rollups()

    def _find_moved_clients(self) -> None:
        """Clients with another owner than before, and those that appear or vanish."""
        owned = "select client_id, partner_id, manager_id, office from"
        self._table(
            "moved_clients",
            f"select client_id from (({owned} old_clients except {owned} new_clients) union all "
            f"({owned} new_clients except {owned} old_clients))",
        )
        self._has_moved = self._con.execute("select count(*) > 0 from moved_clients").fetchone()[0]
        self._table(
            "changing_clients",
            "(select client_id from old_clients except select client_id from new_clients) "
            "union all "
            "(select client_id from new_clients except select client_id from old_clients)",
        )
        self._has_changing = self._con.execute(
            "select count(*) > 0 from changing_clients"
        ).fetchone()[0]

    def _scope_entries(self, entry: str, entries: str) -> None:
        """Make `whole_<entries>`, `scope_<entries>` and `went_<entries>` of one list."""
        key, mart = f"{entry}_id", f"{entry}_list"
        of_changing = (
            f" union select {key} from {entries} where client_id in (from changing_clients)"
        )
        self._table(
            f"whole_{entries}",
            f"select {key} as value from old_{entries} union select {key} from new_{entries}"
            + (of_changing if self._has_changing else ""),
        )
        of_moved = f" union select {key} from {mart} where client_id in (from moved_clients)"
        self._table(
            f"scope_{entries}",
            f"from whole_{entries} union "
            f"select {key} from old_applications union select {key} from new_applications"
            + (of_moved if self._has_moved else ""),
        )
        unread = (
            "invoice_number, engagement_id, due_key, applied_cents"
            if entry == "invoice"
            else "reference, payment_id"
        )
        self._table(
            f"went_{entries}",
            few_rows(
                mart,
                f"{key} in (from scope_{entries})",
                columns=f"* exclude ({unread}, changed_at)",
            ),
        )

    def _invoices(self) -> None:
        self._table(
            "scoped_applications",
            "select went_applications.* from went_applications "
            "anti join old_applications using (application_id) "
            "union all by name from new_applications",
        )
        self._scoped(
            "invoices",
            "invoice_id, client_id, entry_kind, invoice_date, due_date, currency, amount_cents, "
            "open_cents, is_disputed, is_void",
        )
        self._replace("invoice_list", "invoices")
        self._table("scoped_invoice_list", "from came_invoice_list")
        self._marts.make("open_invoices", into="came_open_invoices")
        self._con.execute("delete from open_invoices where invoice_id in (from scope_invoices)")
        self._con.execute("insert into open_invoices by name from came_open_invoices")

    def _receipts(self) -> None:
        self._table(
            "scoped_receipt_applications",
            few_rows("applications", "receipt_id in (from scope_receipts)"),
        )
        self._scoped(
            "receipts",
            "receipt_id, client_id, entry_kind, receipt_date, method, currency, amount_cents",
        )
        self._replace("receipt_list", "receipts")
        # What only an application reached keeps its reference: its payment ID is as it was.
        self._table(
            "scoped_receipt_list",
            "from came_receipt_list where receipt_id in (from whole_receipts)",
        )
        self._marts.make("posted_items", into="came_posted_items")
        self._con.execute("delete from posted_items where receipt_id in (from whole_receipts)")
        self._con.execute("insert into posted_items by name from came_posted_items")

    def _scoped(self, entries: str, columns: str) -> None:
        """The touched entries: changed ones as they are, the others as the list has them."""
        key = f"{entries.removesuffix('s')}_id"
        others = few_rows(entries, "client_id in (from changing_clients)")
        self._table(
            f"scoped_{entries}",
            f"from new_{entries} union all by name "
            f"select other.* from ({others}) as other anti join new_{entries} using ({key}) "
            f"union all by name select {columns} from went_{entries} as went "
            f"anti join whole_{entries} as whole on went.{key} = whole.value",
        )

    def _clients(self) -> None:
        # A client's entries stand all over the lists: here fewer columns help, not row ids.
        self._table(
            "scoped_client_invoices",
            "select client_id, currency, outstanding_cents "
            "from invoice_list where client_id in (from scope_clients)",
        )
        self._table(
            "scoped_client_receipts",
            "select client_id, currency, entry_kind, receipt_date, amount_cents, unapplied_cents "
            "from receipt_list where client_id in (from scope_clients)",
        )
        self._add_clients_with_other_currencies()
        for table in ("clients", "contacts", "engagements"):
            self._table(f"scoped_{table}", few_rows(table, "client_id in (from whole_clients)"))
        self._con.execute(
            "insert into scoped_clients by name select scope_clients.value as client_id "
            "from scope_clients anti join whole_clients using (value)"
        )
        self._replace("client_list", "clients")

    def _add_clients_with_other_currencies(self) -> None:
        """A client has one row per currency: where these are others than before, all is made."""
        held = "select client_id, currency from client_list where client_id in (from scope_clients)"
        now = (
            "(select client_id, currency from scoped_client_invoices union "
            "select client_id, currency from scoped_client_receipts)"
        )
        self._con.execute(
            "insert into whole_clients select distinct client_id from "
            f"(({held} except {now}) union all ({now} except {held})) as other "
            "anti join whole_clients as whole on other.client_id = whole.value"
        )

    def _rollups(self) -> None:
        for signed, entries, mart in (
            ("signed_invoices", "invoices", "invoice_list"),
            ("signed_receipts", "receipts", "receipt_list"),
        ):
            self._table(
                signed,
                f"select -1 as sign, * from went_{entries} union all by name "
                f"select 1 as sign, * from came_{mart}",
            )
        self._table(
            "signed_applications",
            SIGNED_APPLICATIONS.format(
                sign=-1, applications="went_applications", invoices="went_invoices"
            )
            + " union all "
            + SIGNED_APPLICATIONS.format(
                sign=1, applications="scoped_applications", invoices="came_invoice_list"
            ),
        )
        self._marts.add_to_rollups()

    def _replace(self, mart: str, entries: str) -> None:
        """Replace the rows made whole; of the others set what can have changed."""
        key = _KEY[mart]
        self._marts.make(mart, into=f"came_{mart}")
        self._con.execute(f"delete from {mart} where {key} in (from whole_{entries})")
        self._con.execute(
            f"insert into {mart} by name from came_{mart} where {key} in (from whole_{entries})"
        )
        self._set(mart, entries, _FIGURES[mart])
        if mart != "client_list" and self._has_moved:
            self._set(mart, entries, _OWNERS)

    def _set(self, mart: str, entries: str, columns: tuple[str, ...]) -> None:
        key = _KEY[mart]
        same = f"{mart}.{key} = came.{key}"
        if mart == "client_list":
            same += " and client_list.currency is not distinct from came.currency"
        self._con.execute(
            f"update {mart} set {', '.join(f'{name} = came.{name}' for name in columns)} "
            f"from (select made.* from came_{mart} as made anti join whole_{entries} as whole "
            f"on made.{key} = whole.value) as came where {same}"
        )

    def _table(self, name: str, select: str) -> None:
        self._con.execute(f"create or replace temp table {name} as {select}")
