"""A month of collections over the sample firm (a year in `make test-long`): nobody hears too often.

Every evening the simulator says what the next morning will do; the morning must do just that.
"""

import itertools
import os
import random
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from portal.collections_desk import CollectionsDesk, is_federal_holiday
from portal.domain.collection_rules import Basis, CollectionRules, Mode, PartnerCopy, Trigger
from portal.domain.statement_days import reached_on
from portal.pms.sample_firm.create import create_sample_firm
from portal.services.change_statement import DropStatement
from portal.services.collections_ports import HoldKind
from portal.services.dispute_invoice import DisputeInvoice
from portal.services.hold_client import HoldClient
from portal.services.record_promise import RecordPromise
from portal.services.save_collection_rules import SaveCollectionRules
from portal.services.send_statement import SendStatement
from portal.services.statement_letter import Sender
from portal.services.statement_ports import Statement, StatementState
from portal.settings import PROJECT, QUERIES, Source
from portal.store import Store, open_store
from portal.warehouse.client_directory import WarehouseClients
from portal.warehouse.receivable_book import ReceivableBook
from tests.adapters.store_backends import copy_of_tables
from tests.adapters.test_refresh import CHOICES
from tests.collections_fixture import CAROL, NEW_YORK
from tests.loading import Loaded, open_loaded
from tests.money.fresh_desk import folder

FIRST = date(2026, 6, 1)
DAYS = 365 if os.environ.get("PORTAL_TEST_LONG") else 30
AGES = (1, 7, 14, 21, 30, 45, 60, 75, 90, 105, 120, 150, 180, 240)
RULES = CollectionRules(
    triggers=(
        *(
            Trigger(
                days=days,
                mode=Mode.AUTOMATIC if days % 2 else Mode.REVIEW,
                partner=PartnerCopy.BCC if days > 90 else PartnerCopy.NONE,
            )
            for days in AGES
        ),
        Trigger(days=10, basis=Basis.INVOICE),
    ),
    holidays=(date(2026, 6, 11),),
)
MORNING = datetime(2026, 6, 1, 15, 0, tzinfo=UTC)
ANNOUNCED = set[tuple[str, str, str | None]]


@dataclass
class Year:
    """What happened, and what was said to happen."""

    firm: Path
    loaded: Loaded
    store: Store
    clock: datetime = MORNING
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    @property
    def desk(self) -> CollectionsDesk:
        return CollectionsDesk(
            store=self.store,
            receivables=ReceivableBook(self.loaded.warehouse),
            directory=WarehouseClients(self.loaded.warehouse),
            sender=Sender(firm_name="Hartwell & Rowe LLP"),
            timezone=NEW_YORK,
            now=lambda: self.clock,
        )

    def at(self, day: date, hour: int) -> None:
        self.clock = datetime.combine(day, time(hour), tzinfo=NEW_YORK).astimezone(UTC)

    def of_day(self, day: date) -> list[Statement]:
        with self.store.reading() as view:
            return [
                one
                for state in StatementState
                for one in view.statements.recent(state, day, 10_000)
                if one.run_day == day
            ]

    def work(self, day: date) -> None:
        """What people do in a day: review the queue, and speak to some clients."""
        self.at(day, 14)
        with self.store.reading() as view:
            staged = view.statements.staged()
        for one in staged:
            dice = self.chance.random()
            if dice < 0.75:
                self.desk.send_statement(SendStatement(actor=CAROL, statement_id=one.statement_id))
            elif dice < 0.85:
                self.desk.drop_statement(
                    DropStatement(actor=CAROL, statement_id=one.statement_id, reason="called")
                )
        for client_id, invoice_id, number in self.chance.sample(self.open_ones(), 4):
            self.chance.choice(self.deeds(day))(client_id, invoice_id, number)

    def open_ones(self) -> list[tuple[str, str, str]]:
        return self.loaded.values(
            "select client_id::varchar, invoice_id::varchar, invoice_number from open_invoices "
            "join invoice_list using (invoice_id, client_id) order by invoice_id"
        )

    def deeds(self, day: date) -> list[Callable[[str, str, str], object]]:
        until = day + timedelta(days=self.chance.randint(0, 12))
        return [
            lambda client, invoice, number: self.desk.record_promise(
                RecordPromise(
                    actor=CAROL,
                    client_id=client,
                    amount_cents=self.chance.randint(100, 90_000),
                    promised_on=until,
                    currency="USD",
                    invoice_id=self.chance.choice((None, invoice)),
                    invoice_number=number,
                )
            ),
            lambda client, invoice, number: self.desk.hold_client(
                HoldClient(
                    actor=CAROL,
                    client_id=client,
                    kind=self.chance.choice(list(HoldKind)),
                    reason="said so",
                    until=until,
                )
            ),
            lambda client, invoice, number: self.desk.dispute_invoice(
                DisputeInvoice(
                    actor=CAROL,
                    client_id=client,
                    invoice_id=invoice,
                    invoice_number=number,
                    reason="wrong hours",
                    until=self.chance.choice((None, until)),
                )
            ),
        ]

    def post(self, day: date) -> None:
        """The practice management system lives on, in a process of its own."""
        code = (
            "from datetime import datetime\nfrom pathlib import Path\n"
            "from portal.pms.sample_firm.tick import tick_sample_firm\n"
            f"tick_sample_firm(Path({str(self.firm)!r}), changes=60, seed={day.toordinal()}, "
            f"now=datetime.fromisoformat('{day.isoformat()}T20:00:00+00:00'))"
        )
        subprocess.run([sys.executable, "-c", code], check=True, cwd=PROJECT)
        self.loaded.refresher.refresh()
        self.desk.judge_promises()


