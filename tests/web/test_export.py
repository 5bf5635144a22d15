"""Is an export exactly the list on screen, harmless in a spreadsheet, and only for whom it was made?"""

# ruff: noqa: E501

import csv
import io
import os
import threading
import time
import zipfile
from datetime import datetime
from xml.etree import ElementTree

import openpyxl
import pytest

from portal.domain.errors import Invalid
from portal.domain.permissions import Permission
from portal.lists.registry import find_list
from portal.web.export_desk import ExportDesk, read_growing
from tests.web.list_portal import EVERYTHING, OWN_CLIENTS, Browser, make_portal

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    made = make_portal(tmp_path_factory.mktemp("home"))
    yield made
    made.close()


@pytest.fixture
def admin(portal):
    return Browser(portal)


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


def as_text(column, value) -> str:
    """A value of a row as the CSV should have it."""
    if value is None or value == "":
        return ""
    if column.kind == "money":
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
    text = column.said(str(value))
    is_text = column.kind in ("text", "choice", "email")
    return f"'{text}" if is_text and text.startswith(RISKY) else text


@pytest.mark.parametrize("name", ["clients", "invoices", "payments", "worklist", "aging"])
def test_a_csv_has_the_lists_rows_columns_and_order(admin, name):
    definition = find_list(name)
    shown = [column.id for column in definition.shown][::-1]
    asked = {
        "sort_model": [{"colId": definition.default_sort[0][0], "sort": "asc"}],
        "filter_model": {
            "outstanding_cents": {"filterType": "number", "type": "greaterThan", "filter": 100}
        }
        if definition.column("outstanding_cents")
        else {},
    }

    lines = read_csv(admin.export(name, columns=shown, **asked))

    rows = admin.rows(name, **asked).json()["rows"]
    columns = [definition.column(each) for each in shown]
    if "currency" not in shown and {row.get("currency") for row in rows} > {"USD"}:
        columns.append(definition.column("currency"))
    assert lines[0] == [column.label for column in columns]
    assert lines[1:] == [[as_text(c, row[c.id]) for c in columns] for row in rows]
    assert len(rows) > 1


def test_an_export_of_all_columns_has_every_column_but_the_grids_own_keys(admin):
    lines = read_csv(admin.export("clients", columns="all"))

    assert lines[0] == [c.label for c in find_list("clients").columns if c.id != "row_id"]
    assert len(lines) == 11


def test_a_csv_opens_as_utf8_in_excel(admin):
    content = admin.export("clients")

    assert content.startswith(b"\xef\xbb\xbf")
    assert "Müller & Söhne" in content.decode("utf-8-sig")
    assert "Zürich Trading 🚚" in content.decode("utf-8-sig")


@pytest.mark.catalogue(58)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_holds_only_ones_own_clients(portal, form):
    ada = Browser(portal, OWN_CLIENTS, staff_id="1")

    content = ada.export("invoices", form, columns=["client_id"])

    if form == "csv":
        found = {line[0] for line in read_csv(content)[1:]}
    else:
        found = {str(row[0].value) for row in read_xlsx(content)["Invoices"].iter_rows(min_row=2)}
    assert found == {"10", "11", "14", "18"}


@pytest.mark.catalogue(76)
def test_text_that_looks_like_a_formula_is_inert_in_csv_and_excel(portal, admin):
    con = portal.warehouse.connection()
    names = [f"{sign}1+1" for sign in RISKY] + ["  =1+1", 'a","=1+1', "plain"]
    for place, name in enumerate(names):
        con.execute(
            "insert into client_list by name select * replace ($id as client_id, $name as client_name, 900 as partner_id) "
            "from client_list where client_id = 17",
            {"id": 9000 + place, "name": name},
        )
    con.execute("insert into staff values (900, 'Formula Test', null, true)")
    try:
        asked = {
            "columns": ["client_name"],
            "sort_model": [{"colId": "client_id", "sort": "asc"}],
            "params": {"partner_id": "900"},
        }
        lines = [line[0] for line in read_csv(admin.export("clients", **asked))[1:]]
        sheet = read_xlsx(admin.export("clients", "xlsx", **asked))["Clients"]
    finally:
        con.execute("delete from client_list where partner_id = 900")
        con.execute("delete from staff where staff_id = 900")

    assert lines[: len(RISKY)] == [f"'{name}" for name in names[: len(RISKY)]]
    assert lines[len(RISKY) :] == ["'  =1+1", 'a","=1+1', "plain"]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert all(cell.value.startswith("'") for cell in cells[: len(RISKY) + 1])


