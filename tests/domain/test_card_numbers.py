"""No card number is kept, however it is written."""

import pytest

from portal.domain.card_numbers import CardNumberRefused, masked, refuse_card_numbers

ARABIC = "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢"


@pytest.mark.catalogue(43)
@pytest.mark.parametrize(
    "text",
    [
        "4242424242424242",
        "card 4242 4242 4242 4242 thanks",
        "4242-4242-4242-4242",
        "378282246310005",
    ],
)
def test_a_card_number_in_a_text_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(CardNumberRefused) as refusal:
        refuse_card_numbers("fine", text)
    assert "4242" not in str(refusal.value)


@pytest.mark.catalogue(44)
@pytest.mark.parametrize(
    "text",
    [
        "4242\u00a04242\u00a04242\u00a04242",
        "4242\u200b4242\u200b4242\u200b4242",
        ARABIC,
        "４２４２４２４２４２４２４２４２",
        "4242 \u202f4242\u2060 4242—4242",
    ],
)
def test_no_disguise_gets_a_card_number_through(text: str) -> None:
    with pytest.raises(CardNumberRefused):
        refuse_card_numbers(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Invoice 100234",
        "+1 (555) 010-0199",
        "2026-11-25",
        "4242424242424241",
        "0000000000000000",
    ],
)
def test_other_numbers_may_be_written(text: str) -> None:
    refuse_card_numbers(text)
    assert masked(text) == text


def test_a_log_shows_the_last_four_digits_at_most() -> None:
    assert masked("paid with 4242 4242 4242 4242.") == "paid with •••• •••• •••• 4242."