@pytest.fixture(scope="module")
def year() -> Iterator[Year]:
    home = folder()
    firm = home / "firm.sqlite"
    create_sample_firm(firm, clients=150, invoices=2_500, seed=5, today=FIRST)
    source = Source("sqlite", str(firm), QUERIES / "pms" / "practice_cs")
    loaded = open_loaded(home, source, choices=CHOICES)
    loaded.refresher.refresh()
    copy_of_tables(home / "store.sqlite")
    store = open_store(f"sqlite:///{home / 'store.sqlite'}", secret_key="test")
    made = Year(firm=firm, loaded=loaded, store=store)
    made.desk.save_rules(SaveCollectionRules(actor=CAROL, rules=RULES, based_on=0))
    yield made
    loaded.warehouse.close()
    store.close()
    shutil.rmtree(home, ignore_errors=True)


def test_a_simulated_month_holds_every_rule(year: Year, suite_line: Callable[[str], None]) -> None:
    said: dict[date, ANNOUNCED] = {}
    done: dict[date, list[Statement]] = {}
    for offset in range(DAYS):
        day = FIRST + timedelta(days=offset)
        year.at(day, 12)
        result = year.desk.run_statements(year.clock)
        done[day] = year.of_day(day)
        assert (result.run is not None) == bool(
            day.weekday() < 5 and not is_federal_holiday(day) and day != date(2026, 6, 11)
        )
        check_run(year, day, done[day])
        if day in said:
            assert said[day] == announced(done[day])
        if day.weekday() < 5:
            year.work(day)
        if offset % 7 == 3:
            year.at(day, 17)
            year.post(day)
        year.at(day, 18)
        tomorrow = day + timedelta(days=1)
        said[tomorrow] = {
            (one.account.client_id, one.trigger.key, one.suppressed and one.suppressed.value)
            for one in year.desk.forecast(CAROL, tomorrow).decisions
        }
    check_throttle(year)
    reasons = Counter(one.suppressed_by for day in done for one in done[day])
    sent = letters(year)
    assert sent > 20
    assert {"throttled", "no_recipient", "waiting"} <= set(reasons)
    suite_line(
        f"collections: {DAYS} simulated days, {sent:,} statements sent, "
        f"{sum(reasons.values()) - reasons[None]:,} suppressed for {len(reasons) - 1} reasons, "
        "every forecast right"
    )


def announced(found: list[Statement]) -> ANNOUNCED:
    return {(one.client_id, one.trigger_key, one.suppressed_by) for one in found}


def check_run(year: Year, day: date, found: list[Statement]) -> None:
    """Each has its trigger, each suppressed one its reason, each recipient wants statements."""
    with year.store.reading() as view:
        run = view.statements.run(day)
    triggers = {one.key: one for one in RULES.triggers}
    dates = {
        key: (made, due)
        for key, made, due in year.loaded.values(
            "select invoice_id::varchar, invoice_date, due_date from invoice_list"
        )
    }
    wanted = set(
        year.loaded.values(
            "select client_id::varchar, trim(email) from contacts where receives_statements"
        )
    )
    for one in found:
        reached = reached_on(triggers[one.trigger_key], *dates[one.reason_invoice_id])
        assert run is not None and reached is not None
        assert run.after_day < reached <= day
        assert (one.state is StatementState.SUPPRESSED) == (one.suppressed_by is not None)
        assert one.suppressed_by is None or one.detail
        assert all((one.client_id, email) in wanted for email, _ in one.to_people)
        assert not one.bcc_people or one.oldest_days > RULES.partner_after_days


def check_throttle(year: Year) -> None:
    days: dict[str, list[date]] = defaultdict(list)
    with year.store.reading() as view:
        for one in view.statements.recent(StatementState.SENT, FIRST, 100_000):
            assert one.sent_on is not None and one.sent_on.weekday() < 5
            assert not is_federal_holiday(one.sent_on) and one.sent_on != date(2026, 6, 11)
            days[one.client_id].append(one.sent_on)
    for sent in days.values():
        sent.sort()
        gaps = [(later - earlier).days for earlier, later in itertools.pairwise(sent)]
        assert all(gap >= RULES.throttle_days for gap in gaps)


def letters(year: Year) -> int:
    """As many letters as statements sent, none twice."""
    with year.store.reading() as view:
        sent = view.statements.recent(StatementState.SENT, FIRST, 100_000)
        keys = [
            one.letter.dedupe_key
            for client in {one.client_id for one in sent}
            for one in view.outbox.of_client(client, 1_000)
        ]
    assert sorted(keys) == sorted(f"statement:{one.statement_id}" for one in sent)
    return len(sent)
