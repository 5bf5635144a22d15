"""Excel workbooks: looked through for what is dangerous, then read by DuckDB.

Everything in a workbook is read as a stream and with a limit before DuckDB opens it. The same
pass finds where each sheet's cells are and which columns hold dates: on disk a date is a number
like any other, only its format tells.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from portal.domain.errors import SourceUnavailable
from portal.pms.file_table import MOST_COLUMNS

LARGEST_FILE = 200 * 1024 * 1024
LARGEST_UNPACKED = 1024 * 1024 * 1024
MOST_PARTS = 5_000
HIGHEST_RATIO = 200
"""A sheet packs to a tenth or a fiftieth; a bomb to a thousandth."""
SMALL_ENOUGH = 50 * 1024 * 1024
_CHUNK = 256 * 1024
_WORKBOOK = "xl/workbook.xml"
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[dmyhs]", re.IGNORECASE)
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)


@dataclass
class Sheet:
    """One sheet's table: where its cells are, and which of its columns are dates."""

    name: str
    starts_1904: bool = False
    first_column: int = 0
    last_column: int = 0
    first_row: int = 0
    last_row: int = 0
    dates: Counter = field(default_factory=Counter)
    numbers: Counter = field(default_factory=Counter)

    @property
    def range(self) -> str:
        """The cells, written like A1:G500."""
        first, last = _letters(self.first_column), _letters(self.last_column)
        return f"{first}{self.first_row}:{last}{self.last_row}"

    def is_date(self, place: int) -> bool:
        """Whether most numbers of the column at this place (0 is the first) are dates."""
        column = self.first_column + place
        return self.dates[column] > self.numbers[column]


class _Refused(Exception):
    """Why a workbook is not read."""


def sheets(file: Path) -> list[Sheet]:
    """The sheets of a workbook that hold anything, in its order.

    Raises: SourceUnavailable for what is no workbook, has macros or links to other files,
    declares entities, or unpacks to more than a workbook may.
    """
    if file.stat().st_size > LARGEST_FILE:
        raise SourceUnavailable(f"{file.name} is larger than a workbook may be (200 MB).")
    try:
        with zipfile.ZipFile(file) as packed:
            _check_parts(packed)
            return _sheets(packed)
    except _Refused as reason:
        raise SourceUnavailable(f"{file.name} {reason}") from None
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, expat.ExpatError, RuntimeError):
        raise SourceUnavailable(f"{file.name} is not a workbook that can be read.") from None
    except NotImplementedError:
        raise SourceUnavailable(f"{file.name} is packed in a way that is not read.") from None


