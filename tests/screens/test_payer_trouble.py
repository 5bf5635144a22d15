"""Payers whose browser, link or line gives trouble, and texts that try to: one charge, no script.

Every browser here is watched: whatever would leave this host is stopped and counted.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from portal.documents.pdf_check import check_pdf
from portal.gateways.open_gateway import open_gateway
from portal.settings import load_settings
from tests.screens.going import go
from tests.screens.payer_firm import PayerFirm, payer_firm
from tests.screens.payer_phone import Phone, arrived, phone
from tests.screens.running_portal import PATIENCE_MS
from tests.screens.test_grid import frame_of
from tests.screens.test_journey_live import in_the_practice_system

pytestmark = pytest.mark.screens
SANDBOX = re.compile(r"/sandbox/pay/")
EVIL = "<img src=x onerror=alert(1)>"
WORSE = f"{EVIL} ![](http://evil.example/x) [p](javascript:alert(1)) </script> `${{1}}` $x$"
GENERIC = "This payment link does not work any more."


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PayerFirm]:
    """A firm of which a client, its contacts and engagements have hostile names."""
    expect.set_options(timeout=PATIENCE_MS)
    with payer_firm(tmp_path_factory.mktemp("trouble")) as served:
        for change in (
            f"update Client set description = '{WORSE}' where client_id = '{served.other[0]}'",
            f"update Contact set description = '{WORSE}'",
            f"update Engagement set engagement_name = '{WORSE}'",
        ):
            in_the_practice_system(served.home, change)
        served.settle()
        yield served


@pytest.fixture(scope="module")
def desk(firm: PayerFirm, browser: Browser) -> Iterator[Page]:
    page = firm.staff(browser)
    watch(firm, page.context)
    yield page
    page.context.close()


@pytest.fixture
def guest(firm: PayerFirm, browser: Browser) -> Iterator[Phone]:
    """Somebody at a phone, come in with the two numbers of the client with the hostile name."""
    payer = phone(browser)
    watch(firm, payer.context)
    payer.page.goto(f"{firm.url}/client-portal")
    payer.field("Client number").fill(firm.other[0])
    payer.field("Invoice number").fill(firm.other[1])
    payer.tap(payer.button("View invoices"))
    payer.says("Your invoices")
    yield payer
    payer.context.close()


@pytest.fixture(autouse=True)
def nothing_leaves(firm: PayerFirm) -> Iterator[None]:
    yield
    assert firm.strangers == []


def watch(firm: PayerFirm, context: BrowserContext) -> None:
    """Stop whatever would leave this host, and note it together with what scripts say."""
    here = urlsplit(firm.url).netloc

    def decide(route: Route) -> None:
        if urlsplit(route.request.url).netloc == here:
            route.continue_()
        else:
            firm.strangers.append(route.request.url)
            route.abort()

    context.route(lambda url: url.startswith(("http:", "https:", "ws:")), decide)
    context.on("dialog", lambda dialog: firm.strangers.append(dialog.message) or dialog.dismiss())


def only_first(payer: Phone) -> str:
    """Choose the first invoice that can be chosen, alone. Returns: its number."""
    boxes = payer.page.get_by_role("checkbox", name=re.compile("^Invoice"))
    boxes.first.wait_for()
    names = [str(one.get_attribute("aria-label")) for one in boxes.all() if one.is_enabled()]
    for name in names[1:]:
        payer.page.get_by_text(name, exact=True).click()
    payer.field("Amount to pay").wait_for()
    return names[0].split()[1]


def captured(firm: PayerFirm, number: str) -> list[int]:
    """What was really charged for an invoice, payment by payment."""
    with firm.store() as store, store.reading() as view:
        return [
            one.captured_cents
            for one in view.payments.in_states(["succeeded"])
            if any(item.invoice_number == number for item in view.payments.items(one.payment_id))
        ]


def pay_with_a_mail(payer: Phone) -> None:
    payer.field("Email for the receipt").fill("gus@client.example")
    payer.field("Email for the receipt").press("Tab")


@pytest.mark.catalogue(19)
def test_double_clicks_and_a_line_that_breaks_charge_once(firm: PayerFirm, guest: Phone) -> None:
    page = guest.page
    number = only_first(guest)
    pay_with_a_mail(guest)
    guest.button("Pay $").dblclick()
    page.wait_for_url(SANDBOX)
    hosted = page.url

    guest.context.set_offline(True)
    guest.button("Pay $").click()
    page.wait_for_timeout(500)
    guest.context.set_offline(False)
    assert captured(firm, number) == []

    def lose(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    page.goto(hosted)
    page.route(SANDBOX, lambda r: lose(r) if r.request.method == "POST" else r.continue_())
    guest.button("Pay $").click()
    page.wait_for_timeout(1_500)
    page.unroute(SANDBOX)

    page.goto(hosted)
    page.get_by_role("heading", name=re.compile("^Paid")).wait_for()
    page.get_by_role("link", name=re.compile("^Back to")).click()
    guest.says("Paid. Thank you.")
    page.reload()
    guest.says("Paid. Thank you.")
    assert len(captured(firm, number)) == 1
    receipt = arrived(firm.sink, "Receipt for")
    guest.opens(receipt)
    guest.says(EVIL)
    (pdf,) = [part.get_content() for part in receipt.iter_attachments()]
    check_pdf(pdf)
    assert b"/URI" not in pdf


@pytest.mark.catalogue(21)
def test_an_expired_payment_page_charges_nothing_and_the_next_try_charges_once(
    firm: PayerFirm, guest: Phone
) -> None:
    page = guest.page
    number = only_first(guest)
    pay_with_a_mail(guest)
    guest.tap(guest.button("Pay $"))
    page.wait_for_url(SANDBOX)
    _close_page(firm, page.url.rpartition("/")[2])
    guest.tap(guest.button("Pay $"))
    page.get_by_role("heading", name="This page has expired").wait_for()
    guest.tap(page.get_by_role("link", name=re.compile("^Back to")))
    guest.says("That payment was not made. Nothing was charged.")
    assert captured(firm, number) == []

    assert only_first(guest) == number
    pay_with_a_mail(guest)
    guest.tap(guest.button("Pay $"))
    page.wait_for_url(SANDBOX)
    page.go_back()
    guest.says("Your invoices")
    page.go_forward()
    guest.tap(guest.button("Pay $"))
    guest.says("Paid. Thank you.")
    assert len(captured(firm, number)) == 1


def _close_page(firm: PayerFirm, ref: str) -> None:
    """The hosted page's time is over."""
    settings = load_settings({"PORTAL_HOME": str(firm.home)})
    gateway = open_gateway(
        settings.gateway,
        home=settings.home,
        secret=settings.secret_key,
        public_url=firm.url,
        zone=settings.timezone,
        clock=lambda: datetime.now(UTC),
    )
    gateway.close_page(ref)
    gateway.close()


