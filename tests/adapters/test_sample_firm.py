"""The sample firm: the same from one seed, awkward on purpose, and sound however long it ticks."""

import sqlite3
import tomllib
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from portal.domain.errors import Invalid, SourceUnavailable
from portal.pms.sample_firm.create import create_sample_firm, sample_day, write_sample_config
from portal.pms.sample_firm.tick import tick_sample_firm

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 22, 30, tzinfo=ZoneInfo("America/New_York"))
TRACKED = (
    "Office", "Client_Status", "Staff", "Client", "Client_Staff_Grouping", "Contact",
    "Contact_Email", "Client_Contact", "Custom_Field", "Custom_Value", "Engagement",
    "Ledger_Entry_Type", "Ledger_Entry_Subtype", "Ledger_Entry", "Ledger_Entry_Application",
    "Invoice",
)  # fmt: skip
BALANCES = """
    select
        i.ledger_entry_KEY as invoice, i.client_KEY as client, i.entry_date, v.due_date,
        cast(round(i.amount * 100) as integer) as amount,
        coalesce((
            select sum(cast(round(a.applied_amount * 100) as integer))
            from Ledger_Entry_Application a
            join Ledger_Entry r on r.ledger_entry_KEY = a.from__ledger_entry_KEY
            where a.to__ledger_entry_KEY = i.ledger_entry_KEY and r.posted_date is not null
              and r.ledger_entry_subtype_KEY is null
        ), 0) as applied
    from Ledger_Entry i join Invoice v on v.ledger_entry_KEY = i.ledger_entry_KEY
    where i.ledger_entry_type_KEY in (1, 2, 3) and i.posted_date is not null
      and coalesce(i.ledger_entry_subtype_KEY, 0) <> 1
"""


