"""Every kind of source keeps the same promises: the same tiny system, read in every way.

MySQL and ODBC need servers that tests don't have: of those only the refusal is tested.
"""

import itertools
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from portal.domain.errors import MappingInvalid, PortalError, SourceUnavailable
from portal.warehouse.doctor import run_checks
from portal.warehouse.tie_out import tie_out
from tests.adapters.postgresql_cluster import Cluster, binaries, stoppable_cluster
from tests.adapters.small_pms import (
    CsvPms,
    ExcelPms,
    JsonPms,
    ParquetPms,
    PostgresPms,
    SmallPms,
    SqlitePms,
    cents,
    expected,
    said,
)
from tests.loading import Loaded

FILES = {"csv": CsvPms, "excel": ExcelPms, "parquet": ParquetPms, "json": JsonPms}
DATABASES = ("sqlite", *(("postgres",) if binaries() else ()))
KINDS = (*DATABASES, *FILES)
READ = [
    *((kind, method) for kind in KINDS for method in ("compare", "watermark")),
    *((kind, "change_tracking") for kind in DATABASES),
]

CONTROL = """
select client_no as client_id, 'USD' as currency, sum(cents)::bigint as net_cents
from (
    select client_no, round(amount::decimal(18, 4) * 100) as cents from bills
    union all
    select client_no, -round(amount::decimal(18, 4) * 100) from receipts
)
group by client_no
"""

Make = Callable[[str, str], SmallPms]
_names = itertools.count()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster | None]:
    folder = binaries()
    if folder is None:
        yield None
        return
    with stoppable_cluster(folder) as running:
        yield running


@pytest.fixture
def make(cluster: Cluster | None, tmp_path: Path) -> Make:
    def made(kind: str, method: str = "compare") -> SmallPms:
        home = tmp_path / kind
        if kind == "sqlite":
            return SqlitePms(home, method)
        if kind == "postgres":
            return PostgresPms(home, method, cluster, f"pms_{next(_names)}")
        return FILES[kind](home, method)

    return made


@pytest.fixture(params=READ, ids="-".join)
def pms(request: pytest.FixtureRequest, make: Make) -> SmallPms:
    return make(*request.param)


@pytest.fixture(params=KINDS)
def compared(request: pytest.FixtureRequest, make: Make) -> SmallPms:
    return make(request.param, "compare")


@pytest.fixture
def load() -> Iterator[Callable[[SmallPms], Loaded]]:
    opened: list[Loaded] = []

    def loaded(pms: SmallPms) -> Loaded:
        opened.append(pms.open())
        opened[-1].refresher.refresh(full=True)
        return opened[-1]

    yield loaded
    for one in opened:
        one.warehouse.close()


def follows(pms: SmallPms, loaded: Loaded) -> None:
    """One refresh brings the portal to what the source holds, a second one finds nothing more."""
    done = loaded.refresher.refresh(deletions=True)
    again = loaded.refresher.refresh(deletions=True)

    assert said(loaded) == expected(pms.tables)
    assert (done.kind, done.outcome, again.outcome) == ("incremental", "done", "unchanged")
    with loaded.warehouse.cursor() as con:
        assert not any(run_checks(con).values())


def test_every_source_is_read_to_the_cent_and_a_second_refresh_finds_nothing_new(
    pms: SmallPms, load: Callable
) -> None:
    loaded = load(pms)

    assert said(loaded) == expected(pms.tables)
    assert loaded.refresher.refresh(deletions=True).outcome == "unchanged"
    assert loaded.values("select sum(outstanding_cents)::bigint from open_invoices") == [
        (sum(row[4] for row in expected(pms.tables)["invoices"].values() if row[4] > 0),)
    ]


