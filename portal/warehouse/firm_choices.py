"""The firm's choices of firm.toml [mapping], as the mapping's SQL reads them."""

import hashlib
import json
from collections.abc import Mapping as MappingOf

import duckdb

from portal.settings import QUERIES
from portal.warehouse.query import load_query

Choices = MappingOf[str, list[str]]
MACROS = ("firm_choices", "firm_choice", "to_cents", "to_day")


def as_texts(choices: MappingOf[str, object]) -> dict[str, list[str]]:
    """Every choice as a list of texts; a single value is a list of one."""
    return {
        name: [str(item) for item in value] if isinstance(value, (list, tuple)) else [str(value)]
        for name, value in choices.items()
    }


def give_to(con: duckdb.DuckDBPyConnection, choices: Choices) -> None:
    """Make the macros of docs/mapping.md and the firm's choices known to a connection."""
    con.execute(
        "set variable firm = map($names::varchar[], $values::varchar[][])",
        {"names": list(choices), "values": list(choices.values())},
    )
    for name in MACROS:
        con.execute(load_query(f"canonical/macros/{name}").sql)


def fingerprint(mapping_fingerprint: str, choices: Choices, *facts: str) -> str:
    """Changes when the mapping, the firm's choices or the tables' own SQL do."""
    digest = hashlib.sha256(mapping_fingerprint.encode())
    digest.update(json.dumps(dict(choices), sort_keys=True).encode())
    digest.update("\0".join(facts).encode())
    for folder in ("canonical", "marts"):
        for file in sorted((QUERIES / folder).rglob("*.sql")):
            digest.update(file.read_bytes())
    return digest.hexdigest()
