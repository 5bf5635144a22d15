"""Opening the store, and its transactions: what is not committed has not happened."""

import functools
import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, Engine, UpdateBase, event, inspect, text

from portal.domain.looking import refuse_while_looking
from portal.store.alerts import AlertRows
from portal.store.audit import AuditRows
from portal.store.balances import BalanceRows
from portal.store.changes import ChangeNotes, note_changes
from portal.store.collection_rules import RuleRows, WriteOffRows
from portal.store.collection_work import (
    HoldRows,
    InvoiceDisputeRows,
    MarkRows,
    NoteRows,
    PromiseRows,
)
from portal.store.day_lines import DayLineRows
from portal.store.documents import DocumentRows
from portal.store.engine import open_engine, take_turn, told_busy, writer_turn
from portal.store.jobs import JobRunRows
from portal.store.lists import ListRows, ShownClientRows, VisitRows
from portal.store.mail_news import MailNewsRows
from portal.store.methods import MandateRows, MethodRows
from portal.store.outbox import OutboxRows
from portal.store.pay_links import PayLinkRows, QuickLinkRows
from portal.store.payer_messages import PayerMessageRows
from portal.store.payer_sessions import PayerAttemptRows, PayerSessionRows
from portal.store.payments import PaymentRows
from portal.store.payouts import ExceptionRows, PaymentFileRows, PayoutRows
from portal.store.plans import LeaseRows, OccurrenceRows, PlanRows
from portal.store.portal_users import PortalUserRows
from portal.store.refunds import DisputeRows, RefundRows
from portal.store.sending import SendingRows
from portal.store.sessions import SessionRows, SignInAttemptRows
from portal.store.statements import StatementRows
from portal.store.users import GrantRows, UserRows
from portal.store.webhooks import WebhookRows

if TYPE_CHECKING:
    from alembic.config import Config

Repository = TypeVar("Repository")
MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION = 7_203
"""The subject of the turn that brings the tables up to date."""


def _rows(kind: Callable[[Connection], Repository]) -> "cached_property[Repository]":
    return cached_property(lambda unit: kind(unit._connection))


class UnitOfWork:
    """One transaction and the repositories that work in it, each made when it is first asked."""

    users = _rows(UserRows)
    alerts = _rows(AlertRows)
    grants = _rows(GrantRows)
    sessions = _rows(SessionRows)
    attempts = _rows(SignInAttemptRows)
    lists = _rows(ListRows)
    visits = _rows(VisitRows)
    shown_clients = _rows(ShownClientRows)
    portal_users = _rows(PortalUserRows)
    payer_sessions = _rows(PayerSessionRows)
    payer_attempts = _rows(PayerAttemptRows)
    pay_links = _rows(PayLinkRows)
    quick_links = _rows(QuickLinkRows)
    payer_messages = _rows(PayerMessageRows)
    notes = _rows(NoteRows)
    promises = _rows(PromiseRows)
    invoice_disputes = _rows(InvoiceDisputeRows)
    holds = _rows(HoldRows)
    marks = _rows(MarkRows)
    statements = _rows(StatementRows)
    write_offs = _rows(WriteOffRows)
    rules = _rows(RuleRows)
    outbox = _rows(OutboxRows)
    sending = _rows(SendingRows)
    mail_news = _rows(MailNewsRows)
    documents = _rows(DocumentRows)
    balances = _rows(BalanceRows)
    methods = _rows(MethodRows)
    mandates = _rows(MandateRows)
    payments = _rows(PaymentRows)
    refunds = _rows(RefundRows)
    disputes = _rows(DisputeRows)
    plans = _rows(PlanRows)
    occurrences = _rows(OccurrenceRows)
    webhooks = _rows(WebhookRows)
    payouts = _rows(PayoutRows)
    files = _rows(PaymentFileRows)
    exceptions = _rows(ExceptionRows)
    day_lines = _rows(DayLineRows)
    leases = _rows(LeaseRows)
    job_runs = _rows(JobRunRows)

    def __init__(self, connection: Connection, audit_key: bytes) -> None:
        self._connection = connection
        self._audit_key = audit_key
        self.is_committed = False

    @cached_property
    def audit(self) -> AuditRows:
        """The audit log."""
        return AuditRows(self._connection, self._audit_key)

    @contextmanager
    def part(self) -> Iterator[None]:
        """What the block writes is undone when it raises; the rest of the transaction stands."""
        with self._connection.begin_nested():
            yield

    def commit(self) -> None:
        """Make everything since the beginning happen. Call it once, at the end."""
        self._connection.commit()
        self.is_committed = True


