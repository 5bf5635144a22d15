"""Texts that people type: no command takes one that holds a card number.

A command's field that is typed freely is a `FreeText`, and the function that carries the command
out is `without_card_numbers`: it refuses before anything is read, written, sent or logged.
"""

import functools
from collections.abc import Callable
from typing import Annotated, ParamSpec, TypeVar, get_args, get_type_hints

from portal.domain.card_numbers import refuse_card_numbers

_TYPED = "typed by a person"
FreeText = Annotated[str, _TYPED]
Given = ParamSpec("Given")
Result = TypeVar("Result")


def without_card_numbers(act: Callable[Given, Result]) -> Callable[Given, Result]:
    """Let a command be carried out only if none of its free texts holds a card number.

    Raises (when it is called): CardNumberRefused.
    """

    @functools.wraps(act)
    def checked(*given: Given.args, **more: Given.kwargs) -> Result:
        command = given[0] if given else more["command"]
        refuse_card_numbers(*(getattr(command, name) for name in free_texts(type(command))))
        return act(*given, **more)

    return checked


@functools.cache
def free_texts(command: type) -> tuple[str, ...]:
    """The names of a command's fields that people type freely."""
    hints = get_type_hints(command, include_extras=True)
    return tuple(name for name, hint in hints.items() if _is_typed(hint))


def _is_typed(hint: object) -> bool:
    return _TYPED in getattr(hint, "__metadata__", ()) or any(map(_is_typed, get_args(hint)))
