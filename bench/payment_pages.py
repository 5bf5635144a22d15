"""Pages of the payments list beside the same of the invoices list: one is as fast as the other."""

from collections.abc import Mapping

from bench.figures import Line, Table, in_turn, ratio_limit
from bench.pages import CLIENT_TEXT, PAGE, TIMES, Bench

LIMIT = ratio_limit(1.5)
CASES: tuple[tuple[str, Mapping[str, object]], ...] = (
    ("first page", {}),
    ("sorted by amount", {"sort_model": [{"colId": "amount_cents", "sort": "desc"}]}),
    ("sorted by client name", {"sort_model": [{"colId": "client_name", "sort": "asc"}]}),
    ("search of a client", {"search": CLIENT_TEXT}),
)


def measure(bench: Bench) -> Table:
    """Every case through HTTP, payments and invoices by turns, and the jump to 90 %."""
    counts = {name: _count(bench, name) for name in ("payments", "invoices")}
    lines = [_line(bench, title, asked, asked) for title, asked in CASES]
    jumps = [{"start": int(0.9 * counts[name]) // PAGE * PAGE} for name in counts]
    lines.append(_line(bench, "jump to 90 %", *jumps))
    return Table(
        f"Pages of the payments list ({counts['payments']:,} rows) beside the invoices list "
        f"({counts['invoices']:,} rows)",
        lines,
    )


def _line(
    bench: Bench, title: str, ours: Mapping[str, object], theirs: Mapping[str, object]
) -> Line:
    payments, invoices = in_turn(
        TIMES,
        lambda: bench.client.rows(_body("payments", ours)),
        lambda: bench.client.rows(_body("invoices", theirs)),
    )
    return Line(title, payments, invoices, LIMIT)


def _body(name: str, asked: Mapping[str, object]) -> dict[str, object]:
    start = asked.get("start", 0)
    more = {key: value for key, value in asked.items() if key != "start"}
    return {"list": name, "start_row": start, "end_row": start + PAGE, **more}  # type: ignore[operator]


def _count(bench: Bench, name: str) -> int:
    return int(bench.client.rows(_body(name, {}))["last_row"])  # type: ignore[call-overload]
