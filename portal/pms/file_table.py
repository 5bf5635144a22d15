"""What a table in a file is: how DuckDB reads it, and each column as text."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.pms.source import quoted

MOST_COLUMNS = 2_000
"""More columns than this is no table anybody exported on purpose."""


@dataclass(frozen=True)
class FileTable:
    """One table: a relation in DuckDB SQL, and the text of each column as an expression on it."""

    relation: str
    texts: Mapping[str, str]

    def select(self, columns: list[str]) -> str:
        """A select of these columns, each as text."""
        by_lower = {name.lower(): text for name, text in self.texts.items()}
        listed = ", ".join(f"{by_lower[name.lower()]} as {quoted(name)}" for name in columns)
        return f"select {listed} from {self.relation}"
