"""The worklist as it opens, and a run that stages statements for as many clients as it can."""

import time
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.figures import Line, Table, in_turn, one, p50_limit
from bench.pages import Bench
from portal.collections_desk import CollectionsDesk
from portal.domain.collection_rules import MOST_TRIGGERS, CollectionRules, Trigger
from portal.domain.permissions import Permission, Principal
from portal.domain.statement_days import CATCH_UP_DAYS, next_run_day
from portal.services.save_collection_rules import SaveCollectionRules
from portal.services.statement_letter import Sender
from portal.services.statement_ports import StatementRun
from portal.store import open_store
from portal.warehouse.client_directory import WarehouseClients
from portal.warehouse.receivable_book import ReceivableBook

TIMES = 20
OPENS_WITHIN_MS = 300
FIRST = 200
"""So many clients the page reads; the list reads on by itself."""
STATEMENTS, SECONDS = 20_000, 60
"""So many statements are to be staged in so long; fewer in proportion."""
LEAST_MS = 2_000
NOBODY = Principal("bench", "Bench", "", permissions=frozenset(Permission))


def measure(bench: Bench, home: Path) -> Table:
    """The worklist through HTTP and as the page reads it; then a run over the same clients."""
    return Table("Collections", [*_worklist(bench), *_staging(bench, home)])


def _worklist(bench: Bench) -> list[Line]:
    asked = {"list": "worklist", "start_row": 0, "end_row": 100, "params": {"toggle": "now"}}

    def rows() -> object:
        return bench.client.rows(asked)

    def page() -> object:
        return bench.copy.read(
            "worklist/overdue_clients",
            sees_all=True,
            staff_id=None,
            today=bench.today,
            most=FIRST,
            row_id=None,
        )

    through_http, as_read = in_turn(TIMES, rows, page)
    limit = p50_limit(OPENS_WITHIN_MS)
    clients = f"{bench.client.rows(asked)['last_row']:,} clients to do"
    return [
        Line("worklist, first rows through /api/rows", through_http, limit=limit),
        Line("worklist, read with its page", as_read, limit=limit, note=clients),
    ]


def _staging(bench: Bench, home: Path) -> list[Line]:
    """A run that has the most triggers there may be, and a week to answer for."""
    desk, zone = _desk(bench, home), ZoneInfo("America/New_York")
    day = next_run_day(bench.today, CollectionRules(), desk.is_holiday)
    desk.save_rules(SaveCollectionRules(actor=NOBODY, rules=_rules(bench, day), based_on=0))
    with desk.store.unit_of_work() as uow:
        begun = datetime.combine(day, datetime.min.time(), tzinfo=zone)
        after = day - timedelta(days=CATCH_UP_DAYS)
        uow.statements.save_run(
            StatementRun(run_day=day, after_day=after, rules_version=1, started_at=begun)
        )
        uow.commit()
    worked, began = time.process_time(), time.perf_counter()
    result = desk.run_statements(begun + timedelta(hours=13))
    took, cpu = (time.perf_counter() - began) * 1000, time.process_time() - worked
    desk.store.close()
    made = result.run.staged if result.run else 0
    decided = made + (result.run.suppressed if result.run else 0)
    # A few take the time that opening and closing a run takes.
    limit = p50_limit(max(SECONDS * 1000 * made / STATEMENTS, LEAST_MS))
    note = f"{made:,} staged of {decided:,} decided, {cpu:.1f} s of processor"
    return [Line("a run of statements, staged", one(took), limit=limit, note=note)]


def _desk(bench: Bench, home: Path) -> CollectionsDesk:
    return CollectionsDesk(
        store=open_store(f"sqlite:///{home / 'statements.sqlite'}", secret_key="bench"),
        receivables=ReceivableBook(bench.copy),
        directory=WarehouseClients(bench.copy),
        sender=Sender(firm_name="Bench"),
        timezone=ZoneInfo("America/New_York"),
        now=lambda: datetime.now().astimezone(),
    )


def _rules(bench: Bench, day: date) -> CollectionRules:
    """The ages that the most open invoices reach in the week before a day."""
    found = bench.con.execute("select due_date from open_invoices where due_date is not null")
    ages = Counter((day - due).days for (due,) in found.fetchall() if due < day)
    weeks: Counter[int] = Counter()
    for age, invoices in ages.items():
        weeks[age - age % CATCH_UP_DAYS] += invoices
    chosen = [age for age, _ in weeks.most_common(MOST_TRIGGERS)]
    return CollectionRules(triggers=tuple(Trigger(days=age) for age in sorted(chosen)))
