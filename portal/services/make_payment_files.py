"""Make a day's payment files, once: what a bookkeeper posts in the practice management system."""

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
from portal.services.ports import Clock, Store


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

    A file that was made is never made again: what it said may have been posted.

    Returns: the files made now. Raises: Invalid for a day that is not over.
    """
    now = clock()
    if command.day >= now.astimezone(command.timezone).date():
        raise Invalid("The files of a day are made when the day is over.")
    start, end = _span(command.day, command.timezone)
    with store.reading() as view:
        found = view.day_lines.between(start, end)
        made = {(file.layout, file.kind) for file in view.files.of_day(command.day)}
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


def _span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start = datetime.combine(day, time(), zone)
    return start, datetime.combine(day + timedelta(days=1), time(), zone)


def _lines(
    found: Sequence[DayLine], command: MakePaymentFiles, directory: ClientDirectory
) -> list[PaymentLine]:
    lines = []
    nobodys = directory.client_by_number(command.catch_all) if command.catch_all else None
    for each in found:
        client = directory.client(each.client_id) if each.client_id else nobodys
        lines.append(
            PaymentLine(
                **{**vars(each), "client_id": client.client_id if client else each.client_id or ""},
                day=command.day,
                client_number=client.client_number if client else "",
                client_name=client.client_name if client else "",
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
