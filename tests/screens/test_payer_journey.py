"""From a mail on a phone to the receipt, an account, a second client and AutoPay."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from portal.services.plan_ports import PlanKind
from portal.settings import load_settings
from portal.store import open_store
from tests.screens.payer_phone import Phone, link_of, mail, pdfs_of, phone, resend_an_invoice
from tests.screens.running_portal import running_browser, running_portal

pytestmark = pytest.mark.screens
FEWEST_TAPS = 6
PASSWORD = "a long walk by the sea"


@dataclass(frozen=True)
class Firm:
    """A served firm that has mailed an invoice; `other` are numbers of another client's."""

    home: Path
    url: str
    other: tuple[str, str]


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    home = tmp_path_factory.mktemp("payers")
    with running_portal(home):
        pass  # the first start loads the firm
    other = resend_an_invoice(home)
    with running_portal(home) as url:
        yield Firm(home, url, other)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running


@pytest.fixture(scope="module")
def payer(browser: Browser) -> Iterator[Phone]:
    one = phone(browser)
    yield one
    one.context.close()


def cents(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def test_half_an_invoice_is_paid_from_its_mail_in_a_few_taps(
    firm: Firm, payer: Phone, suite_line: Callable[[str], None]
) -> None:
    invoice = mail(firm.home, "invoice")
    assert pdfs_of(invoice)
    asked: list[str] = []
    payer.page.on("request", lambda request: asked.append(request.url))

    payer.page.goto(link_of(invoice))
    payer.taps += 1  # the button in the mail
    payer.button("Pay $").wait_for()
    assert payer.page.url == f"{firm.url}/client-portal"
    whole = cents(payer.field("Amount to pay").input_value())
    half = f"{whole // 2 // 100}.{whole // 2 % 100:02d}"
    payer.tap(payer.field("Amount to pay"))
    payer.field("Amount to pay").fill(half)
    payer.tap(payer.button("Pay $"))
    payer.page.wait_for_url(re.compile(r"/sandbox/pay/"))
    payer.tap(payer.button("Pay $"))
    payer.says("Paid. Thank you.")

    payer.says(f"${int(half[:-3]):,}{half[-3:]}")
    receipt = mail(firm.home, "receipt")
    assert str(receipt["To"]) in str(invoice["To"])
    assert pdfs_of(receipt)[0].startswith(b"%PDF")
    paper = payer.page.get_by_role("link", name="Receipt as PDF").get_attribute("href")
    assert payer.context.request.get(f"{firm.url}{paper}").headers["content-type"] == (
        "application/pdf"
    )
    token = link_of(invoice).partition("#")[2]
    own = (firm.url, f"blob:{firm.url}")
    assert not [url for url in asked if token in url or not url.startswith(own)]
    assert payer.taps <= FEWEST_TAPS
    suite_line(f"payer journey: {payer.taps} taps from mail to receipt, goal {FEWEST_TAPS}")


@pytest.mark.catalogue(21)
def test_reloading_and_going_back_after_paying_charges_nothing_again(
    firm: Firm, payer: Phone
) -> None:
    mail(firm.home, "receipt")
    before = len(list((firm.home / "outbox").glob("*-receipt-*.eml")))
    payer.page.reload()
    payer.says("Paid. Thank you.")
    payer.page.go_back()
    payer.page.wait_for_load_state()
    payer.page.goto(f"{firm.url}/client-portal")
    payer.says("Your invoices")
    payer.button("Pay $").wait_for()

    store = open_store(load_settings({"PORTAL_HOME": str(firm.home)}).store_url, secret_key="x")
    with store.reading() as view:
        made = view.payments.in_states(["succeeded"])
    store.close()
    assert len(made) == 1
    assert len(list((firm.home / "outbox").glob("*-receipt-*.eml"))) == before


def test_an_account_links_a_second_client_and_sets_autopay(firm: Firm, payer: Phone) -> None:
    page = payer.page
    page.goto(f"{firm.url}/payer-sign-up")
    payer.field("Your name").fill("Pia Payer")
    payer.field("Email").fill("pia.payer@client.example")
    page.locator("input[type=password]").fill(PASSWORD)
    payer.tap(payer.button("Create account"))
    payer.says("Look into your mail")

    page.goto(link_of(mail(firm.home, "verification")))
    page.get_by_role("link", name="Settings").wait_for()
    page.goto(f"{firm.url}/payer-accounts")
    payer.says("Each client is paid by itself.")
    page.get_by_text("Add a client").first.click()
    payer.field("Client number").fill(firm.other[0])
    payer.field("Number of any of its invoices").fill(firm.other[1])
    payer.tap(payer.button("Add client"))
    page.get_by_role("button", name=re.compile("^View")).nth(1).wait_for()

    page.goto(f"{firm.url}/payer-settings")
    payer.tap(payer.button("Save a method"))
    page.wait_for_url(re.compile(r"/sandbox/pay/"))
    payer.tap(page.get_by_role("button", name=re.compile("Save")).first)
    payer.says("The method is saved.")
    payer.tap(page.get_by_text("I am authorized to use this method").first)
    payer.tap(payer.button("Start AutoPay"))
    payer.says("Pays every invoice on day 15")

    store = open_store(load_settings({"PORTAL_HOME": str(firm.home)}).store_url, secret_key="x")
    with store.reading() as view:
        user = view.portal_users.with_email("pia.payer@client.example")
        linked = view.portal_users.clients_of(user.portal_user_id)
        plans = [plan for one in linked for plan in view.plans.of_client(one.client_id)]
    store.close()
    assert len(linked) == 2
    assert [plan.kind for plan in plans] == [PlanKind.AUTOPAY]
