"""Firm pages over the small firm: real warehouse, store and grid tokens, made-up people.

Pages run under st.navigation, as in the shell, so that their links know where they lead.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace

from streamlit.testing.v1 import AppTest

from portal import bootstrap
from portal.collections_desk import CollectionsDesk
from portal.domain.fees import FeePolicy
from portal.domain.permissions import Permission, Principal
from portal.gateways.sandbox.gateway import SandboxGateway
from portal.jobs.refreshing import Freshness, FreshnessState
from portal.money_desk import MoneyDesk, payment_policy
from portal.services.statement_letter import Sender
from portal.ui.frame import SESSION_KEY
from portal.warehouse.client_directory import WarehouseClients
from portal.warehouse.query import load_query
from portal.warehouse.receivable_book import ReceivableBook
from tests.web.list_portal import NOW, ListPortal, make_portal

SID = "a session of the tests"
EVERYTHING = frozenset(Permission)
OWN_CLIENTS = EVERYTHING - {Permission.ALL_CLIENTS}
LIVE = Freshness(1, NOW, NOW, FreshnessState.LIVE)

MONTHS = """
create or replace table billed_month as
select date_trunc('month', i.invoice_date)::date as month, i.partner_id, i.manager_id, c.office,
    i.currency, count(*) as invoice_count, sum(i.amount_cents)::bigint as amount_cents
from invoice_list as i join clients as c using (client_id) where not i.is_void group by all;
create or replace table payment_month as
select date_trunc('month', r.receipt_date)::date as month, r.entry_kind, r.method, r.partner_id,
    r.manager_id, c.office, r.currency, count(*) as receipt_count,
    sum(r.amount_cents)::bigint as amount_cents
from receipt_list as r join clients as c using (client_id) group by all;
"""

SCRIPT = """
import streamlit as st
from portal.ui import frame
from portal.ui.navigation import PAGES

pages = [
    st.Page(entry.path, url_path=entry.url_path, title=entry.title, default=entry.file == {page!r})
    for entry in PAGES if entry.path.is_file()
]
try:
    st.navigation(pages, position="hidden").run()
except Exception as problem:
    if not isinstance(problem, frame.PortalError):
        raise
    frame.show_problem(problem)
"""


@dataclass
class PagesPortal(ListPortal):
    """The portal that pages see; `fresh`, `found` and `compared` are what a test says."""

    pdfs: set[str] = field(default_factory=set)
    found: Mapping[str, object] = field(default_factory=dict)
    fresh: Freshness = LIVE
    compared: object = None

    def query_params(self, name: str) -> Mapping[str, str]:
        return load_query(name).params

    def has_invoice_pdf(self, invoice_id: str) -> bool:
        return invoice_id in self.pdfs

    @cached_property
    def clients(self) -> WarehouseClients:
        return WarehouseClients(self.warehouse)

    @cached_property
    def collections(self) -> CollectionsDesk:
        return CollectionsDesk(
            store=self.store,
            receivables=ReceivableBook(self.warehouse),
            directory=self.clients,
            sender=Sender(firm_name=self.settings.firm_name),
            timezone=self.settings.timezone,
            now=self.now,
        )

    @cached_property
    def gateway(self) -> SandboxGateway:
        return SandboxGateway(
            self.settings.home / "sandbox.sqlite", clock=self.now, secret="s",
            public_url=self.settings.public_url, pause=lambda seconds: None,
        )  # fmt: skip

    @cached_property
    def money(self) -> MoneyDesk:
        return MoneyDesk(
            store=self.store, gateway=self.gateway, directory=self.clients, now=self.now,
            policy=replace(payment_policy(self.settings), fees=FeePolicy(basis_points=300)),
        )  # fmt: skip

    def examine(self) -> Mapping[str, object]:
        return self.found

    def say(self, fresh: Freshness, compared: object = None) -> None:
        """Set how fresh the data is, and what a comparison with the source gives."""
        self.refreshing = SimpleNamespace(
            version=fresh.version, freshness=lambda: fresh, tie_out=lambda: compared
        )


@contextmanager
def pages_portal(home: Path) -> Iterator[PagesPortal]:
    """The portal of this process for the time of a test."""
    made = make_portal(home)
    made.warehouse.connection().execute(MONTHS)
    portal = PagesPortal(made.settings, made.warehouse, made.store)
    portal.say(LIVE)
    bootstrap.use(portal)
    try:
        yield portal
    finally:
        bootstrap.use(None)
        portal.close()


def visit(
    portal: PagesPortal,
    page: str,
    permissions: frozenset[Permission] = EVERYTHING,
    staff_id: str | None = None,
    **query: str,
) -> AppTest:
    """Open a page as somebody; any exception of the page fails the test."""
    portal.people[SID] = Principal(
        user_key="local:pat",
        full_name="Pat Example",
        email="pat@firm.test",
        permissions=permissions,
        staff_id=staff_id,
    )
    at = AppTest.from_string(SCRIPT.format(page=page), default_timeout=30)
    at.session_state[SESSION_KEY] = SID
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception, at.exception
    return at


def texts(at: AppTest) -> str:
    """Everything written on the page, one thing a line, without the marks of Markdown."""
    parts = [*at.title, *at.header, *at.markdown, *at.caption, *at.warning, *at.error]
    said = "\n".join(str(part.value) for part in [*parts, *at.success, *at.info])
    return _bare(said)


def figures(at: AppTest) -> dict[str, str]:
    """The figures of a page by their label."""
    return {metric.label: _bare(metric.value) for metric in at.metric}


def tables(at: AppTest) -> list[str]:
    """The ids of the lists and small grids on a page."""
    return [element.proto.id for element in at.get("component_instance")]


def _bare(text: str) -> str:
    return text.replace("\\", "").replace("\u2060", "")
