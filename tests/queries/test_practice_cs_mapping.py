"""The Practice CS mapping on a handful of hand-written entries, read the way a firm's are."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.settings import QUERIES, Source
from portal.warehouse.tie_out import tie_out
from tests.loading import Loaded, open_loaded

CHOICES = {
    "partner_role": "Partner",
    "manager_role": "Manager",
    "responsible_staff": "manager",
    "receives_invoices_flag": "Email invoices",
    "receives_statements_flag": "Email statements",
    "client_group_field": "Client group",
    "excluded_statuses": ["Prospect"],
}
STAMP = "2026-03-01 15:00:00"
INVOICE, CHARGE, MEMO, CHECK, CREDIT, NSF, WRITE_OFF, CASH, CARD, CARD_RETURN, ACH = range(1, 12)
SMALL_WRITE_OFF, REVERSAL = 12, 13
VOID, DISPUTED = 1, 2


class Books:
    """A tiny Practice CS database being written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.con = sqlite3.connect(path, isolation_level=None)
        self.con.executescript((QUERIES / "sample" / "schema.sql").read_text(encoding="utf-8"))

    def add(self, table: str, **values: object) -> None:
        names, marks = ", ".join(values), ", ".join("?" for _ in values)
        self.con.execute(f"insert into {table} ({names}) values ({marks})", list(values.values()))

    def client(self, key: int, name: str = "Alder Dental PLLC", status: int = 1) -> None:
        self.add(
            "Client",
            client_KEY=key,
            client_id=f"ALD{key}",
            description=name,
            client_status_KEY=status,
            office_KEY=1,
            date_opened="2020-01-06",
            update_date_utc=STAMP,
        )

    def entry(
        self,
        key: int,
        kind: int,
        amount: str,
        day: str = "2026-03-02",
        *,
        client: int = 1,
        posted: bool = True,
        subtype: int | None = None,
        due: str | None = "2026-04-01",
    ) -> None:
        self.add(
            "Ledger_Entry",
            ledger_entry_KEY=key,
            ledger_entry_type_KEY=kind,
            ledger_entry_subtype_KEY=subtype,
            client_KEY=client,
            entry_number=str(1000 + key),
            entry_date=day,
            posted_date=day if posted else None,
            reference=f"ref {key}",
            amount=amount,
            update_date_utc=STAMP,
        )
        if kind in (INVOICE, CHARGE, MEMO):
            self.add("Invoice", invoice_KEY=key, ledger_entry_KEY=key, due_date=due)

    def apply(self, receipt: int, invoice: int, amount: str) -> None:
        self.add(
            "Ledger_Entry_Application",
            from__ledger_entry_KEY=receipt,
            to__ledger_entry_KEY=invoice,
            applied_amount=amount,
            update_date_utc=STAMP,
        )

    def in_charge(self, client: int, staff: int | None, role: str, since: str) -> None:
        self.add(
            "Client_Staff_Grouping",
            client_KEY=client,
            staff_KEY=staff,
            staff_role=role,
            date_effective=since,
            update_date_utc=STAMP,
        )


@pytest.fixture
def books(tmp_path):
    made = Books(tmp_path / "practice_cs.sqlite")
    made.client(1)
    with closing(made.con):
        yield made


@pytest.fixture
def read(books, tmp_path):
    opened: list[Loaded] = []

    def refreshed(**choices: object) -> Loaded:
        # The hand that wrote the file lets go of it first: two SQLite libraries would fight.
        books.con.close()
        source = Source("sqlite", str(books.path), QUERIES / "pms" / "practice_cs")
        loaded = open_loaded(tmp_path / "home", source, choices=CHOICES | choices)
        opened.append(loaded)
        loaded.refresher.refresh()
        return loaded

    yield refreshed
    for loaded in opened:
        loaded.warehouse.close()


def outstanding(loaded: Loaded) -> dict[int, int]:
    return dict(loaded.values("select invoice_id, outstanding_cents from invoice_list"))


def unapplied(loaded: Loaded) -> dict[int, int]:
    return dict(loaded.values("select receipt_id, unapplied_cents from receipt_list"))


def ties(loaded: Loaded) -> bool:
    return tie_out(loaded.warehouse, loaded.source, loaded.mapping()).difference_cents == 0


def test_a_partial_payment_leaves_the_rest_outstanding(books, read):
    books.entry(1, INVOICE, "100.00")
    books.entry(2, CHECK, "40.25", "2026-03-20")
    books.apply(2, 1, "40.25")

    loaded = read()

    assert outstanding(loaded) == {1: 5_975}
    assert unapplied(loaded) == {2: 0}
    assert ties(loaded)