def _check_parts(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    names = [part.filename.lower() for part in parts]
    if len(names) != len(set(names)) or len(names) > MOST_PARTS:
        raise _Refused("is not a workbook that can be read.")
    if any("vbaproject" in name or "/macrosheets/" in name for name in names):
        raise _Refused("has macros; save it as a workbook without macros (.xlsx).")
    if any("/externallinks/" in name for name in names):
        raise _Refused("has links to other workbooks; paste their values instead.")
    unpacked = sum(part.file_size for part in parts)
    is_bomb = any(
        part.file_size > SMALL_ENOUGH and part.file_size > HIGHEST_RATIO * part.compress_size
        for part in parts
    )
    if unpacked > LARGEST_UNPACKED or is_bomb:
        raise _Refused("unpacks to more than a workbook may hold (1 GB).")


def _sheets(packed: zipfile.ZipFile) -> list[Sheet]:
    for part in packed.namelist():
        # DuckDB reads some of these too; none may declare entities.
        if part.endswith((".xml", ".rels")) and not part.startswith("xl/worksheets/sheet"):
            _parse(packed, part, {})
    dates = _date_styles(packed)
    found = []
    for sheet, part in _listed(packed):
        _measure(packed, part, sheet, dates)
        if sheet.last_row:
            found.append(sheet)
    return found


def _listed(packed: zipfile.ZipFile) -> Iterator[tuple[Sheet, str]]:
    """Each sheet with the part it is in."""
    targets: dict[str, str] = {}
    named: list[tuple[str, str]] = []
    base: list[bool] = []
    _parse(
        packed,
        "xl/_rels/workbook.xml.rels",
        {"Relationship": lambda said: targets.update({said["Id"]: said["Target"]})},
    )
    _parse(
        packed,
        _WORKBOOK,
        {
            "sheet": lambda said: named.append((said["name"], _relation_id(said))),
            "workbookPr": lambda said: base.append(said.get("date1904") in ("1", "true")),
        },
    )
    for name, relation in named:
        target = targets[relation]
        part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        if "/worksheets/" in part:
            yield Sheet(name, starts_1904=any(base)), part


def _relation_id(said: Mapping[str, str]) -> str:
    return next(value for name, value in said.items() if name.rpartition(":")[2] == "id")


def _date_styles(packed: zipfile.ZipFile) -> frozenset[str]:
    """The style numbers of cells whose numbers are dates."""
    if "xl/styles.xml" not in packed.namelist():
        return frozenset()
    formats: dict[int, bool] = {}
    styles: list[bool] = []
    is_cell_style = [False]

    def count(said: Mapping[str, str]) -> None:
        if is_cell_style[0]:
            number = int(said.get("numFmtId", 0))
            styles.append(formats.get(number, number in _DATE_FORMATS))

    def learn(said: Mapping[str, str]) -> None:
        shown = _LITERALS.sub("", said.get("formatCode", ""))
        formats[int(said["numFmtId"])] = bool(_DATE_LETTERS.search(shown))

    _parse(
        packed,
        "xl/styles.xml",
        {
            "numFmt": learn,
            "cellStyleXfs": lambda said: is_cell_style.__setitem__(0, False),
            "cellXfs": lambda said: is_cell_style.__setitem__(0, True),
            "cellStyles": lambda said: is_cell_style.__setitem__(0, False),
            "dxfs": lambda said: is_cell_style.__setitem__(0, False),
            "xf": count,
        },
    )
    return frozenset(str(number) for number, is_date in enumerate(styles) if is_date)


def _measure(packed: zipfile.ZipFile, part: str, sheet: Sheet, date_styles: frozenset[str]) -> None:
    """Find a sheet's extent and what its columns hold."""
    place = [0, 0]
    kind: list[Counter | None] = [None]

    def row(said: Mapping[str, str]) -> None:
        place[:] = [int(said.get("r", place[0] + 1)), 0]

    def cell(said: Mapping[str, str]) -> None:
        written = said.get("r")
        place[1] = _column(written) if written else place[1] + 1
        is_number = said.get("t", "n") == "n"
        is_date = said.get("s") in date_styles
        kind[0] = (sheet.dates if is_date else sheet.numbers) if is_number else None

    def value(said: Mapping[str, str]) -> None:
        number, column = place
        if not sheet.first_row:
            sheet.first_row, sheet.first_column = number, column
        sheet.last_row = max(sheet.last_row, number)
        sheet.first_column = min(sheet.first_column, column)
        if column > sheet.last_column:
            sheet.last_column = column
            if column - sheet.first_column >= MOST_COLUMNS:
                raise _Refused(f"has more columns than a table may have ({MOST_COLUMNS:,}).")
        if kind[0] is not None:
            kind[0][column] += 1

    _parse(packed, part, {"row": row, "c": cell, "v": value, "is": value})


def _parse(packed: zipfile.ZipFile, part: str, heard: Mapping[str, object]) -> None:
    """Read one part as a stream; `heard` is called with an element's attributes by its name."""
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        told = heard.get(name) or heard.get(name.rpartition(":")[2])
        if told:
            told(attributes)

    def refuse(*said: object) -> None:
        raise _Refused("declares entities; that is not a workbook made by Excel.")

    if heard:
        parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    with packed.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)


def _column(written: str) -> int:
    match = _CELL.fullmatch(written)
    if not match:
        raise _Refused("is not a workbook that can be read.")
    number = 0
    for letter in match.group(1):
        number = number * 26 + ord(letter) - 64
    return number


def _letters(column: int) -> str:
    written = ""
    while column:
        column, rest = divmod(column - 1, 26)
        written = chr(65 + rest) + written
    return written