@pytest.mark.catalogue(76)
def test_negative_amounts_stay_numbers(admin):
    amounts = [line[0] for line in read_csv(admin.export("payments", columns=["amount_cents"]))]
    sheet = read_xlsx(admin.export("payments", "xlsx", columns=["amount_cents"]))["Payments"]

    assert "-88.00" in amounts
    assert -88 in [row[0].value for row in sheet.iter_rows(min_row=2)]


def test_an_excel_file_has_typed_cells_a_frozen_header_a_filter_and_widths(admin):
    columns = ["invoice_number", "invoice_date", "outstanding_cents", "invoice_age", "due_date"]
    book = read_xlsx(admin.export("invoices", "xlsx", columns=columns))
    sheet = book["Invoices"]

    assert [cell.value for cell in sheet[1]] == [
        "Invoice", "Invoice date", "Outstanding", "Invoice age", "Due date", "Currency",
    ]  # fmt: skip
    row = next(r for r in sheet.iter_rows(min_row=2) if r[0].value == "INV-101")
    assert (row[1].value, row[1].is_date) == (datetime(2026, 5, 20), True)
    assert (row[2].value, row[2].number_format) == (500.5, "#,##0.00;[Red]\\-#,##0.00")
    assert row[3].value == 41
    blank = next(r for r in sheet.iter_rows(min_row=2) if r[0].value == "INV-105")
    assert blank[4].value is None
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:F13", "with the currency, of which there are two"
    assert 10 <= sheet.column_dimensions["A"].width <= 20
    assert sheet["A1"].font.b


def test_an_excel_file_is_a_plain_zip_that_excel_opens_without_repair(admin):
    with zipfile.ZipFile(io.BytesIO(admin.export("clients", "xlsx"))) as archive:
        assert {each.extract_version for each in archive.infolist()} == {20}
        assert archive.namelist() == [
            "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/styles.xml",
            "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels", "[Content_Types].xml",
        ]  # fmt: skip
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(portal, admin, monkeypatch):
    monkeypatch.setattr("portal.warehouse.workbook.MOST_SHEET_ROWS", 9)
    monkeypatch.setattr("portal.warehouse.export.FIRST_PART", 4)
    monkeypatch.setattr("portal.warehouse.export.PART", 4)

    book = read_xlsx(admin.export("invoices", "xlsx", columns=["invoice_id"]))

    assert book.sheetnames == ["Invoices", "Invoices 2", "About"]
    ids = [row[0].value for name in book.sheetnames[:2] for row in book[name].iter_rows(min_row=2)]
    assert ids == [row["invoice_id"] for row in admin.rows().json()["rows"]]


def test_the_second_sheet_says_which_list_which_filters_who_and_when(admin):
    asked = {
        "filter_model": {
            "status": {"filterType": "set", "values": ["Overdue", None]},
            "outstanding_cents": {
                "filterType": "number",
                "type": "inRange",
                "filter": 100,
                "filterTo": 99999999,
            },
            "due_date": {
                "filterType": "date",
                "type": "lessThan",
                "dateFrom": "2026-07-01 00:00:00",
                "dateTo": None,
            },
            "client_name": {
                "filterType": "text",
                "operator": "OR",
                "conditions": [
                    {"filterType": "text", "type": "contains", "filter": "=acme"},
                    {"filterType": "text", "type": "notBlank"},
                ],
            },
        },
        "search": "inv",
        "params": {"toggle": "outstanding"},
    }
    about = read_xlsx(admin.export("invoices", "xlsx", **asked))["About"]

    notes = {row[0].value: row[1].value for row in about.iter_rows()}
    assert notes["List"] == "Invoices of Quill & Co"
    assert notes["Filters"] == (
        "Status is one of Overdue, (blank); Outstanding is between $1.00 and $999,999.99; "
        "Due date is before 2026-07-01; Client contains “=acme” or is not blank; Search: inv; "
        "Toggle: outstanding"
    )
    assert notes["Order"] == "Invoice date descending"
    assert notes["Made by"] == "Pat Example"
    assert notes["Made at"] == "2026-06-30 12:00 EDT"
    assert notes["Data as of"].startswith("2026-06-30 08:00 EDT")


