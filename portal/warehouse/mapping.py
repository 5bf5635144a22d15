"""A mapping folder: how one practice management system becomes the canonical tables.

`mapping.toml` says per source table its key, how changes are found and what a changed row
touches; one `.sql` per canonical table reads `pms.<source table>`. docs/mapping.md explains it
to the person who writes one.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from pathlib import Path

from portal.domain.errors import MappingInvalid

CANONICAL = (
    "staff",
    "clients",
    "contacts",
    "engagements",
    "invoices",
    "receipts",
    "applications",
)
REQUIRED = ("clients", "invoices")
METHODS = ("change_tracking", "watermark", "compare")

_REFERENCE = re.compile(r'\bpms\.("(?:[^"]+)"|\w+)')
_COMMENT = re.compile(r"--[^\n]*")
_NEXT_WORD = re.compile(r'\s+("[^"]+"|\w+)')
_AFTER_A_TABLE = frozenset(
    (
        "where", "group", "having", "order", "limit", "offset", "qualify", "window", "union",
        "except", "intersect", "join", "inner", "left", "right", "full", "cross", "natural", "semi",
        "anti", "asof", "positional", "on", "using", "tablesample", "pivot", "unpivot",
    )
)  # fmt: skip
_REACH = re.compile(r"\s*(\w+):\s*(\w+)\s*=\s*(\w+)\.(\w+)\s*")
_LINK = re.compile(r'\s*(\w+)\.(\w+)\s*=\s*(?:"([^"]+)"|(\w+))\s*')


@dataclass(frozen=True)
class Link:
    """A source column whose values are the values of one canonical column."""

    table: str
    column: str
    source_column: str


@dataclass(frozen=True)
class Reach:
    """A promise: for a canonical table only rows are needed that rows of another one name."""

    table: str
    source_column: str
    by_table: str
    by_column: str


@dataclass(frozen=True)
class SourceTable:
    """One table of the practice management system that the mapping reads."""

    name: str
    key: str | None
    changes: str
    watermark: str | None
    overlap_seconds: int
    columns: tuple[str, ...] | None
    touches: tuple[Link, ...]
    limits: tuple[Link, ...]
    reached: tuple[Reach, ...] = ()

    def limit_for(self, table: str, column: str) -> str | None:
        """The column that limits what must be read of this table, if the mapping declares one."""
        for link in self.limits:
            if (link.table, link.column) == (table, column):
                return link.source_column
        return None


@dataclass(frozen=True)
class Mapping:
    """A checked mapping folder."""

    folder: Path
    title: str
    tables: MappingOf[str, SourceTable]
    sql: MappingOf[str, str]
    changes_sql: str | None
    change_version_sql: str | None
    control_sql: str | None
    control_entries_sql: str | None
    fingerprint: str

    def reads(self, canonical: str) -> tuple[str, ...]:
        """The source tables that one canonical table is made from."""
        found = referenced_tables(self.sql[canonical])
        return tuple(sorted({self.table_name(name) for name in found}))

    def table_name(self, written: str) -> str:
        """A source table's name as mapping.toml spells it (SQL may differ in case)."""
        return next(name for name in self.tables if name.lower() == written.lower())


def without_comments(sql: str) -> str:
    """A mapping's SQL without its comments."""
    return _COMMENT.sub("", sql)


def referenced_tables(sql: str) -> set[str]:
    """The names after `pms.` in a mapping's SQL."""
    return {name.strip('"') for name in _REFERENCE.findall(without_comments(sql))}


def with_tables(sql: str, replacement: MappingOf[str, str]) -> str:
    """The same SQL reading other relations: `pms.X` becomes `replacement[x]` where given."""

    def relation(match: re.Match[str]) -> str:
        name = match.group(1)
        other = replacement.get(name.strip('"').lower())
        if other is None:
            return match.group(0)
        follows = match.string[match.end() :]
        if follows.startswith("."):
            return name
        # Columns are written with the table's own name, unless it was given another.
        return other if _has_alias(follows) else f"{other} as {name}"

    return _REFERENCE.sub(relation, without_comments(sql))


