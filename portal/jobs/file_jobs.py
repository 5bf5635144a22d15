"""The jobs that bring portal and PMS together: daily payment files, payouts, exceptions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from portal.audit_anchors import AuditAnchors
from portal.documents.payment_files import PaymentFileShelf
from portal.domain.job_times import Every
from portal.jobs.registry import Job
from portal.services.job_ports import Guard
from portal.services.make_payment_files import MakePaymentFiles, make_payment_files
from portal.services.raise_misfits import Misfit, raise_misfits
from portal.services.record_payouts import RecordPayouts, record_payouts

if TYPE_CHECKING:
    from portal.bootstrap import Portal

DAYS = 7
"""Days whose files are made later if the portal was off when they were due."""
PAYOUT_DAYS = timedelta(days=14)


def payment_files(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """Make the files of the days that are over."""
    today = portal.settings.today(now)
    made = [
        file
        for back in range(DAYS, 0, -1)
        for file in make_payment_files(
            MakePaymentFiles(
                day=today - timedelta(days=back),
                timezone=portal.settings.timezone,
                catch_all=portal.settings.payers.catch_all_client,
                layouts=portal.settings.payment_files.layouts,
            ),
            store=portal.store,
            directory=portal.clients,
            shelf=PaymentFileShelf(portal.settings.home),
            clock=lambda: now,
        )
    ]
    return {"files": len(made), "rows": sum(file.row_count for file in made)}


def payouts(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """Take over the payouts that the gateway has made."""
    since = portal.settings.today(now) - PAYOUT_DAYS
    new = record_payouts(
        RecordPayouts(since=since), store=portal.store, gateway=portal.gateway, clock=lambda: now
    )
    return {"payouts": new}


def match_receipts(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """Look for receipts that do not fit the portal payments they name."""
    found = [
        Misfit(kind=str(row["kind"]), subject=str(row["subject"]), detail=_detail(row))
        for row in portal.warehouse.rows("reconciliation/misfits")
    ]
    opened = raise_misfits(found, store=portal.store, clock=lambda: now)
    return {"found": len(found), "opened": opened}


def audit_anchor(portal: "Portal", now: datetime, guard: Guard) -> Mapping[str, object]:
    """Write the end of the audit log into the day's file, to be kept somewhere else."""
    with portal.store.reading() as view:
        end = view.audit.head()
    kept = AuditAnchors(portal.settings.home).keep(portal.settings.today(now), end)
    return {"lines": end[0]} if kept else {}


def _detail(row: Mapping[str, object]) -> dict[str, object]:
    return {
        key: row[key] for key in ("client_id", "paid_cents", "posted_cents") if row[key] is not None
    }


FILE_JOBS: tuple[Job, ...] = (
    Job(
        name="payment_files",
        title="Make the daily payment files",
        when=Every(600),
        run=payment_files,
    ),
    Job(
        name="audit_anchor",
        title="Write down where the audit log ends, once a day",
        when=Every(3600),
        run=audit_anchor,
    ),
    Job(name="payouts", title="Take over the gateway's payouts", when=Every(900), run=payouts),
    Job(
        name="match_receipts",
        title="Look for receipts that do not fit portal payments",
        when=Every(60),
        run=match_receipts,
    ),
)
