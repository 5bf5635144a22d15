"""A file with card numbers in a column is not read: they would be copied into every list.

Columns of bare numbers are keys and references of the practice system and are left alone, unless
their name says card. In a column of words, a number with a card scheme's first digits, length and
check digit is one.
"""

import re
from collections.abc import Iterable

import duckdb

from portal.domain.card_numbers import holds_scheme_number
from portal.domain.errors import SourceUnavailable
from portal.pms.file_table import FileTable
from portal.pms.source import literal, quoted

# Only finds what is then looked at closely. Naming the letters of all scripts here as well would
# make it three hundred times slower on a large file.
_LOOKS_SO = r"\p{Nd}(?:[^A-Za-z0-9]{0,3}\p{Nd}){12,}"
_BARE = r"\s*[\d.,-]*\s*"
_SAYS_CARD = re.compile(r"\bcard|\bpan\b|\bccn?\b", re.IGNORECASE)
MOST_LOOKED_AT = 20_000


def refuse_card_columns(con: duckdb.DuckDBPyConnection, name: str, table: FileTable) -> None:
    """Go on only if no column of a file holds card numbers.

    Raises: SourceUnavailable, which names the column and repeats no number; duckdb.Error for a
    file that cannot be read.
    """
    for column in _suspects(con, table):
        if any(map(holds_scheme_number, _values(con, table, column))):
            raise SourceUnavailable(
                f"{name} is held: its column {column[:60]} has what looks like card numbers. "
                "Export it without them; nothing of the file was read."
            )


def _suspects(con: duckdb.DuckDBPyConnection, table: FileTable) -> Iterable[str]:
    """Columns of words in which long numbers stand; one reading of the file for all."""
    names = list(table.texts)
    if not names:
        return []
    looks = ", ".join(
        f"bool_or(regexp_matches({text}, {literal(_LOOKS_SO)})), "
        f"bool_or(not regexp_full_match({text}, {literal(_BARE)}))"
        for text in table.texts.values()
    )
    # A spoilt beginning is found here, before the whole file is taken in hand.
    con.execute(f"select count(*) from (select * from {table.relation} limit 10)")
    row = con.execute(f"select {looks} from {table.relation}").fetchone() or ()
    return [
        column
        for place, column in enumerate(names)
        if row[2 * place]
        and (row[2 * place + 1] or _SAYS_CARD.search(re.sub(r"[_\W]+", " ", column)))
    ]


def _values(con: duckdb.DuckDBPyConnection, table: FileTable, column: str) -> Iterable[str]:
    found = con.execute(
        f"select distinct {table.texts[column]} as {quoted('said')} from {table.relation} "
        f"where regexp_matches({table.texts[column]}, {literal(_LOOKS_SO)}) limit {MOST_LOOKED_AT}"
    )
    return [row[0] for row in found.fetchall()]
