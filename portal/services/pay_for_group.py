"""One payment action over several clients of a group: one payment and one receipt for each.

A payment is one client's: its invoices, its receipt, its line in the payment file. So a group is
paid by several payments under one request. Each is kept by itself; the same form sent again
finds those that were made and charges nothing twice.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from portal.domain.applications import Line
from portal.domain.errors import Invalid, PortalError
from portal.domain.payment_states import PaymentState
from portal.domain.permissions import Permission, Principal
from portal.services.money_actors import reach_client
from portal.services.money_ports import ClientCard, ClientDirectory, Payment, Source
from portal.services.money_requests import check_request
from portal.services.take_payment import Taken, TakePayment

MOST_CLIENTS = 50
_WENT_ON = frozenset({PaymentState.SUCCEEDED, PaymentState.PROCESSING})
"""With any other end of one payment the method is not asked for the next one."""


@dataclass(frozen=True, kw_only=True)
class ClientPart:
    """What is paid for one client of the group."""

    client_id: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class PayForGroup:
    """The request. The method was saved with one of the group's clients, paid for or not."""

    actor: Principal
    request_id: str
    client_group: str
    parts: tuple[ClientPart, ...]
    method_id: str
    method_client_id: str
    currency: str = "USD"
    payer_email: str = ""


@dataclass(frozen=True, kw_only=True)
class PaidFor:
    """What came of one client's part: a payment, or why there is none."""

    client: ClientCard
    payment: Payment | None = None
    refusal: str = ""

    @property
    def is_under_way(self) -> bool:
        """Whether it is paid, or with the bank."""
        return self.payment is not None and self.payment.state in _WENT_ON


def pay_for_group(
    command: PayForGroup,
    *,
    take: Callable[[TakePayment], Taken],
    directory: ClientDirectory,
) -> list[PaidFor]:
    """Take the payments one after the other; stop asking the method once it did not pay.

    Raises: Denied, NotFound, Invalid before anything is charged, when any client is not of the
    group or out of the actor's reach. A refusal of one client's part stops only that one.
    """
    cards = _checked(command, directory)
    return list(_taken(command, cards, take))


def _checked(command: PayForGroup, directory: ClientDirectory) -> list[ClientCard]:
    command.actor.require(Permission.TAKE_PAYMENT)
    check_request(command.request_id)
    wanted = [part.client_id for part in command.parts]
    if not wanted or len(wanted) > MOST_CLIENTS:
        raise Invalid(f"Choose between 1 and {MOST_CLIENTS} clients of the group.")
    if len(set(wanted)) != len(wanted):
        raise Invalid("A client can be named once in a payment for the group.")
    cards = [
        reach_client(command.actor, Permission.TAKE_PAYMENT, client_id, directory)
        for client_id in wanted
    ]
    if not command.client_group or any(card.client_group != command.client_group for card in cards):
        raise Invalid("These clients are not all of this group any more. Open the page again.")
    return cards


def _taken(
    command: PayForGroup, cards: list[ClientCard], take: Callable[[TakePayment], Taken]
) -> Iterator[PaidFor]:
    stopped = ""
    for part, card in zip(command.parts, cards, strict=True):
        if stopped:
            yield PaidFor(client=card, refusal=stopped)
            continue
        try:
            payment = take(_asked(command, part)).payment
        except PortalError as refusal:
            yield PaidFor(client=card, refusal=str(refusal))
            continue
        yield PaidFor(client=card, payment=payment)
        if payment.state not in _WENT_ON:
            stopped = f"Not tried: {payment.payment_id} has not gone through. Nothing was charged."


def _asked(command: PayForGroup, part: ClientPart) -> TakePayment:
    own = hashlib.sha256(part.client_id.encode()).hexdigest()[:16]
    return TakePayment(
        actor=command.actor,
        request_id=f"{command.request_id}-{own}",
        source=Source.STAFF,
        client_id=part.client_id,
        lines=part.lines,
        currency=command.currency,
        method_id=command.method_id,
        method_client_id=command.method_client_id,
        payer_email=command.payer_email,
        note=f"Paid for the group {command.client_group}",
    )
