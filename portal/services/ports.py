"""What the services need from the outside: the store, the clock, the staff list.

Adapters fulfil these; `portal.bootstrap` picks them. What each method does is written
where it is done, in portal/store.
"""

# ruff: noqa: D102

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from portal.services import (
    alert_ports,
    collections_ports,
    job_ports,
    money_ports,
    payer_ports,
    payout_ports,
    plan_ports,
    statement_ports,
)
from portal.services.mail_ports import Documents, MailNews, Outbox, Sending


class SignInKind(StrEnum):
    """How somebody came in."""

    LOCAL = "local"
    """With a name and a password kept by the portal."""
    OIDC = "oidc"
    """Through the firm's single sign-on."""


@dataclass(frozen=True, kw_only=True)
class User:
    """Somebody who may sign in, or has signed in through the firm's single sign-on.

    `user_name` and `password_hash` are None for single sign-on.
    """

    user_key: str
    kind: SignInKind
    user_name: str | None
    full_name: str
    email: str
    groups: tuple[str, ...]
    password_hash: str | None = None
    is_active: bool = True


@dataclass(frozen=True, kw_only=True)
class Session:
    """One sign-in of one browser. `session_id` is the hash of what its cookie holds."""

    session_id: str
    user_key: str
    kind: SignInKind
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    proof: str | None = None
    seen_as: str | None = None
    """The user as whom an administrator looks at the portal in this session."""


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A promise that the browser which shows it within seconds becomes a session of this user.

    `proof` names the single sign-on answer it rests on, which can be used once.
    """

    ticket_hash: str
    user_key: str
    kind: SignInKind
    expires_at: datetime
    proof: str | None = None


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One permission given to one person beyond their groups; `until` None means for good."""

    user_key: str
    permission: str
    until: datetime | None
    granted_by: str


@dataclass(frozen=True, kw_only=True)
class ListView:
    """A named state of a list: columns, filters, order."""

    view_id: str
    list_name: str
    name: str
    owner: str
    is_shared: bool
    state: Mapping[str, object]


class Users(Protocol):
    """Who may sign in."""

    def find(self, user_key: str) -> User | None: ...
    def find_by_name(self, user_name: str) -> User | None: ...
    def with_email(self, email: str, kind: SignInKind) -> list[User]: ...
    def everybody(self) -> list[User]: ...
    def save(self, user: User) -> None: ...


class Sessions(Protocol):
    """Who is signed in."""

    def find(self, session_id: str) -> Session | None: ...
    def add(self, session: Session) -> None: ...
    def has_proof(self, proof: str) -> bool: ...
    def touch(self, session_id: str, now: datetime) -> None: ...
    def carry_along(self, now: datetime, by: timedelta) -> None: ...
    def look_as(self, session_id: str, user_key: str | None) -> None: ...
    def revoke(self, session_id: str, now: datetime) -> bool: ...
    def revoke_all(self, user_key: str, now: datetime) -> int: ...
    def add_ticket(self, ticket: Ticket) -> None: ...
    def use_ticket(self, ticket_hash: str, now: datetime) -> Ticket | None: ...
    def forget_old(self, before: datetime) -> None: ...


class SignInAttempts(Protocol):
    """Wrong passwords, counted."""

    def serialize(self) -> None: ...
    def failures_of_account(self, account: str, since: datetime) -> int: ...
    def failures_of_address(self, address: str, since: datetime) -> int: ...
    def add(self, account: str, address: str, at: datetime) -> str: ...
    def mark_succeeded(self, attempt_id: str) -> None: ...
    def forget_old(self, before: datetime) -> None: ...


class Grants(Protocol):
    """Single permissions beyond the groups."""

    def of_user(self, user_key: str, now: datetime) -> frozenset[str]: ...
    def everything(self) -> list[Grant]: ...
    def save(self, grant: Grant) -> None: ...
    def remove(self, user_key: str, permission: str) -> bool: ...


