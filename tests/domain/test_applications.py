"""An amount is set against invoices to the cent, and never beyond what is owed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.applications import (
    Line,
    Overpaid,
    check_currency,
    check_lines,
    check_payable,
    fee_share,
    spread,
    spread_refund,
)
from portal.domain.errors import Invalid
from portal.domain.fees import FeePolicy
from portal.domain.money import parse_cents

CENTS = st.integers(1, 10_000_000)
OWED = st.dictionaries(
    st.text("ab12", min_size=1, max_size=3), st.integers(-500, 100_000), max_size=6
)


@pytest.mark.catalogue(1)
@pytest.mark.catalogue(2)
@pytest.mark.parametrize("cents", [0, -500, True, 1.0, None])
def test_an_amount_is_whole_positive_cents(cents):
    with pytest.raises(Invalid, match=r"more than 0\.00"):
        check_lines([Line(invoice_id="i1", cents=cents)], most_cents=100)


@pytest.mark.catalogue(3)
@pytest.mark.catalogue(4)
@pytest.mark.catalogue(5)
@pytest.mark.catalogue(6)
@pytest.mark.parametrize(
    "text", ["0.001", "NaN", "Infinity", "1e400", "1.234,50", "１２.００", "", "12.", "--1"]
)
def test_what_is_not_plainly_an_amount_is_refused(text):
    with pytest.raises(Invalid):
        parse_cents(text)


@pytest.mark.catalogue(5)
@pytest.mark.catalogue(8)
def test_amounts_are_read_to_the_cent():
    assert parse_cents("1,234.50") == 123_450
    assert parse_cents("0.1") + parse_cents("0.2") == 30


@pytest.mark.catalogue(7)
def test_an_amount_beyond_the_firms_limit_is_refused_before_anything_else():
    cents = parse_cents("99,999,999,999.99")

    with pytest.raises(Invalid, match="at the most"):
        check_lines([Line(invoice_id=None, cents=cents)], most_cents=1_000_000_00)


@pytest.mark.catalogue(10)
def test_an_overpayment_says_what_may_still_be_paid():
    check_payable("INV-1", 10_000, 10_000, "USD")
    with pytest.raises(Overpaid, match=r"\$100\.00") as refused:
        check_payable("INV-1", 10_001, 10_000, "USD")

    assert refused.value.payable_cents == 10_000


@pytest.mark.catalogue(18)
@pytest.mark.parametrize("currency", ["JPY", "KWD", "XXX", "", "usd"])
def test_a_currency_without_two_decimals_is_refused(currency):
    with pytest.raises(Invalid):
        check_currency(currency, currency)


@pytest.mark.catalogue(13)
def test_an_invoice_is_paid_in_its_own_currency():
    with pytest.raises(Invalid, match="owed in EUR"):
        check_currency("USD", "EUR")


def test_an_invoice_is_named_once():
    with pytest.raises(Invalid, match="once"):
        check_lines([Line(invoice_id="a", cents=1), Line(invoice_id="a", cents=1)], most_cents=9)


@given(CENTS, OWED)
def test_spreading_an_amount_loses_no_cent_and_exceeds_no_invoice(total, owed):
    lines = spread(total, owed)

    assert sum(line.cents for line in lines) == total
    assert all(line.cents > 0 for line in lines)
    assert all(line.cents <= owed[line.invoice_id] for line in lines if line.invoice_id is not None)


@given(
    CENTS,
    st.dictionaries(st.text("ab1", min_size=1, max_size=3), st.integers(0, 99_999), max_size=6),
)
def test_a_refund_comes_out_of_its_lines_or_is_refused(cents, left):
    if cents > sum(left.values()):
        with pytest.raises(Overpaid):
            spread_refund(cents, left)
        return
    parts = spread_refund(cents, left)

    assert sum(parts.values()) == cents
    assert all(0 < part <= left[item] for item, part in parts.items())


@given(st.integers(0, 5_000), st.lists(st.integers(1, 5_000), min_size=1, max_size=6))
def test_when_all_is_refunded_the_whole_fee_has_gone_back(fee, parts):
    captured, refunded, refunded_fee = sum(parts), 0, 0
    for cents in parts:
        share = fee_share(
            fee_cents=fee, captured_cents=captured, refunded_cents=refunded,
            refunded_fee_cents=refunded_fee, cents=cents,
        )  # fmt: skip
        assert share >= 0
        refunded, refunded_fee = refunded + cents, refunded_fee + share

    assert refunded_fee == fee


@given(st.integers(0, 400), st.none() | st.integers(0, 5_000), CENTS)
def test_only_credit_cards_ever_bear_a_fee_and_never_more_than_announced(points, cap, amount):
    policy = FeePolicy(basis_points=points, most_cents=cap)

    assert [policy.fee_cents(kind, amount) for kind in ("debit", "ach", "unknown", "")] == [0] * 4
    fee = policy.fee_cents("credit", amount)
    assert 0 <= fee * 10_000 <= amount * points
    assert cap is None or fee <= cap
