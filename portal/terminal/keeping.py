"""`portal backup`, `portal restore`: the store is the only thing to keep."""

import argparse
from datetime import UTC, datetime

from portal.domain.errors import PortalError
from portal.settings import load_settings
from portal.store import backup as backups


class ServerRuns(PortalError):
    """A server works with the store now."""


def backup(arguments: argparse.Namespace) -> None:
    """Write the store into one file; a running server is not disturbed."""
    settings = load_settings()
    path = arguments.file
    if path.is_dir():
        path = path / f"portal-store-{datetime.now(UTC):%Y%m%d-%H%M%S}.sqlite"
    done = backups.back_up(settings.store_url, path, secret_key=settings.secret_key)
    rows = f"{done.rows:,} rows; the audit log of {done.audit.rows:,} rows proves right"
    print(f"{done.path}: {rows}.")
    print("Keep the portal's secret key apart from it: without that key it can't be restored.")


def restore(arguments: argparse.Namespace) -> None:
    """Fill an empty store from a backup, with the server stopped."""
    settings = load_settings()
    if (settings.home / "portal.sock").exists():
        raise ServerRuns("A server seems to run with this store. Stop it first, then restore.")
    done = backups.restore(arguments.file, settings.store_url, secret_key=settings.secret_key)
    print(f"{done.rows:,} rows restored; the audit log of {done.audit.rows:,} rows proves right.")
    print(f"Payment IDs go on {backups.NUMBERS_SKIPPED:,} higher, so that none is given twice.")
    print("Now run `portal refresh --full` and `portal jobs run settle_unknown`.")