@pytest.mark.catalogue(73)
@pytest.mark.catalogue(74)
@pytest.mark.catalogue(75)
def test_what_a_payer_asks_is_answered_by_mail_and_every_text_stays_a_text(
    firm: PayerFirm, guest: Phone, desk: Page
) -> None:
    page = guest.page
    guest.says(EVIL)
    page.get_by_role("link", name="Payments").click()
    guest.says("Your payments")
    guest.says(EVIL)
    page.get_by_role("link", name="Invoices").click()
    page.get_by_role("link", name="Details").first.click()
    guest.says("Something else?")
    page.get_by_text("Ask a question").click()
    guest.field("Your email").fill("gus@client.example")
    guest.field("Message").fill(f"What is this? {WORSE}")
    guest.tap(guest.button("Send"))
    guest.says("Your question is with us.")

    go(desk, "/worklist")
    desk.get_by_text("1 message from payers").wait_for()
    desk.get_by_text(f"What is this? {EVIL}").first.wait_for()
    desk.get_by_role("button", name="Answer").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("Answer").fill(f"The audit. {WORSE}")
    dialog.get_by_role("button", name="Send answer").click()
    desk.get_by_text("1 message from payers").wait_for(state="detached")

    guest.opens(arrived(firm.sink, "About invoice"))
    page.locator("p").filter(has_text=f"The audit. {EVIL}").wait_for()
    with firm.store() as store, store.reading() as view:
        (asked,) = [one for one in view.payer_messages.of_client(firm.other_id) if one.text]
    assert (asked.state, asked.answer) == ("handled", f"The audit. {WORSE}")
    for place, text in (
        (f"/client?id={asked.client_id}&show=Notes", "The audit. "),
        (f"/client?id={asked.client_id}&show=Contacts", ""),
        (f"/client?id={asked.client_id}&show=Engagements", ""),
        (f"/client?id={asked.client_id}&show=Emails", ""),
        (f"/invoice?id={asked.invoice_id}", ""),
    ):
        go(desk, place)
        desk.get_by_text(f"{text}{EVIL}").first.wait_for()
    for place in ("/clients", "/payments", "/email-delivery", "/invoices"):
        go(desk, place)


