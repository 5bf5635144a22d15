"""Which invoices of the sample firm get a PDF? The newest ones, those still open first.

Python's own SQLite is used, so never in a process that reads the same file through DuckDB.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from portal.settings import QUERIES

LATEST = 2_000
"""How many of the newest invoices are looked at: the time does not grow with the firm."""
MOST = 120


def invoices_for_pdfs(path: Path, *, most: int = MOST) -> list[dict[str, object]]:
    """Read the invoices to print from a finished sample firm, open ones first, newest first.

    Returns: firm_name, terms, office, invoice_id, invoice_number, invoice_date, due_date,
    amount_cents, client_name, client_number, engagement_name; days are ISO text.
    """
    sql = (QUERIES / "sample" / "invoices_for_pdfs.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as con:
        con.row_factory = sqlite3.Row
        rows = con.execute(sql, {"latest": LATEST, "most": most}).fetchall()
    return [dict(row) for row in rows]