def test_every_source_is_followed_through_updates_inserts_deletions_and_new_keys(
    pms: SmallPms, load: Callable
) -> None:
    loaded = load(pms)

    pms.update("bills", "0001", amount=Decimal("1300.4950"), due=None)
    pms.update("clients", "C'2", name='Renamed, "again"')
    follows(pms, loaded)

    pms.insert(
        "bills", **{"Bill No": "7'é"}, client_no="C-3", billed=date(2026, 6, 2), amount=Decimal(70)
    )
    pms.insert(
        "receipts",
        receipt_no=5,
        client_no="C-3",
        kind="payment",
        received=date(2026, 6, 3),
        amount=Decimal("70.0050"),
    )
    pms.insert("applied", applied_no=5, receipt_no=5, bill_no="7'é", amount=Decimal("69.9950"))
    follows(pms, loaded)

    pms.delete("applied", 1)
    pms.delete("bills", "B;3")
    follows(pms, loaded)

    pms.update("bills", "7'é", **{"Bill No": "7-new"})
    pms.update("applied", 5, bill_no="7-new")
    follows(pms, loaded)

    pms.update("applied", 2, receipt_no=1, bill_no="0001", amount=Decimal("0.0050"))
    follows(pms, loaded)


def test_a_source_that_is_away_keeps_the_last_good_data_and_is_read_again_when_it_is_back(
    compared: SmallPms, load: Callable
) -> None:
    loaded = load(compared)
    before = said(loaded)
    compared.go_away()

    try:
        for _ in range(2):
            with pytest.raises(SourceUnavailable, match=r"cannot be found|does not answer"):
                loaded.refresher.refresh(deletions=True)
            assert said(loaded) == before
    finally:
        compared.come_back()
    compared.update("bills", "b'6", amount=Decimal("301.0000"))

    follows(compared, loaded)


def test_a_missing_table_is_named_and_the_last_good_data_stays(
    compared: SmallPms, load: Callable
) -> None:
    loaded = load(compared)
    before = said(loaded)
    compared.lose_table("applied")

    for full in (False, True):
        with pytest.raises(MappingInvalid, match="has no table applied"):
            loaded.refresher.refresh(full=full, deletions=True)
    assert said(loaded) == before


def test_a_missing_column_is_named_with_its_table_and_the_last_good_data_stays(
    compared: SmallPms, load: Callable
) -> None:
    loaded = load(compared)
    before = said(loaded)
    compared.lose_column("bills", "due")

    for full in (False, True):
        with pytest.raises(MappingInvalid, match="table bills has no column due"):
            loaded.refresher.refresh(full=full, deletions=True)
    assert said(loaded) == before


def test_a_column_that_only_the_mappings_sql_names_is_missed_by_its_name(
    compared: SmallPms, load: Callable
) -> None:
    loaded = load(compared)
    before = said(loaded)
    compared.lose_column("applied", "amount")

    with pytest.raises(MappingInvalid, match=r"applications\.sql does not fit.*amount"):
        loaded.refresher.refresh(deletions=True)
    assert said(loaded) == before


@pytest.mark.parametrize("column", ["amount", "due"])
def test_text_in_a_column_of_numbers_or_dates_is_named_with_its_table_and_column(
    compared: SmallPms, load: Callable, column: str
) -> None:
    loaded = load(compared)
    before = said(loaded)
    compared.spoil("bills", column, "about 12")

    for full in (False, True):
        with pytest.raises(PortalError) as refused:
            loaded.refresher.refresh(full=full, deletions=True)
        assert "bills" in str(refused.value)
        assert column in str(refused.value)
        assert "about 12" in str(refused.value)
        assert "LINE" not in str(refused.value)
    assert said(loaded) == before


def test_mysql_without_a_server_is_refused_and_the_address_is_not_told(tmp_path: Path) -> None:
    refused_without_a_server(tmp_path, "mysql", "host=127.0.0.1 port=1 user=u password=hidden")


def test_odbc_without_a_server_is_refused_and_the_address_is_not_told(tmp_path: Path) -> None:
    refused_without_a_server(tmp_path, "odbc", "Driver={None};Server=127.0.0.1,1;PWD=hidden")


def test_postgresql_without_a_server_is_refused_and_the_address_is_not_told(
    tmp_path: Path,
) -> None:
    refused_without_a_server(tmp_path, "postgres", "host=127.0.0.1 port=1 password=hidden")


