"""What the client portal's services need: portal users, their sessions, links and asks.

What each method does is written where it is done, in portal/store and portal/warehouse.
"""

# ruff: noqa: D102

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from portal.domain.payers import AskKind, EntryKind, PastPayment, PayerClient, PayerInvoice


class CodePurpose(StrEnum):
    """What a code of a mail is for."""

    VERIFY = "verify"
    NEW_PASSWORD = "new_password"  # noqa: S105 - a purpose, no secret


@dataclass(frozen=True, kw_only=True)
class PortalUser:
    """Somebody with an account of the client portal. Nobody of the firm is one by that.

    Without a `password_hash` none was chosen yet: only a mail of the account lets them in.
    """

    portal_user_id: str
    email: str
    full_name: str
    password_hash: str | None = field(repr=False)
    verified_at: datetime | None
    is_active: bool
    created_at: datetime
    last_sign_in_at: datetime | None = None
    receipt_emails: tuple[str, ...] = ()
    """Who gets their receipts besides them."""


@dataclass(frozen=True, kw_only=True)
class UserClient:
    """A client a portal user sees, and who linked the two: contact, self or a user of the firm."""

    portal_user_id: str
    client_id: str
    linked_by: str
    linked_at: datetime


@dataclass(frozen=True, kw_only=True)
class PayerSession:
    """One visit of one browser. `session_id` is the hash of what its cookie holds."""

    session_id: str
    entry: EntryKind
    client_id: str | None
    invoice_ids: tuple[str, ...]
    portal_user_id: str | None
    link_id: str | None
    staff_session_id: str | None
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    may_set_password: bool = False
    """Whether it was opened by a mail of the account, and no password was chosen since."""
    revoked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Handover:
    """A promise that the browser which shows it within seconds becomes this payer; used once."""

    ticket_hash: str
    entry: EntryKind
    client_id: str | None
    invoice_ids: tuple[str, ...]
    portal_user_id: str | None
    staff_session_id: str | None
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class PayLink:
    """A 1-click link: whose invoices it opens, until when. Only the token's hash is kept."""

    link_id: str
    token_hash: str
    client_id: str
    invoice_ids: tuple[str, ...]
    email: str
    created_by: str
    created_at: datetime
    expires_at: datetime
    uses: int = 0
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True, kw_only=True)
class QuickLink:
    """A page of the firm's to pay without a client: retainers, events. Uses count payments."""

    link_id: str
    token_hash: str
    label: str
    description: str
    currency: str
    amount_cents: int | None
    email: str
    company_name: str
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    most_uses: int | None
    uses: int = 0
    revoked_at: datetime | None = None
    revoked_by: str | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be paid."""
        is_over = self.expires_at is not None and now >= self.expires_at
        is_used_up = self.most_uses is not None and self.uses >= self.most_uses
        return self.revoked_at is None and not is_over and not is_used_up


@dataclass(frozen=True, kw_only=True)
class AccountCode:
    """The code of a mail: it proves an address, or lets somebody choose a new password.

    Mail scanners open links too: a code is good until its time is over or it has served.
    """

    code_hash: str
    portal_user_id: str
    purpose: CodePurpose
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class PayerMessage:
    """What a payer asked of the firm. Staff see it in the worklist until it is handled."""

    message_id: str
    request_id: str
    kind: AskKind
    client_id: str
    invoice_id: str | None
    invoice_number: str
    text: str
    promised_date: date | None
    cents: int | None
    parts: int | None
    asked_by: str
    asked_name: str
    asked_email: str
    created_at: datetime
    state: str = "open"
    handled_by: str | None = None
    handled_at: datetime | None = None
    handled_by_name: str = ""
    answer: str | None = None
    """What was mailed back to whoever asked."""


class PortalUsers(Protocol):
    """Portal users, the clients linked to them, and the codes of their mails."""

    def find(self, portal_user_id: str) -> PortalUser | None: ...
    def with_email(self, email: str) -> PortalUser | None: ...
    def everybody(self) -> list[PortalUser]: ...
    def save(self, user: PortalUser) -> None: ...
    def clients_of(self, portal_user_id: str) -> list[UserClient]: ...
    def users_of(self, client_id: str) -> list[PortalUser]: ...
    def link(self, link: UserClient) -> bool: ...
    def unlink(self, portal_user_id: str, client_id: str) -> bool: ...
    def add_code(self, code: AccountCode) -> None: ...
    def find_code(self, code_hash: str, now: datetime) -> AccountCode | None: ...
    def forget_codes(self, portal_user_id: str) -> None: ...


class PayerSessions(Protocol):
    """Who is in the client portal, and the handovers that let them in."""

    def find(self, session_id: str) -> PayerSession | None: ...
    def add(self, session: PayerSession) -> None: ...
    def touch(self, session_id: str, now: datetime) -> None: ...
    def choose(self, session_id: str, client_id: str) -> None: ...
    def revoke(self, session_id: str, now: datetime) -> bool: ...
    def revoke_all(self, portal_user_id: str, now: datetime) -> int: ...
    def renew(self, session_id: str, expires_at: datetime) -> None: ...
    def revoke_link(self, link_id: str, now: datetime) -> int: ...
    def add_handover(self, handover: Handover) -> None: ...
    def use_handover(self, ticket_hash: str, now: datetime) -> Handover | None: ...
    def forget_old(self, before: datetime) -> None: ...


class PayerAttempts(Protocol):
    """Wrong guesses at the client portal's doors, counted apart from staff sign-ins."""

    def serialize(self) -> None: ...
    def failures(
        self, since: datetime, *, door: str, subject: str | None = None, address: str | None = None
    ) -> int: ...
    def add(self, door: str, subject: str, address: str, at: datetime) -> str: ...
    def mark_succeeded(self, attempt_id: str) -> None: ...
    def forget_old(self, before: datetime) -> None: ...


