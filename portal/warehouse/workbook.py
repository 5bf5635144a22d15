"""An Excel workbook written part by part: a sheet of rows and a sheet that says what they are.

The rows arrive as sheet XML from DuckDB; this adds the rest of the format. A file is never
held in memory, whatever its size.
"""

import zipfile
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from portal.lists.columns import Column
from portal.warehouse.export import ExportRows

MOST_SHEET_ROWS = 1_048_575
"""Rows an Excel sheet holds below its header."""
PIXELS_PER_CHARACTER = 7.5
LONGEST_USUAL_CELL = 100
"""Bytes of a cell's XML that are rarely reached on average."""
MOST_PLAIN_BYTES = 2**31
"""A larger part needs zip's 64-bit form, at which Excel offers to repair the file."""
FASTEST = 1
"""Compression level: twice the size of the best, five times as fast."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="3"><numFmt numFmtId="164" formatCode="#,##0.00;[Red]\\-#,##0.00"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="166" formatCode="#,##0"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE8ECF2"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="166" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
_HEADER_STYLE = 4


def write_workbook(
    path: Path,
    title: str,
    columns: Sequence[Column],
    rows: ExportRows,
    notes: Sequence[tuple[str, str]],
    progress: Callable[[int], None],
) -> None:
    """Write the rows and the notes; more rows than a sheet holds go on in further sheets.

    `progress` is told how many rows are written.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=FASTEST) as archive:
        count = _write_sheets(archive, columns, rows, progress)
        about = count + 1
        names = [title if place == 0 else f"{title} {place + 1}" for place in range(count)]
        archive.writestr(f"xl/worksheets/sheet{about}.xml", _about_sheet(notes))
        archive.writestr("xl/styles.xml", _STYLES)
        archive.writestr("xl/workbook.xml", _workbook([*names, "About"]))
        archive.writestr("xl/_rels/workbook.xml.rels", _workbook_parts(about))
        archive.writestr("_rels/.rels", _package_parts())
        archive.writestr("[Content_Types].xml", _content_types(about))


def _write_sheets(
    archive: zipfile.ZipFile,
    columns: Sequence[Column],
    rows: ExportRows,
    progress: Callable[[int], None],
) -> int:
    """Returns: how many sheets the rows took."""
    parts = rows.sheet_rows()
    written, sheet = 0, 0
    largest = min(rows.count, MOST_SHEET_ROWS) * len(columns) * LONGEST_USUAL_CELL
    is_huge = largest > MOST_PLAIN_BYTES
    while sheet == 0 or written < rows.count:
        sheet += 1
        start = written
        with archive.open(f"xl/worksheets/sheet{sheet}.xml", "w", force_zip64=is_huge) as file:
            file.write(_sheet_start(columns).encode())
            for done, text in parts:
                file.write(text.encode())
                size, written = done - written, done
                progress(done)
                if written - start + size > MOST_SHEET_ROWS:
                    break
            file.write(_sheet_end(columns, written - start).encode())
    return sheet


def _sheet_start(columns: Sequence[Column]) -> str:
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{column.width / PIXELS_PER_CHARACTER:.1f}" '
        'customWidth="1"/>'
        for place, column in enumerate(columns, start=1)
    )
    labels = "".join(_text_cell(column.label, _HEADER_STYLE) for column in columns)
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        '<selection pane="bottomLeft"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData><row>{labels}</row>"
    )


def _sheet_end(columns: Sequence[Column], count: int) -> str:
    last = f"{_letters(len(columns))}{count + 1}"
    return f'</sheetData><autoFilter ref="A1:{last}"/></worksheet>'


def _about_sheet(notes: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        f"<row>{_text_cell(name, _HEADER_STYLE)}{_text_cell(value)}</row>" for name, value in notes
    )
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><cols><col min="1" max="1" width="18" customWidth="1"/>'
        '<col min="2" max="2" width="90" customWidth="1"/></cols>'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )


def _text_cell(text: str, style: int = 0) -> str:
    shown = escape("".join(sign for sign in text if sign.isprintable() or sign == "\n"))
    if shown[:1] in ("=", "+", "-", "@"):
        shown = f"&#39;{shown}"
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def _workbook(names: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{place}" r:id="rId{place}"/>'
        for place, name in enumerate(names, start=1)
    )
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'
    )


def _workbook_parts(sheets: int) -> str:
    parts = "".join(
        f'<Relationship Id="rId{place}" Type="{_OFFICE}/worksheet" '
        f'Target="worksheets/sheet{place}.xml"/>'
        for place in range(1, sheets + 1)
    )
    styles = f'<Relationship Id="rId{sheets + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{parts}{styles}</Relationships>'


def _package_parts() -> str:
    return (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )


def _content_types(sheets: int) -> str:
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{place}.xml" '
        f'ContentType="{_TYPES}.worksheet+xml"/>'
        for place in range(1, sheets + 1)
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>{parts}</Types>'
    )


def _letters(number: int) -> str:
    """The column letters of Excel: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
