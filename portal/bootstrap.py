"""The composition root: the one place that picks adapters and puts the program together."""

import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial

from portal.client_portal import ClientPortal
from portal.collections_desk import CollectionsDesk
from portal.correspondence_desk import CorrespondenceDesk
from portal.documents.invoice_pdfs import InvoicePdfs
from portal.domain import looking
from portal.domain.errors import PortalError
from portal.domain.permissions import Principal
from portal.gateways.open_gateway import open_gateway
from portal.jobs import commands
from portal.jobs.command_socket import CommandSocket
from portal.jobs.mirroring import Mirroring
from portal.jobs.recording import Recording
from portal.jobs.refreshing import Refreshing
from portal.jobs.registry import all_jobs
from portal.jobs.sample_ticks import start_sample_ticks
from portal.jobs.scheduler import Scheduler
from portal.jobs.settings_taken_up import take_up_settings
from portal.money_desk import MoneyDesk, payment_policy
from portal.plan_desk import PlanDesk, plan_policy
from portal.pms.open_source import needed_extensions, open_source, readable_folders
from portal.remembered_clients import RememberedClients
from portal.sample_portal.on_start import start_jobs
from portal.sandbox_clock import clock_of, utc_now
from portal.services.gateway import Gateway
from portal.services.money_ports import ClientDirectory
from portal.services.passwords import Passwords
from portal.services.ports import Clock, PasswordChecker, SessionLimits, StaffDirectory
from portal.services.principal_of_session import PrincipalOfSession, principal_of_session
from portal.services.quick_link_uses import count_quick_use
from portal.services.statement_letter import Sender
from portal.settings import Settings, load_settings
from portal.store import Store, open_store
from portal.warehouse.client_directory import WarehouseClients
from portal.warehouse.correspondence import WarehouseCorrespondence
from portal.warehouse.mapping import load_mapping
from portal.warehouse.open_balances import OpenBalances
from portal.warehouse.payer_directory import WarehousePayers
from portal.warehouse.query import load_query
from portal.warehouse.receivable_book import ReceivableBook
from portal.warehouse.refresh import Refresher
from portal.warehouse.staff_directory import WarehouseStaff
from portal.warehouse.store_mirror import StoreMirror
from portal.warehouse.warehouse import Warehouse
from portal.web.tokens import TokenSigner

log = logging.getLogger("portal")


@dataclass
class Portal:
    """One firm's portal, put together: what pages, routes and commands work with."""

    settings: Settings
    warehouse: Warehouse
    store: Store
    refreshing: Refreshing
    now: Callable[[], datetime] = utc_now
    mirroring: Mirroring | None = None

    def today(self) -> date:
        """The firm's day."""
        return self.settings.today(self.now())

    @cached_property
    def tokens(self) -> TokenSigner:
        """What signs the tokens of lists in the browser."""
        return TokenSigner(self.settings.secret_key)

    @cached_property
    def passwords(self) -> PasswordChecker:
        """What makes and compares password hashes."""
        return Passwords()

    @cached_property
    def staff(self) -> StaffDirectory:
        """Who works at the firm, as the practice management system says."""
        return WarehouseStaff(self.warehouse)

    @cached_property
    def gateway(self) -> Gateway:
        """Who moves the money."""
        here = self.settings
        return open_gateway(
            here.gateway, home=here.home, secret=here.secret_key, public_url=here.public_url,
            zone=here.timezone, clock=self.now,
        )  # fmt: skip

    @cached_property
    def money(self) -> MoneyDesk:
        """The commands of money."""
        return MoneyDesk(
            store=self.store, gateway=self.gateway, directory=self.clients, now=self.now,
            policy=payment_policy(self.settings), watchers=(self.plans.watcher, count_quick_use),
        )  # fmt: skip

    @cached_property
    def plans(self) -> PlanDesk:
        """The commands of payment plans."""
        policy = plan_policy(self.settings)
        return PlanDesk(store=self.store, directory=self.clients, policy=policy, now=self.now)

    @cached_property
    def client_portal(self) -> ClientPortal:
        """What payers' pages work with."""
        directory = WarehousePayers(self.warehouse)
        known = (self.settings, self.store, directory, self.now, self.principal, self.clients)
        return ClientPortal(*known)

    @cached_property
    def correspondence(self) -> CorrespondenceDesk:
        """The commands of mail and documents."""
        return CorrespondenceDesk(
            settings=self.settings,
            store=self.store,
            correspondence=WarehouseCorrespondence(self.warehouse),
            directory=self.clients,
            now=self.now,
            pay_links=self.client_portal.pay_links,
        )

    @cached_property
    def clients(self) -> ClientDirectory:
        """The clients the firm shows, for commands."""
        return WarehouseClients(self.warehouse)

    @cached_property
    def collections(self) -> CollectionsDesk:
        """The commands of collections."""
        return CollectionsDesk(
            store=self.store,
            receivables=ReceivableBook(self.warehouse),
            directory=self.clients,
            sender=Sender(firm_name=self.settings.firm_name, has_pdf=self.has_invoice_pdf),
            timezone=self.settings.timezone,
            now=self.now,
        )

    @property
    def limits(self) -> SessionLimits:
        """How long sessions last here."""
        access = self.settings.access
        return SessionLimits(idle_minutes=access.idle_minutes, absolute_hours=access.absolute_hours)

    def principal(self, session_id: str, *, is_activity: bool = True) -> Principal | None:
        """Who a session belongs to and what they may do now; None when it is over."""
        query = PrincipalOfSession(session_id=session_id, is_activity=is_activity)
        with looking.as_oneself():
            found = principal_of_session(
                query, store=self.store, clock=self.now, groups=self.settings.access.groups,
                limits=self.limits, staff=self.staff,
            )  # fmt: skip
        looking.remember(found is not None and found.seen_by is not None)
        return found

    def has_invoice_pdf(self, invoice_id: str) -> bool:
        """Whether a PDF of this invoice was received."""
        return InvoicePdfs(self.settings.documents_path).has(invoice_id)

    def query_params(self, name: str) -> Mapping[str, str]:
        """What a named query asks for: parameter -> type."""
        return load_query(name).params

    def examine(self) -> Mapping[str, object]:
        """Look for what is wrong with the source, the mapping and the data; changes nothing."""
        return commands.run(self, "doctor", {}, lambda step: None)

    def pass_days(self, days: int, progress: commands.Progress) -> Mapping[str, object]:
        """Let days pass, where the gateway is the sandbox."""
        return commands.run(self, "pass_days", {"days": days}, progress)

    def close(self) -> None:
        """Stop refreshing and close both stores."""
        self.refreshing.stop()
        if self.mirroring:
            self.mirroring.stop()
        self.warehouse.close()
        self.store.close()