def _has_alias(follows: str) -> bool:
    word = _NEXT_WORD.match(follows)
    return bool(word) and word.group(1).lower() not in _AFTER_A_TABLE


def load_mapping(folder: Path) -> Mapping:
    """Read and check a mapping folder.

    Raises: MappingInvalid naming the file and what to write.
    """
    path = folder / "mapping.toml"
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as problem:
        raise MappingInvalid(f"{path} cannot be read: {problem}.") from None
    tables = {
        name: _source_table(name, body, path) for name, body in written.get("tables", {}).items()
    }
    sql = {
        table: (folder / f"{table}.sql").read_text(encoding="utf-8")
        for table in CANONICAL
        if (folder / f"{table}.sql").is_file()
    }
    for table in REQUIRED:
        if table not in sql:
            raise MappingInvalid(f"{folder} needs {table}.sql.")
    lower = {name.lower() for name in tables}
    for table, text in sql.items():
        for reference in sorted(referenced_tables(text)):
            if reference.lower() not in lower:
                raise MappingInvalid(
                    f"{table}.sql reads pms.{reference}, but mapping.toml has no "
                    f"[tables.{reference}]."
                )
    changes_sql = _optional(folder / "changes.sql")
    if changes_sql is None and any(t.changes == "change_tracking" for t in tables.values()):
        raise MappingInvalid(f"{folder} uses change_tracking and needs changes.sql.")
    return Mapping(
        folder=folder,
        title=str(written.get("title", folder.name)),
        tables=tables,
        sql=sql,
        changes_sql=changes_sql,
        change_version_sql=_optional(folder / "change_version.sql"),
        control_sql=_optional(folder / "control.sql"),
        control_entries_sql=_optional(folder / "control_entries.sql"),
        fingerprint=_fingerprint(folder),
    )


def _source_table(name: str, body: MappingOf, path: Path) -> SourceTable:
    unknown = set(body) - {
        "key", "changes", "watermark", "overlap_seconds", "columns", "touches", "limits",
        "reached",
    }  # fmt: skip
    if unknown:
        raise MappingInvalid(f"{path}: [tables.{name}] has no setting {sorted(unknown)[0]!r}.")
    changes = body.get("changes", "compare")
    if changes not in METHODS:
        raise MappingInvalid(
            f"{path}: [tables.{name}] changes must be one of {', '.join(METHODS)}."
        )
    if changes != "compare" and not body.get("key"):
        raise MappingInvalid(f"{path}: [tables.{name}] needs its key column for {changes}.")
    if changes == "watermark" and not body.get("watermark"):
        raise MappingInvalid(f"{path}: [tables.{name}] needs watermark = '<column>'.")
    return SourceTable(
        name=name,
        key=body.get("key"),
        changes=changes,
        watermark=body.get("watermark"),
        overlap_seconds=int(body.get("overlap_seconds", 300)),
        columns=tuple(body["columns"]) if "columns" in body else None,
        touches=tuple(_link(text, name, path) for text in body.get("touches", [])),
        limits=tuple(_link(text, name, path) for text in body.get("limits", [])),
        reached=tuple(_reach(text, name, path) for text in body.get("reached", [])),
    )


def _link(text: str, name: str, path: Path) -> Link:
    match = _LINK.fullmatch(text)
    if not match or match.group(1) not in CANONICAL:
        raise MappingInvalid(
            f"{path}: [tables.{name}] {text!r} must read 'invoices.invoice_id = <source column>': "
            "a canonical table and column, then a column of this table, in double quotes where "
            "its name has spaces."
        )
    return Link(match.group(1), match.group(2), match.group(3) or match.group(4))


def _reach(text: str, name: str, path: Path) -> Reach:
    match = _REACH.fullmatch(text)
    if not match or match.group(1) not in CANONICAL:
        raise MappingInvalid(
            f"{path}: [tables.{name}] {text!r} must read "
            "'applications: <source column> = <source table>.<source column>'."
        )
    return Reach(*match.groups())


def _optional(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        if file.suffix in (".sql", ".toml"):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
