"""Money from the first click to a pending of 0.00: taken, refunded, planned, paid out, posted."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.documents.payment_files import FOLDER
from portal.gateways.open_gateway import open_gateway
from portal.money_desk import payment_policy
from portal.pms.sample_firm.tick import tick_sample_firm
from portal.sandbox_clock import SandboxClock
from portal.services.gateway_customers import customer_of_client
from portal.services.keep_method import keep_method
from portal.services.till import Till
from portal.settings import PROJECT, load_settings
from portal.store import open_store
from portal.ui.format import money, plain_amount
from tests.screens.going import go, stands, type_into
from tests.screens.running_portal import running_browser, running_portal
from tests.screens.test_grid import frame_of

pytestmark = pytest.mark.screens
PATIENCE_MS = 60_000
METHODS = {
    "payer": "visa",
    "splitter": "mastercard",
    "autopayer": "visa_debit",
    "unlucky": "second_try",
    "bouncer": "ach_r01",
    "twice": "amex",
}
"""Each client's part in the journey, and the sandbox's method that plays it."""
CAST = """
select client_id from open_balances
where entry_kind = 'invoice' and not is_disputed and open_cents > 2000 and currency = 'USD'
group by client_id having count(*) between 2 and 8 order by client_id limit 6
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("money")


@pytest.fixture(scope="module")
def page(home: Path) -> Iterator[Page]:
    size = ("--clients", "120", "--invoices", "1500")
    with running_portal(home, size=size) as url, running_browser() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=url)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        page.goto("/reconciliation")
        page.get_by_role("button", name="Enter as admin").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_attached()
        stands(page)
        yield page


@pytest.fixture(scope="module")
def cast(page: Page, home: Path) -> Mapping[str, str]:
    """Part -> client; each has the method of its part saved, as by the gateway's page."""
    found = [client_id for (client_id,) in ask_store(home, CAST)]
    parts = dict(zip(METHODS, found, strict=True))
    settings = load_settings({"PORTAL_HOME": str(home)})
    clock = SandboxClock(home)
    gateway = open_gateway(
        settings.gateway, home=home, secret=settings.secret_key, public_url=settings.public_url,
        zone=settings.timezone, clock=clock,
    )  # fmt: skip
    with closing(open_store(settings.store_url, secret_key=settings.secret_key)) as store:
        nobody = SimpleNamespace(client=lambda client_id: None)
        till = Till(store=store, gateway=gateway, directory=nobody, clock=clock,
                    policy=payment_policy(settings))  # fmt: skip
        for part, client_id in parts.items():
            told = gateway.keep_method(customer_of_client(till, client_id, ""), METHODS[part])
            keep_method(till, told, client_id=client_id, actor="local:admin")
    gateway.close()
    return parts


def ask_store(home: Path, query: str, *values: object) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{home / 'store.sqlite'}?mode=ro", uri=True)) as con:
        return con.execute(query, values).fetchall()


