"""A collector's day: the worklist by keyboard, a promise that is kept, tomorrow's statements."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.collections_desk import is_federal_holiday
from portal.domain.collection_rules import CollectionRules, PartnerCopy, Trigger
from portal.domain.promises import PromiseState
from portal.domain.statement_days import next_run_day
from portal.services.save_collection_rules import SaveCollectionRules, save_collection_rules
from portal.services.statement_ports import StatementState
from portal.settings import PROJECT, Settings, load_settings
from portal.store import Store, open_store
from tests.adapters.test_sample_firm import BALANCES
from tests.collections_fixture import CAROL
from tests.screens.going import go, stands
from tests.screens.running_portal import running_portal, sign_in
from tests.screens.test_grid import frame_of
from tests.screens.test_journey_live import in_the_practice_system

pytestmark = pytest.mark.screens

TRIGGERS = 20
PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("collections")


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    with running_portal(home, size=("--clients", "80", "--invoices", "1200")) as address:
        yield address


@pytest.fixture
def page(browser: Browser, url: str, home: Path) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=url)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    sign_in(context, home, url)
    page.goto(f"{url}/worklist")
    stands(page)
    yield page
    context.close()


@pytest.fixture
def settings(home: Path, url: str) -> Settings:
    return load_settings({"PORTAL_HOME": str(home)})


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings.store_url, secret_key=settings.secret_key)
    yield opened
    opened.close()


def rules_for(home: Path, morning: date) -> CollectionRules:
    """Triggers at ages that open invoices reach on that morning, below and beyond 90 days."""
    with sqlite3.connect(f"file:{home / 'practice_cs.sqlite'}?mode=ro", uri=True) as con:
        due = [
            date.fromisoformat(row[3][:10])
            for row in con.execute(BALANCES)
            if row[3] and row[4] > row[5]
        ]
    ages = sorted({(morning - day).days for day in due if day < morning})
    young, old = [age for age in ages if age <= 90], [age for age in ages if age > 90]
    chosen = young[:: max(len(young) // 10, 1)][:10] + old[:10]
    return CollectionRules(
        triggers=tuple(Trigger(days=age, partner=PartnerCopy.CC) for age in chosen[:TRIGGERS])
    )


def run_job(home: Path, name: str, *more: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "portal.cli", "jobs", "run", name, *more],
        cwd=PROJECT,
        env={**os.environ, "PORTAL_HOME": str(home), "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def data_version(url: str) -> int:
    with urllib.request.urlopen(f"{url}/health") as answer:
        return json.load(answer)["version"]


def in_hand(page: Page) -> str:
    return page.locator("h2").first.inner_text().replace("\u2060", "")


def written(name: str) -> re.Pattern[str]:
    """A name as pages write it: a mark may keep it from becoming a link."""
    return re.compile("\u2060?".join(re.escape(sign) for sign in name.strip()))


def figure(page: Page, label: str) -> int:
    metric = page.locator("[data-testid=stMetric]", has_text=label)
    return int(metric.locator("[data-testid=stMetricValue]").inner_text().replace(",", ""))


def take_first_row(page: Page) -> None:
    """Stand on the first row of the list and wait until its client is in hand."""
    cell = frame_of(page).locator(".ag-row[row-index='0'] [col-id=client_name]")
    name = cell.inner_text()
    frame_of(page).locator(".ag-row[row-index='0'] [col-id=oldest_days]").click()
    expect(page.locator("h2").first).to_have_text(written(name))


def test_a_collectors_day(
    page: Page, url: str, home: Path, settings: Settings, store: Store
) -> None:
    today = datetime.now(settings.timezone).date()
    morning = next_run_day(today + timedelta(days=1), CollectionRules(), is_federal_holiday)
    save_collection_rules(
        SaveCollectionRules(actor=CAROL, rules=rules_for(home, morning), based_on=0),
        store=store,
        clock=lambda: datetime.now(settings.timezone),
    )

    promised = work_the_list(page)
    a_payment_keeps_the_promise(page, url, home, store, promised)
    said = what_the_simulator_says(page)
    answer = run_job(home, "statements", "--now", f"{morning.isoformat()}T12:00:00-05:00")
    assert f"staged {said.staged}" in answer
    assert f"suppressed {said.suppressed}" in answer
    it_was_as_forecast(store, morning, said)
    # Later in the day the server has staged today's as well, by the rules it found.
    with store.reading() as view:
        waiting = len(view.statements.staged())
        before = len(view.statements.recent(StatementState.SENT, today, 1_000))
    review_the_queue(page, waiting)

    with store.reading() as view:
        sent = view.statements.recent(StatementState.SENT, today, 1_000)
        dropped = view.statements.recent(StatementState.DROPPED, today, 1_000)
    assert len(dropped) == 1 and dropped[0].detail == "called the client"
    assert len(sent) == before + waiting - 1
    assert any("audit@hartwell.example" in str(one.cc_people) for one in sent)
    for one in sent:
        copied = [email for email, _ in one.cc_people if email != "audit@hartwell.example"]
        assert not copied or one.oldest_days > 90
    assert any(one.oldest_days > 90 and one.cc_people for one in sent)


def work_the_list(page: Page) -> str:
    """Note, promise, pause and next, without the mouse once a row is in hand."""
    take_first_row(page)
    page.keyboard.press("n")
    page.get_by_role("textbox", name="Note").fill("prefers email")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("prefers email")).to_be_visible()

    promised = in_hand(page)
    take_first_row(page)
    page.keyboard.press("p")
    page.get_by_role("textbox", name="Amount").fill("400.00")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Promise open: $400.00")).to_be_visible()

    expect(frame_of(page).locator(".ag-row[row-index='0'] [col-id=client_name]")).not_to_have_text(
        promised
    )
    take_first_row(page)
    page.keyboard.press("s")
    page.get_by_role("textbox", name="Reason").fill("new bookkeeper")
    page.keyboard.press("Enter")
    expect(page.get_by_text("new bookkeeper").first).to_be_visible()

    before = in_hand(page)
    page.locator("h1").click()
    page.keyboard.press("j")
    expect(page.locator("h2").first).not_to_have_text(written(before))
    return promised


def a_payment_keeps_the_promise(
    page: Page, url: str, home: Path, store: Store, promised: str
) -> None:
    with store.reading() as view:
        (promise,) = view.promises.to_judge(date(2000, 1, 1))
    before = data_version(url)
    in_the_practice_system(
        home,
        "insert into Ledger_Entry (ledger_entry_type_KEY, client_KEY, entry_number, entry_date, "
        "posted_date, reference, amount, update_date_utc) values "
        f"(4, {int(promise.client_id)}, 'P-1', '{promise.made_on}', '{promise.made_on}', "
        f"'check 77', '400.00', '{promise.made_on}T12:00:00')",
    )
    while data_version(url) == before:
        page.wait_for_timeout(100)
    for _ in range(60):
        # The payment has been read; the server's own job may be the one that sees it.
        run_job(home, "promises")
        with store.reading() as view:
            kept = view.promises.find(promise.promise_id)
        if kept is not None and kept.state is PromiseState.KEPT:
            break
        page.wait_for_timeout(500)
    assert kept is not None and kept.state is PromiseState.KEPT
    go(page, f"/client?id={promise.client_id}&show=Notes")
    expect(page.locator("h1").first).to_have_text(written(promised))
    grid = page.frame_locator("iframe[src*='st_aggrid']")
    expect(grid.locator("[col-id=state]", has_text="Kept")).to_be_visible(timeout=120_000)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the simulator says of a morning; of the names those that are on screen."""

    staged: int
    suppressed: int
    copied: int
    names: frozenset[str]


