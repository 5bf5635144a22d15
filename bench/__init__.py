"""How fast the portal is, beside raw DuckDB in the same run. `python -m bench`, docs/bench.md."""
