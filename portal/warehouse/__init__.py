"""The warehouse: what the practice management system says, kept in DuckDB for reading."""
