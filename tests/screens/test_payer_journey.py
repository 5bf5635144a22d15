"""From a mail on a phone to the receipt, an account, a second client and AutoPay; staff see it.

Each step is a fixture, so that any test can be run alone. The mail server and the mailbox are
real ones on loopback.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from portal.services.plan_ports import PlanKind, PlanState
from tests.screens.going import go
from tests.screens.payer_firm import A_PDF, PayerFirm, payer_firm
from tests.screens.payer_phone import Phone, arrived, link_of, pdfs_of, phone
from tests.screens.running_portal import PATIENCE_MS

pytestmark = pytest.mark.screens
FEWEST_TAPS = 6
PASSWORD = "a long walk by the sea"
PIA = "pia.payer@client.example"


@dataclass
class Paid:
    """A phone on which half an invoice was paid, and what was seen on the way."""

    phone: Phone
    half: str
    asked: list[str] = field(default_factory=list)
    stayed_at: str = ""


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PayerFirm]:
    expect.set_options(timeout=PATIENCE_MS)
    with payer_firm(tmp_path_factory.mktemp("payers")) as served:
        yield served


@pytest.fixture(scope="module")
def desk(firm: PayerFirm, browser: Browser) -> Iterator[Page]:
    """Staff, in a browser of their own."""
    page = firm.staff(browser)
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def resent(firm: PayerFirm, desk: Page) -> EmailMessage:
    """The invoice, mailed by somebody of the firm once its PDF has come in by mail."""
    firm.mail_in((f"Invoice_{firm.invoice.invoice_number}.pdf", A_PDF))
    firm.waits_for(lambda view: view.documents.of_invoice(firm.invoice.invoice_id))
    go(desk, f"/invoice?id={firm.invoice.invoice_id}")
    desk.get_by_role("button", name="Resend").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("Message").fill("As we said on the phone.")
    dialog.get_by_role("button", name="Send").click()
    dialog.get_by_text("1 invoice on the way.").wait_for()
    dialog.get_by_role("button", name="Send").click()
    desk.keyboard.press("Escape")
    return arrived(firm.sink, "Invoice ")


@pytest.fixture(scope="module")
def paid(firm: PayerFirm, resent: EmailMessage, browser: Browser) -> Iterator[Paid]:
    """Half of it, paid on a phone."""
    payer = phone(browser)
    made = Paid(phone=payer, half="")
    payer.page.on("request", lambda request: made.asked.append(request.url))
    payer.opens(resent)
    payer.tap(payer.page.get_by_role("link", name="View and pay"))
    payer.button("Pay $").wait_for()
    made.stayed_at = payer.page.url
    whole = int(re.sub(r"\D", "", payer.field("Amount to pay").input_value()))
    made.half = f"{whole // 2 // 100:,}.{whole // 2 % 100:02d}"
    payer.tap(payer.field("Amount to pay"))
    payer.field("Amount to pay").fill(made.half)
    payer.tap(payer.button("Pay $"))
    payer.page.wait_for_url(re.compile(r"/sandbox/pay/"))
    payer.tap(payer.button(f"Pay ${made.half}"))
    payer.says("Paid. Thank you.")
    yield made
    payer.context.close()


@pytest.fixture(scope="module")
def account(firm: PayerFirm, paid: Paid) -> Phone:
    """The payer's account, with a second client, a saved method, and AutoPay in the end."""
    payer, page = paid.phone, paid.phone.page
    page.goto(f"{firm.url}/payer-sign-up")
    payer.field("Your name").fill("Pia Payer")
    payer.field("Email").fill(PIA)
    payer.tap(payer.button("Create account"))
    payer.says("Look into your mail")
    payer.opens(arrived(firm.sink, "Confirm your email"))
    payer.tap(page.get_by_role("link", name="Confirm this address"))
    page.locator("input[type=password]").fill(PASSWORD)
    payer.tap(payer.button("Set password"))
    payer.tap(payer.button("Go on"))
    page.get_by_role("link", name="Settings").wait_for()

    go(page, "/payer-accounts")
    payer.says("Each client is paid by itself.")
    page.get_by_text("Add a client").first.click()
    payer.field("Client number").fill(firm.other[0])
    payer.field("Number of any of its invoices").fill(firm.other[1])
    payer.tap(payer.button("Add client"))
    payer.tap(page.get_by_role("button", name=re.compile("^View")).nth(1))
    payer.says("Your invoices")

    go(page, "/payer-settings")
    payer.tap(payer.button("Save a method"))
    page.wait_for_url(re.compile(r"/sandbox/pay/"))
    payer.tap(page.get_by_role("button", name=re.compile("Save")).first)
    payer.says("The method is saved.")
    return payer


@pytest.fixture(scope="module")
def autopay(account: Phone) -> Phone:
    """A recurring payment the payer set up, and AutoPay in its place."""
    page = account.page
    page.get_by_text("New recurring payment").click()
    account.field("Amount").fill("25.00")
    recurring = page.get_by_test_id("stExpander").filter(has_text="New recurring payment")
    recurring.get_by_text("I am authorized to use this method").click()
    account.tap(recurring.get_by_role("button", name="Start"))
    account.says("Monthly payment: $25.00")

    account.tap(page.get_by_text("I am authorized to use this method").first)
    account.tap(account.button("Start AutoPay"))
    account.says("The recurring payments of this client may end")
    page.get_by_text("The recurring payments of this client may end").click()
    account.tap(account.button("Start AutoPay"))
    account.says("Pays every invoice on day 15")
    return account