class PayLinkRows(Protocol):
    """1-click links."""

    def add(self, link: PayLink) -> None: ...
    def find(self, link_id: str) -> PayLink | None: ...
    def with_hash(self, token_hash: str) -> PayLink | None: ...
    def of_client(self, client_id: str) -> list[PayLink]: ...
    def count_use(self, link_id: str, now: datetime) -> None: ...
    def revoke(self, link_id: str, by: str, now: datetime) -> bool: ...


class QuickLinkRows(Protocol):
    """Quick payment links."""

    def add(self, link: QuickLink) -> None: ...
    def find(self, link_id: str) -> QuickLink | None: ...
    def with_hash(self, token_hash: str) -> QuickLink | None: ...
    def all(self) -> list[QuickLink]: ...
    def count_use(self, link_id: str) -> None: ...
    def revoke(self, link_id: str, by: str, now: datetime) -> bool: ...


class PayerMessages(Protocol):
    """What payers asked."""

    def add(self, message: PayerMessage) -> None: ...
    def find(self, message_id: str) -> PayerMessage | None: ...
    def of_request(self, request_id: str) -> PayerMessage | None: ...
    def of_client(self, client_id: str) -> list[PayerMessage]: ...
    def open_ones(self) -> list[PayerMessage]: ...
    def handle(self, message_id: str, by: str, name: str, now: datetime) -> bool: ...
    def answer(self, message_id: str, answer: str, by: str, name: str, now: datetime) -> bool: ...


class PayerDirectory(Protocol):
    """What the client portal reads of the practice management system's data."""

    def client(self, client_id: str) -> PayerClient | None: ...
    def invoice(self, invoice_id: str) -> PayerInvoice | None: ...
    def credits(self, client_id: str) -> dict[str, int]: ...
    def payments(self, client_id: str) -> list[PastPayment]: ...
    def client_of_pair(self, client_number: str, invoice_number: str) -> str | None: ...
    def clients_of_contact(self, email: str) -> tuple[str, ...]: ...


class LinkTokens(Protocol):
    """Seals the random part of a link, so that a guess is refused without looking anywhere.

    A purpose is the token's type: what was sealed for one opens nothing at another door.
    """

    def seal(self, purpose: str, secret: str) -> str: ...
    def open(self, purpose: str, token: str) -> str | None: ...
    def derive(self, purpose: str, name: str) -> str: ...
