"""The commands of collections over this firm's adapters: what pages and jobs work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.domain.collection_rules import CollectionRules
from portal.domain.forecast import Forecast
from portal.domain.holidays import federal_holidays
from portal.domain.permissions import Principal
from portal.services import add_note as notes
from portal.services import answer_payer_message as answers
from portal.services import change_statement as changes
from portal.services import dispute_invoice as disputes
from portal.services import forecast_statements as forecasts
from portal.services import handle_payer_message as handling
from portal.services import hold_client as holds
from portal.services import judge_promises as judging
from portal.services import mark_worklist as marks
from portal.services import preview_statement as previews
from portal.services import record_payer_message as recording
from portal.services import record_promise as promises
from portal.services import request_write_off as write_offs
from portal.services import run_statements as runs
from portal.services import save_collection_rules as saving
from portal.services import send_statement as sending
from portal.services import statement_on_demand as demands
from portal.services import withdraw_promise as withdrawing
from portal.services.collections_ports import (
    ClientHold,
    InvoiceDispute,
    Note,
    Promise,
    WorklistMark,
    WriteOffRequest,
)
from portal.services.mail_ports import StoredLetter
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

    def is_holiday(self, day: date) -> bool:
        """Whether US banks are closed on this day."""
        return is_federal_holiday(day)

    def day(self, now: datetime) -> date:
        """The firm's day at an instant."""
        return now.astimezone(self.timezone).date()

    def add_note(self, command: notes.AddNote) -> Note:
        """Write a note or log a call."""
        return notes.add_note(command, today=self.day, **self._client())

    def record_promise(self, command: promises.RecordPromise) -> Promise:
        """Note a promise to pay."""
        return promises.record_promise(
            command, receivables=self.receivables, today=self.day, **self._client()
        )

    def withdraw_promise(self, command: withdrawing.WithdrawPromise) -> Promise:
        """Take a promise back."""
        return withdrawing.withdraw_promise(command, **self._client())

    def judge_promises(
        self, now: datetime | None = None, *, may_break: bool = True
    ) -> judging.Judged:
        """Compare promises with payments."""
        at = now or self.now()
        return judging.judge_promises(
            store=self.store,
            receivables=self.receivables,
            clock=lambda: at,
            today=self.day,
            may_break=may_break,
        )

    def answer_payer(self, command: answers.AnswerPayerMessage) -> str:
        """Mail an answer to what a payer asked."""
        return answers.answer_payer_message(command, today=self.day, **self._client())

    def handle_payer_message(self, command: handling.HandlePayerMessage) -> None:
        """Take what a payer asked off the open ones."""
        handling.handle_payer_message(command, **self._client())

    def record_payer_message(self, command: recording.RecordPayerMessage) -> None:
        """Let a payer's dispute or promise count."""
        recording.record_payer_message(
            command, receivables=self.receivables, today=self.day, **self._client()
        )

    def payments_came(self) -> None:
        """A payment through the portal keeps a promise at once; only the job breaks one."""
        self.judge_promises(may_break=False)

    def dispute_invoice(self, command: disputes.DisputeInvoice) -> InvoiceDispute:
        """Note that an invoice is contested."""
        return disputes.dispute_invoice(command, today=self.day, **self._client())

    def settle_dispute(self, command: disputes.SettleDispute) -> InvoiceDispute:
        """Chase a contested invoice again."""
        return disputes.settle_dispute(command, **self._client())

    def hold_client(self, command: holds.HoldClient) -> ClientHold:
        """Pause or exclude a client."""
        return holds.hold_client(command, today=self.day, **self._client())

    def release_client(self, command: holds.ReleaseClient) -> ClientHold:
        """End a pause or an exclusion."""
        return holds.release_client(command, **self._client())

    def assign_clients(self, command: marks.AssignClients) -> int:
        """Give clients to somebody."""
        return marks.assign_clients(command, **self._client())

    def set_next_action(self, command: marks.SetNextAction) -> WorklistMark:
        """Say when a client is taken up again."""
        return marks.set_next_action(command, today=self.day, **self._client())

    def done_for_today(self, command: marks.DoneForToday) -> int:
        """Take clients off today's list."""
        return marks.done_for_today(command, today=self.day, **self._client())

    def request_write_off(self, command: write_offs.RequestWriteOff) -> WriteOffRequest:
        """Ask for a write-off, a credit or a hold."""
        return write_offs.request_write_off(command, **self._client())

    def decide_write_off(self, command: write_offs.DecideWriteOff) -> WriteOffRequest:
        """Approve or reject."""
        return write_offs.decide_write_off(command, **self._client())

    def finish_write_off(self, command: write_offs.FinishWriteOff) -> WriteOffRequest:
        """Note that it was entered."""
        return write_offs.finish_write_off(command, **self._client())

    def save_rules(self, command: saving.SaveCollectionRules) -> RulesVersion:
        """Put new rules in force."""
        return saving.save_collection_rules(command, store=self.store, clock=self.now)

    def run_statements(
        self,
        now: datetime,
        guard: runs.Guard = lambda uow: None,
    ) -> runs.RunResult:
        """Make the day's run, or what is left of it."""
        return runs.run_statements(
            runs.FirmDay(
                now=now,
                day=self.day(now),
                timezone=self.timezone,
                is_federal_holiday=is_federal_holiday,
            ),
            store=self.store,
            receivables=self.receivables,
            sender=self.sender,
            guard=guard,
        )

    def edit_statement(self, command: changes.EditStatement) -> Statement:
        """Change who gets a staged statement, or what is on it."""
        return changes.edit_statement(
            command, store=self.store, receivables=self.receivables, clock=self.now
        )

    def drop_statement(self, command: changes.DropStatement) -> Statement:
        """Don't send a staged statement."""
        return changes.drop_statement(command, store=self.store, clock=self.now)

    def preview_statement(self, command: previews.PreviewStatement) -> StoredLetter:
        """The letter of a staged statement as it would leave now."""
        return previews.preview_statement(command, **self._letters())

    def send_statement(self, command: sending.SendStatement) -> Statement:
        """Send a staged statement, or suppress it for what happened since."""
        return sending.send_statement(
            command,
            timezone=self.timezone,
            is_federal_holiday=is_federal_holiday,
            **self._letters(),
        )

    def statement_facts(self, command: demands.StatementOnDemand) -> dict[str, object]:
        """What a statement on demand is printed from."""
        return demands.statement_facts(
            command, receivables=self.receivables, today=self.day, **self._client()
        )

    def mail_statement(self, command: demands.MailStatement) -> str:
        """Send a statement on demand to the client's statement contacts."""
        return demands.mail_statement(
            command, receivables=self.receivables, today=self.day, **self._client()
        )

    def forecast(
        self, actor: Principal, day: date, rules: CollectionRules | None = None
    ) -> Forecast:
        """What the run of a coming day will do, with these rules or those in force."""
        return forecasts.forecast_statements(
            forecasts.ForecastStatements(
                actor=actor, today=self.day(self.now()), day=day, rules=rules
            ),
            store=self.store,
            receivables=self.receivables,
            is_federal_holiday=is_federal_holiday,
        )

    def _letters(self) -> dict:
        return {
            "store": self.store,
            "receivables": self.receivables,
            "sender": self.sender,
            "clock": self.now,
            "today": self.day,
        }

    def _client(self) -> dict:
        return {"store": self.store, "directory": self.directory, "clock": self.now}


def is_federal_holiday(day: date) -> bool:
    """Whether US banks are closed on this day."""
    return day in federal_holidays(day.year)
