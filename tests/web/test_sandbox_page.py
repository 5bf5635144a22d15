"""The sandbox's own payment page: what the payer sees and does, and what never happens there."""

import logging
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from portal.gateways.open_gateway import open_gateway
from portal.gateways.sandbox.gateway import SandboxGateway
from portal.gateways.sandbox.named_methods import NAMED_METHODS
from portal.services.gateway import HostedPage, PageRequest
from portal.services.gateway_states import GatewayState, MethodKind, PagePurpose, PageState
from portal.settings import read_settings
from portal.web import sandbox_page
from portal.web.security import Security, SecurityPolicy

PUBLIC = "http://127.0.0.1:8501"
BACK = f"{PUBLIC}/client-portal?step=paid"
NOW = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)
CARD_NUMBERS = (
    "4242424242424242",
    "4242 4242 4242 4242",
    "4242\u00a04242\u00a04242\u00a04242",
    "4242\u200b4242\u200b4242\u200b4242",
    "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢",
)


class Payer:
    """A payer's browser on the page of one portal."""

    def __init__(self, home: Path) -> None:
        settings = read_settings(
            {"firm": {"name": "Quill & Co <LLP>"}}, home=home, path=home / "firm.toml", environ={}
        )
        self.now = NOW
        gateway = open_gateway(
            settings.gateway,
            home=home,
            secret=settings.secret_key,
            public_url=settings.public_url,
            zone=settings.timezone,
            clock=lambda: self.now,
        )
        assert isinstance(gateway, SandboxGateway)
        self.gateway = gateway
        self.customer = gateway.customer("7", "O'Neil & <b>Sons</b>", "pay@client.test", key="c")
        portal = SimpleNamespace(settings=settings, gateway=gateway)
        app = Starlette(
            routes=sandbox_page.routes(lambda: portal),
            middleware=[Middleware(Security, policy=SecurityPolicy(settings.public_url))],
        )
        self.http = TestClient(
            app, base_url=PUBLIC, headers={"origin": PUBLIC}, follow_redirects=False
        )

    def open(self, purpose: PagePurpose = PagePurpose.PAY, **more: object) -> HostedPage:
        paid = {"our_id": "PI-0111-0011", "amount_cents": 123_450}
        values = {} if purpose is PagePurpose.SAVE else paid
        request = PageRequest(
            customer_ref=self.customer, purpose=purpose, **({"return_url": BACK} | values | more)
        )
        return self.gateway.open_page(request, key=f"page {purpose} {more}")

    def see(self, page: HostedPage) -> str:
        answer = self.http.get(page.url)
        assert answer.status_code == 200
        return answer.text

    def send(self, page: HostedPage, shown: str | None = None, **fields: str):
        shown = shown or self.see(page)
        found = re.search(r'name="token" value="([0-9a-f]+)"', shown)
        return self.http.post(page.url, data={"token": found[1] if found else "", **fields})

    def result(self, page: HostedPage):
        return self.gateway.read_page(page.ref)


@pytest.fixture
def payer(tmp_path: Path):
    payer = Payer(tmp_path)
    yield payer
    payer.gateway.close()