def test_a_pdf_that_came_by_mail_is_resent_once_by_staff(
    firm: PayerFirm, resent: EmailMessage
) -> None:
    assert pdfs_of(resent) == [A_PDF]
    assert firm.invoice.invoice_number in str(resent["Subject"])
    body = resent.get_body(("plain",))
    assert body is not None and "As we said on the phone." in body.get_content()
    assert len([one for one in firm.sink.mails if str(one["Subject"]).startswith("Invoice")]) == 1


@pytest.mark.catalogue(72)
def test_half_an_invoice_is_paid_from_its_mail_in_a_few_taps(
    firm: PayerFirm, resent: EmailMessage, paid: Paid, suite_line: Callable[[str], None]
) -> None:
    payer = paid.phone
    receipt = arrived(firm.sink, "Receipt for")
    assert str(receipt["To"]) in str(resent["To"])
    assert f"${paid.half}" in str(receipt["Subject"])
    assert pdfs_of(receipt)[0].startswith(b"%PDF")
    payer.says(f"${paid.half}")
    paper = payer.page.get_by_role("link", name="Receipt as PDF").get_attribute("href")
    answer = payer.context.request.get(f"{firm.url}{paper}")
    assert answer.headers["content-type"] == "application/pdf"

    token = link_of(resent).partition("#")[2]
    own = (firm.url, f"blob:{firm.url}", "about:", "data:")
    assert paid.stayed_at == f"{firm.url}/client-portal"
    assert token not in payer.page.evaluate("document.referrer + location.href")
    assert token not in (firm.home / "server.log").read_text()
    assert not [url for url in paid.asked if not url.startswith(own)]
    assert not [url for url in paid.asked if token in url and "/client-portal/open#" not in url]
    assert payer.taps <= FEWEST_TAPS
    suite_line(f"payer journey: {payer.taps} taps from mail to receipt, goal {FEWEST_TAPS}")


@pytest.mark.catalogue(21)
def test_reloading_and_going_back_after_paying_charges_nothing_again(
    firm: PayerFirm, resent: EmailMessage, paid: Paid
) -> None:
    again = phone(paid.phone.context.browser)
    again.page.goto(link_of(resent))
    again.button("Pay $").wait_for()
    assert again.field("Amount to pay").input_value().replace(",", "") != ""
    page = paid.phone.page
    page.reload()
    paid.phone.says("Paid. Thank you.")
    page.go_back()
    page.wait_for_load_state()
    page.goto(f"{firm.url}/client-portal")
    paid.phone.says("Your invoices")
    paid.phone.button("Pay $").wait_for()
    again.context.close()

    with firm.store() as store, store.reading() as view:
        made = view.payments.of_client(firm.invoice.client_id)
    assert [one.state for one in made] == ["succeeded"]
    assert len([one for one in firm.sink.mails if "Receipt" in str(one["Subject"])]) == 1


def test_an_account_links_a_second_client_and_sets_recurring_payments_and_autopay(
    firm: PayerFirm, autopay: Phone
) -> None:
    with firm.store() as store, store.reading() as view:
        user = view.portal_users.with_email(PIA)
        linked = view.portal_users.clients_of(user.portal_user_id)
        plans = [plan for one in linked for plan in view.plans.of_client(one.client_id)]
    assert len(linked) == 2
    assert {(plan.kind, plan.state) for plan in plans} == {
        (PlanKind.AUTOPAY, PlanState.ACTIVE),
        (PlanKind.RECURRING, PlanState.CANCELLED),
    }
    arrived(firm.sink, "AutoPay started")


def listed(page: Page) -> Locator:
    """The list on a page."""
    return page.frame_locator("iframe[src*='st_aggrid']").locator("body")


def test_staff_see_all_of_it(firm: PayerFirm, desk: Page, paid: Paid, autopay: Phone) -> None:
    client = f"/client?id={firm.invoice.client_id}"
    go(desk, f"/invoice?id={firm.invoice.invoice_id}")
    expect(desk.get_by_text("Pending").first).to_be_visible()
    expect(desk.get_by_text(f"${paid.half}").first).to_be_visible()

    go(desk, "/payments")
    expect(listed(desk)).to_contain_text(firm.invoice.client_name[:12])
    go(desk, f"{client}&show=Payments")
    expect(listed(desk)).to_contain_text(paid.half)
    go(desk, f"{client}&show=Emails")
    expect(listed(desk)).to_contain_text("Receipt")
    expect(listed(desk)).to_contain_text("Invoice")

    go(desk, "/portal-users")
    row = listed(desk).locator(".ag-row").filter(has_text=PIA).first
    expect(row).to_contain_text("Active")
    expect(row).to_contain_text("2")
    go(desk, "/plans")
    expect(listed(desk)).to_contain_text("AutoPay")


def test_staff_look_at_one_clients_portal_and_it_says_so(firm: PayerFirm, desk: Page) -> None:
    go(desk, f"/client?id={firm.invoice.client_id}")
    with desk.context.expect_page() as opened:
        desk.get_by_role("link", name="Open client portal").click()
    seen = opened.value
    seen.get_by_text("Staff view.").wait_for()
    assert seen.url == f"{firm.url}/client-portal"
    assert not seen.get_by_test_id("stSidebar").is_visible()
    seen.get_by_role("button", name="Leave the client's portal").click()
    seen.get_by_text("View and pay your invoices").wait_for()
    seen.close()

    with firm.store() as store, store.reading() as view:
        actions = [row.action for row in view.audit.rows(limit=5)]
    assert "client_portal.opened_by_staff" in actions
