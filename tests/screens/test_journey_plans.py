"""A plan from its start to its end: started on a client, charged by a job, skipped, cancelled."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.settings import PROJECT
from tests.screens.running_portal import running_browser, running_portal
from tests.screens.test_grid import frame_of

pytestmark = pytest.mark.screens
PATIENCE_MS = 60_000
FREE_TO_PLAN = """
select payment_methods.client_id
from payment_methods join open_balances using (client_id)
where payment_methods.state = 'active' and payment_methods.kind = 'credit'
    and payment_methods.last4 in ('4242', '4444') and open_balances.open_cents > 0
    and open_balances.entry_kind = 'invoice' and not open_balances.is_disputed
    and client_id not in (select client_id from plans)
    and invoice_id not in (select invoice_id from payment_items where invoice_id is not null)
limit 1
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plans")


@pytest.fixture(scope="module")
def page(home: Path) -> Iterator[Page]:
    size = ("--clients", "250", "--invoices", "3000", "--with-portal")
    with running_portal(home, size=size) as url, running_browser() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=url)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        page.goto("/plans")
        page.get_by_role("button", name="Enter as admin").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_attached()
        yield page


def run_job(home: Path, name: str, days_ahead: int) -> dict:
    """Run a job through the server, as of ten in the morning some days ahead."""
    at = (datetime.now() + timedelta(days=days_ahead)).replace(hour=10, minute=0)
    environ = {**os.environ, "PORTAL_HOME": str(home), "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "portal.cli", "jobs", "run", name, "--json"]
    done = subprocess.run(
        [*command, "--now", at.isoformat(timespec="minutes")],
        cwd=PROJECT, env=environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)["found"]


def ask_store(home: Path, query: str) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{home / 'store.sqlite'}?mode=ro", uri=True)) as con:
        return con.execute(query).fetchall()


def test_a_plan_is_started_charged_skipped_and_cancelled(page: Page, home: Path):
    ((client_id,),) = ask_store(home, FREE_TO_PLAN)
    page.goto(f"/client?id={client_id}&show=Plans")

    page.get_by_role("button", name="Start a plan").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("What it will charge").wait_for()
    dialog.get_by_text("I am authorized to use this payment method").click()
    dialog.get_by_role("button", name="Start the plan").click()
    listed = frame_of(page)
    row = listed.locator(".ag-row[row-index='0']").first
    expect(row).to_contain_text("Installments")
    ((plan_id,),) = ask_store(home, f"select plan_id from plans where client_id = '{client_id}'")

    first = run_job(home, "recurring", days_ahead=6)
    again = run_job(home, "recurring", days_ahead=6)
    assert first["charged"] >= 1
    assert again["charged"] == 0
    states = ask_store(
        home, f"select state from occurrences where plan_id = '{plan_id}' order by number"
    )
    assert [state for (state,) in states] == ["paid", "scheduled", "scheduled"]

    page.goto(f"/plans?id={plan_id}")
    dialog.get_by_text("Payments so far (1)").wait_for()
    dialog.get_by_role("button", name="Skip").first.click()
    dialog.get_by_role("button", name="Skip it").click()
    dialog.get_by_text("Payments so far (2)").wait_for()

    dialog.get_by_role("button", name="Cancel plan").click()
    dialog.get_by_role("button", name="Cancel the plan").click()
    dialog.get_by_text("Cancelled", exact=True).first.wait_for()
    assert run_job(home, "recurring", days_ahead=80)["charged"] >= 0
    paid = ask_store(home, f"select count(*) from payments where plan_id = '{plan_id}'")
    assert paid == [(1,)]
