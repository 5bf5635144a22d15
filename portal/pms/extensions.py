"""DuckDB's extensions come as Python packages, so that they load without a network."""

import importlib.util
from pathlib import Path

import duckdb

from portal.domain.errors import PortalError


class ExtensionMissing(PortalError):
    """A DuckDB extension is not installed."""


def load_extensions(con: duckdb.DuckDBPyConnection, *names: str) -> None:
    """Load extensions from their installed packages.

    Raises: ExtensionMissing when a package is absent or made for another DuckDB.
    """
    for name in names:
        spec = importlib.util.find_spec(f"duckdb_extension_{name}")
        folder = Path(spec.origin).parent if spec and spec.origin else Path()
        built = f"extensions/v{duckdb.__version__}/{name}.duckdb_extension"
        file = next(folder.glob(built), None) if spec else None
        if file is None:
            raise ExtensionMissing(
                f"duckdb-extension-{name.replace('_', '-')}=={duckdb.__version__} is not installed."
            )
        con.load_extension(str(file))
