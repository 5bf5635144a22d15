"""From a mail on a phone to the receipt, an account, a second client and AutoPay."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from portal.services.plan_ports import PlanKind
from portal.settings import load_settings
from portal.store import open_store
from tests.screens.payer_phone import Phone, link_of, mail, pdfs_of, phone, resend_an_invoice
from tests.screens.running_portal import PATIENCE_MS, running_browser, running_portal
from tests.screens.test_journey_live import in_the_practice_system

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


@pytest.mark.catalogue(72)
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
    assert token not in payer.page.evaluate("document.referrer + location.href")
    assert token not in (firm.home / "server.log").read_text()
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
    payer.tap(page.get_by_role("button", name=re.compile("^View")).nth(1))
    payer.says("Your invoices")

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


def staff(browser: Browser, firm: Firm) -> Page:
    """Somebody of the firm at a desk."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(firm.url)
    page.get_by_role("button", name="Enter as admin").click()
    page.get_by_role("button", name="Sign out").wait_for()
    return page


@pytest.mark.catalogue(67)
def test_a_quick_link_is_paid_by_a_stranger_associated_and_revoked(
    firm: Firm, browser: Browser
) -> None:
    desk = staff(browser, firm)
    desk.goto(f"{firm.url}/quick-links")
    desk.get_by_role("button", name="New quick link").click()
    desk.get_by_role("textbox", name="Label (for you)").fill("Spring seminar")
    desk.get_by_role("textbox", name="Amount (empty: the payer says)").fill("12.50")
    desk.get_by_role("button", name="Make the link").click()
    address = desk.get_by_test_id("stCode").inner_text().replace("\n", "").strip()
    assert address.startswith(f"{firm.url}/pay/open#")

    stranger = phone(browser)
    stranger.page.goto(address)
    stranger.field("Your name or company").fill("Zed <b>Stranger</b>")
    assert stranger.page.url == f"{firm.url}/pay"
    stranger.field("Email for the receipt").fill("zed@stranger.example")
    stranger.field("What is it for?").fill("Seminar")
    stranger.tap(stranger.button("Pay"))
    stranger.page.wait_for_url(re.compile(r"/sandbox/pay/"))
    stranger.tap(stranger.button("Pay $12.50"))
    stranger.says("Paid. Thank you.")

    desk.goto(f"{firm.url}/quick-links")
    desk.get_by_role("button", name="Associate").click()
    desk.get_by_role("textbox", name="Client name or number").fill(firm.other[0])
    desk.keyboard.press("Enter")
    desk.get_by_test_id("stDialog").get_by_test_id("stRadio").wait_for()
    desk.get_by_test_id("stDialog").get_by_test_id("stRadio").locator("label").nth(1).click()
    desk.get_by_test_id("stDialog").get_by_role("button", name="Associate").click()
    desk.get_by_text("Waiting for a client").wait_for(state="detached")

    store = open_store(load_settings({"PORTAL_HOME": str(firm.home)}).store_url, secret_key="x")
    with store.reading() as view:
        (link,) = view.quick_links.all()
        paid = [p for p in view.payments.in_states(["succeeded"]) if p.quick_link_id]
    with store.unit_of_work() as uow:
        uow.quick_links.revoke(link.link_id, "test", datetime.now(UTC))
        uow.commit()
    store.close()
    assert link.uses == 1
    assert paid[0].client_id is not None

    late = phone(browser)
    late.page.goto(address)
    late.says("This payment link does not work any more.")
    unknown = phone(browser)
    unknown.page.goto(address[:-3] + "AAA")
    unknown.says("This payment link does not work any more.")
    for one in (stranger, late, unknown):
        one.context.close()
    desk.context.close()


@pytest.mark.catalogue(73)
@pytest.mark.catalogue(75)
def test_hostile_names_stay_text_on_payers_pages(firm: Firm, browser: Browser) -> None:
    evil = "<img src=x onerror=alert(1)> ![](http://evil.example/x) [p](javascript:alert(1)) $x$"
    in_the_practice_system(
        firm.home, f"update Client set description = '{evil}' where client_id = '{firm.other[0]}'"
    )
    guest = phone(browser)
    told: list[str] = []
    guest.page.on("dialog", lambda dialog: told.append(dialog.message))
    guest.page.on("request", lambda request: told.append(request.url))
    guest.page.goto(f"{firm.url}/client-portal")
    guest.field("Client number").fill(firm.other[0])
    guest.field("Invoice number").fill(firm.other[1])
    guest.tap(guest.button("View invoices"))
    guest.says("Your invoices")
    guest.says("<img src=x onerror=alert(1)>")
    guest.page.get_by_role("link", name="Payments").click()
    guest.says("Your payments")
    guest.says("<img src=x onerror=alert(1)>")

    own = (firm.url, f"blob:{firm.url}", "data:")
    assert [one for one in told if not one.startswith(own)] == []
    guest.context.close()


def test_staff_look_at_one_clients_portal_and_it_says_so(firm: Firm, browser: Browser) -> None:
    desk = staff(browser, firm)
    store = open_store(load_settings({"PORTAL_HOME": str(firm.home)}).store_url, secret_key="x")
    with store.reading() as view:
        client_id = view.portal_users.clients_of(
            view.portal_users.with_email("pia.payer@client.example").portal_user_id
        )[0].client_id
    desk.goto(f"{firm.url}/client?id={client_id}")
    with desk.context.expect_page() as opened:
        desk.get_by_role("link", name="Open client portal").click()
    view_of_client = opened.value
    view_of_client.set_default_timeout(PATIENCE_MS)
    view_of_client.get_by_text("Staff view.").wait_for()
    assert view_of_client.url == f"{firm.url}/client-portal"
    assert not view_of_client.get_by_test_id("stSidebar").is_visible()
    view_of_client.get_by_role("button", name="Leave the client's portal").click()
    view_of_client.get_by_text("View and pay your invoices").wait_for()

    with store.reading() as view:
        actions = [row.action for row in view.audit.rows(limit=5)]
    store.close()
    assert "client_portal.opened_by_staff" in actions
    desk.context.close()