@pytest.fixture(scope="module")
def firm(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "firm.sqlite"
    create_sample_firm(path, clients=2_000, invoices=40_000, seed=1, today=TODAY)
    return path


@pytest.fixture
def living_firm(firm, tmp_path) -> Path:
    copy = tmp_path / "firm.sqlite"
    copy.write_bytes(firm.read_bytes())
    return copy


def rows(path: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(path)) as con:
        return con.execute(sql).fetchall()


def one(path: Path, sql: str):
    return rows(path, sql)[0][0]


def everything(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as con:
        return list(con.iterdump())


def small_firm(path: Path, seed: int) -> Path:
    create_sample_firm(path, clients=60, invoices=600, seed=seed, today=TODAY)
    return path


def test_the_firms_day_is_that_of_its_own_zone() -> None:
    night = datetime(2026, 11, 26, 4, 30, tzinfo=UTC)

    assert sample_day(night) == date(2026, 11, 25)


def test_the_same_seed_makes_the_same_firm_and_another_seed_another(tmp_path):
    one_firm = small_firm(tmp_path / "a.sqlite", seed=5)
    same = small_firm(tmp_path / "b.sqlite", seed=5)
    other = small_firm(tmp_path / "c.sqlite", seed=6)

    assert everything(one_firm) == everything(same)
    assert everything(one_firm) != everything(other)


def test_the_firm_has_exactly_as_many_clients_and_invoices_as_asked(firm):
    assert one(firm, "select count(*) from Client") == 2_000
    assert one(firm, "select count(*) from Invoice") == 40_000
    assert (
        one(firm, "select count(*) from Ledger_Entry where ledger_entry_type_KEY in (1,2,3)")
        == 40_000
    )
    assert one(firm, "select count(distinct client_id) from Client") == 2_000
    assert [p.name for p in firm.parent.iterdir() if "building" in p.name] == []


def test_too_small_a_firm_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(Invalid, match="at least 50 clients"):
        create_sample_firm(tmp_path / "x.sqlite", clients=10, invoices=600, seed=1, today=TODAY)
    assert list(tmp_path.iterdir()) == []


def test_four_offices_and_twenty_five_partners_and_managers_have_uneven_books(firm):
    books = rows(
        firm,
        """select g.staff_role, s.email, count(*) from Client_Staff_Grouping g
           join Staff s using (staff_KEY) where s.date_left is null
           group by 1, 2 order by 1, 3 desc""",
    )
    partners = [row for row in books if row[0] == "Partner"]
    managers = [row for row in books if row[0] == "Manager"]

    assert (len(partners), len(managers)) == (12, 13)
    assert partners[1][1] == "partner@hartwell.example"
    assert managers[1][1] == "manager@hartwell.example"
    assert partners[0][2] > 4 * partners[-1][2]
    assert one(firm, "select count(distinct office_KEY) from Client") == 4


def test_the_sample_sign_ins_are_members_of_staff(firm):
    emails = {row[0] for row in rows(firm, "select email from Staff where date_left is null")}

    assert {f"{n}@hartwell.example" for n in ("partner", "manager", "collector", "admin")} <= emails
    assert one(firm, "select count(*) - count(distinct email) from Staff") == 0


def test_every_address_is_one_nobody_can_have(firm):
    assert one(firm, "select count(*) from Contact_Email where email not like '%_@_%.example'") == 0
    assert one(firm, "select count(*) from Staff where email not like '%_@_%.example'") == 0


def test_invoices_cover_five_years_with_a_peak_in_spring_and_in_autumn(firm):
    months = dict(
        rows(
            firm,
            """select cast(strftime('%m', entry_date) as integer), count(*) from Ledger_Entry
               where ledger_entry_type_KEY = 1 and entry_date < '2026-01-01' group by 1""",
        )
    )
    years = dict(
        rows(
            firm,
            """select cast(strftime('%Y', entry_date) as integer), count(*) from Ledger_Entry
               where ledger_entry_type_KEY = 1 group by 1""",
        )
    )

    assert one(firm, "select min(entry_date) from Ledger_Entry") < "2022-02-01"
    assert min(months[m] for m in (3, 4, 9, 10)) > max(months[m] for m in (6, 7, 8))
    assert years[2025] > years[2024] > years[2023] > years[2022]


def test_names_are_told_apart_without_numbers_in_a_row(firm):
    names = [row[0] for row in rows(firm, "select description from Client")]

    assert len(set(names)) > 1_980
    assert not any(name.startswith(("Client ", "Company ")) for name in names)


AWKWARD = {
    "a partial payment": f"""select count(*) from ({BALANCES})
        where applied > 0 and applied < amount""",
    "one receipt for many invoices": """select count(*) from (select from__ledger_entry_KEY
        from Ledger_Entry_Application group by 1 having count(*) >= 4)""",
    "unapplied cash": """select count(*) from Ledger_Entry e where ledger_entry_type_KEY in
        (4, 8, 9, 11) and ledger_entry_KEY not in
        (select from__ledger_entry_KEY from Ledger_Entry_Application)""",
    "a credit memo applied": """select count(*) from Ledger_Entry e where
        ledger_entry_type_KEY = 5 and ledger_entry_KEY in
        (select from__ledger_entry_KEY from Ledger_Entry_Application)""",
    "a credit memo not applied": """select count(*) from Ledger_Entry e where
        ledger_entry_type_KEY = 5 and ledger_entry_KEY not in
        (select from__ledger_entry_KEY from Ledger_Entry_Application)""",
    "a write-off": "select count(*) from Ledger_Entry where ledger_entry_type_KEY = 7",
    "a small write-off": "select count(*) from Ledger_Entry where ledger_entry_type_KEY = 12",
    "a reversal": "select count(*) from Ledger_Entry where ledger_entry_type_KEY = 13",
    "a service charge": "select count(*) from Ledger_Entry where ledger_entry_type_KEY = 2",
    "a debit memo": "select count(*) from Ledger_Entry where ledger_entry_type_KEY = 3",
    "a returned check that opens its invoice again": """select count(*) from Ledger_Entry e
        join Ledger_Entry_Application a on a.from__ledger_entry_KEY = e.ledger_entry_KEY
        where ledger_entry_type_KEY = 6 and a.applied_amount like '-%'""",
    "a card return": "select count(*) from Ledger_Entry where ledger_entry_type_KEY = 10",
    "a void invoice": """select count(*) from Ledger_Entry where ledger_entry_subtype_KEY = 1
        and ledger_entry_type_KEY = 1""",
    "a void receipt": """select count(*) from Ledger_Entry where ledger_entry_subtype_KEY = 1
        and ledger_entry_type_KEY > 3""",
    "a void invoice with a payment left on it": """select count(*) from Ledger_Entry e
        join Ledger_Entry_Application a on a.to__ledger_entry_KEY = e.ledger_entry_KEY
        where ledger_entry_subtype_KEY = 1""",
    "a disputed invoice": "select count(*) from Ledger_Entry where ledger_entry_subtype_KEY = 2",
    "an invoice without due date": "select count(*) from Invoice where due_date is null",
    "an invoice dated ahead": """select count(*) from Ledger_Entry
        where entry_date between '2026-11-21' and '2026-11-24'""",
    "an unposted invoice": """select count(*) from Ledger_Entry where posted_date is null
        and ledger_entry_type_KEY = 1""",
    "an unposted receipt": """select count(*) from Ledger_Entry where posted_date is null
        and ledger_entry_type_KEY > 3""",
    "one invoice number at two clients": """select count(*) from (select entry_number
        from Ledger_Entry where entry_number is not null group by 1
        having count(distinct client_KEY) = 2)""",
    "a contact without flags": """select count(*) from Client_Contact c where is_primary = 0 and
        is_billing = 0 and not exists (select 1 from Custom_Value v
        where v.contact_KEY = c.contact_KEY)""",
    "a contact shared by clients": """select count(*) from (select contact_KEY from Client_Contact
        group by 1 having count(distinct client_KEY) > 1)""",
    "a client without contact": """select count(*) from Client where client_KEY not in
        (select client_KEY from Client_Contact)""",
    "clients that look alike": """select count(*) - 2 from Client
        where lower(replace(description, ',', '')) = 'harbor light dental pllc'""",
    "a double quote": "select count(*) from Client where description like '%\"%'",
    "an apostrophe": "select count(*) from Client where description like '%''%'",
    "an umlaut": "select count(*) from Client where description like '%ü%'",
    "an emoji": "select count(*) from Client where description like '%🍕%'",
    "a right-to-left mark": "select count(*) from Client where instr(description, char(8207))",
    "markup": "select count(*) from Client where description = '<script>alert(1)</script>'",
    "a formula": """select count(*) from Client
        where description = '=HYPERLINK("http://x","y")'""",
    "a name of 120 characters": "select count(*) from Client where length(description) = 120",
    "a prospect": "select count(*) from Client where client_status_KEY = 2",
    "a prospect with an invoice": """select count(*) from Client join Ledger_Entry
        using (client_KEY) where client_status_KEY = 2""",
    "a lost client": "select count(*) from Client where client_status_KEY = 3",
    "a suspended client": "select count(*) from Client where client_status_KEY = 4",
    "a client with 300 invoices": """select count(*) from (select client_KEY from Ledger_Entry
        where ledger_entry_type_KEY in (1, 2, 3) group by 1 having count(*) >= 300)""",
    "an active client with no invoice": """select count(*) from Client where client_status_KEY = 1
        and client_KEY not in (select client_KEY from Ledger_Entry)""",
    "a client without partner": """select count(*) from Client where client_KEY not in
        (select client_KEY from Client_Staff_Grouping where staff_role = 'Partner')""",
    "a client whose partner changed": """select count(*) from (select client_KEY from
        Client_Staff_Grouping where staff_role = 'Partner' group by 1 having count(*) > 1)""",
    "a client in a group": """select count(*) from Custom_Value
        where custom_field_KEY = 1 and value like '% family'""",
}


@pytest.mark.parametrize("case", AWKWARD)
def test_the_firm_has(firm, case):
    assert one(firm, AWKWARD[case]) >= 1


def test_six_invoices_in_a_hundred_are_open_across_every_age(firm):
    open_invoices = rows(firm, f"select due_date from ({BALANCES}) where amount > applied")
    overdue = [
        (TODAY - date.fromisoformat(due)).days for (due,) in open_invoices if due is not None
    ]

    assert 0.05 < len(open_invoices) / 40_000 < 0.09
    for first, last in ((-60, 0), (1, 30), (31, 60), (61, 90), (91, 120), (121, 2_000)):
        assert sum(first <= days <= last for days in overdue) >= 40, (first, last)


def unsound(path: Path) -> list[str]:
    """What no bookkeeper would leave: over-applied invoices and receipts, broken links."""
    found = []
    if one(path, f"select count(*) from ({BALANCES}) where applied > amount or applied < 0"):
        found.append("an invoice is over-applied or has less than nothing applied")
    if one(
        path,
        """select count(*) from (
            select e.amount, sum(cast(round(a.applied_amount * 100) as integer)) as applied
            from Ledger_Entry e
            join Ledger_Entry_Application a on a.from__ledger_entry_KEY = e.ledger_entry_KEY
            group by e.ledger_entry_KEY
        ) where abs(applied) > cast(round(amount * 100) as integer)""",
    ):
        found.append("a receipt has more applied than it has")
    if one(
        path,
        """select count(*) from Ledger_Entry_Application a
           left join Ledger_Entry r on r.ledger_entry_KEY = a.from__ledger_entry_KEY
           left join Ledger_Entry i on i.ledger_entry_KEY = a.to__ledger_entry_KEY
           where r.client_KEY is null or i.client_KEY is null or r.client_KEY <> i.client_KEY
              or r.ledger_entry_type_KEY < 4 or i.ledger_entry_type_KEY > 3""",
    ):
        found.append("an application does not join a receipt and an invoice of one client")
    if one(path, "select count(*) from Ledger_Entry where amount not glob '*[0-9].[0-9][0-9]'"):
        found.append("an amount is not written with two decimals")
    if one(path, "select count(*) from Ledger_Entry where amount like '-%' or amount = '0.00'"):
        found.append("an amount is not above zero")
    return found


def test_nothing_is_applied_twice_in_a_new_firm(firm):
    assert unsound(firm) == []


def test_changes_are_counted_from_the_first_tick_on(living_firm):
    assert one(living_firm, "select count(*) from Change_Tracking") == 0

    tick_sample_firm(living_firm, changes=25, now=NOW, seed=1)

    versions = [v for (v,) in rows(living_firm, "select change_version from Change_Tracking")]
    assert versions == list(range(1, len(versions) + 1))
    assert len(versions) >= 25


@pytest.mark.parametrize("table", TRACKED)
def test_change_tracking_tells_of_every_insert_update_and_delete_of(living_firm, table):
    with closing(sqlite3.connect(living_firm)) as con:
        key, second = [row[1] for row in con.execute(f"pragma table_info({table})")][:2]
        held = con.execute(f"select * from {table} order by {key} desc limit 1").fetchone()
        marks = ", ".join("?" for _ in held)

        con.execute(f"update {table} set {second} = {second} where {key} = ?", held[:1])
        con.execute(f"delete from {table} where {key} = ?", held[:1])
        con.execute(f"insert into {table} values ({marks})", (held[0] + 1, *held[1:]))
        told = con.execute("select table_name, row_key, operation from Change_Tracking").fetchall()

    assert told == [(table, held[0], "U"), (table, held[0], "D"), (table, held[0] + 1, "I")]


def test_the_books_stay_sound_however_long_the_firm_lives(living_firm):
    for seed in range(8):
        assert tick_sample_firm(living_firm, changes=250, now=NOW, seed=seed) == 250

    assert unsound(living_firm) == []
    told = set(rows(living_firm, "select distinct table_name, operation from Change_Tracking"))
    assert {
        ("Ledger_Entry", "I"), ("Ledger_Entry", "U"), ("Invoice", "I"), ("Invoice", "U"),
        ("Ledger_Entry_Application", "I"), ("Ledger_Entry_Application", "D"),
        ("Client", "I"), ("Client", "U"), ("Contact", "I"), ("Contact_Email", "U"),
        ("Client_Contact", "I"), ("Custom_Value", "I"), ("Client_Staff_Grouping", "I"),
    } <= told  # fmt: skip


def test_a_tick_is_dated_on_the_firms_day_and_stamped_in_utc(living_firm):
    newest = one(living_firm, "select max(ledger_entry_KEY) from Ledger_Entry")

    tick_sample_firm(living_firm, changes=60, now=NOW, seed=3)

    added = f"from Ledger_Entry where ledger_entry_KEY > {newest}"
    assert one(living_firm, f"select min(entry_date) {added}") == "2026-11-20"
    assert one(living_firm, f"select max(entry_date) {added}") <= "2026-11-24"
    assert rows(living_firm, f"select distinct update_date_utc {added}") == [
        ("2026-11-21 03:30:00",)
    ]


def test_the_same_seed_ticks_the_same(living_firm, tmp_path):
    twin = tmp_path / "twin.sqlite"
    twin.write_bytes(living_firm.read_bytes())

    for path in (living_firm, twin):
        tick_sample_firm(path, changes=40, now=NOW, seed=11)

    assert everything(living_firm) == everything(twin)


def test_a_locked_or_missing_firm_is_refused_and_left_as_it_was(living_firm, tmp_path, monkeypatch):
    monkeypatch.setattr("portal.pms.sample_firm.tick.WAIT_SECONDS", 0.05)
    with closing(sqlite3.connect(living_firm, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(SourceUnavailable, match="locked"):
            tick_sample_firm(living_firm, changes=5, now=NOW, seed=1)
        other.execute("rollback")

    assert one(living_firm, "select count(*) from Change_Tracking") == 0
    with pytest.raises(SourceUnavailable, match="no sample firm"):
        tick_sample_firm(tmp_path / "none.sqlite", changes=5, now=NOW, seed=1)


def test_nothing_is_posted_into_a_database_that_was_not_invented_here(tmp_path):
    real = tmp_path / "practice.sqlite"
    with closing(sqlite3.connect(real)) as con:
        con.execute("create table Ledger_Entry (ledger_entry_KEY integer)")
    before = real.read_bytes()

    with pytest.raises(Invalid, match="was not made by `portal sample create`"):
        tick_sample_firm(real, changes=5, now=NOW, seed=1)
    with pytest.raises(Invalid, match="it is not replaced"):
        create_sample_firm(real, clients=50, invoices=60, seed=1, today=TODAY)

    assert real.read_bytes() == before
    assert list(tmp_path.iterdir()) == [real]


def test_a_file_that_is_still_empty_becomes_a_sample_firm(tmp_path):
    empty = tmp_path / "firm.sqlite"
    empty.touch()

    create_sample_firm(empty, clients=50, invoices=60, seed=1, today=TODAY)

    assert tick_sample_firm(empty, changes=1, now=NOW, seed=1) >= 1


def test_the_sample_config_names_the_database_and_never_replaces_one_that_is_there(tmp_path):
    config = tmp_path / "home" / "firm.toml"
    database = tmp_path / 'odd "name".sqlite'

    write_sample_config(config, database)
    written = tomllib.loads(config.read_text(encoding="utf-8"))
    assert written["source"] == {
        "kind": "sqlite",
        "path": str(database),
        "system": "practice_cs",
        "every_seconds": 0.25,
    }

    config.write_text("mine", encoding="utf-8")
    write_sample_config(config, database)
    assert config.read_text(encoding="utf-8") == "mine"