class Store:
    """The open store."""

    def __init__(self, engine: Engine, audit_key: bytes) -> None:
        self._engine = engine
        self._audit_key = audit_key
        self._listeners: list[Callable[[frozenset[str]], None]] = []
        event.listen(engine, "after_execute", _note_change)

    def on_commit(self, listener: Callable[[frozenset[str]], None]) -> None:
        """After each commit and outside any lock, tell which tables it has changed.

        A listener must not raise.
        """
        self._listeners.append(listener)

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """A transaction that may change things; it is undone unless `commit()` is called.

        Raises: StoreBusy; Denied to somebody who looks as another person.
        """
        refuse_while_looking()
        unit: UnitOfWork | None = None
        changed: set[str] = set()
        try:
            with told_busy(), writer_turn(self._engine), self._engine.connect() as connection:
                writing = connection.execution_options(is_writer=True, changed=changed)
                writing.begin()
                unit = UnitOfWork(writing, self._audit_key)
                yield unit
        finally:
            if unit is not None and unit.is_committed and changed:
                for listener in self._listeners:
                    listener(frozenset(changed))

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """A transaction that only looks: it waits for nobody and is always undone."""
        with self._engine.connect() as connection:
            connection.begin()
            yield UnitOfWork(connection, self._audit_key)

    @contextmanager
    def snapshot(self) -> Iterator[ChangeNotes]:
        """What copies of the store are made of; everything read belongs to one moment."""
        with self._engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            connection.begin()
            yield ChangeNotes(connection)

    def tell_of_changes(self, keys: Mapping[str, str]) -> None:
        """From now on note which rows of these tables (table -> key column) change."""
        with writer_turn(self._engine), self._engine.connect() as connection:
            writing = connection.execution_options(is_writer=True)
            with writing.begin():
                take_turn(writing, _MIGRATION)
                note_changes(writing, keys)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def migrate(self) -> None:
        """Bring the tables up to what this program expects; those that are, are left alone."""
        if self._is_newest():
            return
        # Loaded only where there is something to do: most commands find the tables as they are.
        from alembic import command

        with writer_turn(self._engine), self._engine.connect() as connection:
            writing = connection.execution_options(is_writer=True)
            with writing.begin():
                take_turn(writing, _MIGRATION)
                command.upgrade(_alembic(writing), "head")

    def _is_newest(self) -> bool:
        with self._engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return False
            found = connection.execute(text("select version_num from alembic_version")).scalars()
            return found.all() == [newest_migration()]


@functools.cache
def newest_migration() -> str:
    """The version of the tables this program expects: the last migration, by its file's name."""
    return max(file.stem for file in (MIGRATIONS / "versions").glob("0*.py")).split("_")[0]


def open_store(url: str, *, secret_key: str) -> Store:
    """Open the store at a URL, making or upgrading its tables first.

    `secret_key` seals the audit log: with another one the log no longer verifies.
    Raises: SettingsInvalid.
    """
    audit_key = hmac.new(secret_key.encode(), b"portal.audit.1", hashlib.sha256).digest()
    store = Store(open_engine(url), audit_key)
    store.migrate()
    return store


def _note_change(connection: Connection, clause: object, *_: object) -> None:
    changed = connection.get_execution_options().get("changed")
    if changed is not None and isinstance(clause, UpdateBase):
        changed.add(clause.table.name)  # type: ignore[attr-defined]


def _alembic(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
