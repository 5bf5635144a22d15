"""Exports that are broken or made to harm: refused with a reason, soon, and in little memory."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.adapters.measured_refresh import refresh_measured
from tests.warm_process import run_warm

SECONDS = 2.0
MEGABYTES = 200
MAPPING = {
    "mapping.toml": 'title = "Bills"\n[tables.bills]\nkey = "bill_no"\nchanges = "compare"\n',
    "clients.sql": "select distinct bills.cust as client_id, bills.cust as client_number, "
    "bills.cust as client_name from pms.bills",
    "invoices.sql": "select bills.bill_no as invoice_id, bills.bill_no as invoice_number, "
    "bills.cust as client_id, 'invoice' as entry_kind, bills.billed::date as invoice_date, "
    "bills.due::date as due_date, 'USD' as currency, to_cents(bills.amount) as amount_cents "
    "from pms.bills",
}
ROWS = [
    ["cust", "bill_no", "billed", "due", "amount"],
    ["ACME", "0001", "2026-01-02", "2026-02-01", "55.94"],
]


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    (tmp_path / "mapping").mkdir()
    for name, text in MAPPING.items():
        (tmp_path / "mapping" / name).write_text(text, encoding="utf-8")
    (tmp_path / "exports").mkdir()
    return tmp_path / "exports"


def refreshed(exports: Path) -> dict:
    """Refresh in a process of its own, so that its memory can be told."""
    done = run_warm(refresh_measured, exports.parent, seconds=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refused(exports: Path, *words: str, megabytes: int = MEGABYTES) -> None:
    found = refreshed(exports)
    for word in words:
        assert word in found["said"]
    assert found["seconds"] < SECONDS
    assert found["megabytes"] < megabytes


def workbook(file: Path, rows: list[list] = ROWS, **more: Callable[[bytes], bytes]) -> Path:
    """Save a workbook; `more` changes parts of it, by the last word of the part's name."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(file)
    if more:
        parts = {}
        with zipfile.ZipFile(file) as packed:
            parts = {name: packed.read(name) for name in packed.namelist()}
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in parts.items():
                change = more.get(Path(name).stem)
                packed.writestr(name, change(content) if change else content)
    return file


def add_part(file: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)


