"""CSV files: the header says what is in them, and a row that does not fit is refused.

DuckDB's own guessing is not used: where a quote is never closed or a row is short, it finds a
reading in which the file "fits", and rows are lost without a word.
"""

import csv
from itertools import islice
from pathlib import Path

from portal.domain.errors import SourceUnavailable
from portal.pms.file_table import MOST_COLUMNS, FileTable
from portal.pms.source import literal, quoted

LONGEST_HEADER = 256 * 1024
LONGEST_LINE = 1024 * 1024
DELIMITERS = ",;\t|"


def csv_table(file: Path) -> FileTable:
    """The table of a CSV file, from its first line.

    Raises: SourceUnavailable for a file without a header, or with one no export has.
    """
    header, delimiter = _header(file)
    columns = [name.strip() or f"column{place}" for place, name in enumerate(header)]
    lower = [name.lower() for name in columns]
    if twice := next((name for name in columns if lower.count(name.lower()) > 1), None):
        raise SourceUnavailable(f"{file.name} has two columns named {twice[:60]}.")
    types = ", ".join(f"{literal(name)}: 'varchar'" for name in columns)
    relation = (
        f"read_csv({literal(str(file))}, auto_detect = false, header = true, "
        f"delim = {literal(delimiter)}, quote = '\"', escape = '\"', strict_mode = true, "
        f"max_line_size = {LONGEST_LINE}, columns = {{{types}}})"
    )
    return FileTable(relation, {name: quoted(name) for name in columns})


def _header(file: Path) -> tuple[list[str], str]:
    with file.open("rb") as opened:
        begun = opened.read(LONGEST_HEADER)
    try:
        text = begun.decode(
            "utf-8-sig", errors="strict" if len(begun) < LONGEST_HEADER else "ignore"
        )
    except UnicodeDecodeError:
        raise SourceUnavailable(f"{file.name} is not UTF-8 text; export it as UTF-8.") from None
    first = text.split("\n", 1)[0]
    if not first.strip():
        raise SourceUnavailable(f"{file.name} has no header line.")
    delimiter = max(DELIMITERS, key=first.count)
    is_too_wide = first.count(delimiter) >= MOST_COLUMNS
    if is_too_wide or ("\n" not in text and len(begun) == LONGEST_HEADER):
        raise SourceUnavailable(
            f"{file.name} has more columns than a table may have ({MOST_COLUMNS:,})."
        )
    try:
        lines = text.splitlines(keepends=True)
        rows = csv.reader(lines, delimiter=delimiter, strict=True)
        return next(islice(rows, 1)), delimiter
    except (csv.Error, StopIteration):
        raise SourceUnavailable(f"{file.name} has a quote in its header that never ends.") from None