def test_a_sources_own_words_are_written_as_they_stand_on_screen(portal, admin):
    con = portal.warehouse.connection()
    con.execute("update receipt_list set method = 'wire_transfer' where receipt_id = 506")
    try:
        both = ["method", "receipt_id"]
        asked = {"columns": both, "sort_model": [{"colId": "receipt_date", "sort": "asc"}]}
        lines = [line[0] for line in read_csv(admin.export("payments", **asked))[1:]]
        sheet = read_xlsx(admin.export("payments", "xlsx", **asked))["Payments"]
        chosen = {"method": {"filterType": "set", "values": ["ach", "wire_transfer"]}}
        about = read_xlsx(admin.export("payments", "xlsx", filter_model=chosen))["About"]
    finally:
        con.execute("update receipt_list set method = 'card' where receipt_id = 506")

    assert lines == ["Wire", "Check", "Wire transfer", "", "ACH", "ACH", ""]
    cells = [row[0].value or "" for row in sheet.iter_rows(min_row=2)]
    assert cells == lines
    notes = {row[0].value: row[1].value for row in about.iter_rows()}
    assert notes["Filters"] == "Method is one of ACH, Wire transfer"


def test_amounts_in_several_currencies_never_stand_without_their_currency(admin):
    asked = {"columns": ["invoice_number", "amount_cents"]}
    dollars = {"currency": {"filterType": "set", "values": ["USD"]}}

    mixed = read_csv(admin.export("invoices", **asked))
    alone = read_csv(admin.export("invoices", **asked, filter_model=dollars))
    without_amounts = read_csv(admin.export("invoices", columns=["invoice_number"]))

    assert mixed[0] == ["Invoice", "Bill amount", "Currency"]
    assert ["INV-103", "7000.00", "EUR"] in mixed
    assert alone[0] == ["Invoice", "Bill amount"]
    assert without_amounts[0] == ["Invoice"]


def test_the_second_sheet_names_people_and_clients_and_not_their_keys(admin):
    asked = {"params": {"partner_id": "1", "manager_id": "3"}}
    about = read_xlsx(admin.export("invoices", "xlsx", **asked))["About"]
    of_client = read_xlsx(admin.export("invoices", "xlsx", params={"client_id": "10"}))["About"]

    notes = {row[0].value: row[1].value for row in about.iter_rows()}
    assert notes["Filters"] == "Partner: Ada Quill; Manager: Cleo Marsh"
    notes = {row[0].value: row[1].value for row in of_client.iter_rows()}
    assert notes["Filters"] == "Client: Acme Holdings"


def test_an_empty_list_exports_its_header(admin):
    nothing = {"search": "no such invoice"}

    assert len(read_csv(admin.export(**nothing))) == 1
    assert read_xlsx(admin.export(form="xlsx", **nothing))["Invoices"].max_row == 1


def test_a_ticket_works_once_and_only_in_the_session_it_was_made_for(portal, admin):
    ticket = admin.ask("/api/export", {"list": "invoices", "format": "csv"}).json()["ticket"]
    other = Browser(portal)

    assert other.http.get(f"/api/export/{ticket}").status_code == 403
    assert other.http.get(f"/api/export/{ticket}/progress").status_code == 403
    assert admin.http.get(f"/api/export/{ticket}").status_code == 200
    assert admin.http.get(f"/api/export/{ticket}").status_code == 404
    assert admin.http.get("/api/export/made-up").status_code == 404


def test_a_ticket_is_worth_nothing_after_signing_out(portal):
    browser = Browser(portal)
    ticket = browser.ask("/api/export", {"list": "invoices", "format": "csv"}).json()["ticket"]

    browser.sign_out()

    assert browser.http.get(f"/api/export/{ticket}").status_code == 401


