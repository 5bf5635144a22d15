"""Files of the invoices list: CSV beside a bare COPY, Excel beside the fastest writer there is."""

import contextlib
import importlib
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bench.figures import Limit, Line, Samples, Table, one, p50_limit, ratio_limit, timed
from bench.machine import forget_peak, memory_mb, peak_memory_mb
from bench.pages import Bench
from bench.server import Server
from bench.statements import statement
from portal.lists.registry import LISTS
from portal.pms.extensions import load_extensions

SHEET_ROWS = 100_000
TIMES = 3
EVER = date(1900, 1, 1)
POLL_SECONDS = 0.1
MEMORY_LIMIT = Limit("300 MB", lambda line: float(line.note.split()[0]) <= 300)


def measure(bench: Bench, server: Server) -> Table:
    """Export what the list shows: all rows as CSV and Excel, and 100,000 rows as Excel."""
    folder = server.firm.home / "bare"
    folder.mkdir(exist_ok=True)
    table = Table(f"Exports of the visible columns ({TIMES} each, one of the large workbook)")
    table.lines += _csv(bench, folder)
    table.lines += _sheet(bench, folder)
    table.lines.append(_large_sheet(bench, server))
    return table


def _csv(bench: Bench, folder: Path) -> list[Line]:
    first, total, bare, size = [], [], [], 0
    for _ in range(TIMES):
        bare.append(timed(lambda: _copy(bench, EVER, folder / "bare.csv", "csv"))[0])
        began = time.perf_counter()
        blocks = _download(bench, "csv", {})
        size, lines = 0, 0
        # the first line is the header
        while lines < 2 and (block := next(blocks, b"")):
            size, lines = size + len(block), lines + block.count(b"\n")
        first.append((time.perf_counter() - began) * 1000)
        size += sum(len(block) for block in blocks)
        total.append((time.perf_counter() - began) * 1000)
    note = f"{size / 2**20:.1f} MB"
    return [
        Line("CSV, all rows: first rows here", _samples(first), limit=p50_limit(300)),
        Line(
            "CSV, all rows: total / COPY", _samples(total), _samples(bare), ratio_limit(1.3), note
        ),
    ]


def _sheet(bench: Bench, folder: Path) -> list[Line]:
    since = _since(bench)
    writers = _writers(bench, since, folder)
    ours, theirs = [], {name: [] for name in writers}
    for _ in range(TIMES):
        for name, write in writers.items():
            theirs[name].append(timed(write)[0])
        ours.append(timed(lambda: _whole(bench, {"dated_from": since.isoformat()}))[0])
    best = min(theirs, key=lambda name: _samples(theirs[name]).p50)
    bare = _samples(theirs[best])
    count = bench.con.execute(
        "select count(*) from invoice_list where not is_void and invoice_date >= $since",
        {"since": since},
    ).fetchone()[0]
    return [Line(f"Excel, {count:,} rows / {best}", _samples(ours), bare, ratio_limit(2))]


def _large_sheet(bench: Bench, server: Server) -> Line:
    """All rows as a workbook; over 20,000 rows this is a job one waits for with a progress bar."""
    before = memory_mb(server.process)
    forget_peak(server.process)
    took, size = timed(lambda: _whole(bench, {}))
    grown = peak_memory_mb(server.process) - before
    note = f"{grown:.0f} MB more than before in the server's memory, {size / 2**20:.1f} MB file"
    return Line("Excel, all rows, as a job", one(took), limit=MEMORY_LIMIT, note=note)


def _whole(bench: Bench, params: dict[str, object]) -> int:
    return sum(len(block) for block in _download(bench, "xlsx", params))


def _download(bench: Bench, form: str, params: dict[str, object]):
    columns = [column.id for column in LISTS["invoices"].columns if not column.hidden]
    ordered = bench.client.post(
        "/api/export", {"list": "invoices", "format": form, "columns": columns, "params": params}
    )
    path = f"/api/export/{ordered['ticket']}"
    while ordered["job"] and not bench.client.get(f"{path}/progress")["ready"]:
        time.sleep(POLL_SECONDS)
    return bench.client.download(path)


def _writers(bench: Bench, since: date, folder: Path) -> dict[str, Callable[[], object]]:
    """The writers known to be fast, as far as they are installed."""
    load_extensions(bench.con, "excel")
    found = {"DuckDB's writer": lambda: _copy(bench, since, folder / "bare.xlsx", "xlsx")}
    with contextlib.suppress(ImportError):
        fast = importlib.import_module("rustpy_xlsxwriter").FastExcel

        def write() -> None:
            sql = statement("invoice_export").sql
            values = {"today": bench.today, "since": since}
            rows = bench.con.execute(sql, values).to_arrow_table().to_pylist()
            fast(str(folder / "bare_rust.xlsx")).sheet("Invoices", rows).save()

        found["rustpy-xlsxwriter"] = write
    return found


def _copy(bench: Bench, since: date, to: Path, form: str) -> None:
    sql = statement("invoice_export").sql
    sql = sql.replace("$today", f"date '{bench.today}'").replace("$since", f"date '{since}'")
    bench.con.execute(f"copy ({sql}) to '{to}' (format {form}, header true)")


def _since(bench: Bench) -> date:
    """The day since which there are about 100,000 invoices, or all of them."""
    row = bench.con.execute(
        "select invoice_date from invoice_list where not is_void "
        "order by invoice_date desc limit 1 offset $rows", {"rows": SHEET_ROWS},
    ).fetchone()  # fmt: skip
    return row[0] if row else EVER


def _samples(ms: list[float]) -> Samples:
    return Samples(tuple(ms))