def test_one_receipt_pays_many_invoices_and_the_rest_of_it_is_unapplied(books, read):
    books.entry(1, INVOICE, "100.00")
    books.entry(2, INVOICE, "250.10")
    books.entry(3, ACH, "400.00", "2026-03-20")
    books.apply(3, 1, "100.00")
    books.apply(3, 2, "250.10")

    loaded = read()

    assert outstanding(loaded) == {1: 0, 2: 0}
    assert unapplied(loaded) == {3: 4_990}
    assert ties(loaded)


def test_a_returned_check_opens_its_invoice_again(books, read):
    books.entry(1, INVOICE, "100.00")
    books.entry(2, CHECK, "100.00", "2026-03-20")
    books.apply(2, 1, "100.00")
    books.entry(3, NSF, "100.00", "2026-03-25")
    books.apply(3, 1, "-100.00")

    loaded = read()

    assert outstanding(loaded) == {1: 10_000}
    assert unapplied(loaded) == {2: 0, 3: 0}
    assert loaded.values(
        "select entry_kind, method, amount_cents from receipts where receipt_id = 3"
    ) == [("return", "check", -10_000)]
    assert ties(loaded)


def test_what_is_not_posted_does_not_exist_and_neither_do_its_applications(books, read):
    books.entry(1, INVOICE, "100.00")
    books.entry(2, CHECK, "100.00", posted=False)
    books.apply(2, 1, "100.00")
    books.entry(3, INVOICE, "70.00", posted=False)
    books.entry(4, CHECK, "70.00")
    books.apply(4, 3, "70.00")

    loaded = read()

    assert outstanding(loaded) == {1: 10_000}
    assert unapplied(loaded) == {4: 7_000}
    assert ties(loaded)


def test_a_void_invoice_is_kept_owes_nothing_and_gives_its_payment_back(books, read):
    books.entry(1, INVOICE, "100.00", subtype=VOID)
    books.entry(2, CHECK, "100.00")
    books.apply(2, 1, "100.00")

    loaded = read()

    assert loaded.values("select is_void, outstanding_cents from invoice_list") == [(True, 0)]
    assert unapplied(loaded) == {2: 10_000}
    assert ties(loaded)


def test_a_void_receipt_does_not_exist_and_its_invoice_is_open(books, read):
    books.entry(1, INVOICE, "100.00")
    books.entry(2, CHECK, "100.00", subtype=VOID)
    books.apply(2, 1, "100.00")

    loaded = read()

    assert outstanding(loaded) == {1: 10_000}
    assert unapplied(loaded) == {}
    assert ties(loaded)


def test_a_disputed_invoice_is_marked_and_still_owed(books, read):
    books.entry(1, INVOICE, "100.00", subtype=DISPUTED, due=None)

    loaded = read()

    assert loaded.values(
        "select is_disputed, is_void, due_date, outstanding_cents from invoice_list"
    ) == [(True, False, None, 10_000)]


def test_every_entry_type_gets_its_kind_its_method_and_its_sign(books, read):
    for kind in range(1, 14):
        books.entry(kind, kind, "10.00")

    loaded = read()

    assert loaded.values("select invoice_id, entry_kind from invoices order by 1") == [
        (INVOICE, "invoice"), (CHARGE, "service_charge"), (MEMO, "debit_memo"),
    ]  # fmt: skip
    assert loaded.values(
        "select receipt_id, entry_kind, method, amount_cents from receipts order by 1"
    ) == [
        (CHECK, "payment", "check", 1_000),
        (CREDIT, "credit_memo", None, 1_000),
        (NSF, "return", "check", -1_000),
        (WRITE_OFF, "write_off", None, 1_000),
        (CASH, "payment", "cash", 1_000),
        (CARD, "payment", "card", 1_000),
        (CARD_RETURN, "return", "card", -1_000),
        (ACH, "payment", "ach", 1_000),
        (SMALL_WRITE_OFF, "write_off", None, 1_000),
        (REVERSAL, "reversal", None, 1_000),
    ]
    assert ties(loaded)


def test_an_application_counts_from_the_day_both_its_sides_exist(books, read):
    books.entry(1, INVOICE, "100.00", "2026-03-10")
    books.entry(2, CHECK, "100.00", "2026-02-01")
    books.apply(2, 1, "60.00")
    books.entry(3, CHECK, "40.00", "2026-03-30")
    books.apply(3, 1, "40.00")

    loaded = read()

    assert loaded.values("select receipt_id, applied_date from applications order by 1") == [
        (2, date(2026, 3, 10)),
        (3, date(2026, 3, 30)),
    ]


