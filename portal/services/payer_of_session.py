"""Who is it that this visit of the client portal belongs to, and what may they reach now?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.domain.payers import EntryKind, Payer
from portal.domain.permissions import Permission, Principal
from portal.services.mint_pay_link import is_in_scope
from portal.services.payer_ports import PayerDirectory, PayerSession
from portal.services.ports import Clock, Store, UnitOfWork
from portal.services.session_life import is_over, note_use


@dataclass(frozen=True, kw_only=True)
class PayerOfSession:
    """The question."""

    session_id: str
    idle_minutes: int = 30


def payer_of_session(
    query: PayerOfSession,
    *,
    store: Store,
    clock: Clock,
    directory: PayerDirectory,
    staff: Callable[[str], Principal | None],
) -> Payer | None:
    """Read everything again: the session, the link it came by, the account, the staff member.

    `staff` finds whose a staff session is. Returns: None when the visit is over.
    """
    now = clock()
    with store.reading() as view:
        session = view.payer_sessions.find(query.session_id)
        if session is None or is_over(session, now, query.idle_minutes):
            return None
        payer = _payer(view, session, now)
    if session.entry is EntryKind.STAFF:
        payer = _staff(session, directory, staff)
    if payer is not None:
        note_use(session, now, store, lambda uow: uow.payer_sessions.touch(session.session_id, now))
    return payer


def _payer(view: UnitOfWork, session: PayerSession, now: datetime) -> Payer | None:
    match session.entry:
        case EntryKind.LINK:
            link = view.pay_links.find(session.link_id or "")
            return _of_client(session, link.email) if link and link.is_open(now) else None
        case EntryKind.GUEST:
            return _of_client(session, "")
        case EntryKind.ACCOUNT:
            user = view.portal_users.find(session.portal_user_id or "")
            if user is None or not user.is_active:
                return None
            linked = view.portal_users.clients_of(user.portal_user_id)
            return Payer(
                session_id=session.session_id,
                entry=session.entry,
                client_ids=tuple(link.client_id for link in linked),
                portal_user_id=user.portal_user_id,
                full_name=user.full_name,
                email=user.email,
                may_set_password=session.may_set_password,
                receipt_emails=user.receipt_emails,
                chosen_client_id=session.client_id,
            )
    return None


def _of_client(session: PayerSession, email: str) -> Payer:
    return Payer(
        session_id=session.session_id,
        entry=session.entry,
        client_ids=(session.client_id or "",),
        invoice_ids=session.invoice_ids,
        email=email,
        link_id=session.link_id,
    )


def _staff(
    session: PayerSession,
    directory: PayerDirectory,
    staff: Callable[[str], Principal | None],
) -> Payer | None:
    # The visit ends with the staff member's own session, permission or scope.
    principal = staff(session.staff_session_id or "")
    client_id = session.client_id or ""
    if principal is None or not principal.may(Permission.OPEN_CLIENT_PORTAL):
        return None
    if not is_in_scope(principal, client_id, directory):
        return None
    return Payer(
        session_id=session.session_id,
        entry=session.entry,
        client_ids=(client_id,),
        invoice_ids=session.invoice_ids,
        full_name=principal.full_name,
        email=principal.email,
        staff_key=principal.user_key,
        may_pay=principal.may(Permission.TAKE_PAYMENT),
        may_plan=principal.may(Permission.MANAGE_PLANS),
    )