def what_the_simulator_says(page: Page) -> Said:
    go(page, "/statements?part=Simulator")
    expect(page.locator("[data-testid=stMetric]")).to_have_count(4)
    rows = frame_of(page).locator(".ag-row [col-id=client]")
    expect(rows.first).to_be_visible()
    said = Said(
        staged=figure(page, "To review"),
        suppressed=figure(page, "Not sent"),
        copied=figure(page, "Copied to a partner"),
        names=frozenset(rows.all_inner_texts()),
    )
    assert said.staged >= 3
    return said


def it_was_as_forecast(store: Store, morning: date, said: Said) -> None:
    """The same clients, as many of them, and as many copies; partners only beyond 90 days."""
    with store.reading() as view:
        staged = [one for one in view.statements.staged() if one.run_day == morning]
        silent = view.statements.recent(StatementState.SUPPRESSED, morning, 1_000)
    assert len(staged) == said.staged
    assert len(silent) == said.suppressed
    assert all(one.detail for one in silent)
    assert said.names and said.names <= {one.client_name for one in staged}
    assert sum(bool(one.cc_people) for one in staged) == said.copied
    assert all(one.oldest_days > 90 for one in staged if one.cc_people)


def review_the_queue(page: Page, staged: int) -> None:
    """One is edited, one dropped, the rest sent."""
    # The page has shown its simulator before: opened anew, it begins with the queue.
    page.goto("/statements")
    stands(page)
    expect(page.get_by_role("button", name=f"Send all {staged}")).to_be_visible()
    mail = page.frame_locator("iframe[src*='/mail/staged/']").first
    expect(mail.get_by_text("Hartwell & Rowe LLP").first).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^Edit")).click()
    copies = page.get_by_role("dialog").get_by_role("textbox", name="Cc", exact=True)
    kept = copies.input_value()
    copies.fill(", ".join(part for part in (kept, "audit@hartwell.example") if part))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(re.compile("Cc: .*audit@")).first).to_be_visible()

    edited = in_hand(page)
    rows = frame_of(page).locator(".ag-center-cols-container .ag-row")
    other = next(
        row for row in rows.all() if row.locator("[col-id=client_name]").inner_text() != edited
    )
    other.locator("[col-id=open_cents]").click()
    page.keyboard.press("x")
    page.get_by_role("dialog").get_by_role("textbox").fill("called the client")
    page.get_by_role("button", name="Drop 1 statement").click()

    page.get_by_role("button", name=f"Send all {staged - 1}").click()
    page.get_by_role("button", name="Send them").click()
    expect(page.get_by_text(f"{staged - 1} done")).to_be_visible()
    go(page, "/statements")
    expect(page.get_by_text("Nothing to review")).to_be_visible()
