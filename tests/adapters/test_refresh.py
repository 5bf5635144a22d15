"""The refresh: incremental equals full, whatever changed; what fails changes nothing."""

import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from portal.domain.errors import MappingInvalid, SourceUnavailable
from portal.pms.sample_firm.create import create_sample_firm
from portal.settings import QUERIES, Source
from portal.warehouse.doctor import run_checks
from portal.warehouse.tie_out import tie_out
from tests.adapters.source_program import in_another_process, tick
from tests.loading import Loaded, open_loaded

TODAY = date(2026, 11, 20)
CHOICES = {
    "partner_role": "Partner",
    "manager_role": "Manager",
    "responsible_staff": "manager",
    "receives_invoices_flag": "Email invoices",
    "receives_statements_flag": "Email statements",
    "client_group_field": "Client group",
    "excluded_statuses": ["Prospect"],
}
COMPARED = (
    "staff", "clients", "contacts", "engagements", "invoices", "receipts", "applications",
    "left_out_clients", "invoice_list", "open_invoices", "receipt_list", "posted_items",
    "client_list", "client_rank",
)  # fmt: skip
ROLLUPS = {
    "aging_day": "lens, partner_id, manager_id, day, currency",
    "billed_month": "month, partner_id, manager_id, office, currency",
    "payment_month": "month, entry_kind, method, partner_id, manager_id, office, currency",
    "applied_month": "month, partner_id, manager_id, office, currency",
    "paid_month": "month, partner_id, manager_id, office, currency",
}
ROLLUP_SUMS = {
    "aging_day": ("outstanding_cents", "invoice_count"),
    "billed_month": ("amount_cents", "invoice_count"),
    "payment_month": ("amount_cents", "receipt_count"),
    "applied_month": ("amount_cents",),
    "paid_month": ("paid_invoices", "days_to_pay_sum", "on_time_invoices", "days_late_sum"),
}