class Fields(HTMLParser):
    """The names and kinds of everything a page lets somebody fill in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.scripts: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("input", "textarea", "select") or "contenteditable" in dict(attrs):
            self.found.append(dict(attrs))
        if tag == "script":
            self.scripts.append(dict(attrs))


def test_one_tap_pays_and_leads_back_with_nothing_but_the_pages_name(payer):
    page = payer.open()

    answer = payer.send(page, method="visa")

    assert answer.status_code == 303
    assert answer.headers["location"] == f"{BACK}&page={page.ref}"
    result = payer.result(page)
    assert result.state is PageState.DONE
    assert result.payment.state is GatewayState.SUCCEEDED
    assert result.payment.captured_cents == 123_450


def test_the_page_names_the_firm_the_amount_and_what_it_is_for(payer):
    shown = payer.see(payer.open(description="Invoices 10023 and 10031"))

    assert "Quill &amp; Co &lt;LLP&gt;" in shown
    assert "$1,234.50" in shown
    assert "Invoices 10023 and 10031" in shown
    assert "O&#39;Neil &amp; &lt;b&gt;Sons&lt;/b&gt;" in shown


def test_every_named_method_of_the_kinds_offered_is_in_the_list(payer):
    shown = payer.see(payer.open())
    only_bank = payer.see(payer.open(kinds=frozenset({MethodKind.ACH})))

    assert all(f'value="{code}"' in shown for code in NAMED_METHODS)
    for code, named in NAMED_METHODS.items():
        assert (f'value="{code}"' in only_bank) is named.is_bank_debit


def test_the_fee_is_shown_before_paying_and_only_credit_cards_bear_it(payer):
    fees = {MethodKind.CREDIT: 3_704}
    credit, debit = payer.open(fees=fees), payer.open(fees=fees, our_id="PI-0112-0012")

    shown = payer.see(credit)
    payer.send(credit, method="visa")
    payer.send(debit, method="visa_debit")

    assert "$37.04" in shown
    assert "$1,271.54" in shown
    assert payer.result(credit).payment.amount_cents == 127_154
    assert payer.result(credit).payment.fee_cents == 3_704
    assert payer.result(debit).payment.amount_cents == 123_450
    assert payer.result(debit).payment.fee_cents == 0


@pytest.mark.catalogue(47)
def test_nothing_can_be_typed_on_the_page(payer):
    paying, saving = payer.open(), payer.open(PagePurpose.SAVE)

    for page in (paying, saving):
        fields = Fields(payer.see(page)).found
        assert {field["type"] for field in fields} == {"radio", "hidden"}
        assert {field["name"] for field in fields} == {"method", "token"}
        assert not any("cc-" in str(field.get("autocomplete")) for field in fields)


@pytest.mark.catalogue(47)
@pytest.mark.parametrize("number", CARD_NUMBERS)
@pytest.mark.parametrize("field", ["method", "answer", "card", "note"])
def test_a_card_number_sent_anyway_is_refused_and_kept_nowhere(payer, caplog, number, field):
    caplog.set_level(logging.DEBUG)
    page = payer.open()

    answer = payer.send(page, **{field: number})

    assert answer.status_code == 422
    assert "takes no card" in answer.text
    assert number not in answer.text + caplog.text
    assert payer.result(page).state is PageState.OPEN
    kept = b"".join(path.read_bytes() for path in payer.gateway.post._file.path.parent.iterdir())
    assert number.encode() not in kept


@pytest.mark.catalogue(47)
def test_a_body_that_is_no_form_of_ours_is_refused_unread(payer):
    page = payer.open()

    for body in (b"4242424242424242", b"{}", b"\xff\xfe", b"a" * 5_000, b"a=1&b=2&c=3&d=4"):
        assert payer.http.post(page.url, content=body).status_code == 422
    assert payer.result(page).state is PageState.OPEN


@pytest.mark.catalogue(19)
def test_a_double_click_pays_once(payer):
    page = payer.open()
    shown = payer.see(page)

    first = payer.send(page, shown, method="visa")
    second = payer.send(page, shown, method="visa")

    assert first.headers["location"].startswith(BACK)
    assert second.headers["location"] == f"/sandbox/pay/{page.ref}"
    assert len(payer.gateway.post.letters()) == 2  # of the payment and of the page, once each


@pytest.mark.catalogue(21)
def test_going_back_and_reloading_show_what_was_paid(payer):
    page = payer.open()
    shown = payer.see(page)
    payer.send(page, shown, method="visa")

    again = payer.see(page)

    assert "Paid $1,234.50" in again
    assert 'name="method"' not in again
    assert payer.send(page, shown, method="mastercard").status_code == 303
    assert payer.result(page).payment.method.brand == "Visa"


def test_the_browser_keeps_no_copy_of_the_page(payer):
    answer = payer.http.get(payer.open().url)

    assert answer.headers["cache-control"] == "no-store"


def test_a_declined_card_charges_nothing_and_another_may_be_tried(payer):
    page = payer.open()

    answer = payer.send(page, method="no_funds")
    declined = payer.see(page)
    payer.send(page, method="visa_debit")

    assert answer.headers["location"] == f"/sandbox/pay/{page.ref}"
    assert "Declined. Nothing was charged." in declined
    assert "not enough money" in declined
    assert payer.result(page).payment.state is GatewayState.SUCCEEDED


def test_while_the_page_is_open_a_decline_is_not_final(payer):
    page = payer.open()
    payer.send(page, method="no_funds")

    result = payer.result(page)

    assert result.state is PageState.OPEN
    assert result.payment.state is GatewayState.WAITING
    assert result.payment.decline_code == "insufficient_funds"


def test_the_bank_asks_and_the_payer_agrees(payer):
    page = payer.open()

    payer.send(page, method="bank_asks")
    asked = payer.see(page)
    waiting = payer.result(page).payment
    answer = payer.send(page, answer="yes")

    assert "Is it you?" in asked
    assert waiting.state is GatewayState.REQUIRES_ACTION
    assert waiting.captured_cents == 0
    assert answer.headers["location"].startswith(BACK)
    assert payer.result(page).payment.state is GatewayState.SUCCEEDED


def test_the_bank_asks_and_the_payer_refuses(payer):
    page = payer.open()
    payer.send(page, method="bank_asks")

    payer.send(page, answer="no")

    assert "could not confirm that it was you" in payer.see(page)
    assert payer.result(page).payment.captured_cents == 0


def test_no_answer_can_be_given_that_the_bank_did_not_ask(payer):
    page = payer.open()

    payer.send(page, answer="yes")

    assert payer.result(page).state is PageState.OPEN


def test_a_lost_answer_is_not_paid_twice(payer):
    page = payer.open()

    answer = payer.send(page, method="lost_after")

    assert answer.status_code == 504
    assert "may have worked" in answer.text
    assert "Paid $1,234.50" in payer.see(page)


def test_an_answer_lost_before_leaves_the_page_as_it_was(payer):
    page = payer.open()

    assert payer.send(page, method="lost_before").status_code == 504
    assert payer.result(page).payment.state is GatewayState.WAITING


def test_a_bank_debit_is_under_way(payer):
    page = payer.open()

    payer.send(page, method="ach")

    assert payer.result(page).payment.state is GatewayState.PROCESSING
    assert "Do not pay again meanwhile" in payer.see(page)


def test_a_method_is_saved_without_a_charge(payer):
    page = payer.open(PagePurpose.SAVE)

    payer.send(page, method="mastercard")

    result = payer.result(page)
    assert result.payment is None
    assert result.method.facts.last4 == "4444"
    assert payer.gateway.read_method(result.method.ref).facts.brand == "Mastercard"
    assert "The method is saved" in payer.see(page)


def test_a_method_that_is_declined_is_not_saved(payer):
    page = payer.open(PagePurpose.SAVE)

    payer.send(page, method="refused")

    assert "Not saved." in payer.see(page)
    assert payer.result(page).method is None


def test_paying_and_saving_keeps_the_method_for_later(payer):
    page = payer.open(PagePurpose.PAY_AND_SAVE)

    payer.send(page, method="visa")

    result = payer.result(page)
    assert result.payment.method_ref == result.method.ref


def test_paying_alone_keeps_no_method(payer):
    page = payer.open()

    payer.send(page, method="visa")

    assert payer.result(page).method is None
    assert payer.result(page).payment.method_ref is None


def test_an_expired_page_charges_nothing_and_says_where_to_go(payer):
    page = payer.open()
    shown = payer.see(page)
    payer.now = NOW + timedelta(minutes=31)

    answer = payer.send(page, shown, method="visa")
    seen = payer.see(page)

    assert answer.status_code == 303
    assert "This page has expired" in seen
    assert "Back to Quill" in seen
    assert payer.result(page).state is PageState.EXPIRED
    assert payer.result(page).payment.state is GatewayState.CANCELLED


@pytest.mark.parametrize("ref", ["page_nothere", "x", "page_%00", "a" * 3_000, "..%2f..%2fetc"])
def test_a_page_that_never_was_says_so_and_no_more(payer, ref):
    answer = payer.http.get(f"{PUBLIC}/sandbox/pay/{ref}")

    assert answer.status_code == 404
    assert "Nothing was charged" in answer.text or answer.text == "Not Found"


def test_a_form_of_another_page_pays_nothing(payer):
    page, other = payer.open(), payer.open(our_id="PI-0112-0012")

    payer.send(page, payer.see(other), method="visa")

    assert payer.result(page).payment.state is GatewayState.WAITING


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_another_sites_form_is_refused(payer, origin):
    page = payer.open()

    answer = payer.http.post(page.url, data={"method": "visa"}, headers={"origin": origin})

    assert answer.status_code == 403
    assert payer.result(page).payment.state is GatewayState.WAITING


def test_only_scripts_of_this_server_run_and_none_stands_in_the_page(payer):
    page = payer.open()

    for shown in (payer.see(page), payer.send(page, method="bank_asks") and payer.see(page)):
        assert {script.get("src") for script in Fields(shown).scripts} == {"/sandbox/assets/pay.js"}
        assert not re.search(r"\son\w+=", shown)
    assert payer.http.get("/sandbox/assets/pay.js").status_code == 200
    assert payer.http.get("/sandbox/assets/pay.css").status_code == 200


def test_no_payer_is_led_to_another_site(payer):
    for url in (
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "/\\evil.example",
    ):
        with pytest.raises(Exception, match="only come back to this portal"):
            payer.open(return_url=url, our_id=url)
