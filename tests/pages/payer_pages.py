"""Payer pages over a small firm: a real store and the sandbox gateway, two invented clients."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from streamlit.testing.v1 import AppTest

from portal.bootstrap import Portal
from portal.client_portal import ClientPortal
from portal.domain.clients import ClientCard
from portal.domain.payers import PayerInvoice
from portal.gateways.open_gateway import open_gateway
from portal.money_desk import MoneyDesk, payment_policy
from portal.services.mint_pay_link import MintPayLink, mint_pay_link
from portal.services.money_records import OpenBalance
from portal.services.quick_link_uses import count_quick_use
from portal.services.record_balances import RecordBalances, record_balances
from portal.services.tickets import hash_of
from portal.settings import PROJECT
from portal.ui.payer_frame import SESSION
from portal.ui.payer_navigation import CLIENT, FACE, find
from tests.access_fixture import HandClock
from tests.pages.shell_portal import settings_of, shell_portal
from tests.payer_fixture import ACME, ADMIN, BOLT, SmallDirectory, enter

SHELL = str(PROJECT / "portal" / "ui" / "shell.py")
PAGE = """
import streamlit as st
from portal.ui import frame, payer_doors, payer_frame
from portal.ui.payer_navigation import PAYER_PAGES

is_in = payer_frame.find_payer() is not None
pages = [
    st.Page(
        one.path if is_in or one.is_open else payer_doors.door,
        url_path=one.url_path, title=one.title, default=one.file == {page!r},
    )
    for one in PAYER_PAGES
]
try:
    st.navigation(pages, position="hidden").run()
except Exception as problem:
    if not isinstance(problem, frame.PortalError):
        raise
    frame.show_problem(problem)
"""
_OWED = OpenBalance(
    invoice_id="7",
    client_id="10",
    invoice_number="1001",
    entry_kind="invoice",
    invoice_date=date(2026, 4, 1),
    due_date=date(2026, 5, 1),
    currency="USD",
    amount_cents=50_000,
    open_cents=50_000,
    is_disputed=False,
    partner_id="1",
    manager_id="2",
)
BALANCES = (
    _OWED,
    replace(_OWED, invoice_id="8", invoice_number="1002", due_date=None, open_cents=20_000),
    replace(_OWED, invoice_id="9", invoice_number="DM-1", entry_kind="debit_memo"),
    replace(_OWED, invoice_id="20", invoice_number="2001", client_id="20", open_cents=900),
)


class Cards:
    """Clients for commands."""

    def client(self, client_id: str) -> ClientCard | None:
        known = {"10": ACME, "20": BOLT}.get(client_id)
        if known is None:
            return None
        return ClientCard(
            client_id=known.client_id,
            client_number=known.client_number,
            client_name=known.client_name,
            partner_id=known.partner_id,
            manager_id=known.manager_id,
        )

    def client_by_number(self, client_number: str) -> ClientCard | None:
        return next(c for c in map(self.client, ("10", "20")) if c.client_number == client_number)


@contextmanager
def payer_portal(home: Path, **payers: object) -> Iterator[Portal]:
    """The portal of this process for the time of a test, with balances and the sandbox."""
    settings = settings_of(home)
    settings = replace(settings, payers=replace(settings.payers, **payers))
    with shell_portal(settings) as portal:
        clock: HandClock = portal.__dict__["clock"]
        gateway = open_gateway(
            settings.gateway,
            home=home,
            secret=settings.secret_key,
            public_url=settings.public_url,
            zone=settings.timezone,
            clock=clock,
        )
        directory = SmallDirectory(
            invoices={
                one.invoice_id: PayerInvoice(
                    invoice_id=one.invoice_id,
                    client_id=one.client_id,
                    invoice_number=one.invoice_number,
                    invoice_date=one.invoice_date,
                    due_date=one.due_date,
                    currency=one.currency,
                    amount_cents=one.amount_cents,
                    open_cents=one.open_cents,
                    engagement_name="Tax return 2025",
                )
                for one in BALANCES
            },
            contacts={"pia@client.example": ("10", "20")},
        )
        portal.__dict__["gateway"] = gateway
        portal.__dict__["clients"] = Cards()
        portal.__dict__["client_portal"] = ClientPortal(
            settings,
            portal.store,
            directory,
            clock,
            portal.principal,
            clients=Cards(),
        )
        portal.__dict__["money"] = MoneyDesk(
            store=portal.store,
            gateway=gateway,
            directory=Cards(),
            now=clock,
            policy=payment_policy(settings),
            watchers=(count_quick_use,),
        )
        record_balances(
            RecordBalances(version=1, balances=BALANCES), store=portal.store, clock=clock
        )
        yield portal


def by_link(portal: Portal, client_id: str = "10", **more: object) -> str:
    """Come in by the link of a mail. Returns: the visit's id."""
    face = portal.client_portal
    token = mint_pay_link(
        MintPayLink(actor=ADMIN, client_id=client_id, **more),
        store=portal.store,
        clock=portal.now,
        tokens=face.links,
        directory=face.directory,
    )
    started = enter(portal.store, portal.now, token, face.directory, tokens=face.links)
    return hash_of(started.cookie)


def visit(name: str, session_id: str | None = None, **query: str) -> AppTest:
    """Open a payer page; any exception of the page fails the test."""
    at = AppTest.from_string(PAGE.format(page=name), default_timeout=30)
    at.session_state[FACE] = CLIENT
    if session_id:
        at.session_state[SESSION] = session_id
    for key, value in query.items():
        at.query_params[key] = value
    at.run()
    assert not at.exception, at.exception
    assert find(name)
    return at


def texts(at: AppTest) -> str:
    """Everything written on the page, without the marks of Markdown."""
    parts = [*at.title, *at.header, *at.markdown, *at.caption, *at.warning, *at.error]
    said = "\n".join(str(part.value) for part in [*parts, *at.success, *at.info])
    return said.replace("\\", "").replace("\u2060", "")


def button(at: AppTest, label: str) -> object:
    """The button whose label begins so."""
    return next(one for one in at.button if one.label.replace("\\", "").startswith(label))
