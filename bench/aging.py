"""AR aging per partner, today and as of a past day, beside hand-written statements."""

from collections.abc import Mapping, Sequence
from typing import Any

from bench.figures import Line, Table, in_turn, ratio_limit
from bench.pages import Bench, a_past_day
from bench.statements import statement
from portal.warehouse.query import load_query

TIMES = 20
TODAY = "per partner, today"
GROWS_BY_MOST = 2
"""Ten times the invoices may take so many times as long."""
EDGES = (30, 60, 90, 120, None, None)
QUERY = "aging/aging_by_group"
COMPARED = ("outstanding_cents", "not_due_cents", "b1_cents", "b5_cents", "unapplied_cents")


def measure(bench: Bench) -> Table:
    """Read as the page reads it, into a frame; the statements as rows."""
    canonical, marts = statement("aging_by_partner"), statement("aging_from_open")
    days = {TODAY: bench.today, "per partner, as of 90 days ago": a_past_day(bench)}
    lines = []
    for title, day in days.items():
        _compare(bench, day)

        def ours(day: object = day) -> object:
            return read(bench, day)

        def from_tables(day: object = day) -> object:
            return canonical.run(bench.con, {"as_of": day})

        def from_mart(day: object = day) -> object:
            return marts.run(bench.con, {"as_of": day})

        mine, tables, mart = in_turn(TIMES, ours, from_tables, from_mart)
        lines.append(Line(f"{title} / canonical tables", mine, tables, ratio_limit(1.5)))
        if day == bench.today:
            note = "without what is unapplied"
            lines.append(Line(f"{title} / open invoices", mine, mart, note=note))
    return Table(f"AR aging ({TIMES} each)", lines)


def growth(reports: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """How the time of today's aging grows from one million invoices to ten; empty without both."""
    took = {
        size: line["ours_ms"]["p50"]
        for size, tables in reports.items()
        for table in tables
        for line in table["lines"]
        if line["what"] == f"{TODAY} / canonical tables"
    }
    if not {"1M", "10M"} <= took.keys():
        return ""
    times = took["10M"] / took["1M"]
    kept = "ok" if times <= GROWS_BY_MOST else "OVER"
    return f"aging today, 10M beside 1M: {times:.2f} x (limit {GROWS_BY_MOST:g} x, {kept})"


def read(bench: Bench, day: object) -> object:
    """The page's own query."""
    values = {
        "sees_all": True, "staff_id": None, "as_of": day, "today": bench.today,
        "group_by": "partner", "lens": "due",
        "partner_id": None, "manager_id": None, "office": None, "client_group": None,
        **{f"edge_{place}": edge for place, edge in enumerate(EDGES, start=1)},
    }  # fmt: skip
    known = load_query(QUERY).params
    return bench.copy.read(QUERY, **{name: values[name] for name in known})


def _compare(bench: Bench, day: object) -> None:
    """Both must find the same cents."""
    frame = read(bench, day)
    con = bench.con
    sql = statement("aging_by_partner").sql.rstrip().rstrip(";")
    sums = ", ".join(f"sum({name})::bigint" for name in COMPARED)
    found = con.execute(f"select {sums} from ({sql}) as aged", {"as_of": day}).fetchone()
    mine = tuple(int(frame[name].sum()) for name in COMPARED)
    if mine != found:
        raise RuntimeError(f"the aging of {day} differs: {mine} and {found}")