class NotStarted(PortalError):
    """Nothing has put a portal together in this process."""


_current: list[Portal] = []


def current() -> Portal:
    """The portal of this process.

    Raises: NotStarted.
    """
    if not _current:
        raise NotStarted("The portal has not been started in this process.")
    return _current[-1]


def use(portal: Portal | None) -> None:
    """Make a portal the one of this process (None: there is none any more)."""
    _current[:] = [portal] if portal else []


def build(settings: Settings, *, now: Clock | None = None) -> Portal:
    """Open both stores and wire the refresh; nothing runs by itself yet.

    `now` is the portal's clock; without one it has its own.

    Raises: SettingsInvalid, WarehouseBusy.
    """
    now = now or clock_of(settings)
    if settings.source is None:
        raise PortalError("firm.toml has no [source]: the portal has nothing to read.")
    store = open_store(settings.store_url, secret_key=settings.secret_key)
    warehouse = Warehouse(
        settings.warehouse_path,
        readable=readable_folders(settings.source),
        extensions=needed_extensions(settings.source),
    )
    source = open_source(settings.source)
    mapping = partial(load_mapping, settings.source.mapping)
    refresher = Refresher(
        warehouse,
        source,
        mapping,
        choices=settings.mapping,
        currency=settings.currency,
        shown_clients=RememberedClients(store),
        now=now,
    )
    refreshing = Refreshing(
        warehouse, source, refresher, mapping,
        every_seconds=settings.source.every_seconds, now=now,
    )  # fmt: skip
    mirroring = _mirror(store, warehouse, refreshing, settings.timezone.key, now)
    return Portal(settings, warehouse, store, refreshing, now, mirroring)


def _mirror(
    store: Store, warehouse: Warehouse, refreshing: Refreshing, zone: str, now: Clock
) -> Mirroring:
    """Let lists see what the store holds, and the store what each refresh found open."""
    mirroring = Mirroring(StoreMirror(warehouse, store, timezone=zone), refreshing.announce)
    mirroring.renew()
    store.on_commit(mirroring.committed)
    # A source read anew may have keys of another kind, which the copies must share.
    refreshing.on_refreshed(lambda done: mirroring.renew() if done.kind == "full" else None)
    recording = Recording(OpenBalances(warehouse), store, clock=now)
    refreshing.on_refreshed(recording.refreshed)
    return mirroring


def start(settings: Settings) -> Portal:
    """Build the portal of a server, load data where there is none, and keep it fresh."""
    portal = build(settings)
    use(portal)
    with contextlib.suppress(PortalError):
        # A source that is away must not keep the portal from showing the last good data.
        portal.refreshing.refresh(deletions=False)
    portal.refreshing.start()
    if portal.mirroring:
        portal.mirroring.when_renewed("payments", portal.collections.payments_came)
        portal.mirroring.start()
    take_up_settings(portal)
    return portal


@contextlib.asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[dict[str, object]]:
    """The server's life: start before the first page, stop in order."""
    settings = load_settings()
    portal = start(settings)
    socket = CommandSocket(settings.home, portal)
    socket.start()
    ticker = start_sample_ticks(settings)
    scheduler = Scheduler(portal, all_jobs())
    start_jobs(portal, scheduler)
    portal.correspondence.open_door()
    try:
        yield {"portal": portal}
    finally:
        if ticker:
            ticker.terminate()
            ticker.wait(timeout=10)
        portal.correspondence.close_door()
        scheduler.stop()
        socket.stop()
        use(None)
        portal.close()
