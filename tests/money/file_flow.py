"""The day's payment files, made by a process that may be killed: whole, once, and as recorded."""

import hashlib
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.documents.payment_files import PaymentFileShelf
from portal.services.make_payment_files import MakePaymentFiles, make_payment_files
from portal.services.payout_ports import PaymentFile
from tests.services.money_desk import MoneyDesk

ZONE = ZoneInfo("America/New_York")


def make_files(desk: MoneyDesk, payment_id: str) -> list[PaymentFile]:
    """The morning after the payment."""
    taken = desk.payment(payment_id).captured_at
    assert taken is not None
    desk.clock.pass_(days=1)
    return make_payment_files(
        MakePaymentFiles(day=taken.astimezone(ZONE).date(), timezone=ZONE),
        store=desk.store, directory=desk.directory, shelf=_shelf(desk), clock=desk.clock,
    )  # fmt: skip


def wrong_files(desk: MoneyDesk) -> list[str]:
    """What is wrong with the files that the store knows of, and with a day that has none."""
    payments = desk.read(lambda view: view.payments.of_client("c1"))
    day = payments[0].captured_at.astimezone(ZONE).date()
    files = desk.read(lambda view: view.files.of_day(day))
    found = [] if files else ["the day has no files"]
    for file in files:
        content = _shelf(desk).read(file.path)
        if content is None or hashlib.sha256(content).hexdigest() != file.sha256:
            found.append(f"{file.file_id} is not what was recorded")
    made = [row.subject for row in desk.read(lambda view: view.audit.rows())
            if row.action == "payment_file.made"]  # fmt: skip
    if sorted(made) != sorted(file.file_id for file in files):
        found.append("a file was recorded twice, or without a line in the log")
    again = make_payment_files(
        MakePaymentFiles(day=day, timezone=ZONE), store=desk.store, directory=desk.directory,
        shelf=_shelf(desk), clock=lambda: desk.clock() + timedelta(days=2),
    )  # fmt: skip
    return [*found, *(f"{file.file_id} was made again" for file in again)]


def _shelf(desk: MoneyDesk) -> PaymentFileShelf:
    return PaymentFileShelf(Path(desk.gateway._file.path).parent)
