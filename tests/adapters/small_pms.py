"""One tiny practice management system, kept in every kind of source the portal reads."""

import csv
import json
import shutil
import subprocess
import sys
from abc import ABC, abstractmethod
from copy import deepcopy
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import openpyxl
import psycopg
from psycopg import sql

from portal.settings import Source
from tests.loading import FIXTURES, Loaded, open_loaded

MAPPING = FIXTURES / "small_pms"
START = datetime(2026, 6, 1, 8, 0)
Row = dict[str, object]
Tables = dict[str, list[Row]]

TYPES = {
    "clients": {"client_no": str, "name": str, "status": str, "changed_at": datetime},
    "bills": {
        "Bill No": str,
        "client_no": str,
        "billed": date,
        "due": date,
        "amount": Decimal,
        "changed_at": datetime,
    },
    "receipts": {
        "receipt_no": int,
        "client_no": str,
        "kind": str,
        "received": date,
        "amount": Decimal,
        "changed_at": datetime,
    },
    "applied": {
        "applied_no": int,
        "receipt_no": int,
        "bill_no": str,
        "amount": Decimal,
        "changed_at": datetime,
    },
}
SQLITE = {str: "TEXT", int: "INTEGER", Decimal: "NUMERIC", date: "TEXT", datetime: "TEXT"}
POSTGRES = {
    str: "text",
    int: "bigint",
    Decimal: "numeric(14, 4)",
    date: "date",
    datetime: "timestamp",
}
KEYS = {
    "clients": "client_no",
    "bills": "Bill No",
    "receipts": "receipt_no",
    "applied": "applied_no",
}


def first_tables() -> Tables:
    """Three clients, six bills, receipts and what they pay: part, whole, back again, nothing."""
    rows = {
        "clients": [
            ("0012", "Müller & Söhne, \"Bau\"; GmbH\\", "Active"),
            ("C'2", "=1+1 株式会社 🚚", "Active"),
            ("C-3", "Nothing, yet", None),
        ],
        "bills": [
            ("0001", "0012", date(2026, 1, 5), date(2026, 2, 4), "1200.5050"),
            ("B/2", "0012", date(2026, 2, 28), None, "0.0050"),
            ("B;3", "C'2", date(2024, 2, 29), date(2024, 3, 30), "99999999.9949"),
            ('B"4"', "C'2", date(2026, 3, 1), date(2026, 3, 31), "10.0000"),
            ("B 5", "C'2", date(2026, 4, 1), date(2026, 5, 1), "-25.2550"),
            ("b'6", "0012", date(2026, 5, 1), None, "300.0000"),
        ],
        "receipts": [
            (1, "0012", "payment", date(2026, 1, 31), "1000.0000"),
            (2, "C'2", "payment", date(2026, 3, 5), "50.0000"),
            (3, "C'2", "return", date(2026, 3, 9), "-10.0000"),
            (4, "0012", "credit_memo", date(2026, 5, 2), "0.1250"),
        ],
        "applied": [
            (1, 1, "0001", "1000.0000"),
            (2, 2, 'B"4"', "10.0000"),
            (3, 3, 'B"4"', "-10.0000"),
            (4, 4, "b'6", "0.1250"),
        ],
    }  # fmt: skip
    return {
        table: [
            {
                column: Decimal(value) if kind is Decimal else value
                for (column, kind), value in zip(TYPES[table].items(), (*row, START), strict=True)
            }
            for row in listed
        ]
        for table, listed in rows.items()
    }


def cents(amount: Decimal) -> int:
    """Whole cents; half a cent goes away from zero."""
    return int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))


def expected(tables: Tables) -> dict[str, dict[str, tuple]]:
    """What the portal must say of these tables, worked out here and not by the mapping."""
    paid: dict[str, int] = {}
    used: dict[str, int] = {}
    for row in tables["applied"]:
        paid[row["bill_no"]] = paid.get(row["bill_no"], 0) + cents(row["amount"])
        used[str(row["receipt_no"])] = used.get(str(row["receipt_no"]), 0) + cents(row["amount"])
    return {
        "clients": {row["client_no"]: (row["name"], row["status"]) for row in tables["clients"]},
        "invoices": {
            row["Bill No"]: (
                row["client_no"],
                row["billed"],
                row["due"],
                cents(row["amount"]),
                cents(row["amount"]) - paid.get(row["Bill No"], 0),
            )
            for row in tables["bills"]
        },
        "receipts": {
            str(row["receipt_no"]): (
                row["client_no"],
                row["received"],
                cents(row["amount"]),
                cents(row["amount"]) - used.get(str(row["receipt_no"]), 0),
            )
            for row in tables["receipts"]
        },
    }


