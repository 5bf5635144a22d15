"""Somebody of the firm opens one client's portal: handed over once, within 60 seconds, audited."""

from dataclasses import dataclass

from portal.domain.errors import NotFound
from portal.domain.payers import EntryKind
from portal.domain.permissions import Permission, Principal
from portal.services import link_tokens
from portal.services.mint_pay_link import is_in_scope
from portal.services.payer_ports import LinkTokens, PayerDirectory
from portal.services.ports import Clock, Store
from portal.services.start_payer_session import STAFF_SECONDS, Visitor, issue_handover


@dataclass(frozen=True, kw_only=True)
class OpenClientPortal:
    """The request. `staff_session_id` is the session of the person, not of the client."""

    actor: Principal
    staff_session_id: str
    client_id: str
    invoice_ids: tuple[str, ...] = ()


def open_client_portal(
    command: OpenClientPortal,
    *,
    store: Store,
    clock: Clock,
    tokens: LinkTokens,
    directory: PayerDirectory,
) -> str:
    """Promise a staff view of one client's portal.

    Returns: the token to exchange, once. Raises: Denied; NotFound for a client out of scope.
    """
    command.actor.require(Permission.OPEN_CLIENT_PORTAL)
    if not is_in_scope(command.actor, command.client_id, directory):
        raise NotFound("There is no such client.")
    now = clock()
    visitor = Visitor(
        entry=EntryKind.STAFF,
        client_id=command.client_id,
        invoice_ids=command.invoice_ids,
        staff_session_id=command.staff_session_id,
    )
    with store.unit_of_work() as uow:
        ticket = issue_handover(uow, visitor, now, seconds=STAFF_SECONDS)
        uow.audit.append(
            at=now,
            actor=command.actor.user_key,
            action="client_portal.opened_by_staff",
            subject=command.client_id,
        )
        uow.commit()
    return tokens.seal(link_tokens.HANDOVER, ticket)
