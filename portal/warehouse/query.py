"""Named queries: files of queries/ whose header is their signature."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.domain.errors import PortalError
from portal.settings import QUERIES

_PARAM = re.compile(r"^--[ ](?:Params:)?[ ]*\$(\w+)[ ]+(\w+)", re.MULTILINE)
_NAME = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)+")


class QueryParametersWrong(PortalError):
    """A query was given other parameters than its header declares: a bug of the caller."""


@dataclass(frozen=True)
class Query:
    """One file of queries/: its SQL and the parameters its header declares, name -> type."""

    name: str
    sql: str
    params: dict[str, str]


@cache
def load_query(name: str, folder: Path = QUERIES) -> Query:
    """Read queries/<name>.sql; `name` is like `aging/aging_by_group`."""
    if not _NAME.fullmatch(name):
        raise QueryParametersWrong(f"{name!r} is not the name of a query.")
    sql = (folder / f"{name}.sql").read_text(encoding="utf-8")
    header = "\n".join(line for line in sql.splitlines() if line.startswith("--"))
    return Query(name, sql, dict(_PARAM.findall(header)))


def check_params(query: Query, given: dict[str, object]) -> None:
    """Go on only if exactly the declared parameters are given.

    Raises: QueryParametersWrong.
    """
    if query.params.keys() != given.keys():
        raise QueryParametersWrong(
            f"{query.name} takes {sorted(query.params)}, not {sorted(given)}."
        )