def refused_without_a_server(home: Path, kind: str, dsn: str) -> None:
    class Nowhere(CsvPms):
        def location(self) -> str:
            return dsn

        def create(self) -> None:
            self.kind = kind

    loaded = Nowhere(home, "compare").open()
    with pytest.raises(SourceUnavailable) as refused:
        loaded.refresher.refresh()
    loaded.warehouse.close()

    assert "does not answer or refuses" in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_while_a_source_is_read_no_statement_reaches_another_file_or_server(
    compared: SmallPms, load: Callable, tmp_path: Path
) -> None:
    loaded = load(compared)
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n", encoding="utf-8")
    outside = (
        "select * from read_csv('/etc/passwd')",
        f"select * from read_csv('{secret}')",
        f"select * from read_text('{compared.home}/pms/../../secret.csv')",
        f"select * from '{secret}'",
        f"attach '{tmp_path / 'other.duckdb'}' as other",
        f"attach '{tmp_path / 'other.sqlite'}' as other (type sqlite)",
        "attach 'host=127.0.0.1 port=1' as other (type postgres)",
        f"copy clients to '{tmp_path / 'out.csv'}'",
        f"export database '{tmp_path / 'out'}'",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "install httpfs",
        "load httpfs",
    )

    for statement in outside:
        con = loaded.warehouse.connection()
        with pytest.raises(duckdb.Error):
            con.execute(statement)
        con.close()
    compared.update("bills", "b'6", amount=Decimal("301.0000"))

    follows(compared, loaded)
    assert not list(tmp_path.glob("o*"))


@pytest.mark.catalogue(79)
def test_a_key_of_the_source_that_looks_like_sql_stays_a_key(make: Make, load: Callable) -> None:
    pms = make("sqlite", "change_tracking")
    loaded = load(pms)

    pms.update("bills", "b'6", **{"Bill No": "x'); attach '/tmp/x' as y; --"})
    pms.update("applied", 4, bill_no="x'); attach '/tmp/x' as y; --")

    follows(pms, loaded)


def test_a_source_replaced_twice_within_a_second_is_read_as_it_is_now(
    make: Make, load: Callable
) -> None:
    for kind in FILES:
        pms = make(kind)
        loaded = load(pms)
        for amount in ("301.0000", "302.0000"):
            pms.update("bills", "b'6", amount=Decimal(amount))
            loaded.refresher.refresh()

            assert said(loaded) == expected(pms.tables)


def test_a_column_added_in_the_source_makes_everything_anew_and_stops_nothing(
    make: Make, load: Callable
) -> None:
    pms = make("csv")
    loaded = load(pms)
    for row in pms.tables["receipts"]:
        row["bank"] = "First"
    pms.update("receipts", 1, amount=Decimal("1000.5000"))

    done = loaded.refresher.refresh()

    assert (done.kind, done.outcome) == ("full", "done")
    assert said(loaded) == expected(pms.tables)
    assert loaded.refresher.refresh().outcome == "unchanged"


@pytest.mark.parametrize("kind", [kind for kind in DATABASES if kind != "sqlite"])
def test_one_refresh_of_a_server_reads_one_state_of_it(
    make: Make, load: Callable, kind: str
) -> None:
    pms = make(kind, "watermark")
    loaded = load(pms)
    source = loaded.source
    con = loaded.warehouse.connection()
    source.attach(con)
    before = con.execute(f"select count(*) from {source.whole('bills', ['amount'])}").fetchone()

    pms.delete("bills", "B 5")
    during = con.execute(f"select count(*) from {source.whole('bills', ['amount'])}").fetchone()
    pushed = source.pushed("select count(*) as n from bills")
    same = con.execute(f"select n from {pushed}").fetchone()
    source.release()
    con.close()

    assert before == during == same == (6,)
    follows(pms, loaded)


def test_a_folder_of_files_ties_out_by_its_own_control_query(make: Make, load: Callable) -> None:
    for kind in FILES:
        pms = make(kind)
        (pms.home / "mapping" / "control.sql").write_text(CONTROL, encoding="utf-8")
        loaded = load(pms)

        compared = tie_out(loaded.warehouse, loaded.source, loaded.mapping())

        assert (compared.difference_cents, compared.clients_that_differ) == (0, 0)
        assert compared.source_cents["USD"] == sum(
            sign * cents(row["amount"])
            for table, sign in (("bills", 1), ("receipts", -1))
            for row in pms.tables[table]
        )
