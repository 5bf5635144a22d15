"""The doors of the client portal, and how many wrong tries each of them bears."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.errors import SignInRefused
from portal.services.ports import UnitOfWork
from portal.services.tickets import hash_of

PAYER_COOKIE = "payer_session"
QUICK_COOKIE = "quick_pay"
WINDOW = timedelta(minutes=15)
TOO_MANY = "Too many tries. Wait 15 minutes, or use the link in a mail of ours."


class Door(StrEnum):
    """Where somebody can try to guess."""

    PAIR = "pair"
    """A client number and an invoice number: guests, and users who add a client."""
    PASSWORD = "password"  # noqa: S105 - a door, no secret
    ADD_CLIENT = "add_client"
    LETTER = "letter"
    """What makes the portal write to an address: sign-up, a new password."""


@dataclass(frozen=True)
class Bears:
    """How many wrong tries a door bears in 15 minutes: on one subject, from one address, in all.

    The last one is against many addresses guessing together; the others stay below it.
    """

    of_subject: int
    of_address: int
    in_all: int


BEARS = {
    Door.PAIR: Bears(10, 20, 300),
    Door.PASSWORD: Bears(5, 20, 2_000),
    Door.ADD_CLIENT: Bears(5, 20, 300),
    Door.LETTER: Bears(3, 20, 2_000),
}


def knock(uow: UnitOfWork, door: Door, subject: str, address: str, now: datetime) -> str:
    """Count a try as wrong before it is looked at, in the caller's transaction.

    `subject` is what is guessed about (a client number, an email); only its hash is kept.
    Returns: the try's id, to mark it right. Raises: SignInRefused when the door has had enough.
    """
    uow.payer_attempts.serialize()
    check_door(uow, door, subject, address, now)
    return uow.payer_attempts.add(door, hash_of(subject), address, now)


def check_door(view: UnitOfWork, door: Door, subject: str, address: str, now: datetime) -> None:
    """Go on only if the door bears another try. Reading alone: a flood takes no writer's turn.

    Raises: SignInRefused.
    """
    bears, since = BEARS[door], now - WINDOW
    failures = view.payer_attempts.failures
    is_over = (
        failures(since, door=door) >= bears.in_all
        or failures(since, door=door, address=address) >= bears.of_address
        or failures(since, door=door, subject=hash_of(subject)) >= bears.of_subject
    )
    if is_over:
        raise SignInRefused(TOO_MANY)
