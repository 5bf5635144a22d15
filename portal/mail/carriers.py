"""How a written-out mail leaves the portal, and the ways in which that can go wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from portal.domain.errors import PortalError


class CarrierAway(PortalError):
    """Nobody takes mail now; nothing was sent, and no letter is to blame."""


class NotTakenNow(PortalError):
    """This letter was not taken, perhaps later; it certainly did not go out."""


class NeverTaken(PortalError):
    """This letter was refused for good; it certainly did not go out."""


class PerhapsTaken(PortalError):
    """The connection was lost while the mail was leaving: nobody knows whether it went out."""


class ClaimLost(PortalError):
    """Another worker has the letter by now; nothing was sent."""


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A mail and whom it goes to."""

    letter_id: str
    raw: bytes
    sender: str
    recipients: tuple[str, ...]
    created_at: datetime
    kind: str


@dataclass(frozen=True, kw_only=True)
class Carried:
    """It was taken; `refused` are the addresses it was not taken for, and why."""

    refused: Mapping[str, str] = field(default_factory=dict)


class Carrier(Protocol):
    """Takes mails out."""

    def carry(self, mail: Outgoing, may_leave: Callable[[], bool]) -> Carried:
        """Send a mail. `may_leave` is asked at the last moment at which it can be kept back.

        Raises: CarrierAway, NotTakenNow, NeverTaken, PerhapsTaken, ClaimLost.
        """

    def has_carried(self, mail: Outgoing) -> bool | None:
        """Whether a mail went out; None: this carrier can't know."""

    def close(self) -> None:
        """Let go of the connection."""
