"""No card number gets into a text, however it is disguised; ordinary numbers do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.card_numbers import (
    CardNumberRefused,
    holds_card_number,
    masked,
    refuse_card_numbers,
)

VISA = "4242424242424242"


def luhn(body: str) -> str:
    """A number of one digit more that passes the check."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return body + str(-total % 10)


@pytest.mark.catalogue(43)
@pytest.mark.parametrize(
    "text",
    [
        VISA,
        f"card {VISA} please",
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        "4242.4242.4242.4242",
        "378282246310005",
        f"my card: {VISA}, exp 12/30",
        f"{VISA}123",
        "pay with 5555 5555 5555 4444 01 28",
    ],
)
def test_a_card_number_in_a_text_is_refused_with_a_hint(text):
    with pytest.raises(CardNumberRefused, match="payment page") as refused:
        refuse_card_numbers("fine", text)

    assert "4242" not in str(refused.value)


@pytest.mark.catalogue(44)
@pytest.mark.parametrize(
    "between", ["\u00a0", "\u200b", "\u2009", "\u2011", "\u00ad", "\ufeff", " - "]
)
def test_separators_of_every_kind_hide_nothing(between):
    assert holds_card_number(between.join(["4242"] * 4))
    assert holds_card_number(between.join(VISA))


@pytest.mark.catalogue(44)
@pytest.mark.parametrize("zero", [0x0660, 0x06F0, 0x0966, 0xFF10, 0x1D7CE])
def test_digits_of_other_scripts_hide_nothing(zero):
    assert holds_card_number("".join(chr(zero + int(digit)) for digit in VISA))


@pytest.mark.parametrize(
    "text",
    [
        "", "Invoice INV-20431 of 2026-06-30", "call 555 123 4567", "1,234,567.00",
        "0000000000000000", "account 12345678", "4242 4242 4242 4243",
        "10012, 10013, 10014 and 10015",
    ],
)  # fmt: skip
def test_ordinary_numbers_stay(text):
    refuse_card_numbers(text, None)


@given(st.text(alphabet="0123456789", min_size=12, max_size=18))
def test_every_run_with_a_right_check_digit_is_found(body):
    number = luhn(body)

    assert holds_card_number(f"note {number}.") == any(digit != "0" for digit in number)


@pytest.mark.catalogue(45)
@given(st.text(max_size=20), st.text(max_size=20))
def test_a_log_line_never_shows_a_card_number(before, after):
    line = masked(f"{before}\n{VISA}\n{after}")

    assert not holds_card_number(line)


@given(st.text(alphabet=st.characters(exclude_categories=["Nd", "No", "Cs"])))
def test_text_without_digits_is_never_changed(text):
    assert masked(text) == text


def test_a_log_shows_the_last_four_digits_at_most():
    assert masked("paid with 4242 4242 4242 4242.") == "paid with •••• •••• •••• 4242."