def said(loaded: Loaded) -> dict[str, dict[str, tuple]]:
    """What the portal says, in the form of `expected`."""
    selects = {
        "clients": "select client_id, client_name, client_status from clients",
        "invoices": "select invoice_id, client_id, invoice_date, due_date, amount_cents, "
        "outstanding_cents from invoice_list",
        "receipts": "select receipt_id, client_id, receipt_date, amount_cents, unapplied_cents "
        "from receipt_list",
    }
    return {
        name: {row[0]: tuple(row[1:]) for row in loaded.values(select)}
        for name, select in selects.items()
    }


class SmallPms(ABC):
    """The tiny system in one kind of source; what is changed here is changed there."""

    kind: str
    has_types = True

    def __init__(self, home: Path, method: str) -> None:
        self.home = home
        self.method = method
        self.tables = first_tables()
        self._moment = START
        home.mkdir(parents=True, exist_ok=True)
        self._write_mapping()
        self.create()

    def open(self) -> Loaded:
        """A warehouse over it; nothing is refreshed yet."""
        return open_loaded(self.home, Source(self.kind, self.location(), self.home / "mapping"))

    def insert(self, table: str, **values: object) -> None:
        """Add a row."""
        row = {**dict.fromkeys(TYPES[table]), **values, "changed_at": self._later()}
        self.tables[table].append(row)
        self.write(table, [(None, row)])

    def update(self, table: str, key: object, **values: object) -> None:
        """Change a row; its key too, where the values say so."""
        row = next(row for row in self.tables[table] if row[KEYS[table]] == key)
        row.update(values, changed_at=self._later())
        self.write(table, [(key, row)])

    def delete(self, table: str, key: object) -> None:
        """Take a row away."""
        self.tables[table] = [row for row in self.tables[table] if row[KEYS[table]] != key]
        self.write(table, [(key, None)])

    @abstractmethod
    def location(self) -> str:
        """The path or the connection string."""

    @abstractmethod
    def create(self) -> None:
        """Put the tables there for the first time."""

    @abstractmethod
    def write(self, table: str, changes: list[tuple[object, Row | None]]) -> None:
        """Bring changed rows (old key or None, new row or None) of one table there."""

    @abstractmethod
    def go_away(self) -> None:
        """Not be there any more."""

    @abstractmethod
    def come_back(self) -> None:
        """Be there again as it was."""

    @abstractmethod
    def lose_table(self, table: str) -> None:
        """Have no such table any more."""

    @abstractmethod
    def lose_column(self, table: str, column: str) -> None:
        """Have no such column any more."""

    @abstractmethod
    def spoil(self, table: str, column: str, text: str) -> None:
        """Write text into a column of numbers or dates, in the first row."""

    def _later(self) -> datetime:
        self._moment += timedelta(hours=1)
        return self._moment

    def _write_mapping(self) -> None:
        folder = self.home / "mapping"
        shutil.copytree(MAPPING, folder)
        settings = {
            "compare": 'changes = "compare"',
            "change_tracking": 'changes = "change_tracking"',
        }
        settings["watermark"] = 'changes = "watermark"\nwatermark = "changed_at"'
        written = (folder / "mapping.toml").read_text(encoding="utf-8")
        written = written.replace('changes = "compare"', settings[self.method])
        (folder / "mapping.toml").write_text(written, encoding="utf-8")
        if self.method != "change_tracking":
            (folder / "changes.sql").unlink()
            (folder / "change_version.sql").unlink()


