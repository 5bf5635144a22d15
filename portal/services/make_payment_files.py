"""Make a day's payment files, once: what a bookkeeper posts in the practice management system.

Each movement of money is told by the files of one day: its own, or, where it was kept only after
those were made, the next ones.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from portal.domain.errors import Invalid
from portal.domain.payment_files import (
    FileKind,
    Layout,
    PaymentLine,
    write_deposit,
    write_payments,
)
from portal.failpoints import failpoint
from portal.services.money_ports import ClientDirectory
from portal.services.payout_ports import DayLine, PaymentFile
from portal.services.ports import Clock, Store, UnitOfWork

MISSED_FOR = timedelta(days=31)
"""For how long a movement that no file tells is looked for."""


@dataclass(frozen=True, kw_only=True)
class MakePaymentFiles:
    """The request: the files of one day of the firm that is over.

    `layouts` are those of the payments; a deposit report is made whichever they are. `catch_all`
    is the number of the client that payments by quick link stand under until a person has
    associated them; "" is none.
    """

    day: date
    timezone: ZoneInfo
    catch_all: str = ""
    layouts: tuple[Layout, ...] = tuple(Layout)


class FileShelf(Protocol):
    """Where the files are kept."""

    def keep(self, day: date, name: str, content: bytes) -> str:
        """Put a file there whole, or not at all. Returns: where it is."""
        ...


def make_payment_files(
    command: MakePaymentFiles,
    *,
    store: Store,
    directory: ClientDirectory,
    shelf: FileShelf,
    clock: Clock,
) -> list[PaymentFile]:
    """Write the files that the day does not have yet; a day without money has none.

    A file that was made is never made again: what it said may have been posted. What was kept
    too late for its own day is told by the next files.

    Returns: the files made now. Raises: Invalid for a day that is not over.
    """
    now = clock()
    if command.day >= now.astimezone(command.timezone).date():
        raise Invalid("The files of a day are made when the day is over.")
    with store.reading() as view:
        made = {(file.layout, file.kind) for file in view.files.of_day(command.day)}
        is_whole = set(command.layouts) <= {one for one, kind in made if kind != FileKind.DEPOSIT}
        found = [] if is_whole else _to_tell(view, command, is_made=bool(made))
    if not found:
        return []
    lines = _lines(found, command, directory)
    files = []
    for layout, kind in _wanted(command.layouts):
        some = [line for line in lines if kind in (FileKind.DEPOSIT, line.kind)]
        if some and (layout, kind) not in made:
            files.append(_file(layout, kind, some, command.day, now, shelf))
    failpoint("payment_files.written")
    with store.unit_of_work() as uow:
        kept = [file for file in files if uow.files.add(file)]
        if kept:
            uow.files.mark_filed([line.key for line in found], command.day)
        for file in kept:
            uow.audit.append(
                at=now, actor="job:payment_files", action="payment_file.made",
                subject=file.file_id,
                detail={"sha256": file.sha256, "rows": file.row_count, "cents": file.total_cents},
            )  # fmt: skip
        uow.commit()
    failpoint("payment_files.durable")
    return kept


def _wanted(layouts: Sequence[Layout]) -> list[tuple[Layout, FileKind]]:
    payments = [kind for kind in FileKind if kind is not FileKind.DEPOSIT]
    return [
        *((layout, kind) for layout in layouts for kind in payments),
        (Layout.GENERIC, FileKind.DEPOSIT),
    ]


def _to_tell(view: UnitOfWork, command: MakePaymentFiles, *, is_made: bool) -> list[DayLine]:
    """What the day's files tell: what none has told, or, once they are made, the same as they."""
    end = datetime.combine(command.day + timedelta(days=1), time(), command.timezone)
    found = view.day_lines.between(end - MISSED_FOR, end)
    filed = view.files.filed(line.key for line in found)
    wanted = command.day if is_made else None
    return [line for line in found if filed.get(line.key) == wanted]


def _lines(
    found: Sequence[DayLine], command: MakePaymentFiles, directory: ClientDirectory
) -> list[PaymentLine]:
    lines = []
    nobodys = directory.client_by_number(command.catch_all) if command.catch_all else None
    for each in found:
        client = directory.client(each.client_id) if each.client_id else nobodys
        lines.append(
            PaymentLine(
                day=each.at.astimezone(command.timezone).date(),
                payment_id=each.payment_id,
                entry=each.entry,
                client_id=client.client_id if client else each.client_id or "",
                client_number=client.client_number if client else "",
                client_name=client.client_name if client else "",
                invoice_id=each.invoice_id,
                invoice_number=each.invoice_number,
                method=each.method,
                brand=each.brand,
                currency=each.currency,
                cents=each.cents,
            )
        )
    return lines


def _file(
    layout: Layout,
    kind: FileKind,
    lines: Sequence[PaymentLine],
    day: date,
    now: datetime,
    shelf: FileShelf,
) -> PaymentFile:
    is_deposit = kind is FileKind.DEPOSIT
    content = write_deposit(lines) if is_deposit else write_payments(layout, lines)
    return PaymentFile(
        file_id=f"{day.isoformat()}.{kind}.{layout}",
        day=day,
        layout=layout,
        kind=kind,
        sha256=hashlib.sha256(content).hexdigest(),
        row_count=len(lines),
        total_cents=sum(line.cents for line in lines),
        path=shelf.keep(day, f"{kind}.{layout}.csv", content),
        made_at=now,
    )
