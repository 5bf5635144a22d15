"""Whom a payer's receipts go to besides the payer: of what they pay, and of their own plans."""

from dataclasses import dataclass, field, replace

from portal.domain.errors import Denied, NotFound
from portal.domain.payers import EntryKind, Payer
from portal.services.plan_access import checked_receipts
from portal.services.plan_ports import PlanState
from portal.services.ports import Clock, Store

_RUNNING = (PlanState.ACTIVE, PlanState.PAUSED)


@dataclass(frozen=True, kw_only=True)
class ChooseReceipts:
    """The request. The payer's own address always gets them and need not be among these."""

    payer: Payer = field(repr=False)
    receipt_emails: tuple[str, ...] = ()


def choose_receipts(command: ChooseReceipts, *, store: Store, clock: Clock) -> tuple[str, ...]:
    """Keep the addresses, for what is paid from now on and for the running plans. Audited.

    Returns: the addresses as kept. Raises: Denied without an account of one's own; Invalid.
    """
    payer = command.payer
    if payer.entry is not EntryKind.ACCOUNT or payer.portal_user_id is None:
        raise Denied("Sign in to your account first.")
    given = checked_receipts((payer.email, *command.receipt_emails))
    others = tuple(one for one in given if one.lower() != payer.email.lower())
    with store.unit_of_work() as uow:
        uow.payments.serialize()
        now = clock()
        user = uow.portal_users.find(payer.portal_user_id)
        if user is None:
            raise NotFound("There is no such account.")
        uow.portal_users.save(replace(user, receipt_emails=others))
        for client_id in payer.client_ids:
            for plan in uow.plans.of_client(client_id):
                if plan.portal_user_id == payer.portal_user_id and plan.state in _RUNNING:
                    everybody = (payer.email, *others)
                    uow.plans.save(replace(plan, receipt_emails=everybody, updated_at=now))
        uow.audit.append(
            at=now,
            actor=payer.actor,
            action="portal_user.receipts_chosen",
            subject=payer.portal_user_id,
            detail={"before": list(user.receipt_emails), "after": list(others)},
        )
        uow.commit()
    return others
