"""A portal user adds a client to their account, with its number and that of an invoice of it."""

from dataclasses import dataclass

from portal.domain.errors import Denied
from portal.domain.payers import EntryKind, Payer
from portal.services.open_as_guest import find_pair
from portal.services.payer_doors import Door, knock
from portal.services.payer_ports import PayerDirectory, UserClient
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class AddClientOneself:
    """The request. `address` is the network address it came from."""

    payer: Payer
    client_number: str
    invoice_number: str
    address: str


def add_client_oneself(
    command: AddClientOneself, *, store: Store, clock: Clock, directory: PayerDirectory
) -> str:
    """Link the client, audited, if the two numbers belong together.

    Returns: the client's id. Raises: Denied without an account; SignInRefused for numbers that
    do not belong together and after too many tries.
    """
    payer = command.payer
    if payer.entry is not EntryKind.ACCOUNT or payer.portal_user_id is None:
        raise Denied("Sign in to your account first.")
    with store.unit_of_work() as uow:
        own_attempt = knock(uow, Door.ADD_CLIENT, payer.portal_user_id, command.address, clock())
        uow.commit()
    client_id, attempt_id = find_pair(
        command.client_number,
        command.invoice_number,
        command.address,
        store=store,
        clock=clock,
        directory=directory,
    )
    with store.unit_of_work() as uow:
        now = clock()
        for attempt in (own_attempt, attempt_id):
            uow.payer_attempts.mark_succeeded(attempt)
        is_new = uow.portal_users.link(
            UserClient(
                portal_user_id=payer.portal_user_id,
                client_id=client_id,
                linked_by=payer.actor,
                linked_at=now,
            )
        )
        if is_new:
            uow.audit.append(
                at=now,
                actor=payer.actor,
                action="portal_user.linked",
                subject=client_id,
                detail={
                    "because": "they knew its number and an invoice",
                    "address": command.address,
                },
            )
        uow.commit()
    return client_id