class SqlitePms(SmallPms):
    """In an SQLite file. Other processes write it: two SQLite libraries would drop locks."""

    kind = "sqlite"

    def location(self) -> str:
        return str(self.home / "pms" / "pms.sqlite")

    def create(self) -> None:
        Path(self.location()).parent.mkdir()
        statements: list[tuple[str, tuple]] = [
            (
                "create table Change_Tracking (version integer primary key autoincrement, "
                "source_table text, row_key text)",
                (),
            )
        ]
        for table, types in TYPES.items():
            columns = ", ".join(f'"{name}" {SQLITE[kind]}' for name, kind in types.items())
            statements.append((f'create table "{table}" ({columns})', ()))
            statements += [(trigger, ()) for trigger in self._triggers(table)]
            statements += [self._inserted(table, row) for row in self.tables[table]]
        self._run(statements)

    def write(self, table: str, changes: list[tuple[object, Row | None]]) -> None:
        statements = []
        for old, row in changes:
            key = f'"{KEYS[table]}"'
            if row is None:
                statements.append((f'delete from "{table}" where {key} = ?', (old,)))
            elif old is None:
                statements.append(self._inserted(table, row))
            else:
                parts = ", ".join(f'"{name}" = ?' for name in row)
                values = (*map(_plain, row.values()), old)
                statements.append((f'update "{table}" set {parts} where {key} = ?', values))
        self._run(statements)

    def go_away(self) -> None:
        Path(self.location()).parent.rename(self.home / "away")

    def come_back(self) -> None:
        (self.home / "away").rename(Path(self.location()).parent)

    def lose_table(self, table: str) -> None:
        self._run([(f'drop table "{table}"', ())])

    def lose_column(self, table: str, column: str) -> None:
        self._run([(f'alter table "{table}" rename column "{column}" to "another"', ())])

    def spoil(self, table: str, column: str, text: str) -> None:
        key = KEYS[table]
        first = self.tables[table][0][key]
        moment = str(self._later())
        self._run(
            [
                (
                    f'update "{table}" set "{column}" = ?, changed_at = ? where "{key}" = ?',
                    (text, moment, first),
                )
            ]
        )

    def _inserted(self, table: str, row: Row) -> tuple[str, tuple]:
        marks = ", ".join("?" for _ in row)
        return f'insert into "{table}" values ({marks})', tuple(map(_plain, row.values()))

    def _triggers(self, table: str) -> list[str]:
        key = f'"{KEYS[table]}"'
        add = "insert into Change_Tracking (source_table, row_key) values"
        return [
            f"create trigger \"t_{table}_{event}\" after {event} on \"{table}\" begin "
            + "".join(f"{add} ('{table}', {side}.{key}); " for side in sides)
            + "end"
            for event, sides in (
                ("insert", ("new",)), ("update", ("old", "new")), ("delete", ("old",)),
            )
        ]  # fmt: skip

    def _run(self, statements: list[tuple[str, tuple]]) -> None:
        code = (
            "import json, sqlite3, sys\n"
            "con = sqlite3.connect(sys.argv[1], timeout=20)\n"
            "for sql, values in json.load(sys.stdin): con.execute(sql, values)\n"
            "con.commit()\n"
        )
        given = json.dumps(statements)
        command = [sys.executable, "-I", "-S", "-c", code, self.location()]
        subprocess.run(command, input=given, text=True, check=True, timeout=30)


class PostgresPms(SmallPms):
    """In a PostgreSQL database of its own; `url` has `{name}` where the database goes."""

    kind = "postgres"

    def __init__(self, home: Path, method: str, cluster: object, name: str) -> None:
        self.cluster = cluster
        self.name = name
        super().__init__(home, method)

    def location(self) -> str:
        return self.cluster.url.format(name=self.name)

    def create(self) -> None:
        with psycopg.connect(self.cluster.url.format(name="postgres"), autocommit=True) as con:
            con.execute(sql.SQL("create database {}").format(sql.Identifier(self.name)))
        with self._connection() as con:
            con.execute(
                "create table change_tracking (version bigserial, source_table text, row_key text)"
            )
            for table, types in TYPES.items():
                columns = ", ".join(f'"{name}" {POSTGRES[kind]}' for name, kind in types.items())
                con.execute(f'create table "{table}" ({columns})')
                self._track(con, table)
                for row in self.tables[table]:
                    self._write(con, table, None, row)

    def write(self, table: str, changes: list[tuple[object, Row | None]]) -> None:
        with self._connection() as con:
            for old, row in changes:
                self._write(con, table, old, row)

    def go_away(self) -> None:
        self.cluster.stop()

    def come_back(self) -> None:
        self.cluster.start()

    def lose_table(self, table: str) -> None:
        with self._connection() as con:
            con.execute(f'drop table "{table}"')

    def lose_column(self, table: str, column: str) -> None:
        with self._connection() as con:
            con.execute(f'alter table "{table}" rename column "{column}" to "another"')

    def spoil(self, table: str, column: str, text: str) -> None:
        key = KEYS[table]
        with self._connection() as con:
            con.execute(f'alter table "{table}" alter column "{column}" type text')
            con.execute(
                f'update "{table}" set "{column}" = %s, changed_at = %s where "{key}" = %s',
                (text, self._later(), self.tables[table][0][key]),
            )

    def _connection(self) -> psycopg.Connection:
        return psycopg.connect(self.location())

    def _write(self, con: psycopg.Connection, table: str, old: object, row: Row | None) -> None:
        if old is not None and row is not None:
            parts = ", ".join(f'"{name}" = %s' for name in row)
            con.execute(
                f'update "{table}" set {parts} where "{KEYS[table]}" = %s', (*row.values(), old)
            )
        elif row is None:
            con.execute(f'delete from "{table}" where "{KEYS[table]}" = %s', (old,))
        else:
            marks = ", ".join("%s" for _ in row)
            con.execute(f'insert into "{table}" values ({marks})', tuple(row.values()))

    def _track(self, con: psycopg.Connection, table: str) -> None:
        key = KEYS[table]
        add = (
            f"insert into change_tracking (source_table, row_key) select '{table}', {{}}.\"{key}\""
        )
        con.execute(
            f"create function track_{table}() returns trigger language plpgsql as $body$ begin "
            f"if tg_op <> 'INSERT' then {add.format('old')}; end if; "
            f"if tg_op <> 'DELETE' then {add.format('new')}; end if; "
            "return null; end $body$"
        )
        con.execute(
            f'create trigger track after insert or update or delete on "{table}" '
            f"for each row execute function track_{table}()"
        )


