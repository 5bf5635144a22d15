"""Pages of the invoices list: through HTTP, in process, and by the best statement for the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import duckdb

from bench.figures import Line, Samples, Table, in_turn, over_limit
from bench.server import Client
from bench.statements import Statement, page_statements, statement
from portal.domain.permissions import Scope
from portal.lists.registry import LISTS
from portal.settings import Settings
from portal.warehouse.list_query import RowsRequest
from portal.warehouse.rows import list_page
from portal.warehouse.warehouse import Warehouse

TIMES = 25
PAGE = 100
CLIENT_TEXT = "family"
LIMIT = over_limit(30)
EVERYBODY = Scope(all_clients=True, staff_id=None)


@dataclass(frozen=True)
class Case:
    """One question to the list: what a grid sends, and the values of the statement beside it."""

    name: str
    title: str
    body: Mapping[str, object] = field(default_factory=dict)
    values: Mapping[str, object] = field(default_factory=dict)
    start: int = 0

    @property
    def asked(self) -> dict[str, object]:
        """The body of the request."""
        return {
            "list": "invoices", "start_row": self.start, "end_row": self.start + PAGE, **self.body,
        }  # fmt: skip


@dataclass(frozen=True)
class Bench:
    """What pages are measured with: a signed-in client, and a copy of the server's warehouse."""

    client: Client
    copy: Warehouse
    con: duckdb.DuckDBPyConnection
    settings: Settings

    @property
    def today(self) -> object:
        """The firm's day."""
        return self.settings.today(datetime.now().astimezone())

    def values(self, case: Case) -> dict[str, object]:
        """What the statement of a case binds."""
        return {"today": self.today, "start": case.start, **case.values}


def measure(bench: Bench) -> Table:
    """Every case: HTTP, in process and bare by turns."""
    lines = []
    for case in cases(bench.con):
        http, inside, bare, best = _measure_case(bench, case)
        lines.append(Line(case.title, http, bare, LIMIT, f"in process {inside.p50:.1f}, {best}"))
    return Table(
        f"Pages of {PAGE} rows through /api/rows ({TIMES} each, totals warm)",
        [*lines, *_totals(bench)],
    )


def cases(con: duckdb.DuckDBPyConnection) -> list[Case]:
    """The questions, about clients and numbers that this firm has."""
    count = con.execute("select count(*) from invoice_list where not is_void").fetchone()[0]
    number = con.execute(
        "select invoice_number from invoice_list where invoice_number is not null "
        "order by invoice_date limit 1 offset $place", {"place": count // 2},
    ).fetchone()[0]  # fmt: skip
    client = con.execute(
        "select client_id from invoice_list group by all order by count(*) desc, 1 limit 1"
    ).fetchone()[0]
    newest = [{"colId": "outstanding_cents", "sort": "desc"}]
    by_name = [{"colId": "client_name", "sort": "asc"}]
    deep = int(0.9 * count) // PAGE * PAGE
    return [
        Case("first_page", "first page"),
        Case("by_outstanding", "sorted by outstanding", {"sort_model": newest}),
        Case("by_client_name", "sorted by client name", {"sort_model": by_name}),
        Case(
            "overdue_and_client", "overdue, client contains",
            {"filter_model": _overdue(CLIENT_TEXT)}, {"text": CLIENT_TEXT},
        ),
        Case("number_search", "search of a number", {"search": number}, {"text": number.lower()}),
        Case("client_search", "search of a client", {"search": CLIENT_TEXT}, {"text": CLIENT_TEXT}),
        Case("deep_jump", "jump to 90 %", start=deep),
        Case(
            "one_client", "one client's invoices",
            {"params": {"client_id": str(client)}}, {"client_id": client},
        ),
    ]  # fmt: skip


def _measure_case(bench: Bench, case: Case) -> tuple[Samples, Samples, Samples, str]:
    body = case.asked
    ways = page_statements(case.name)
    _compare(bench, case, ways)

    def http() -> object:
        return bench.client.rows(body)

    def inside() -> object:
        return in_process(bench, body)

    bare = [lambda way=way: way.run(bench.con, bench.values(case)) for way in ways]
    ours, within, *others = in_turn(TIMES, http, inside, *bare)
    best = min(range(len(others)), key=lambda place: others[place].p50)
    return ours, within, others[best], ways[best].name


def in_process(bench: Bench, body: Mapping[str, object]) -> object:
    """The same page without HTTP, session and JSON."""
    given = {name: value for name, value in body.items() if name != "list"}
    return list_page(
        bench.copy, LISTS["invoices"], RowsRequest(**given), EVERYBODY, bench.today,
        bench.settings.currency,
    )  # fmt: skip


def _compare(bench: Bench, case: Case, ways: list[Statement]) -> None:
    """A statement counts only if it gives the same rows in the same order."""
    shown = [row["invoice_id"] for row in bench.client.rows(case.asked)["rows"]]
    for way in ways:
        found = [row[0] for row in way.run(bench.con, bench.values(case))]
        if found != shown:
            raise RuntimeError(f"{way.name} gives other rows than the portal")


def _totals(bench: Bench) -> list[Line]:
    """Count and sums of a filter: asked for the first time in a data version, and again."""
    bare = statement("totals")
    asked = iter(range(1, 10_000))

    def cold() -> object:
        least = {"filterType": "number", "type": "greaterThan", "filter": next(asked)}
        model = {**_overdue(CLIENT_TEXT), "amount_cents": least}
        return bench.client.rows(_one_row(model))

    def warm() -> object:
        return bench.client.rows(_one_row(_overdue(CLIENT_TEXT)))

    def hand() -> object:
        return bare.run(bench.con, {"today": bench.today, "text": CLIENT_TEXT, "least": 0})

    first, again, by_hand = in_turn(TIMES, cold, warm, hand)
    return [
        Line("count and totals of a filter, cold", first, by_hand, LIMIT, "with one row"),
        Line("count and totals of a filter, warm", again, by_hand, LIMIT, "with one row"),
    ]


def _one_row(model: Mapping[str, object]) -> dict[str, object]:
    return {"list": "invoices", "start_row": 0, "end_row": 1, "filter_model": model}


def _overdue(text: str) -> dict[str, object]:
    return {
        "status": {"filterType": "set", "values": ["Overdue"]},
        "client_name": {"filterType": "text", "type": "contains", "filter": text},
    }


def a_past_day(bench: Bench) -> object:
    """The day that balances of the past are asked for: 90 days ago."""
    return bench.today - timedelta(days=90)
