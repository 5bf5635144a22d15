"""No card number is kept: where in a text does one hide, and how is it told without it?"""

import re
import unicodedata

from portal.domain.errors import Invalid

SHORTEST, LONGEST = 13, 19
_HINT = (
    "That looks like a card number. The portal never keeps one: choose a saved method or "
    "the payment page."
)
_JOINING = frozenset(" -._/\u00ad\u2010\u2011\u2012\u2013\u2014")


class CardNumberRefused(Invalid):
    """A text holds what looks like a card number. It is not kept and not logged."""


def refuse_card_numbers(*texts: str) -> None:
    """Go on only with texts in which no run of digits can be a card number.

    Digits of any script count, with spaces, dashes and invisible signs between them.
    Raises: CardNumberRefused.
    """
    if any(_found(text) for text in texts):
        raise CardNumberRefused(_HINT)


def masked(text: str) -> str:
    """The text with every card number in it but its last four digits replaced by dots."""
    shown = list(text)
    for places in _found(text):
        for place in places[:-4]:
            shown[place] = "•"
    return "".join(shown)


def _found(text: str) -> list[list[int]]:
    """The places of the digits of each card number in a text."""
    return [places for run in _runs(text) for places in _cards_in(text, run)]


def _runs(text: str) -> list[list[int]]:
    runs: list[list[int]] = [[]]
    for place, sign in enumerate(text):
        if unicodedata.category(sign) in ("Nd", "No") and _digit(sign) is not None:
            runs[-1].append(place)
        elif not _joins(sign) and runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) >= SHORTEST]


def _cards_in(text: str, run: list[int]) -> list[list[int]]:
    digits = [_digit(text[place]) or 0 for place in run]
    if len(run) <= LONGEST:
        return [run] if _passes_luhn(digits) else []
    # A longer run may hide a card number among other digits, but then it is written as one.
    whole = re.split(r"\D+", "".join(text[run[0] : run[-1] + 1]))
    start, cards = 0, []
    for part in (part for part in whole if part):
        places = run[start : start + len(part)]
        start += len(part)
        fits = SHORTEST <= len(places) <= LONGEST
        if fits and _passes_luhn([_digit(text[place]) or 0 for place in places]):
            cards.append(places)
    return cards


def _joins(sign: str) -> bool:
    return sign in _JOINING or unicodedata.category(sign) in ("Cf", "Zs", "Mn")


def _digit(sign: str) -> int | None:
    value = unicodedata.digit(sign, None)
    return None if value is None else int(value)


def _passes_luhn(digits: list[int]) -> bool:
    if not any(digits):
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