def test_a_ticket_expires_after_a_minute(portal, monkeypatch):
    browser = Browser(portal)
    ticket = browser.ask("/api/export", {"list": "invoices", "format": "csv"}).json()["ticket"]
    for _ in range(100):
        if browser.http.get(f"/api/export/{ticket}/progress").json()["ready"]:
            break
        time.sleep(0.02)

    later = time.monotonic() + 61
    monkeypatch.setattr("portal.web.export_desk.time.monotonic", lambda: later)

    assert browser.http.get(f"/api/export/{ticket}").status_code == 404


def test_exporting_takes_the_permission_to_export(portal):
    browser = Browser(portal, EVERYTHING - {Permission.EXPORT})

    answer = browser.ask("/api/export", {"list": "invoices", "format": "csv"})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"format": "pdf"}, 422),
        ({"format": "csv", "columns": []}, 422),
        ({"format": "csv", "columns": ["row_id"]}, 422),
        ({"format": "csv", "columns": ["amount_cents; drop table x"]}, 422),
        ({"format": "csv", "columns": ["status", "status"]}, 422),
        ({"format": "csv", "columns": "some"}, 422),
        ({"format": "csv", "filter_model": {"x": {}}}, 422),
        ({"format": "csv", "params": {"client_id": "1"}, "path": "/etc/passwd"}, 422),
        ({"list": "staff", "format": "csv"}, 403),
    ],
)
def test_a_forged_export_is_refused(admin, more, status):
    body = {"list": "invoices"} | more

    assert admin.ask("/api/export", body, token=admin.token()).status_code == status


def test_every_export_is_in_the_audit_log(portal, admin):
    admin.export("payments", columns=["amount_cents"], search="acme")

    with portal.store.reading() as view:
        row = view.audit.rows(limit=1)[0]
    assert (row.action, row.subject) == ("list.exported", "payments")
    assert row.actor == f"local:{admin.cookie}"
    assert row.detail["columns"] == ["amount_cents"]
    assert (row.detail["search"], row.detail["rows"]) == ("acme", 1)


def test_no_file_is_left_after_its_download(portal, admin):
    folder = portal.settings.home / "exports"
    folder.mkdir(exist_ok=True)
    before = set(folder.iterdir())

    admin.export("invoices")
    admin.export("invoices", "xlsx")

    assert set(folder.iterdir()) <= before


def test_files_of_an_earlier_process_are_gone_after_an_hour(tmp_path):
    old, young = tmp_path / "old.csv", tmp_path / "young.xlsx"
    old.write_text("x")
    young.write_text("x")
    os.utime(old, (time.time() - 3_700,) * 2)

    desk = ExportDesk(tmp_path)
    desk.start(
        session_id="s", file_name="x.csv", media_type="text/csv", streams=True, total=0,
        write=lambda path, progress: path.write_text(""),
    ).finished.wait(5)  # fmt: skip

    assert not old.exists()
    assert young.exists()


def test_a_csv_is_sent_while_it_is_still_being_written(tmp_path):
    go_on = threading.Event()

    def write(path, progress):
        with path.open("wb") as file:
            file.write(b"first")
            file.flush()
            progress(1)
            go_on.wait(10)
            file.write(b"last")

    export = ExportDesk(tmp_path).start(
        session_id="s", file_name="x.csv", media_type="text/csv", streams=True, total=2, write=write
    )
    sent = read_growing(export)

    assert next(sent) == b"first"
    assert export.progress()["share"] == 0.5
    go_on.set()
    assert b"".join(sent) == b"last"
    assert export.progress()["ready"]


def test_a_download_whose_export_failed_breaks_off(tmp_path):
    def write(path, progress):
        path.write_bytes(b"half")
        raise RuntimeError("the disk is full")

    export = ExportDesk(tmp_path).start(
        session_id="s", file_name="x.csv", media_type="text/csv", streams=True, total=2, write=write
    )

    with pytest.raises(OSError, match="failed"):
        list(read_growing(export))
    assert export.progress()["error"]


def test_one_session_cannot_pile_up_exports(tmp_path):
    go_on = threading.Event()
    desk = ExportDesk(tmp_path)

    def start():
        return desk.start(
            session_id="s", file_name="x.csv", media_type="text/csv", streams=True, total=0,
            write=lambda path, progress: go_on.wait(10),
        )  # fmt: skip

    started = [start() for _ in range(5)]
    with pytest.raises(Invalid):
        start()
    go_on.set()
    assert all(export.finished.wait(10) for export in started)