def with_doctype(declared: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        body = content.split(b"?>", 1)[-1] if content.startswith(b"<?xml") else content
        return f'<?xml version="1.0"?><!DOCTYPE x [{declared}]>'.encode() + body

    return change


@pytest.mark.catalogue(87)
def test_a_workbook_that_unpacks_to_gigabytes_is_refused(exports: Path) -> None:
    file = workbook(exports / "bills.xlsx")
    add_part(file, "xl/worksheets/sheet9.xml", b" " * 60_000_000)

    refused(exports, "bills.xlsx", "unpacks to more")


@pytest.mark.catalogue(87)
def test_a_workbook_that_lies_about_its_size_is_refused(exports: Path) -> None:
    file = workbook(exports / "bills.xlsx", sheet1=lambda content: content + b" " * 60_000_000)
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as packed:
        size = packed.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    file.write_bytes(bytes(content.replace(size, (900).to_bytes(4, "little"))))

    refused(exports, "bills.xlsx", "not a workbook that can be read")


@pytest.mark.catalogue(87)
def test_a_workbook_with_a_thousand_times_too_many_columns_is_refused(exports: Path) -> None:
    workbook(exports / "bills.xlsx", [[f"c{place}" for place in range(16_000)]])

    refused(exports, "bills.xlsx", "more columns than a table may have")


@pytest.mark.catalogue(88)
@pytest.mark.parametrize("part", ["sheet1", "workbook", "styles", "theme1"])
def test_a_workbook_that_asks_for_another_file_is_refused(exports: Path, part: str) -> None:
    declared = '<!ENTITY e SYSTEM "file:///etc/passwd">'
    workbook(exports / "bills.xlsx", **{part: with_doctype(declared)})

    refused(exports, "bills.xlsx", "declares entities")


@pytest.mark.catalogue(88)
def test_a_workbook_whose_shared_texts_ask_for_another_file_is_refused(exports: Path) -> None:
    declared = with_doctype('<!ENTITY e SYSTEM "file:///etc/passwd">')
    add_part(workbook(exports / "bills.xlsx"), "xl/sharedStrings.xml", declared(b"<sst/>"))

    refused(exports, "bills.xlsx", "declares entities")


@pytest.mark.catalogue(88)
def test_a_workbook_with_a_billion_laughs_is_refused(exports: Path) -> None:
    laughs = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {name} "{("&" + before + ";") * 10}">'
        for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
    workbook(exports / "bills.xlsx", sheet1=with_doctype(laughs))

    refused(exports, "bills.xlsx", "declares entities")


@pytest.mark.catalogue(89)
def test_a_workbook_with_macros_is_refused_under_either_name(exports: Path) -> None:
    file = workbook(exports / "bills.xlsm")
    refused(exports, "bills.xlsm", "save it as a workbook without macros")

    file = file.rename(exports / "bills.xlsx")
    add_part(file, "xl/vbaProject.bin", b"macros")
    refused(exports, "bills.xlsx", "has macros")


@pytest.mark.catalogue(89)
def test_a_workbook_with_links_to_other_workbooks_is_refused(exports: Path) -> None:
    add_part(workbook(exports / "bills.xlsx"), "xl/externalLinks/externalLink1.xml", b"<x/>")

    refused(exports, "bills.xlsx", "links to other workbooks")


@pytest.mark.catalogue(90)
@pytest.mark.parametrize("suffix", ["xlsx", "parquet", "json"])
def test_a_file_that_is_not_what_its_name_says_is_refused(exports: Path, suffix: str) -> None:
    (exports / f"bills.{suffix}").write_bytes(b"<html><script>alert(1)</script></html>")

    refused(exports, f"bills.{suffix}")


@pytest.mark.catalogue(92)
def test_a_csv_with_a_million_columns_is_refused(exports: Path) -> None:
    line = ",".join(str(place) for place in range(1_000_000))
    (exports / "bills.csv").write_text(f"{line}\n{line}\n", encoding="utf-8")

    refused(exports, "bills.csv", "more columns than a table may have")


@pytest.mark.catalogue(92)
def test_a_csv_whose_quote_is_never_closed_is_refused_in_the_header(exports: Path) -> None:
    (exports / "bills.csv").write_text('cust,"bill_no,billed\n' + "1,2,3\n" * 1_000_000, "utf-8")

    refused(exports, "bills.csv", "quote in its header that never ends")


@pytest.mark.catalogue(92)
@pytest.mark.parametrize("after", [3, 3_000_000])
def test_a_csv_whose_quote_is_never_closed_is_refused_with_its_line(
    exports: Path, after: int
) -> None:
    header, row = ",".join(ROWS[0]), ",".join(ROWS[1])
    spoilt = f'{header}\n{row}\n"ACME,0002,2026-01-02,,1\n' + f"{row}\n" * after
    (exports / "bills.csv").write_text(spoilt, encoding="utf-8")

    # The larger file is some 70 MB of text, of which the reader holds its buffers.
    refused(exports, "bills.csv cannot be read", "Line: 3", megabytes=256)


@pytest.mark.catalogue(46)
@pytest.mark.parametrize("written", ["4242424242424242", "4242 4242-4242\u00a04242"])
def test_a_csv_with_card_numbers_in_a_column_is_held_whole(exports: Path, written: str) -> None:
    header, row = ",".join([*ROWS[0], "memo"]), ",".join(ROWS[1])
    (exports / "bills.csv").write_text(
        f"{header}\n{row},paid by card\n{row},card {written} 12/30\n", encoding="utf-8"
    )

    refused(exports, "bills.csv is held", "column memo")

    assert "4242" not in refreshed(exports)["said"]


@pytest.mark.catalogue(46)
def test_a_column_of_card_numbers_alone_is_held_and_keys_are_not(exports: Path) -> None:
    header, row = ",".join(ROWS[0]), ",".join(ROWS[1])
    (exports / "bills.csv").write_text(f"{header}\n{row.replace('0001', '4242424242424242')}\n")
    assert not refreshed(exports)["said"]

    (exports / "bills.csv").write_text(f"{header},card_no\n{row},4242424242424242\n")
    refused(exports, "column card_no")


def test_a_csv_with_a_short_or_a_long_row_is_refused_with_its_line(exports: Path) -> None:
    header, row = ",".join(ROWS[0]), ",".join(ROWS[1])
    for spoilt in ("ACME,0002", f"{row},more"):
        (exports / "bills.csv").write_text(f"{header}\n{row}\n{spoilt}\n{row}\n", "utf-8")

        refused(exports, "bills.csv cannot be read", "Line: 3", "Expected Number of Columns: 5")


def test_a_csv_that_is_not_utf8_is_refused(exports: Path) -> None:
    (exports / "bills.csv").write_bytes("cust,bill_no\nMüller,1\n".encode("latin-1"))

    refused(exports, "bills.csv is not UTF-8 text")


def test_a_csv_with_two_columns_of_one_name_is_refused(exports: Path) -> None:
    (exports / "bills.csv").write_text("cust,bill_no,Cust\n", encoding="utf-8")

    refused(exports, "bills.csv has two columns named cust")


def test_json_that_was_cut_off_is_refused(exports: Path) -> None:
    (exports / "bills.json").write_text('[{"cust": "ACME", "bill_no": "1"},', encoding="utf-8")

    refused(exports, "bills.json is not whole JSON")


def test_a_workbook_is_read_past_empty_rows_and_its_dates_are_dates(exports: Path) -> None:
    workbook(
        exports / "bills.xlsx",
        [
            ["cust", "bill_no", "billed", "due", "amount"],
            ["ACME", "0001", "2026-01-02", None, 55.94],
            [],
            [None, None, None, None, None],
            ["ACME", "0002", "2026-01-02", "2026-03-01", 0.005],
        ],
    )
    book = openpyxl.load_workbook(exports / "bills.xlsx")
    for row in (2, 5):
        book.active.cell(row, 3).value = openpyxl.utils.datetime.from_excel(46024)
    book.active.cell(5, 4).value = openpyxl.utils.datetime.from_excel(46082)
    book.save(exports / "bills.xlsx")

    found = refreshed(exports)

    assert found["said"] == ""
    shown = [(row[0], row[5], row[6], row[8]) for row in found["rows"]]
    assert shown == [("0001", "2026-01-02", None, 5594), ("0002", "2026-01-02", "2026-03-01", 1)]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_a_csv_is_read_whatever_stands_between_its_columns(exports: Path, delimiter: str) -> None:
    lines = [delimiter.join(row) for row in ROWS]
    (exports / "bills.csv").write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig")

    found = refreshed(exports)

    assert (found["said"], len(found["rows"])) == ("", 1)
