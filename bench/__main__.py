"""`python -m bench [10k 100k 1M 10M]`: how fast is the portal beside raw DuckDB?"""

import argparse
import contextlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import (
    aging,
    browser,
    collections,
    exports,
    figures,
    firm,
    load,
    loading,
    machine,
    pages,
    payment_pages,
    ticking,
)
from bench.server import Server, serving
from portal.warehouse.warehouse import Warehouse

SIZES = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000, "10M": 10_000_000}
USUAL = ("10k", "100k", "1M")
AGED = 30


def main() -> int:
    """Measure the sizes asked for, one after the other. Returns: the exit code."""
    arguments = _parser().parse_args()
    facts = machine.facts()
    print(machine.text_of(facts), flush=True)
    report: dict[str, object] = {"machine": facts, "sizes": {}}
    for size in arguments.sizes or USUAL:
        print(f"\n{size} invoices\n{'=' * 40}", flush=True)
        with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
            tables = []
            for table in measure(Path(folder) / "home", SIZES[size], arguments):
                print("\n" + figures.text_of(table), flush=True)
                tables.append(
                    {"title": table.title, "lines": [line.as_json() for line in table.lines]}
                )
        report["sizes"][size] = tables
    if grown := aging.growth(report["sizes"]):
        print("\n" + grown)
    print("\n" + machine.text_of({"load afterwards": machine.facts()["load_1_5_15_minutes"]}))
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1, default=str), encoding="utf-8")
    return 0


def measure(home: Path, invoices: int, arguments: argparse.Namespace) -> Iterator[figures.Table]:
    """Make a firm of a size in a folder and measure everything about it."""
    sample, created = firm.create(home, invoices)
    yield loading.measure(sample, created)
    with serving(sample) as server:
        lived = ticking.live(server, arguments.aged)
    yield ticking.table_of(sample, arguments.aged, *lived)
    with serving(sample) as server:
        # the bare deltas moved the source on: let the server take that in
        server.enter().rows(ticking.PAGE)
    with _copied(sample) as copy, serving(sample) as server:
        yield from _reading(sample, server, copy, arguments)


def _reading(
    sample: firm.Firm, server: Server, copy: Warehouse, arguments: argparse.Namespace
) -> Iterator[figures.Table]:
    """Everything that reads; the bare statements run on a copy of the server's own file."""
    with contextlib.closing(copy.connection()) as con:
        bench = pages.Bench(server.enter(), copy, con, sample.settings())
        yield pages.measure(bench)
        yield payment_pages.measure(bench)
        yield aging.measure(bench)
        yield collections.measure(bench, sample.home)
        yield exports.measure(bench, server)
        if arguments.browser:
            yield browser.measure(server)
        if arguments.load:
            yield load.measure(bench, server)


@contextlib.contextmanager
def _copied(sample: firm.Firm) -> Iterator[Warehouse]:
    folder = sample.home / "copy"
    folder.mkdir()
    for path in sample.home.glob("warehouse.duckdb*"):
        shutil.copy(path, folder / path.name)
    warehouse = Warehouse(
        folder / "warehouse.duckdb", readable=(sample.home,), extensions=("excel",)
    )
    try:
        yield warehouse
    finally:
        warehouse.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sizes", nargs="*", choices=[*SIZES, []], help="10k 100k 1M; 10M by asking")
    parser.add_argument("--json", type=Path, help="write everything measured to this file too")
    parser.add_argument(
        "--aged", type=int, default=AGED, metavar="N",
        help="ticks the file lives through before anything is measured on it",
    )  # fmt: skip
    parser.add_argument("--load", action="store_true", help="also a minute of 25 people at work")
    parser.add_argument("--browser", action="store_true", help="also pages opened in Chromium")
    return parser


if __name__ == "__main__":
    sys.exit(main())
