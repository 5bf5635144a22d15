"""How often a quick payment link was paid, and that it can still be."""

from datetime import datetime

from portal.domain.errors import NotFound
from portal.domain.payment_states import LIVE, PaymentState
from portal.services.find_quick_link import CLOSED
from portal.services.money_records import Payment
from portal.services.ports import UnitOfWork

_PAID = frozenset({PaymentState.PROCESSING, PaymentState.SUCCEEDED})


def count_quick_use(uow: UnitOfWork, payment: Payment, at: datetime) -> None:
    """Count a payment by quick link when its money is first on its way; told of every change."""
    if payment.quick_link_id is None or payment.state not in _PAID:
        return
    reached = [e for e in uow.payments.events(payment.payment_id) if e.to_state in _PAID]
    if len(reached) <= 1:
        uow.quick_links.count_use(payment.quick_link_id)


def check_quick_link(uow: UnitOfWork, link_id: str, now: datetime) -> None:
    """Go on only if a link can be paid once more, those who are paying right now included.

    Runs inside the transaction that reserves: two payers of a link for one get one payment.
    Raises: NotFound, in the words of a link that never was.
    """
    link = uow.quick_links.find(link_id)
    if link is None or not link.is_open(now):
        raise NotFound(CLOSED)
    if link.most_uses is None:
        return
    under_way = sum(one.quick_link_id == link_id for one in uow.payments.in_states(LIVE))
    if link.uses + under_way >= link.most_uses:
        raise NotFound(CLOSED)
