"""Exchange what a browser brings (a mail's link, a code, a handover) for a payer session."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from portal.domain.errors import SignInRefused
from portal.domain.payers import EntryKind
from portal.services import link_tokens
from portal.services.mail_ports import Happening, LetterEvent
from portal.services.payer_ports import (
    AccountCode,
    CodePurpose,
    LinkTokens,
    PayerDirectory,
    PayLink,
    UserClient,
)
from portal.services.ports import Clock, Store, UnitOfWork
from portal.services.start_payer_session import PayerSessionStarted, Visitor, let_in
from portal.services.tickets import hash_of

CLOSED = "This link does not work any more. Ask your firm for a new one, or use your numbers."
"""For unknown, damaged, used, expired and revoked alike: a guess learns nothing."""
LONGEST_TOKEN = 100


@dataclass(frozen=True, kw_only=True)
class EnterClientPortal:
    """The request. `earlier_cookie` is what the browser held until now."""

    token: str = field(repr=False)
    earlier_cookie: str | None = field(default=None, repr=False)
    address: str = ""


def enter_client_portal(
    command: EnterClientPortal,
    *,
    store: Store,
    clock: Clock,
    tokens: LinkTokens,
    directory: PayerDirectory,
) -> PayerSessionStarted:
    """Open a session for what the token is: a 1-click link, a handover or a mailed code.

    A token whose seal is wrong is refused before anything is looked up.
    Raises: SignInRefused, in the same words whatever is wrong.
    """
    opened = _open(command.token, tokens)
    if opened is None:
        raise SignInRefused(CLOSED)
    purpose, secret = opened
    exchange = {
        link_tokens.PAY_LINK: _by_link,
        link_tokens.HANDOVER: _by_handover,
        link_tokens.ACCOUNT_CODE: _by_code,
    }[purpose]
    with store.unit_of_work() as uow:
        started = exchange(uow, command, hash_of(secret), clock(), directory)
        if started is None:
            raise SignInRefused(CLOSED)
        uow.commit()
    return started


def _open(token: str, tokens: LinkTokens) -> tuple[str, str] | None:
    if len(token) > LONGEST_TOKEN:
        return None
    for purpose in (link_tokens.PAY_LINK, link_tokens.HANDOVER, link_tokens.ACCOUNT_CODE):
        secret = tokens.open(purpose, token)
        if secret is not None:
            return purpose, secret
    return None


def _by_link(
    uow: UnitOfWork,
    command: EnterClientPortal,
    token_hash: str,
    now: datetime,
    directory: PayerDirectory,
) -> PayerSessionStarted | None:
    link = uow.pay_links.with_hash(token_hash)
    if link is None or not link.is_open(now) or directory.client(link.client_id) is None:
        return None
    uow.pay_links.count_use(link.link_id, now)
    _tell_of_click(uow, link, now)
    visitor = Visitor(
        entry=EntryKind.LINK,
        client_id=link.client_id,
        invoice_ids=link.invoice_ids,
        link_id=link.link_id,
    )
    return _let_in(uow, command, visitor, now, actor=f"link:{link.link_id}")


def _tell_of_click(uow: UnitOfWork, link: PayLink, now: datetime) -> None:
    """The mail whose button this was has been read: Email delivery says so."""
    maker, _, letter_id = link.created_by.partition(":")
    if maker == "letter" and uow.outbox.find(letter_id) is not None:
        uow.mail_news.note(Happening(letter_id=letter_id, event=LetterEvent.CLICKED, at=now))


def _by_handover(
    uow: UnitOfWork,
    command: EnterClientPortal,
    token_hash: str,
    now: datetime,
    directory: PayerDirectory,
) -> PayerSessionStarted | None:
    handover = uow.payer_sessions.use_handover(token_hash, now)
    if handover is None:
        return None
    visitor = Visitor(
        entry=handover.entry,
        client_id=handover.client_id,
        invoice_ids=handover.invoice_ids,
        portal_user_id=handover.portal_user_id,
        staff_session_id=handover.staff_session_id,
    )
    actor = None
    if handover.portal_user_id:
        actor = f"payer:{handover.portal_user_id}"
    if handover.staff_session_id:
        session = uow.sessions.find(handover.staff_session_id)
        if session is None or session.revoked_at is not None:
            return None
        actor = session.user_key
    return _let_in(uow, command, visitor, now, actor=actor)


def _by_code(
    uow: UnitOfWork,
    command: EnterClientPortal,
    token_hash: str,
    now: datetime,
    directory: PayerDirectory,
) -> PayerSessionStarted | None:
    code = uow.portal_users.find_code(token_hash, now)
    user = uow.portal_users.find(code.portal_user_id) if code else None
    if code is None or user is None or not user.is_active:
        return None
    actor = f"payer:{user.portal_user_id}"
    if code.purpose is CodePurpose.VERIFY and user.verified_at is not None:
        return None
    if user.verified_at is None:
        # Whoever reads the mail owns the address, by whichever of the two mails it was. What
        # was kept before may be a stranger's: the reader chooses the password.
        uow.portal_users.save(replace(user, verified_at=now, password_hash=None))
        _link_contacts_clients(uow, code, user.email, now, directory)
        uow.audit.append(at=now, actor=actor, action="portal_user.verified", subject=actor)
    visitor = Visitor(
        entry=EntryKind.ACCOUNT,
        portal_user_id=user.portal_user_id,
        may_set_password=True,
    )
    return _let_in(uow, command, visitor, now, actor=actor, goes_to="payer-password")


def _link_contacts_clients(
    uow: UnitOfWork, code: AccountCode, email: str, now: datetime, directory: PayerDirectory
) -> None:
    for client_id in directory.clients_of_contact(email):
        link = UserClient(
            portal_user_id=code.portal_user_id,
            client_id=client_id,
            linked_by="contact",
            linked_at=now,
        )
        if uow.portal_users.link(link):
            uow.audit.append(
                at=now,
                actor=f"payer:{code.portal_user_id}",
                action="portal_user.linked",
                subject=client_id,
                detail={"because": "the address is a contact of the client"},
            )


def _let_in(
    uow: UnitOfWork,
    command: EnterClientPortal,
    visitor: Visitor,
    now: datetime,
    *,
    actor: str | None,
    goes_to: str = "client-portal",
) -> PayerSessionStarted:
    return let_in(
        uow,
        visitor,
        now,
        earlier_cookie=command.earlier_cookie,
        address=command.address,
        actor=actor,
        goes_to=goes_to,
    )