class Lists(Protocol):
    """How people keep their lists."""

    def state(self, user_key: str, list_name: str) -> Mapping[str, object] | None: ...
    def save_state(self, user_key: str, list_name: str, state: Mapping[str, object]) -> None: ...
    def view(self, view_id: str) -> ListView | None: ...
    def views(self, user_key: str, list_name: str) -> list[ListView]: ...
    def save_view(self, view: ListView) -> None: ...
    def delete_view(self, view_id: str) -> bool: ...


class Visits(Protocol):
    """When somebody last looked at a page."""

    def of_page(self, user_key: str, page: str) -> tuple[datetime | None, datetime] | None: ...
    def save(self, user_key: str, page: str, previous: datetime | None, last: datetime) -> None: ...


class ShownClients(Protocol):
    """Clients once shown: they stay shown when the firm's rule would leave them out later."""

    def add(self, client_ids: Iterable[str]) -> None: ...
    def all(self) -> set[str]: ...
    def forget(self) -> int: ...


class Audit(Protocol):
    """The log that can only grow."""

    def append(
        self,
        *,
        at: datetime,
        actor: str,
        action: str,
        subject: str,
        detail: Mapping[str, object] | None = None,
    ) -> int: ...
    def details_of(self, action: str) -> list[Mapping[str, object]]: ...


class UnitOfWork(Protocol):
    """One transaction of the store. What is not committed has not happened."""

    users: Users
    alerts: alert_ports.Alerts
    sessions: Sessions
    attempts: SignInAttempts
    grants: Grants
    lists: Lists
    visits: Visits
    shown_clients: ShownClients
    portal_users: payer_ports.PortalUsers
    payer_sessions: payer_ports.PayerSessions
    payer_attempts: payer_ports.PayerAttempts
    pay_links: payer_ports.PayLinkRows
    quick_links: payer_ports.QuickLinkRows
    payer_messages: payer_ports.PayerMessages
    notes: collections_ports.Notes
    promises: collections_ports.Promises
    invoice_disputes: collections_ports.InvoiceDisputes
    holds: collections_ports.Holds
    marks: collections_ports.Marks
    statements: statement_ports.Statements
    write_offs: collections_ports.WriteOffRequests
    rules: statement_ports.Rules
    outbox: Outbox
    sending: Sending
    mail_news: MailNews
    documents: Documents
    balances: money_ports.Balances
    methods: money_ports.Methods
    mandates: money_ports.Mandates
    payments: money_ports.Payments
    refunds: money_ports.Refunds
    disputes: money_ports.Disputes
    plans: plan_ports.Plans
    occurrences: plan_ports.Occurrences
    webhooks: money_ports.Webhooks
    payouts: payout_ports.Payouts
    files: payout_ports.PaymentFiles
    exceptions: payout_ports.Exceptions
    day_lines: payout_ports.DayLines
    leases: plan_ports.Leases
    job_runs: job_ports.JobRuns
    audit: Audit

    def part(self) -> AbstractContextManager[None]: ...
    def commit(self) -> None: ...


class Store(Protocol):
    """Everything that happened in the portal."""

    def unit_of_work(self) -> AbstractContextManager[UnitOfWork]: ...
    def reading(self) -> AbstractContextManager[UnitOfWork]: ...


class Clock(Protocol):
    """The time now, with its time zone."""

    def __call__(self) -> datetime: ...


class StaffDirectory(Protocol):
    """Who works at the firm, as the practice management system says."""

    def staff_id_of(self, email: str) -> str | None: ...


class PasswordChecker(Protocol):
    """Makes and compares password hashes; slow on purpose."""

    def hash(self, password: str) -> str: ...
    def matches(self, password: str, password_hash: str | None) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class SessionLimits:
    """How long a session lasts: without use, and at the most."""

    idle_minutes: int = 60
    absolute_hours: int = 12
