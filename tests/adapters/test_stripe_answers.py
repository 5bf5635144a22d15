"""What the stand-in for Stripe cannot play: Checkout, bank debits, disputes, payouts, webhooks.

The answers are written as Stripe's documentation describes them.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from portal.gateways.stripe import events, pages, payouts, told
from portal.gateways.stripe.gateway import StripeGateway
from portal.services.gateway import GatewayRefused, PageRequest, WebhookRefused
from portal.services.gateway_states import (
    DisputeState,
    EventKind,
    GatewayState,
    LineKind,
    MethodKind,
    PagePurpose,
    PageState,
    RefundState,
)

NOW = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)
SECRET = "whsec_" + "loopback"
BACK = "http://127.0.0.1:8501/client-portal"
CARD = {
    "id": "pm_1",
    "type": "card",
    "customer": "cus_1",
    "billing_details": {"name": "Pat Payer"},
    "card": {"brand": "visa", "last4": "4242", "exp_month": 4, "exp_year": 2031,
             "funding": "credit"},
}  # fmt: skip
BANK = {
    "id": "pm_2",
    "type": "us_bank_account",
    "customer": "cus_1",
    "billing_details": {"name": "Pat Payer"},
    "us_bank_account": {"bank_name": "STRIPE TEST BANK", "last4": "6789"},
}


def intent(status: str = "succeeded", **more: object) -> dict:
    values = {
        "id": "pi_1",
        "amount": 12_345,
        "currency": "usd",
        "status": status,
        "metadata": {"our_id": "PI-0001-0001", "fee_cents": "45"},
        "payment_method": CARD,
        "latest_charge": {"amount_captured": 12_345, "amount_refunded": 0, "disputed": False},
    }
    return values | more


# Payments -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("requires_confirmation", GatewayState.WAITING),
        ("requires_payment_method", GatewayState.WAITING),
        ("requires_capture", GatewayState.WAITING),
        ("requires_action", GatewayState.REQUIRES_ACTION),
        ("processing", GatewayState.PROCESSING),
        ("succeeded", GatewayState.SUCCEEDED),
        ("canceled", GatewayState.CANCELLED),
    ],
)
def test_each_status_of_stripe_has_its_state_and_only_success_has_money(status, state):
    payment = told.payment(intent(status))

    assert payment.state is state
    assert payment.captured_cents == (12_345 if state is GatewayState.SUCCEEDED else 0)


def test_a_payment_is_told_in_our_words():
    payment = told.payment(intent(latest_charge={"amount_captured": 12_345, "amount_refunded": 45}))

    assert payment.our_id == "PI-0001-0001"
    assert (payment.currency, payment.fee_cents, payment.refunded_cents) == ("USD", 45, 45)
    assert payment.method.brand == "Visa"
    assert payment.method.holder_name == "Pat Payer"
    assert payment.method_ref == "pm_1"


@pytest.mark.parametrize(
    ("funding", "kind"),
    [
        ("credit", MethodKind.CREDIT),
        ("debit", MethodKind.DEBIT),
        ("prepaid", MethodKind.UNKNOWN),
        ("unknown", MethodKind.UNKNOWN),
        ("", MethodKind.UNKNOWN),
    ],
)
def test_only_what_stripe_calls_credit_is_credit(funding, kind):
    assert told.facts(CARD | {"card": CARD["card"] | {"funding": funding}}).kind is kind


def test_a_declined_payment_with_a_kept_method_is_final():
    error = {"code": "card_declined", "decline_code": "insufficient_funds", "payment_method": CARD}
    payment = told.payment(
        intent("requires_payment_method", payment_method=None, last_payment_error=error)
    )

    assert payment.state is GatewayState.DECLINED
    assert payment.decline_code == "insufficient_funds"
    assert payment.method.last4 == "4242"


def test_a_decline_on_a_page_is_not_final():
    found = intent(
        "requires_payment_method",
        last_payment_error={"code": "card_declined", "payment_method": CARD},
        metadata={"our_id": "PI-0001-0001", "via": "page"},
    )

    assert told.payment(found).state is GatewayState.WAITING


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("insufficient_funds", "R01"),
        ("account_closed", "R02"),
        ("no_account", "R03"),
        ("debit_not_authorized", "R10"),
        ("something_new", "R17"),
    ],
)
@pytest.mark.parametrize("via", ["", "page"])
def test_a_bank_debit_that_failed_is_declined_with_its_return_code(reason, code, via):
    found = intent(
        "requires_payment_method",
        payment_method=None,
        last_payment_error={"code": reason, "payment_method": BANK},
        metadata={"our_id": "PI-0001-0001", "via": via},
    )
    payment = told.payment(found)

    assert payment.state is GatewayState.DECLINED
    assert payment.return_code == code
    assert payment.decline_code is None


def test_a_bank_debit_that_came_back_after_it_settled_says_so():
    payment = told.payment(intent(payment_method=BANK), [{"reason": "debit_not_authorized"}])

    assert payment.state is GatewayState.SUCCEEDED
    assert payment.return_code == "R10"
    assert payment.dispute is None


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("needs_response", DisputeState.OPEN),
        ("under_review", DisputeState.OPEN),
        ("won", DisputeState.WON),
        ("warning_closed", DisputeState.WON),
        ("lost", DisputeState.LOST),
    ],
)
def test_a_dispute_of_a_card_is_open_won_or_lost(status, state):
    payment = told.payment(intent(), [{"id": "dp_2", "status": status}, {"id": "dp_1"}])

    assert (payment.dispute, payment.dispute_ref) == (state, "dp_2")


def test_the_payer_is_sent_where_the_bank_asks():
    action = {"type": "redirect_to_url", "redirect_to_url": {"url": "https://hooks.stripe.com/x"}}

    payment = told.payment(intent("requires_action", next_action=action))

    assert payment.action_url == "https://hooks.stripe.com/x"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("pending", RefundState.PENDING),
        ("requires_action", RefundState.PENDING),
        ("succeeded", RefundState.SUCCEEDED),
        ("failed", RefundState.FAILED),
        ("canceled", RefundState.FAILED),
    ],
)
def test_each_refund_has_its_state(status, state):
    found = {"id": "re_1", "amount": 5, "status": status, "payment_intent": "pi_1", "metadata": {}}

    assert told.refund(found).state is state


# Pages --------------------------------------------------------------------------------------------


def request(purpose: PagePurpose = PagePurpose.PAY, **more: object) -> PageRequest:
    values = {
        "customer_ref": "cus_1",
        "purpose": purpose,
        "return_url": BACK,
        "our_id": "PI-0001-0001",
        "amount_cents": 12_345,
        "description": "Invoice 10023",
    }
    return PageRequest(**(values | more))


def test_a_page_to_pay_asks_for_the_amount_under_our_id_and_for_no_card():
    asked = pages.asked(request())

    assert asked["mode"] == "payment"
    assert asked["line_items"][0]["price_data"]["unit_amount"] == 12_345
    assert asked["payment_intent_data"]["metadata"]["our_id"] == "PI-0001-0001"
    assert asked["payment_method_types"] == ["card", "us_bank_account"]
    assert asked["success_url"] == f"{BACK}?page={{CHECKOUT_SESSION_ID}}"
    assert "setup_future_usage" not in asked["payment_intent_data"]


def test_a_page_to_pay_and_save_keeps_the_method_for_when_the_payer_is_not_there():
    asked = pages.asked(request(PagePurpose.PAY_AND_SAVE))

    assert asked["payment_intent_data"]["setup_future_usage"] == "off_session"


def test_a_page_to_save_charges_nothing():
    asked = pages.asked(request(PagePurpose.SAVE))

    assert asked["mode"] == "setup"
    assert "line_items" not in asked


def test_asking_again_later_asks_for_the_very_same_page():
    opened = request(opened_at=NOW)

    assert pages.asked(opened) == pages.asked(opened)
    assert pages.asked(opened)["expires_at"] >= (NOW + timedelta(minutes=30)).timestamp()
    assert "expires_at" not in pages.asked(request())


def test_a_page_offers_only_the_kinds_the_firm_takes():
    only_bank = request(kinds=frozenset({MethodKind.ACH}))
    only_cards = request(kinds=frozenset({MethodKind.DEBIT}))

    assert pages.asked(only_bank)["payment_method_types"] == ["us_bank_account"]
    assert pages.asked(only_cards)["payment_method_types"] == ["card"]


def test_a_fee_for_credit_cards_only_is_refused_because_stripes_page_cannot_tell():
    with pytest.raises(GatewayRefused) as refusal:
        pages.asked(request(fees={MethodKind.CREDIT: 370}))
    assert refusal.value.code == "fee_not_on_page"


def session(status: str, **more: object) -> dict:
    return {"id": "cs_1", "status": status, "payment_intent": None, "setup_intent": None} | more


def test_a_finished_page_tells_its_payment_and_the_method_that_was_kept():
    result = pages.result(session("complete", payment_intent=intent()))

    assert result.state is PageState.DONE
    assert result.payment.state is GatewayState.SUCCEEDED
    assert result.method.ref == "pm_1"


def test_a_page_that_only_paid_kept_no_method():
    once = intent(payment_method=CARD | {"customer": None})

    assert pages.result(session("complete", payment_intent=once)).method is None


def test_a_page_that_saved_tells_the_method_and_no_payment():
    result = pages.result(session("complete", setup_intent={"payment_method": BANK}))

    assert result.payment is None
    assert result.method.facts.kind is MethodKind.ACH


def test_the_payment_of_an_expired_page_can_never_be_made():
    result = pages.result(
        session("expired", payment_intent=intent("requires_payment_method", payment_method=None))
    )

    assert result.state is PageState.EXPIRED
    assert result.payment.state is GatewayState.CANCELLED


def test_an_open_page_has_nothing_yet():
    result = pages.result(session("open"))

    assert (result.state, result.payment, result.method) == (PageState.OPEN, None, None)


# Payouts ------------------------------------------------------------------------------------------


class Listed:
    """Answers lists from memory, two rows at a time, as Stripe does with its own."""

    def __init__(self, **rows: list) -> None:
        self.rows = rows
        self.v1 = SimpleNamespace(
            payouts=SimpleNamespace(list="payouts"),
            balance_transactions=SimpleNamespace(list="transactions"),
        )

    def list(self, call: str, **values: object):
        return iter(self.rows[call])


def row(
    category: str, amount: int, fee: int, source: Mapping | None = None, kind: str = ""
) -> dict:
    return {
        "type": kind or category, "reporting_category": category, "amount": amount, "fee": fee,
        "net": amount - fee, "source": source,
    }  # fmt: skip


def test_a_payout_is_its_balance_transactions_and_not_itself():
    day = int(datetime(2026, 7, 2, tzinfo=UTC).timestamp())
    found = payouts.payouts_since(
        Listed(
            payouts=[{"id": "po_1", "amount": 7_435, "currency": "usd", "arrival_date": day}],
            transactions=[
                row("payout", -7_435, 0, kind="payout"),
                row("charge", 12_345, 388, {"id": "ch_1", "payment_intent": "pi_1"}),
                row("refund", -2_345, 0, {"id": "re_1", "payment_intent": "pi_1"}),
                row("dispute", -1_000, 1_500, {"id": "dp_1", "payment_intent": "pi_2"}),
                row("charge_failure", 500, 0, {"id": "pyr_1", "payment_intent": "pi_3"}),
                row("fee", -177, 0),
            ],
        ),
        date(2026, 7, 1),
    )

    (payout,) = found
    assert payout.paid_date == date(2026, 7, 2)
    assert payout.currency == "USD"
    assert [line.kind for line in payout.lines] == [
        LineKind.PAYMENT, LineKind.REFUND, LineKind.DISPUTE, LineKind.RETURN, LineKind.FEE,
    ]  # fmt: skip
    assert sum(line.net_cents for line in payout.lines) == payout.amount_cents
    assert payout.lines[1].refund_ref == "re_1"
    assert payout.lines[0].payment_ref == "pi_1"


# Webhooks -----------------------------------------------------------------------------------------


def signed(said: object, at: datetime = NOW, secret: str = SECRET) -> tuple[dict, bytes]:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    moment = int(at.timestamp())
    text = f"{moment}.".encode() + body
    signature = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={moment},v1={signature}"}, body


def event(kind: str = "payment_intent.succeeded", about: Mapping | None = None, **more) -> dict:
    about = about or {"id": "pi_1", "object": "payment_intent"}
    values = {"id": "evt_1", "type": kind, "created": 1_782_000_000, "livemode": False}
    return {"object": "event", "data": {"object": about}} | values | more


def read(headers: Mapping[str, str], body: bytes, now: datetime = NOW):
    return events.read(headers, body, now, secret=SECRET, live=False)


@pytest.mark.parametrize(
    ("kind", "about", "is_about", "refs"),
    [
        ("payment_intent.succeeded", {"id": "pi_1", "object": "payment_intent"},
         EventKind.PAYMENT, {"payment_ref": "pi_1"}),
        ("charge.succeeded", {"id": "ch_1", "object": "charge", "payment_intent": "pi_1"},
         EventKind.PAYMENT, {"payment_ref": "pi_1"}),
        ("charge.refunded", {"id": "ch_1", "object": "charge", "payment_intent": "pi_1"},
         EventKind.REFUND, {"payment_ref": "pi_1"}),
        ("refund.updated", {"id": "re_1", "object": "refund", "payment_intent": "pi_1"},
         EventKind.REFUND, {"payment_ref": "pi_1", "refund_ref": "re_1"}),
        ("charge.dispute.created", {"id": "dp_1", "object": "dispute", "payment_intent": "pi_1"},
         EventKind.DISPUTE, {"payment_ref": "pi_1"}),
        ("checkout.session.completed", {"id": "cs_1", "payment_intent": "pi_1"},
         EventKind.PAGE, {"page_ref": "cs_1", "payment_ref": "pi_1"}),
        ("payment_method.detached", {"id": "pm_1"}, EventKind.METHOD, {"method_ref": "pm_1"}),
        ("payout.paid", {"id": "po_1"}, EventKind.PAYOUT, {"payout_ref": "po_1"}),
        ("weather.changed", {"id": "we_1"}, EventKind.OTHER, {}),
    ],
)  # fmt: skip
def test_an_event_says_only_which_thing_to_read(kind, about, is_about, refs):
    found = read(*signed(event(kind, about)))

    assert found.kind is is_about
    said = {name: getattr(found, f"{name}_ref") for name in
            ("payment", "refund", "method", "page", "payout")}  # fmt: skip
    assert {f"{name}_ref": ref for name, ref in said.items() if ref} == refs


@pytest.mark.catalogue(28)
def test_a_forged_event_is_refused():
    headers, body = signed(event())

    with pytest.raises(WebhookRefused):
        read(headers, body.replace(b"pi_1", b"pi_2"))
    with pytest.raises(WebhookRefused):
        read(*signed(event(), secret="whsec_" + "other"))
    with pytest.raises(WebhookRefused):
        read({}, body)


@pytest.mark.catalogue(28)
@pytest.mark.parametrize("seconds", [-301, 301])
def test_an_event_signed_more_than_five_minutes_ago_or_ahead_is_refused(seconds):
    headers, body = signed(event())

    assert read(headers, body, NOW + timedelta(seconds=299))
    with pytest.raises(WebhookRefused, match="too long ago"):
        read(headers, body, NOW + timedelta(seconds=seconds))


@pytest.mark.catalogue(30)
def test_a_live_event_is_refused_in_test_mode_and_a_test_event_in_live_mode():
    with pytest.raises(WebhookRefused, match="other mode"):
        read(*signed(event(livemode=True)))
    with pytest.raises(WebhookRefused, match="other mode"):
        events.read(*signed(event()), NOW, secret=SECRET, live=True)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{", b"\xff", b"{}", b'{"created": "x"}', b'{"data": 1}']
)
def test_a_signed_body_that_is_no_event_is_refused(body):
    with pytest.raises(WebhookRefused):
        read(*signed(body))


def test_an_event_of_another_account_is_refused():
    with pytest.raises(WebhookRefused, match="another account"):
        read(*signed(event(account="acct_other")))


@pytest.mark.catalogue(30)
@pytest.mark.parametrize(("key", "live"), [("sk_test_x", True), ("sk_live_x", False)])
def test_a_key_of_the_other_mode_is_refused(key, live):
    with pytest.raises(GatewayRefused, match="other mode"):
        StripeGateway(secret_key=key, webhook_secret=SECRET, live=live)
