"""The commands of collections over this firm's adapters: what pages and jobs work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.domain.collection_rules import CollectionRules
from portal.domain.forecast import Forecast
from portal.domain.holidays import federal_holidays
from portal.domain.permissions import Principal
from portal.services import (
    add_note,
    change_statement,
    dispute_invoice,
    forecast_statements,
    hold_client,
    judge_promises,
    mark_worklist,
    record_promise,
    request_write_off,
    run_statements,
    save_collection_rules,
    send_statement,
    withdraw_promise,
)
from portal.services.collections_ports import (
    ClientHold,
    InvoiceDispute,
    Note,
    Promise,
    WorklistMark,
    WriteOffRequest,
)
from portal.services.money_ports import ClientDirectory
from portal.services.ports import Store
from portal.services.statement_letter import Sender
from portal.services.statement_ports import Receivables, RulesVersion, Statement


@dataclass(frozen=True, kw_only=True)
class CollectionsDesk:
    """One firm's collections."""

    store: Store
    receivables: Receivables
    directory: ClientDirectory
    sender: Sender
    timezone: ZoneInfo
    now: Callable[[], datetime]

    def day(self, now: datetime) -> date:
        """The firm's day at an instant."""
        return now.astimezone(self.timezone).date()

    def add_note(self, command: add_note.AddNote) -> Note:
        """Write a note or log a call."""
        return add_note.add_note(command, **self._client())

    def record_promise(self, command: record_promise.RecordPromise) -> Promise:
        """Note a promise to pay."""
        return record_promise.record_promise(
            command, receivables=self.receivables, today=self.day, **self._client()
        )

    def withdraw_promise(self, command: withdraw_promise.WithdrawPromise) -> Promise:
        """Take a promise back."""
        return withdraw_promise.withdraw_promise(command, **self._client())

    def judge_promises(self, now: datetime | None = None) -> judge_promises.Judged:
        """Compare promises with payments."""
        at = now or self.now()
        return judge_promises.judge_promises(
            store=self.store, receivables=self.receivables, clock=lambda: at, today=self.day
        )

    def dispute_invoice(self, command: dispute_invoice.DisputeInvoice) -> InvoiceDispute:
        """Note that an invoice is contested."""
        return dispute_invoice.dispute_invoice(command, today=self.day, **self._client())

    def settle_dispute(self, command: dispute_invoice.SettleDispute) -> InvoiceDispute:
        """Chase a contested invoice again."""
        return dispute_invoice.settle_dispute(command, **self._client())

    def hold_client(self, command: hold_client.HoldClient) -> ClientHold:
        """Pause or exclude a client."""
        return hold_client.hold_client(command, today=self.day, **self._client())

    def release_client(self, command: hold_client.ReleaseClient) -> ClientHold:
        """End a pause or an exclusion."""
        return hold_client.release_client(command, **self._client())

    def assign_clients(self, command: mark_worklist.AssignClients) -> int:
        """Give clients to somebody."""
        return mark_worklist.assign_clients(command, **self._client())

    def set_next_action(self, command: mark_worklist.SetNextAction) -> WorklistMark:
        """Say when a client is taken up again."""
        return mark_worklist.set_next_action(command, today=self.day, **self._client())

    def done_for_today(self, command: mark_worklist.DoneForToday) -> int:
        """Take clients off today's list."""
        return mark_worklist.done_for_today(command, today=self.day, **self._client())

    def request_write_off(self, command: request_write_off.RequestWriteOff) -> WriteOffRequest:
        """Ask for a write-off, a credit or a hold."""
        return request_write_off.request_write_off(command, **self._client())

    def decide_write_off(self, command: request_write_off.DecideWriteOff) -> WriteOffRequest:
        """Approve or reject."""
        return request_write_off.decide_write_off(command, **self._client())

    def finish_write_off(self, command: request_write_off.FinishWriteOff) -> WriteOffRequest:
        """Note that it was entered."""
        return request_write_off.finish_write_off(command, **self._client())

    def save_rules(self, command: save_collection_rules.SaveCollectionRules) -> RulesVersion:
        """Put new rules in force."""
        return save_collection_rules.save_collection_rules(
            command, store=self.store, clock=self.now
        )

    def run_statements(
        self, now: datetime, guard: run_statements.Guard = lambda uow: None
    ) -> run_statements.RunResult:
        """Make the day's run, or what is left of it."""
        return run_statements.run_statements(
            run_statements.FirmDay(
                now=now,
                day=self.day(now),
                timezone=self.timezone,
                is_federal_holiday=is_federal_holiday,
            ),
            store=self.store,
            receivables=self.receivables,
            directory=self.directory,
            sender=self.sender,
            guard=guard,
        )

    def edit_statement(self, command: change_statement.EditStatement) -> Statement:
        """Change who gets a staged statement, or what is on it."""
        return change_statement.edit_statement(
            command, store=self.store, receivables=self.receivables, clock=self.now
        )

    def drop_statement(self, command: change_statement.DropStatement) -> Statement:
        """Don't send a staged statement."""
        return change_statement.drop_statement(command, store=self.store, clock=self.now)

    def send_statement(self, command: send_statement.SendStatement) -> Statement:
        """Send a staged statement, or suppress it for what happened since."""
        return send_statement.send_statement(
            command,
            receivables=self.receivables,
            sender=self.sender,
            today=self.day,
            **self._client(),
        )

    def forecast(
        self, actor: Principal, day: date, rules: CollectionRules | None = None
    ) -> Forecast:
        """What the run of a coming day will do, with these rules or those in force."""
        return forecast_statements.forecast_statements(
            forecast_statements.ForecastStatements(
                actor=actor, today=self.day(self.now()), day=day, rules=rules
            ),
            store=self.store,
            receivables=self.receivables,
            is_federal_holiday=is_federal_holiday,
        )

    def _client(self) -> dict:
        return {"store": self.store, "directory": self.directory, "clock": self.now}


def is_federal_holiday(day: date) -> bool:
    """Whether US banks are closed on this day."""
    return day in federal_holidays(day.year)
