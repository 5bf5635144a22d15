"""The static SQL of a list: queries/lists/<list>.toml and .sql, read once."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from portal.settings import QUERIES
from portal.warehouse.query import load_query

_PARAM = re.compile(r"\$([a-z]\w*)")


@dataclass(frozen=True)
class Lookup:
    """A column whose text lives in another table: `on` of the list equals `key` of `table`."""

    on: str
    table: str
    key: str


@dataclass(frozen=True)
class ColumnSql:
    """How one column is filtered, sorted and summed."""

    filter: str
    sort: tuple[str, ...] = ()
    """Expressions in the order that counts; a leading `-` turns that one around.
    None: by the filter expression, text without regard to case and accents."""
    needs: tuple[str, ...] = ()
    sort_needs: tuple[str, ...] = ()
    lookup: Lookup | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    is_code: bool = False
    """A number of a document: letters have no accents, so none are looked for."""

    def folded(self, expression: str) -> str:
        """An expression without its case and accents, for comparing and sorting text."""
        return f"lower(({expression}))" if self.is_code else f"lower(strip_accents(({expression})))"


@dataclass(frozen=True)
class ListSql:
    """All SQL of one list. Every text in it comes from queries/; input is only ever bound."""

    name: str
    source: str
    picked_by: str | None
    tie_break: tuple[str, ...]
    currency: str
    scope: str
    search: str
    joins: Mapping[str, str]
    columns: Mapping[str, ColumnSql]
    params: Mapping[str, str | Mapping[str, str]]
    param_needs: Mapping[str, Mapping[str, list[str]]]
    defaults: Mapping[str, str]
    shown: str

    def column(self, column_id: str) -> ColumnSql:
        """The SQL of a column; a list over a named query has its columns under their own ids."""
        known = self.columns.get(column_id)
        return known or ColumnSql(filter=f"{self.name}.{column_id}")

    def shown_of(self, which: str = "") -> str:
        """What the list shows of its rows, or of `which` of them (a where, a limit)."""
        table = self.source.split(" as ")[-1]
        rows = f"select {self.picked_by} as picked_row, {table}.* from {self.source} {which}"
        return f"with picked_rows as ({rows}) {self.shown}"

    def joined(self, names: set[str]) -> str:
        """The joins of those names, in the order the list declares them."""
        return " ".join(sql for name, sql in self.joins.items() if name in names)


def params_in(sql: str) -> set[str]:
    """The names of the parameters a statement binds."""
    return set(_PARAM.findall(sql))


@cache
def load_list(name: str) -> ListSql:
    """Read the SQL of a list; `name` is a key of `portal.lists.registry.LISTS`."""
    written = tomllib.loads((QUERIES / "lists" / f"{name}.toml").read_text(encoding="utf-8"))
    shown = QUERIES / "lists" / f"{name}.sql"
    return ListSql(
        name=name,
        source=_source(name, written),
        picked_by=written.get("picked_by"),
        tie_break=tuple(written["tie_break"]),
        currency=written["currency"],
        scope=written.get("scope", ""),
        search=written["search"],
        joins=written.get("joins", {}),
        columns={key: _column(body) for key, body in written.get("columns", {}).items()},
        params=written.get("params", {}),
        param_needs=written.get("param_needs", {}),
        defaults=written.get("defaults", {}),
        shown=_statement(shown.read_text(encoding="utf-8")) if shown.is_file() else "",
    )


def _source(name: str, written: Mapping) -> str:
    return written["source"] if "source" in written else _inline(name, written["query"])


def _inline(name: str, query: str) -> str:
    """A named query as the list's table, under the list's own name."""
    return f"(\n{_statement(load_query(query).sql)}\n) as {name}"


def _statement(sql: str) -> str:
    """The statement without its header, so that comments never end inside a larger one."""
    return "\n".join(line for line in sql.splitlines() if not line.startswith("--")).strip()


def _column(body: Mapping) -> ColumnSql:
    return ColumnSql(
        filter=body["filter"],
        sort=tuple(body.get("sort", ())),
        needs=tuple(body.get("needs", ())),
        sort_needs=tuple(body.get("sort_needs", ())),
        lookup=Lookup(**body["lookup"]) if "lookup" in body else None,
        choices=body.get("choices", {}),
        is_code=body.get("is_code", False),
    )