@pytest.fixture(scope="module")
def firm(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("firm") / "practice_cs.sqlite"
    create_sample_firm(path, clients=150, invoices=2_000, seed=7, today=TODAY)
    return path


@pytest.fixture(scope="module")
def refreshed(firm, tmp_path_factory) -> tuple[Path, set[str]]:
    """A home whose warehouse was filled once, and the clients shown since."""
    home = tmp_path_factory.mktemp("refreshed")
    found = open_sample(firm, home)
    found.refresher.refresh()
    found.warehouse.close()
    return home, found.shown.remembered


@pytest.fixture
def loaded(firm, refreshed, tmp_path) -> Loaded:
    """A copy of the sample firm, and of the warehouse that was filled from it."""
    copy, (home, shown) = tmp_path / "practice_cs.sqlite", refreshed
    shutil.copy2(firm, copy)
    shutil.copytree(home, tmp_path / "home")
    found = open_sample(copy, tmp_path / "home")
    found.shown.add(shown)
    yield found
    found.warehouse.close()


def open_sample(database: Path, home: Path, **choices: object) -> Loaded:
    source = Source("sqlite", str(database), QUERIES / "pms" / "practice_cs")
    return open_loaded(home, source, choices=CHOICES | choices)


def contents(loaded: Loaded) -> dict[str, list[tuple]]:
    """Everything the warehouse says, in an order that does not depend on how it came there."""
    found = {}
    for table in COMPARED:
        # how far apart two ranks are says nothing: their order does
        ranks = (
            "* replace (dense_rank() over (order by name_rank) as name_rank, "
            "dense_rank() over (order by number_rank) as number_rank)"
        )
        columns = ranks if table in ("client_list", "client_rank") else "*"
        found[table] = sorted(loaded.values(f"select {columns} from {table}"), key=repr)
    for table, keys in ROLLUPS.items():
        sums = ", ".join(f"sum({name})::bigint" for name in ROLLUP_SUMS[table])
        some = " or ".join(f"sum({name}) <> 0" for name in ROLLUP_SUMS[table])
        rows = loaded.values(f"select {keys}, {sums} from {table} group by {keys} having {some}")
        found[table] = sorted(rows, key=repr)
    return found


def test_many_incremental_refreshes_leave_exactly_what_a_full_one_would(loaded, tmp_path):
    for seed in range(12):
        tick(Path(loaded.source.path), changes=60, seed=seed)
        assert loaded.refresher.refresh().kind == "incremental"

    anew = open_sample(Path(loaded.source.path), tmp_path / "anew")
    anew.shown.add(loaded.shown.all())
    anew.refresher.refresh(full=True)

    incremental, full = contents(loaded), contents(anew)
    for table, rows in full.items():
        assert incremental[table] == rows, table
    with loaded.warehouse.cursor() as con:
        assert not any(run_checks(con).values())
    anew.warehouse.close()


def test_roll_ups_that_have_grown_are_folded_and_say_the_same(loaded, monkeypatch):
    loaded.refresher.refresh(full=True)  # growth is measured from what this one leaves
    for seed in range(4):
        tick(Path(loaded.source.path), changes=60, seed=seed)
        loaded.refresher.refresh()
    grown = loaded.values("select count(*) from aging_day")[0][0]
    monkeypatch.setattr("portal.warehouse.marts.GROWN", 1.0)
    tick(Path(loaded.source.path), changes=1, seed=9)

    loaded.refresher.refresh(deletions=True)
    folded = loaded.values("select count(*) from aging_day")[0][0]

    assert folded < grown
    assert folded == len(contents(loaded)["aging_day"])
    with loaded.warehouse.cursor() as con:
        assert not any(run_checks(con).values())


def test_the_portal_ties_to_the_source_to_the_cent_after_every_tick(loaded):
    for seed in range(3):
        tick(Path(loaded.source.path), changes=40, seed=seed)
        loaded.refresher.refresh()

        compared = tie_out(loaded.warehouse, loaded.source, loaded.mapping())

        assert compared.difference_cents == 0
        assert compared.clients_that_differ == 0
        assert compared.clients > 100


def test_tie_out_names_the_client_whose_balance_is_wrong(loaded):
    con = loaded.warehouse.connection()
    con.execute("update client_list set outstanding_cents = outstanding_cents + 1 where client_id ="
                " (select min(client_id) from client_list)")  # fmt: skip
    con.close()

    compared = tie_out(loaded.warehouse, loaded.source, loaded.mapping())

    assert (compared.difference_cents, compared.clients_that_differ) == (1, 1)
    assert compared.differences[0].difference_cents == 1


def test_tie_out_names_the_entries_that_explain_a_difference(loaded):
    con = loaded.warehouse.connection()
    invoice_id, client_id = con.execute(
        "select invoice_id, client_id from invoices where not is_void order by invoice_id limit 1"
    ).fetchone()
    receipt_id, owner, received = con.execute(
        "select receipt_id, client_id, amount_cents from receipts "
        "where client_id <> $client order by receipt_id desc limit 1", {"client": client_id},
    ).fetchone()  # fmt: skip
    con.execute("update invoices set amount_cents = amount_cents + 7 where invoice_id = $id",
                {"id": invoice_id})  # fmt: skip
    con.execute("delete from receipts where receipt_id = $id", {"id": receipt_id})
    for client, cents in ((client_id, 7), (owner, received)):
        con.execute("update client_list set outstanding_cents = outstanding_cents + $cents "
                    "where client_id = $client", {"cents": cents, "client": client})  # fmt: skip
    con.close()

    compared = tie_out(loaded.warehouse, loaded.source, loaded.mapping())

    told = {
        one.entry_id: (one.client_id, one.difference_cents, one.reason) for one in compared.entries
    }
    assert told == {
        str(invoice_id): (str(client_id), 7, "Another amount."),
        str(receipt_id): (str(owner), received, "Only the source has it."),
    }
    assert sum(one.difference_cents for one in compared.entries) == 7 + received


@pytest.mark.catalogue(102)
def test_a_refresh_without_changes_makes_no_new_version(loaded):
    before = loaded.warehouse.data_version().version

    assert loaded.refresher.refresh().outcome == "unchanged"
    assert loaded.warehouse.data_version().version == before


def test_a_client_left_out_at_first_appears_with_all_its_entries_when_its_status_changes(loaded):
    (client_id,) = loaded.values(
        "select client_KEY from pms.Client where client_KEY not in (select client_id from clients) "
        "limit 1"
    )[0]
    in_another_process(
        loaded.source.path,
        "update Client set client_status_KEY = (select client_status_KEY from Client_Status "
        f"where description = 'Active') where client_KEY = {client_id}",
    )

    loaded.refresher.refresh()

    assert loaded.values(f"select count(*) from client_list where client_id = {client_id}") == [
        (1,)
    ]
    assert str(client_id) in loaded.shown.remembered


def test_a_client_once_shown_stays_shown_when_its_status_becomes_an_excluded_one(loaded):
    (client_id,) = loaded.values(
        "select client_id from client_list where unpaid_invoices > 0 order by client_id limit 1"
    )[0]
    owed = loaded.values(f"select outstanding_cents from client_list where client_id = {client_id}")
    prospect = (
        "update Client set client_status_KEY = (select client_status_KEY from Client_Status "
        f"where description = 'Prospect') where client_KEY = {client_id}"
    )
    in_another_process(loaded.source.path, prospect)

    loaded.refresher.refresh()
    kept = loaded.values(f"select outstanding_cents from client_list where client_id = {client_id}")
    loaded.refresher.refresh(full=True)
    still = loaded.values(
        f"select outstanding_cents from client_list where client_id = {client_id}"
    )

    assert kept == still == owed


def test_a_client_never_shown_is_left_out_with_its_invoices_and_totals(firm, tmp_path):
    copy = tmp_path / "practice_cs.sqlite"
    copy.write_bytes(firm.read_bytes())
    found = open_sample(copy, tmp_path / "home", excluded_statuses=["Prospect", "Lost"])

    found.refresher.refresh()

    lost = found.values(
        "select count(*) from pms.Client as c inner join pms.Client_Status as s "
        "on c.client_status_KEY = s.client_status_KEY where s.description = 'Lost'"
    )
    shown = found.values("select count(*) from client_list where client_status = 'Lost'")
    compared = tie_out(found.warehouse, found.source, found.mapping())
    assert lost[0][0] > 0
    assert shown == [(0,)]
    assert compared.difference_cents == 0
    assert compared.left_out_clients >= lost[0][0]
    found.warehouse.close()


def test_when_the_source_disappears_the_last_good_data_stays_and_the_reason_is_told(loaded):
    before = contents(loaded)
    path = Path(loaded.source.path)
    path.rename(path.with_suffix(".away"))

    with pytest.raises(SourceUnavailable, match="cannot be found"):
        loaded.refresher.refresh()
    assert contents(loaded) == before
    path.with_suffix(".away").rename(path)
    tick(path, changes=10, seed=1)

    assert loaded.refresher.refresh().outcome == "done"


@pytest.mark.catalogue(106)
def test_a_missing_column_is_named_and_the_last_good_data_stays(loaded):
    before = contents(loaded)
    in_another_process(
        loaded.source.path,
        "alter table Invoice rename column due_date to date_due",
    )

    with pytest.raises(MappingInvalid, match="Invoice has no column due_date"):
        loaded.refresher.refresh(full=True)
    assert contents(loaded) == before
    logged = loaded.values("select outcome, message from refresh_log order by refresh_id")
    assert logged[-1][0] == "failed"
    assert "due_date" in logged[-1][1]


def test_a_source_replaced_by_another_file_is_read_anew(loaded, tmp_path):
    path = Path(loaded.source.path)
    other = tmp_path / "other.sqlite"
    create_sample_firm(other, clients=60, invoices=600, seed=99, today=TODAY)
    other.replace(path)

    loaded.refresher.refresh(full=True)

    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as con:
        clients = con.execute("select count(*) from Client").fetchone()[0]
    assert loaded.values("select count(*) from pms.Client") == [(clients,)]


def test_the_mapping_or_the_firms_choices_changing_makes_everything_anew(loaded, firm):
    shown = loaded.values("select count(distinct manager_id) from clients")
    loaded.refresher._choices["manager_role"] = ["Partner"]

    result = loaded.refresher.refresh()

    assert result.kind == "full"
    assert loaded.values("select count(distinct manager_id) from clients") != shown
    assert loaded.values("select count(*) from clients where manager_id <> partner_id") == [(0,)]


def test_an_entry_of_a_client_the_source_does_not_have_is_found_by_check_and_tie_out(loaded):
    in_another_process(
        loaded.source.path,
        "update Ledger_Entry set client_KEY = 987654321 where ledger_entry_KEY = "
        "(select max(ledger_entry_KEY) from Ledger_Entry where posted_date is not null "
        "and ledger_entry_type_KEY = 1)",
    )
    loaded.refresher.refresh()

    compared = tie_out(loaded.warehouse, loaded.source, loaded.mapping())
    with loaded.warehouse.cursor() as con:
        checks = run_checks(con)

    assert checks["every_entry_has_a_client"] == 1
    assert compared.difference_cents > 0
    assert "no such client" in compared.differences[0].reason


def test_a_key_that_does_not_name_one_row_is_refused(firm, tmp_path):
    folder = tmp_path / "mapping"
    folder.mkdir()
    for file in (QUERIES / "pms" / "practice_cs").iterdir():
        text = file.read_text()
        if file.name == "mapping.toml":
            text = text.replace('key = "invoice_KEY"', 'key = "engagement_KEY"')
        (folder / file.name).write_text(text)
    found = open_loaded(tmp_path / "home", Source("sqlite", str(firm), folder), choices=CHOICES)

    with pytest.raises(MappingInvalid, match="does not name one row each"):
        found.refresher.refresh()
    found.warehouse.close()


def test_upper_and_lower_case_of_excluded_statuses_do_not_matter(firm, tmp_path):
    source = Source("sqlite", str(firm), QUERIES / "pms" / "practice_cs")
    found = open_loaded(
        tmp_path / "home", source, choices=CHOICES | {"excluded_statuses": ["PROSPECT"]}
    )

    found.refresher.refresh()

    assert found.values("select count(*) from clients where client_status = 'Prospect'") == [(0,)]
    assert found.values("select count(*) > 0 from left_out_clients") == [(True,)]
    found.warehouse.close()
