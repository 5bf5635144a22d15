"""How the sandbox does one call: planned faults, the passing of time, the key, one transaction."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from portal.gateways.sandbox import passing_time
from portal.gateways.sandbox.answers import Answer
from portal.gateways.sandbox.book import Book
from portal.gateways.sandbox.book_file import BookFile
from portal.gateways.sandbox.faults import FAULTS, Fault, FaultKind, error_of
from portal.gateways.sandbox.keys import once
from portal.gateways.sandbox.ledger import Ledger, SandboxRates, random_ref
from portal.gateways.sandbox.rows import FaultRow
from portal.services.gateway import GatewayRefused

Result = TypeVar("Result")
Given = TypeVar("Given", bound=Answer)
_MOVED = "clock_moved_seconds"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where calls come in."""

    file: BookFile
    clock: Callable[[], datetime]
    public_url: str
    zone: ZoneInfo
    rates: SandboxRates
    new_ref: Callable[[str], str] = field(default=random_ref)
    pause: Callable[[float], None] = field(default=time.sleep)

    def now(self) -> datetime:
        """The sandbox's time: the clock given, plus what it was moved ahead."""
        with self.file.reading() as book:
            return self._time(book)

    def move_clock(self, ahead: timedelta) -> None:
        """Let time pass at the sandbox, for good and for every process."""
        with self.file.writing() as book:
            moved = float(book.fact(_MOVED) or 0) + ahead.total_seconds()
            book.set_fact(_MOVED, str(moved))
            passing_time.advance(self._ledger(book))

    def plan_faults(self, *kinds: FaultKind, call: str = "*") -> None:
        """Let the next calls of this name (`*`: any) go wrong, one fault each."""
        with self.file.writing() as book:
            for kind in kinds:
                book.add(FaultRow(call=call, kind=kind.value))

    def once(self, call: str, key: str, contents: object, work: Callable[[Ledger], Given]) -> Given:
        """Do a keyed call.

        Raises: whatever the call refuses with, or a planned fault tells.
        """
        answer = self.change(call, lambda ledger: once(ledger, key, call, contents, work))
        if isinstance(answer, GatewayRefused):
            raise answer
        return cast(Given, answer)

    def change(self, call: str, work: Callable[[Ledger], Result]) -> Result | None:
        """Do a call that writes."""
        with self.file.writing() as book:
            fault = self._take_fault(book, call)
            ledger = self._ledger(book)
            passing_time.advance(ledger)
            result = work(ledger) if fault is None or fault.happens else None
        self._suffer(fault)
        return result

    def read(self, call: str, work: Callable[[Ledger], Result]) -> Result:
        """Do a call that only looks. What should have happened by then has happened."""
        with self.file.reading() as book:
            ledger = self._ledger(book)
            is_quiet = book.next_fault(call) is None
            if is_quiet and not passing_time.is_due(book, ledger.now, ledger.today):
                return work(ledger)
        result = self.change(call, work)
        assert result is not None, "a fault that lets nothing happen raises"  # noqa: S101
        return result

    def _suffer(self, fault: Fault | None) -> None:
        if fault is None:
            return
        if fault.seconds:
            self.pause(fault.seconds)
        if error := error_of(fault):
            raise error

    def _take_fault(self, book: Book, call: str) -> Fault | None:
        planned = book.next_fault(call)
        if planned is None:
            return None
        book.remove(FaultRow, planned.fault_no)
        return FAULTS[FaultKind(planned.kind)]

    def _ledger(self, book: Book) -> Ledger:
        return Ledger(
            book=book,
            now=self._time(book),
            zone=self.zone,
            rates=self.rates,
            public_url=self.public_url,
            new_ref=self.new_ref,
        )

    def _time(self, book: Book) -> datetime:
        return self.clock() + timedelta(seconds=float(book.fact(_MOVED) or 0))