class FilesPms(SmallPms):
    """In a folder of files; a change writes a whole file anew, as an export does."""

    kind = "files"

    def location(self) -> str:
        return str(self.home / "exports")

    def create(self) -> None:
        Path(self.location()).mkdir()
        self._write_files()

    def write(self, table: str, changes: list[tuple[object, Row | None]]) -> None:
        self._write_files()

    def go_away(self) -> None:
        Path(self.location()).rename(self.home / "away")

    def come_back(self) -> None:
        (self.home / "away").rename(self.location())

    def lose_table(self, table: str) -> None:
        self._write_files({name: rows for name, rows in self.tables.items() if name != table})

    def lose_column(self, table: str, column: str) -> None:
        tables = deepcopy(self.tables)
        for row in tables[table]:
            row["another"] = row.pop(column)
        self._write_files(tables)

    def spoil(self, table: str, column: str, text: str) -> None:
        tables = deepcopy(self.tables)
        tables[table][0].update({column: text, "changed_at": self._later()})
        if not self.has_types:
            self._write_files(tables)
            return
        for row in tables[table]:
            row[column] = None if row[column] is None else str(row[column])
        self._write_files(tables)

    def _write_files(self, tables: Tables | None = None) -> None:
        folder = Path(self.location())
        for file in folder.iterdir():
            file.unlink()
        self.write_tables(folder, tables or self.tables)

    def write_tables(self, folder: Path, tables: Tables) -> None:
        """Write every table as a file."""
        for name, rows in tables.items():
            self.write_table(folder, name, rows)

    def write_table(self, folder: Path, name: str, rows: list[Row]) -> None:
        """Write one table as a file."""
        raise NotImplementedError


class CsvPms(FilesPms):
    """As CSV."""

    has_types = False

    def write_table(self, folder: Path, name: str, rows: list[Row]) -> None:
        with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)


class ExcelPms(FilesPms):
    """As one workbook with a sheet a table; dates are real dates, amounts real numbers."""

    has_types = False

    def write_tables(self, folder: Path, tables: Tables) -> None:
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)
        for name, rows in tables.items():
            sheet = workbook.create_sheet(name)
            sheet.append(list(rows[0]))
            for row in rows:
                sheet.append([_cell(value) for value in row.values()])
                for cell in sheet[sheet.max_row]:
                    if isinstance(cell.value, str):
                        cell.data_type = "s"
            sheet.append([])
        workbook.save(folder / "export.xlsx")


class JsonPms(FilesPms):
    """As JSON."""

    has_types = False

    def write_table(self, folder: Path, name: str, rows: list[Row]) -> None:
        plain = [
            {
                column: float(value) if isinstance(value, Decimal) else _plain(value)
                for column, value in row.items()
            }
            for row in rows
        ]
        (folder / f"{name}.json").write_text(json.dumps(plain), encoding="utf-8")


class ParquetPms(FilesPms):
    """As Parquet, with types."""

    def write_table(self, folder: Path, name: str, rows: list[Row]) -> None:
        columns = ", ".join(f'"{column}" {self._kind(name, column, rows)}' for column in rows[0])
        with duckdb.connect() as con:
            con.execute(f"create table written ({columns})")
            marks = ", ".join("?" for _ in rows[0])
            con.executemany(
                f"insert into written values ({marks})", [list(row.values()) for row in rows]
            )
            con.execute(f"copy written to '{folder / name}.parquet'")

    def _kind(self, table: str, column: str, rows: list[Row]) -> str:
        kind = TYPES[table].get(column, str)
        is_spoilt = kind is not str and any(isinstance(row[column], str) for row in rows)
        return "varchar" if is_spoilt else POSTGRES[kind]


def _plain(value: object) -> object:
    if isinstance(value, Decimal | date | datetime):
        return str(value)
    return value


def _cell(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value