def portal(home: Path, *words: str) -> str:
    """A `portal` command beside the running server."""
    environ = {**os.environ, "PORTAL_HOME": str(home), "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "portal.cli", *words]
    return subprocess.run(
        command, cwd=PROJECT, env=environ, capture_output=True, text=True, check=True
    ).stdout


def first_row(page: Page, path: str, search: str, **wanted: object) -> Mapping[str, object]:
    """The first row of a list that is searched, once its columns say what is wanted."""
    go(page, path)
    frame = frame_of(page)
    frame.locator(".fp-search input").fill(search)
    row: Mapping[str, object] = {}
    until = time.monotonic() + PATIENCE_MS / 1_000
    while time.monotonic() < until:
        row = frame.evaluate("(FirmGrid.api?.getDisplayedRowAtIndex(0) || {}).data || {}")
        if row and all(row.get(column) == value for column, value in wanted.items()):
            return row
        page.wait_for_timeout(200)
    raise AssertionError(f"{path} shows {row}, not {wanted}")


def dialog(page: Page, title: str) -> Locator:
    opened = page.get_by_role("dialog").filter(has_text=title)
    opened.wait_for()
    return opened


def take(page: Page, client_id: str, cents: int) -> None:
    """Take a payment of the client's oldest invoices with the saved method."""
    go(page, f"/client?id={client_id}")
    page.get_by_role("button", name="Take payment").click()
    asked = dialog(page, "Take a payment")
    type_into(asked.get_by_label("Amount", exact=True), plain_amount(cents))
    asked.get_by_text(f"To pay {money(cents, 'USD')}").wait_for()
    asked.get_by_role("button", name="Charge now").click()
    asked.get_by_text(re.compile("payment PI-")).wait_for()


def start_plan(page: Page, client_id: str, kind: str, fields: Mapping[str, str]) -> None:
    go(page, f"/client?id={client_id}&show=Plans")
    page.get_by_role("button", name="Start a plan").click()
    asked = dialog(page, "Start a payment plan")
    asked.get_by_role("radio", name=kind).or_(asked.get_by_role("button", name=kind)).first.click()
    for label, text in fields.items():
        field = asked.get_by_label(label, exact=True)
        expect(field).to_have_count(1)
        type_into(field, text)
    asked.get_by_text("I am authorized to use this payment method").click()
    asked.get_by_role("button", name="Start the plan").click()
    asked.wait_for(state="detached")


def pass_days(page: Page, days: int) -> None:
    go(page, "/reconciliation")
    page.get_by_role("button", name="Let days pass").click()
    asked = dialog(page, "Let days pass")
    type_into(asked.get_by_label("Days", exact=True), str(days))
    asked.get_by_role("button", name="Let them pass").click()
    asked.wait_for(state="detached", timeout=8 * PATIENCE_MS)


def payments_of(home: Path, client_id: str) -> list[tuple]:
    return ask_store(
        home, "select payment_id, state, amount_cents from payments where client_id = ?"
        " order by action_no", client_id,
    )  # fmt: skip


def occurrences_of(home: Path, client_id: str) -> list[str]:
    found = ask_store(
        home, "select occurrences.state from occurrences join plans using (plan_id)"
        " where client_id = ? order by number", client_id,
    )  # fmt: skip
    return [state for (state,) in found]


def test_money_is_taken_refunded_planned_paid_out_and_posted(page: Page, home: Path, cast):
    owed = {
        client_id: ask_store(
            home, "select invoice_id, invoice_number, open_cents from open_balances"
            " where client_id = ? and open_cents > 0"
            " order by due_date is null, due_date, invoice_id",
            client_id,
        )
        for client_id in cast.values()
    }  # fmt: skip

    # A part payment of two invoices is pending at once wherever it is looked for.
    payer = cast["payer"]
    before = first_row(page, "/clients", payer_number(page, payer), client_id=payer)
    first, second = owed[payer][:2]
    paid_cents = first[2] + second[2] // 2
    take(page, payer, paid_cents)
    ((payment_id, state, _),) = payments_of(home, payer)
    assert state == "succeeded"
    half = second[2] // 2
    first_row(page, "/invoices", second[1], pending_cents=half, outstanding_cents=second[2] - half)
    first_row(
        page, "/clients", str(before["client_number"]), pending_cents=paid_cents,
        outstanding_cents=before["outstanding_cents"] - paid_cents,
        payments_to_date_cents=before["payments_to_date_cents"] + paid_cents,
    )  # fmt: skip
    first_row(page, "/payments", payment_id, status="Pending")

    # Part of it goes back.
    go(page, f"/payment?id={payment_id}")
    page.get_by_role("button", name="Refund", exact=True).click()
    asked = dialog(page, "Refund")
    type_into(asked.get_by_role("textbox").nth(1), "0")
    type_into(asked.get_by_role("textbox").nth(0), "10.00")
    type_into(asked.get_by_label("Reason"), "Billed twice")
    asked.get_by_role("button", name="Refund", exact=True).click()
    page.get_by_text("Refunded in part").first.wait_for()
    first_row(page, "/clients", str(before["client_number"]), pending_cents=paid_cents - 1_000)

    # Three plans and a bank debit are on their way.
    today = datetime.now(UTC).astimezone(load_settings({"PORTAL_HOME": str(home)}).timezone).date()
    start_plan(page, cast["splitter"], "Installments", {})
    autopay_day = str(first_charge(today).day)
    start_plan(page, cast["autopayer"], "AutoPay", {"Day of the month": autopay_day})
    start_plan(page, cast["unlucky"], "Recurring", {"Amount": "120.00", "Name": "Bookkeeping"})
    bouncer = cast["bouncer"]
    bounced = owed[bouncer][0]
    take(page, bouncer, bounced[2])
    first_row(page, "/invoices", bounced[1], pending_cents=bounced[2], outstanding_cents=0)

    # Days pass: plans are charged, one is declined and tried again, the bank debit comes back.
    pass_days(page, 14)
    assert occurrences_of(home, cast["splitter"])[0] == "paid"
    assert occurrences_of(home, cast["autopayer"])[0] == "paid"
    unlucky = [state for _, state, _ in payments_of(home, cast["unlucky"])]
    assert unlucky[:2] == ["declined", "succeeded"]
    assert occurrences_of(home, cast["unlucky"])[0] == "paid"
    assert [state for _, state, _ in payments_of(home, bouncer)] == ["returned"]
    first_row(page, "/invoices", bounced[1], pending_cents=0, outstanding_cents=bounced[2])
    go(page, "/plans")
    frame_of(page).locator(".ag-row", has_text="Bookkeeping").wait_for()

    # The payouts are explained; one is closed.
    go(page, "/reconciliation")
    payouts = frame_of(page)
    payouts.locator(".ag-row[row-index='0'] .fp-link").first.click()
    opened = dialog(page, "Unexplained difference: $0.00")
    opened.get_by_role("button", name="Close payout").click()
    opened.wait_for(state="detached")
    assert ask_store(home, "select count(*) from payouts where state = 'closed'") == [(1,)]

    # The files name the payment and the refund; the bookkeeper posts them, and nothing is pending.
    files = [
        page.request.get(str(link.get_attribute("href"))).text()
        for link in page.get_by_role("link", name="Download").all()
    ]
    assert any(payment_id in text for text in files)
    assert any(re.search(r"-10\.00", text) for text in files)
    for look in range(30):  # he leaves some lines for his next look
        tick_sample_firm(
            home / "practice_cs.sqlite", changes=0, now=SandboxClock(home)(), seed=look,
            files=home / FOLDER,
        )  # fmt: skip
    first_row(page, "/clients", str(before["client_number"]), pending_cents=0)
    first_row(page, "/payments", payment_id, status="Posted")
    go(page, "/reconciliation")
    expect(page.get_by_test_id("stMetric").filter(has_text="Not yet posted")).to_contain_text(
        "$0.00"
    )
    assert json.loads(portal(home, "totals", "--json"))["currencies"]["USD"]["pending_cents"] == 0


def test_a_payment_of_a_running_plan_is_skipped_and_the_plan_cancelled(
    page: Page, home: Path, cast
):
    ((plan_id,),) = ask_store(
        home, "select plan_id from plans where client_id = ?", cast["splitter"]
    )
    go(page, f"/plans?id={plan_id}")
    opened = page.get_by_role("dialog")
    opened.get_by_text("Payments so far (1)").wait_for()

    opened.get_by_role("button", name="Skip").first.click()
    opened.get_by_role("button", name="Skip it").click()
    opened.get_by_text("Payments so far (2)").wait_for()
    opened.get_by_role("button", name="Cancel plan").click()
    opened.get_by_role("button", name="Cancel the plan").click()
    opened.get_by_text("Cancelled", exact=True).first.wait_for()

    states = set(occurrences_of(home, cast["splitter"]))
    assert states == {"paid", "skipped", "cancelled"}


def test_autopay_run_twice_and_by_two_at_once_charges_once(page: Page, home: Path, cast):
    client_id = cast["twice"]
    now = SandboxClock(home)().astimezone(load_settings({"PORTAL_HOME": str(home)}).timezone)
    due = first_charge(now.date())
    start_plan(page, client_id, "AutoPay", {"Day of the month": str(due.day)})

    def run(day: date) -> subprocess.Popen:
        environ = {**os.environ, "PORTAL_HOME": str(home), "PYTHONPATH": str(PROJECT)}
        words = ["jobs", "run", "autopay", "--now", f"{day.isoformat()}T10:00", "--json"]
        return subprocess.Popen(
            [sys.executable, "-m", "portal.cli", *words], cwd=PROJECT, env=environ,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def charged(*runs: subprocess.Popen) -> list[int]:
        said = [(one.communicate(timeout=120)[0], one.returncode) for one in runs]
        assert {code for _, code in said} == {0}
        return [json.loads(text)["found"]["charged"] for text, _ in said]

    assert charged(run(due - timedelta(days=3))) == [0]  # the reminder goes out
    weekday_after = due + timedelta(days=4)
    assert sorted(charged(run(weekday_after), run(weekday_after))) == [0, 1]
    assert charged(run(weekday_after)) == [0]

    assert [state for _, state, _ in payments_of(home, client_id)] == ["succeeded"]


def payer_number(page: Page, client_id: str) -> str:
    """The number by which a client is searched, from its page."""
    go(page, f"/client?id={client_id}")
    words = page.get_by_text(re.compile(r"^Client \S+$")).first.inner_text()
    return words.removeprefix("Client ")


def first_charge(today: date) -> date:
    """A day whose AutoPay reminder is still to come, inside the days that pass."""
    return today + timedelta(days=10)