@pytest.mark.catalogue(67)
def test_a_quick_link_is_made_paid_associated_and_revoked_all_on_screen(
    firm: PayerFirm, browser: Browser, desk: Page
) -> None:
    firm.settle()
    go(desk, "/quick-links")
    desk.get_by_role("button", name="New quick link").click()
    desk.get_by_role("textbox", name="Label (for you)").fill(f"Spring seminar {EVIL}")
    desk.get_by_role("textbox", name="What is paid (the payer reads it)").fill(WORSE)
    desk.get_by_role("textbox", name="Amount (empty: the payer says)").fill("12.50")
    desk.get_by_role("button", name="Make the link").dblclick()
    address = desk.get_by_test_id("stCode").inner_text().replace("\n", "").strip()
    assert address.startswith(f"{firm.url}/pay/open#")

    stranger = opened(firm, browser, address)
    stranger.says(EVIL)
    stranger.field("Your name or company").fill(f"Zed {EVIL}")
    assert stranger.page.url == f"{firm.url}/pay"
    stranger.field("Email for the receipt").fill("zed@stranger.example")
    stranger.tap(stranger.button("Pay"))
    stranger.page.wait_for_url(SANDBOX)
    stranger.tap(stranger.button("Pay $12.50"))
    stranger.says("Paid. Thank you.")

    go(desk, "/quick-links")
    desk.get_by_text(f"Zed {EVIL}").wait_for()
    desk.get_by_role("button", name="Associate").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Client name or number").fill(firm.invoice.client_number)
    desk.keyboard.press("Enter")
    dialog.get_by_role("combobox", name=re.compile("For which invoice")).fill(
        firm.invoice.invoice_number
    )
    desk.get_by_role("option", name=re.compile(f"^Invoice {firm.invoice.invoice_number}:")).click()
    dialog.get_by_role("button", name="Associate").click()
    desk.get_by_text("Waiting for a client").wait_for(state="detached")
    with firm.store() as store, store.reading() as view:
        assert len(view.quick_links.all()) == 1
        (payment,) = [p for p in view.payments.in_states(["succeeded"]) if p.quick_link_id]
        items = view.payments.items(payment.payment_id)
    assert payment.client_id == firm.invoice.client_id
    assert [(one.invoice_id, one.cents) for one in items if one.cents] == [
        (firm.invoice.invoice_id, 1_250)
    ]

    go(desk, "/quick-links")
    listed = frame_of(desk)
    listed.locator(".ag-row .fp-dots").first.click()
    listed.locator(".fp-menu-item", has_text="Revoke").click()
    desk.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    desk.get_by_role("dialog").wait_for(state="detached")
    for late in (address, f"{address[:-3]}AAA"):
        refused = opened(firm, browser, late)
        refused.says(GENERIC)
        refused.context.close()
    stranger.context.close()


def opened(firm: PayerFirm, browser: Browser, address: str) -> Phone:
    """A phone nobody has used before, at an address."""
    payer = phone(browser)
    watch(firm, payer.context)
    payer.page.goto(address)
    return payer