def test_amounts_are_exact_to_the_cent(books, read):
    books.entry(1, INVOICE, "123456789.01")
    books.entry(2, INVOICE, "0.01")
    books.entry(3, INVOICE, "1.1")
    books.entry(4, INVOICE, "29")

    loaded = read()

    assert outstanding(loaded) == {1: 12_345_678_901, 2: 1, 3: 110, 4: 2_900}
    assert ties(loaded)


def test_the_newest_partner_that_has_begun_is_in_charge(books, read):
    soon = (date.today() + timedelta(days=30)).isoformat()
    books.in_charge(1, 10, "Partner", "2020-01-06")
    books.in_charge(1, 11, "Partner", "2024-05-01")
    books.in_charge(1, 12, "Partner", soon)
    books.in_charge(1, 20, "Manager", "2020-01-06")
    books.client(2)
    books.in_charge(2, 10, "Partner", "2021-01-01")
    books.in_charge(2, None, "Partner", "2022-01-01")
    books.client(3)

    loaded = read()

    assert loaded.values(
        "select client_id, partner_id, manager_id, responsible_id from clients order by 1"
    ) == [(1, 11, 20, 20), (2, None, None, None), (3, None, None, None)]


def test_the_firm_chooses_its_roles_and_who_is_responsible(books, read):
    books.in_charge(1, 10, "Partner", "2020-01-06")
    books.in_charge(1, 11, "Client owner", "2020-01-06")
    books.in_charge(1, 20, "Manager", "2020-01-06")

    loaded = read(partner_role="Client owner", responsible_staff="partner")

    assert loaded.values("select partner_id, manager_id, responsible_id from clients") == [
        (11, 20, 11)
    ]


def test_a_clients_group_comes_from_the_custom_field_the_firm_names(books, read):
    books.add("Custom_Value", custom_field_KEY=1, client_KEY=1, value=" Alder family ")
    books.add("Custom_Value", custom_field_KEY=2, client_KEY=1, contact_KEY=5, value="Yes")

    loaded = read()

    assert loaded.values("select client_group, client_status, office from clients") == [
        ("Alder family", "Active", "Portland")
    ]


def test_a_shared_contact_has_one_row_and_its_own_flags_at_each_client(books, read):
    books.client(2)
    books.add("Contact", contact_KEY=5, description="Ana Silva", update_date_utc=STAMP)
    books.add("Contact_Email", contact_KEY=5, email="old@silva.example", is_primary=0)
    books.add("Contact_Email", contact_KEY=5, email="ana@silva.example", is_primary=1)
    books.add("Client_Contact", client_KEY=1, contact_KEY=5, is_primary=1, is_billing=1)
    books.add("Client_Contact", client_KEY=2, contact_KEY=5, is_primary=0, is_billing=0)
    books.add("Custom_Value", custom_field_KEY=2, client_KEY=1, contact_KEY=5, value="Yes")
    books.add("Custom_Value", custom_field_KEY=3, client_KEY=2, contact_KEY=5, value="No")

    loaded = read()

    assert loaded.values(
        "select client_id, full_name, email, is_primary, is_billing, receives_invoices, "
        "receives_statements from contacts order by 1"
    ) == [
        (1, "Ana Silva", "ana@silva.example", True, True, True, False),
        (2, "Ana Silva", "ana@silva.example", False, False, False, False),
    ]


def test_staff_who_left_are_not_active(books, read):
    books.add("Staff", staff_KEY=10, staff_id="A", description="Ann", email="ann@f.example")
    books.add("Staff", staff_KEY=11, staff_id="B", description="Bo", date_left="2024-01-31")

    loaded = read()

    assert loaded.values("select staff_id, full_name, email, is_active from staff order by 1") == [
        (10, "Ann", "ann@f.example", True),
        (11, "Bo", None, False),
    ]


def test_a_prospect_is_left_out_with_its_invoices_and_the_rest_still_ties(books, read):
    books.client(2, status=2)
    books.entry(1, INVOICE, "100.00", client=2)
    books.entry(2, INVOICE, "50.00")

    loaded = read()

    assert outstanding(loaded) == {2: 5_000}
    assert loaded.values("select client_id from clients") == [(1,)]
    assert ties(loaded)


def test_an_invoice_carries_its_number_engagement_and_dates(books, read):
    books.add("Engagement", engagement_KEY=7, client_KEY=1, engagement_name="2025 Form 1065")
    books.entry(1, INVOICE, "100.00", "2026-03-02", due="2026-04-01")
    books.con.execute("update Invoice set engagement_KEY = 7")

    loaded = read()

    assert loaded.values(
        "select invoice_number, engagement_id, invoice_date, due_date, currency from invoices"
    ) == [("1001", 7, date(2026, 3, 2), date(2026, 4, 1), "USD")]
    assert loaded.values("select engagement_name from engagements") == [("2025 Form 1065",)]
