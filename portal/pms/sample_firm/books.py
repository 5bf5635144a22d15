"""The sample firm's books as its bookkeeper has them open: look things up, write entries.

Python's own SQLite is used, so never in a process that reads the same file through DuckDB.
"""

import sqlite3
from datetime import UTC, date, datetime
from functools import cache
from random import Random

from portal.settings import QUERIES

STRETCH = 400
"""How many ledger keys one search for a fitting entry looks at."""
TRIES = 12
"""How often a search looks elsewhere before it gives up."""


class Books:
    """One open transaction on the books, with the dice and the firm's day."""

    def __init__(self, con: sqlite3.Connection, dice: Random, now: datetime) -> None:
        con.row_factory = sqlite3.Row
        self._con = con
        self.dice = dice
        self.today: date = now.date()
        self.stamp = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")

    def rows(self, name: str, **params: object) -> list[sqlite3.Row]:
        """The rows of a statement of queries/sample/tick."""
        return self._con.execute(_statement(name), params).fetchall()

    def write(self, name: str, **params: object) -> None:
        """Run a writing statement of queries/sample/tick; `stamp` is added."""
        self._con.execute(_statement(name), {**params, "stamp": self.stamp})

    def next_key(self, of: str) -> int:
        """The next free key: ledger_entry, application, invoice, client or contact."""
        return self.rows(f"next_{of}_key")[0]["next_key"]

    def add_entry(
        self,
        entry_type: int,
        client: int,
        cents: int,
        *,
        reference: str | None = None,
        number: str | None = None,
        day: date | None = None,
        is_posted: bool = True,
    ) -> int:
        """Write one ledger entry dated today, or `day`. Returns: its key."""
        entry = self.next_key("ledger_entry")
        self.write(
            "add_entry",
            entry=entry,
            entry_type=entry_type,
            client=client,
            number=number,
            entry_date=(day or self.today).isoformat(),
            posted_date=self.today.isoformat() if is_posted else None,
            reference=reference,
            amount=money(cents),
        )
        return entry

    def apply(self, receipt: int, invoice: int, cents: int) -> None:
        """Set a part of a receipt against an invoice; negative takes it back."""
        self.write(
            "add_application",
            application=self.next_key("application"),
            receipt=receipt,
            invoice=invoice,
            amount=money(cents),
        )

    def find(self, name: str, *, recent: float = 3.0) -> sqlite3.Row | None:
        """A row of a `..._near` statement from a random stretch of the ledger.

        The higher `recent`, the nearer to the end it looks; None when nothing fits.
        """
        lowest, highest = self.rows("ledger_range")[0]
        for _ in range(TRIES):
            back = int((highest - lowest) * self.dice.random() ** recent)
            last = highest - back
            if found := self.rows(name, first=last - STRETCH, last=last):
                return self.dice.choice(found)
        return None

    def active_client(self) -> sqlite3.Row | None:
        """A random client of status Active."""
        lowest, highest = self.rows("client_range")[0]
        for _ in range(TRIES):
            found = self.rows("client", client=self.dice.randint(lowest, highest))
            if found and found[0]["client_status_KEY"] == 1:
                return found[0]
        return None

    def address(self) -> sqlite3.Row:
        """A random contact with its address."""
        lowest, highest = self.rows("contact_range")[0]
        return self.rows("contact", address=self.dice.randint(lowest, highest))[0]


def money(cents: int) -> str:
    """Write cents as the books do: '-12.34'."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


@cache
def _statement(name: str) -> str:
    return (QUERIES / "sample" / "tick" / f"{name}.sql").read_text(encoding="utf-8")
