"""Card numbers have no place in the portal: they are refused in text and masked in logs.

A number is found however it is written: with spaces of any kind, dashes, zero-width
characters between the digits, or digits of other scripts.
"""

import unicodedata
from collections.abc import Iterator, Mapping

from portal.domain.errors import Invalid

SHORTEST, LONGEST = 13, 19
_SEPARATORS = frozenset({"Zs", "Cf", "Cc", "Pd", "Mn"})
_CARD_FIELDS = frozenset(
    {"cvv", "cvc", "cvv2", "cvc2", "csc", "cvn", "cardnumber", "cardno", "ccnumber", "pan",
     "securitycode", "cardsecuritycode", "cardcvv", "cardcvc"}
)  # fmt: skip
_JOINERS = frozenset("._·•/,'’")


class CardNumberRefused(Invalid):
    """The text holds what looks like a card number. It is not repeated anywhere."""


def refuse_card_numbers(*texts: str | None) -> None:
    """Go on only if no text holds a card number.

    Raises: CardNumberRefused.
    """
    if any(text and holds_card_number(text) for text in texts):
        raise CardNumberRefused(
            "This looks like a card number. Never type one here: take the card on the "
            "payment page, and delete the number from this text."
        )


def holds_card_number(text: str) -> bool:
    """Whether a text holds a run of 13 to 19 digits that passes a card's check digit."""
    return next(_found(text), None) is not None


def holds_scheme_number(text: str) -> bool:
    """The same, and only with the first digits and the length of a card scheme.

    For texts nobody has typed here, in which other long numbers are common.
    """
    return any(
        _is_scheme([unicodedata.digit(text[position]) for position in positions])
        for positions in _found(text)
    )


def names_card_data(said: object) -> bool:
    """Whether what was sent to us has a field for a card's number or its security code."""
    if isinstance(said, Mapping):
        return any(_bare(name) in _CARD_FIELDS or names_card_data(said[name]) for name in said)
    return isinstance(said, list) and any(names_card_data(one) for one in said)


def masked(text: str) -> str:
    """The text with every digit of a card number but the last four as a dot."""
    letters = list(text)
    for positions in _found(text):
        for position in positions[:-4]:
            letters[position] = "•"
    return "".join(letters)


def _found(text: str) -> Iterator[list[int]]:
    for run in _runs(text):
        digits = [digit for group in run for _, digit in group]
        positions = [position for group in run for position, _ in group]
        if SHORTEST <= len(digits) <= LONGEST and _passes(digits):
            yield positions
            continue
        for start, length in _windows([len(group) for group in run]):
            window = digits[start : start + length]
            if _is_scheme(window) and _passes(window):
                yield positions[start : start + length]


def _runs(text: str) -> Iterator[list[list[tuple[int, int]]]]:
    """Digits that belong together, in groups between separators."""
    run: list[list[tuple[int, int]]] = []
    is_open = False
    for position, letter in enumerate(text):
        digit = unicodedata.digit(letter, None)
        if digit is not None:
            if not is_open:
                run.append([])
                is_open = True
            run[-1].append((position, digit))
        elif unicodedata.category(letter) in _SEPARATORS or letter in _JOINERS:
            is_open = False
        elif run:
            yield run
            run, is_open = [], False
    if run:
        yield run


def _windows(groups: list[int]) -> Iterator[tuple[int, int]]:
    """Where a card number may lie in a longer run: whole groups, or inside a long group."""
    starts = [sum(groups[:index]) for index in range(len(groups))]
    for first, start in enumerate(starts):
        length = 0
        for group in groups[first:]:
            length += group
            if length > LONGEST:
                break
            if length >= SHORTEST:
                yield start, length
    for start, group in zip(starts, groups, strict=True):
        if group > SHORTEST:
            for length in range(SHORTEST, min(group, LONGEST) + 1):
                for offset in range(group - length + 1):
                    yield start + offset, length


def _bare(name: object) -> str:
    return "".join(letter for letter in str(name).casefold() if letter.isalnum())


def _passes(digits: list[int]) -> bool:
    if not any(digits):
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _is_scheme(digits: list[int]) -> bool:
    """Whether the first digits and the length are those of a card scheme."""
    two, four, size = digits[0] * 10 + digits[1], int("".join(map(str, digits[:4]))), len(digits)
    return (
        (digits[0] == 4 and size in (13, 16, 19))
        or ((51 <= two <= 55 or 2221 <= four <= 2720) and size == 16)
        or (two in (34, 37) and size == 15)
        or ((two in (36, 38) or 3000 <= four <= 3059) and size == 14)
        or ((four == 6011 or two in (62, 65) or 3528 <= four <= 3589) and 16 <= size <= 19)
    )
