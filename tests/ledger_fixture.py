"""Tiny ledgers with the real marts on them: hand-written, or thrown with dice from a seed."""

import random
from datetime import date, timedelta
from pathlib import Path

import duckdb

from portal.warehouse.marts import Marts
from portal.warehouse.store_tables import lay_out
from portal.warehouse.warehouse import Warehouse
from tests.made_once import copy_made_once
from tests.warehouse_fixture import CANONICAL, SMALL

START = date(2025, 9, 1)
TODAY = date(2026, 6, 30)

KEYS = """
create table source_state (name varchar, value varchar);
insert into source_state values ('key_type', 'BIGINT');
"""

# an overpaid invoice, money applied ahead of its invoice, to a void one and to somebody else's
AWKWARD = """
insert into receipts values
    (600, 11, 'payment', date '2026-06-26', 'card', 'P-600', 'USD', 1500, null),
    (601, 10, 'payment', date '2026-05-31', 'ach', 'P-601', 'USD', 4000, null),
    (602, 14, 'payment', date '2026-03-01', 'check', 'P-602', 'USD', 700, null),
    (603, 12, 'payment', date '2026-06-02', 'wire', 'P-603', 'USD', 9000, null);
insert into applications values
    ('20', 600, 102, 1500, date '2026-06-26', null),
    ('21', 601, 112, 4000, date '2026-05-31', null),
    ('22', 602, 108, 700, date '2026-03-02', null),
    ('23', 603, 101, 9000, date '2026-06-03', null);
"""


def ledger_warehouse(folder: Path, *scripts: str) -> Warehouse:
    """A warehouse of canonical rows and the marts that a refresh makes of them."""
    path = folder / "warehouse.duckdb"
    copy_made_once(path, _make_ledger, scripts)
    return Warehouse(path)


def _make_ledger(path: Path, scripts: tuple[str, ...]) -> None:
    with duckdb.connect(str(path)) as con:
        for script in (KEYS, CANONICAL, *scripts):
            con.execute(script)
        lay_out(con, "BIGINT")
        Marts(con, "USD").rebuild()


def small_ledger(folder: Path) -> Warehouse:
    """Nine clients with the awkward cases; meant for 2026-06-30."""
    return ledger_warehouse(folder, SMALL, AWKWARD)


def thrown_ledger(folder: Path, seed: int, *, invoices: int = 120) -> Warehouse:
    """Invoices, payments, corrections and applications by chance, clumsy ones too."""
    dice = random.Random(seed)
    rows = {"invoices": [], "receipts": [], "applications": []}
    for invoice_id in range(1, invoices + 1):
        rows["invoices"].append(_invoice(dice, invoice_id))
        for _ in range(dice.choice((0, 1, 1, 2, 3))):
            _pay(dice, rows, rows["invoices"][-1])
    clients = ", ".join(
        f"({n}, 'C{n}', 'Client {n}', null, 'Active', '{'AB'[n % 2]}', {1 + n % 3}, {4 + n % 2}, "
        "null, null, null)"
        for n in range(1, 8)
    )
    script = f"insert into clients values {clients};"
    for table, values in rows.items():
        script += f"insert into {table} values {', '.join(values)};"
    return ledger_warehouse(folder, script)


def _day(dice: random.Random, first: date, spread: int) -> date:
    return first + timedelta(days=dice.randrange(spread))


def _invoice(dice: random.Random, invoice_id: int) -> str:
    day = _day(dice, START, 310)
    due = "null" if dice.random() < 0.1 else f"date '{_day(dice, day, 70)}'"
    void = "true" if dice.random() < 0.08 else "false"
    return (
        f"({invoice_id}, 'I{invoice_id}', {dice.randrange(1, 8)}, null, 'invoice', date '{day}', "
        f"{due}, 'USD', {dice.randrange(1, 2000)}, false, {void}, null, null)"
    )


def _pay(dice: random.Random, rows: dict[str, list[str]], invoice: str) -> None:
    receipt_id = len(rows["receipts"]) + 1
    client = invoice.split(", ")[2] if dice.random() < 0.9 else str(dice.randrange(1, 8))
    kind = dice.choice(("payment",) * 6 + ("credit_memo", "write_off", "return", "refund"))
    sign = -1 if kind in ("return", "refund") else 1
    cents, day = sign * dice.randrange(1, 1500), _day(dice, START, 320)
    method = dice.choice(("'ach'", "'card'", "null"))
    rows["receipts"].append(
        f"({receipt_id}, {client}, '{kind}', date '{day}', {method}, null, 'USD', {cents}, null)"
    )
    if dice.random() < 0.85:
        applied = cents if dice.random() < 0.7 else cents // 2
        rows["applications"].append(
            f"('{receipt_id}', {receipt_id}, {invoice[1:].split(', ')[0]}, {applied}, "
            f"date '{_day(dice, day, 20)}', null)"
        )
