"""[gateway] of firm.toml: what it may say, and what is refused before the program starts."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from portal.domain.errors import SettingsInvalid
from portal.gateways.open_gateway import open_gateway
from portal.gateways.sandbox.gateway import SandboxGateway
from portal.gateways.stripe.gateway import StripeGateway
from portal.money_desk import payment_policy
from portal.settings import Settings, read_settings
from tests.adapters.gateway_benches import START

TEST_KEY = "sk_test_" + "loopback"
LIVE_KEY = "sk_live_" + "loopback"
STRIPE = {"kind": "stripe", "secret_key": "env:KEY", "webhook_secret": "env:HOOK"}


def read(gateway: dict, **environ: str) -> Settings:
    home = Path("/nonexistent")
    secrets = {"PORTAL_SECRET_KEY": "s", "KEY": TEST_KEY, "HOOK": "whsec_x"}
    return read_settings(
        {"gateway": gateway}, home=home, path=home / "firm.toml", environ=secrets | environ
    )


def opened(settings: Settings, home: Path) -> object:
    return open_gateway(
        settings.gateway, home=home, secret="s", public_url="http://127.0.0.1:8501",
        zone=ZoneInfo("UTC"), clock=lambda: START,
    )  # fmt: skip


def test_a_firm_that_says_nothing_has_the_sandbox_and_absorbs_the_fee(tmp_path):
    settings = read({})

    assert settings.gateway.kind == "sandbox"
    assert settings.gateway.fee_policy == "absorb"
    assert settings.gateway.methods == ("credit", "debit", "ach")
    assert isinstance(opened(settings, tmp_path), SandboxGateway)


def test_stripes_secrets_come_from_the_environment(tmp_path):
    settings = read(STRIPE)

    assert settings.gateway.secret_key == TEST_KEY
    assert settings.gateway.webhook_secret == "whsec_x"
    assert isinstance(opened(settings, tmp_path), StripeGateway)


def test_secrets_are_not_shown_when_settings_are_printed():
    printed = repr(read(STRIPE).gateway)

    assert TEST_KEY not in printed
    assert "whsec_x" not in printed


@pytest.mark.parametrize("name", ["secret_key", "webhook_secret"])
def test_a_secret_written_into_the_file_is_refused(name):
    with pytest.raises(SettingsInvalid, match="env:NAME") as refusal:
        read(STRIPE | {name: TEST_KEY})
    assert TEST_KEY not in str(refusal.value)


@pytest.mark.catalogue(30)
@pytest.mark.parametrize(("key", "live"), [(LIVE_KEY, False), (TEST_KEY, True)])
def test_a_key_of_the_other_mode_is_refused(key, live):
    with pytest.raises(SettingsInvalid, match="does not fit the secret key"):
        read(STRIPE | {"live": live}, KEY=key)


@pytest.mark.parametrize("name", ["secret_key", "webhook_secret"])
def test_stripe_without_a_secret_is_refused(name):
    with pytest.raises(SettingsInvalid, match="needs secret_key"):
        read({key: value for key, value in STRIPE.items() if key != name})


def test_a_fee_that_stripes_page_could_not_show_is_refused():
    with pytest.raises(SettingsInvalid, match="must be 'absorb' with Stripe"):
        read(STRIPE | {"fee_policy": "pass", "fee_bps": 200})


def test_rates_of_the_sandbox_can_be_set_one_by_one():
    settings = read({"sandbox": {"card_bps": 250}})

    assert settings.gateway.sandbox["card_bps"] == 250
    assert settings.gateway.sandbox["ach_days"] == 4


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ({"kind": "paypal"}, "one of sandbox, stripe"),
        ({"fee_policy": "half"}, "one of absorb, pass"),
        ({"fee_policy": "pass"}, "needs fee_bps"),
        ({"fee_policy": "pass", "fee_bps": 301}, "needs fee_bps"),
        ({"fee_bps": 2.5}, "a whole number"),
        ({"refund_days": -1}, "a whole number"),
        ({"refund_days": True}, "a whole number"),
        ({"methods": []}, "a list of credit, debit, ach"),
        ({"methods": ["cash"]}, "a list of credit, debit, ach"),
        ({"methods": "credit"}, "a list of credit, debit, ach"),
        ({"page_minutes": 0}, "1 to 1440"),
        ({"live": "yes"}, "true or false"),
        ({"sandbox": {"card_percent": 3}}, "has no card_percent"),
        ({"sandbox": 3}, "must be a section"),
        ({"card": "4242"}, "has no card"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_write(section, says):
    with pytest.raises(SettingsInvalid, match=says):
        read(section)


def test_the_money_desk_follows_the_firms_rules(tmp_path):
    assert payment_policy(read({})).fees.fee_cents("credit", 10_000) == 0
    assert payment_policy(read({})).partner_receipts is False

    said = {"fee_policy": "pass", "fee_bps": 250, "methods": ["credit"], "partner_receipts": True}
    policy = payment_policy(read(said))

    assert policy.fees.fee_cents("credit", 10_000) == 250
    assert policy.kinds == {"credit"}
    assert policy.partner_receipts is True
