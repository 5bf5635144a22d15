"""AR aging per partner, today and as of a past day, beside hand-written statements."""

from bench.figures import Line, Table, in_turn, ratio_limit
from bench.pages import Bench, a_past_day
from bench.statements import statement
from portal.warehouse.query import load_query

TIMES = 20
EDGES = (30, 60, 90, 120, None, None)
QUERY = "aging/aging_by_group"
COMPARED = ("outstanding_cents", "not_due_cents", "b1_cents", "b5_cents", "unapplied_cents")


def measure(bench: Bench) -> Table:
    """Read as the page reads it, into a frame; the statements as rows."""
    canonical, marts = statement("aging_by_partner"), statement("aging_from_open")
    days = {"today": bench.today, "as of 90 days ago": a_past_day(bench)}
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
        lines.append(
            Line(f"per partner, {title} / canonical tables", mine, tables, ratio_limit(1.6))
        )
        if day == bench.today:
            note = "without what is unapplied"
            lines.append(Line(f"per partner, {title} / open invoices", mine, mart, note=note))
    return Table(f"AR aging ({TIMES} each)", lines)


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
