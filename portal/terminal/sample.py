"""`portal sample …`: the invented firm, made and kept alive."""

import argparse
import os
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from portal.bootstrap import build
from portal.documents.payment_files import FOLDER
from portal.documents.sample_invoices import make_sample_invoices
from portal.domain.errors import PortalError
from portal.pms.sample_firm.create import create_sample_firm, sample_day, write_sample_config
from portal.pms.sample_firm.invoices_for_pdfs import invoices_for_pdfs
from portal.pms.sample_firm.tick import tick_sample_firm
from portal.sample_portal.play import fill_portal
from portal.sandbox_clock import clock_of
from portal.settings import Settings, config_path, load_settings, portal_home
from portal.terminal.progress import progress_bar


def create(arguments: argparse.Namespace) -> None:
    """Make the sample firm's database, its firm.toml and some invoice PDFs."""
    home = portal_home()
    to = (arguments.to or home / "practice_cs.sqlite").resolve()
    if arguments.clients < 50 or arguments.invoices < arguments.clients:
        raise PortalError("The sample firm needs 50 clients or more, and an invoice for each.")
    with progress_bar() as progress:
        create_sample_firm(
            to,
            clients=arguments.clients,
            invoices=arguments.invoices,
            seed=arguments.seed,
            today=sample_day(datetime.now(UTC)),
            progress=progress,
        )
        write_sample_config(config_path(), to)
        # Made-up documents must never stand beside a real firm's invoices.
        rows = invoices_for_pdfs(to) if _is_read_here(to) else []
        printed = make_sample_invoices(home, rows, progress)
    print(f"{arguments.clients:,} clients and {arguments.invoices:,} invoices are in {to}.")
    if printed:
        print(f"{printed:,} of the newest invoices have a PDF in {home / 'documents'}.")
    if arguments.with_portal:
        _fill_portal(to)


def _fill_portal(database: Path) -> None:
    """Let payments, plans, portal users and promises be in the store of the sample firm."""
    if not _is_read_here(database):
        raise PortalError(f"--with-portal needs a firm.toml that reads {database}.")
    with progress_bar() as progress, closing(build(load_settings())) as portal:
        if portal.mirroring:
            # Many commits follow each other: lists need to see the last of them.
            portal.mirroring.start()
        played = fill_portal(portal, progress)
    print(f"{played} things have happened in the portal: payments, plans, accounts, promises.")


def _is_read_here(database: Path) -> bool:
    try:
        source = load_settings().source
    except PortalError:
        return False
    return source is not None and source.location == str(database)


def tick(arguments: argparse.Namespace) -> None:
    """Post some changes, as a bookkeeper would."""
    settings = load_settings()
    changed = tick_sample_firm(
        _sample_path(settings),
        changes=arguments.changes,
        now=clock_of(settings)().astimezone(settings.timezone),
        seed=None,
        files=settings.home / FOLDER,
    )
    print(f"{changed} changes posted.")


def live(arguments: argparse.Namespace) -> None:
    """Go on posting changes until the process that started this is gone."""
    settings = load_settings()
    clock = clock_of(settings)
    parent = os.getppid()
    # The server that started this may be killed: nobody ticks for a server that is gone.
    while os.getppid() == parent:
        time.sleep(max(0.2, arguments.every))
        tick_sample_firm(
            _sample_path(settings),
            changes=3,
            now=clock().astimezone(settings.timezone),
            seed=None,
            files=settings.home / FOLDER,
        )


def _sample_path(settings: Settings) -> Path:
    if settings.source is None or settings.source.kind != "sqlite":
        raise PortalError("Only the sample firm's own SQLite database can be ticked.")
    return Path(settings.source.location)
