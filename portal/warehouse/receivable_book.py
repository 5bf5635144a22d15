"""What is owed, whom to write to and what was paid, for the commands of collections."""

from collections.abc import Iterable, Mapping
from datetime import date

from portal.domain.account_activity import Entry
from portal.domain.promises import Payment
from portal.domain.statements import Account, Addressee, Hold, OpenInvoice
from portal.warehouse.warehouse import Warehouse

_AT_THE_PMS = Hold(reason="so says the practice management system")


class ReceivableBook:
    """Reads accounts from the warehouse; every answer is of one version of the data."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def accounts_reaching(
        self, due_days: Iterable[date], invoice_days: Iterable[date]
    ) -> list[Account]:
        """The clients with an open invoice due, or made, on one of these days."""
        with self._warehouse.cursor() as con:
            found = self._warehouse.rows(
                "statements/clients_reaching",
                con=con,
                due_days=sorted(due_days),
                invoice_days=sorted(invoice_days),
            )
            return self._read([str(row["client_id"]) for row in found], con)

    def accounts(self, client_ids: Iterable[str]) -> list[Account]:
        """These clients, as far as they owe something."""
        with self._warehouse.cursor() as con:
            return [one for one in self._read(list(client_ids), con) if one.invoices]

    def payments(self, client_ids: Iterable[str], since: date) -> Mapping[str, list[Payment]]:
        """What these clients paid since a day, returned payments as negative ones."""
        found: dict[str, list[Payment]] = {}
        for row in self._warehouse.rows(
            "statements/payments", clients=sorted(client_ids), since=since
        ):
            found.setdefault(str(row["client_id"]), []).append(
                Payment(
                    currency=str(row["currency"]),
                    paid_on=row["receipt_date"],  # type: ignore[arg-type]
                    cents=int(row["cents"]),  # type: ignore[call-overload]
                    invoice_id=row["invoice_id"],  # type: ignore[arg-type]
                )
            )
        return found

    def entries(self, client_id: str, currency: str, until: date) -> list[Entry]:
        """Everything that changed what a client owes, up to a day, in order."""
        return [
            Entry(
                day=row["entry_date"],  # type: ignore[arg-type]
                kind=str(row["entry_kind"]),
                document=str(row["document"] or ""),
                cents=int(row["signed_cents"]),  # type: ignore[call-overload]
            )
            for row in self._warehouse.rows(
                "statements/entries", client_id=client_id, currency=currency, until=until
            )
        ]

    def _read(self, client_ids: list[str], con: object) -> list[Account]:
        if not client_ids:
            return []

        def rows(name: str) -> list[dict]:
            return self._warehouse.rows(f"statements/{name}", con=con, clients=client_ids)  # type: ignore[arg-type]

        invoices: dict[str, list[OpenInvoice]] = {}
        for row in rows("open_invoices"):
            invoices.setdefault(row["client_id"], []).append(_invoice(row))
        people: dict[str, list[Addressee]] = {}
        for row in rows("recipients"):
            person = Addressee(email=row["email"], name=row["full_name"] or "")
            people.setdefault(row["client_id"], []).append(person)
        lines: dict[str, list[dict]] = {}
        for row in rows("accounts"):
            lines.setdefault(row["client_id"], []).append(row)
        return [
            _account(own, invoices.get(client_id, []), people.get(client_id, []))
            for client_id, own in lines.items()
        ]


def _invoice(row: dict) -> OpenInvoice:
    return OpenInvoice(
        invoice_id=row["invoice_id"],
        invoice_number=row["invoice_number"] or row["invoice_id"],
        invoice_date=row["invoice_date"],
        due_date=row["due_date"],
        currency=row["currency"],
        open_cents=row["outstanding_cents"],
        dispute=_AT_THE_PMS if row["is_disputed"] else None,
    )


def _account(lines: list[dict], invoices: list[OpenInvoice], people: list[Addressee]) -> Account:
    first = lines[0]
    return Account(
        client_id=first["client_id"],
        client_number=first["client_number"] or "",
        client_name=first["client_name"] or "",
        partner_id=first["partner_id"],
        manager_id=first["manager_id"],
        partner=_addressee(first, "partner"),
        responsible=_addressee(first, "responsible"),
        recipients=tuple(people),
        invoices=tuple(invoices),
        credit_cents={
            row["currency"]: row["unapplied_cents"] for row in lines if row["unapplied_cents"] > 0
        },
    )


def _addressee(row: dict, role: str) -> Addressee | None:
    """The firm's own person in this role, if there is an address to write to."""
    email = (row[f"{role}_email"] or "").strip()
    return Addressee(email=email, name=row[f"{role}_name"] or "") if email else None
