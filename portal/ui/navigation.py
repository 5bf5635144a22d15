"""The staff pages: where each one is, what it is called, and who may open it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from portal.domain.permissions import Permission, Principal
from portal.settings import PROJECT, Settings

FIRM_PAGES = PROJECT / "pages" / "firm"


FIRST = "start"
"""The first page stands at the bare address; Streamlit keeps this name for it unused."""


@dataclass(frozen=True, kw_only=True)
class PageEntry:
    """One page. Without a section it is opened from other pages, not from the menu."""

    file: str
    url_path: str
    title: str
    icon: str
    section: str | None = None
    permission: Permission | None = None
    module: str | None = None

    @property
    def path(self) -> Path:
        """The page's file."""
        return FIRM_PAGES / f"{self.file}.py"


P = Permission
PAGES = (
    PageEntry(file="home", url_path=FIRST, title="Home", icon="home", section=""),
    PageEntry(file="clients", url_path="clients", title="Clients", icon="groups",
              section="Clients", permission=P.VIEW_CLIENTS, module="clients"),
    PageEntry(file="invoices", url_path="invoices", title="Invoices", icon="receipt_long",
              section="Clients", permission=P.VIEW_INVOICES, module="invoices"),
    PageEntry(file="contact_hygiene", url_path="contact-hygiene", title="Contact hygiene",
              icon="contact_mail", section="Clients", permission=P.VIEW_CLIENTS, module="clients"),
    PageEntry(file="client", url_path="client", title="Client", icon="person",
              permission=P.VIEW_CLIENTS, module="clients"),
    PageEntry(file="group", url_path="group", title="Client group", icon="groups",
              permission=P.VIEW_CLIENTS, module="clients"),
    PageEntry(file="invoice", url_path="invoice", title="Invoice", icon="receipt_long",
              permission=P.VIEW_INVOICES, module="invoices"),
    PageEntry(file="payments", url_path="payments", title="History", icon="payments",
              section="Payments", permission=P.VIEW_PAYMENTS, module="payments"),
    PageEntry(file="plans", url_path="plans", title="Payment plans", icon="event_repeat",
              section="Payments", permission=P.VIEW_PAYMENTS, module="payments"),
    PageEntry(file="payment", url_path="payment", title="Payment", icon="payments",
              permission=P.VIEW_PAYMENTS, module="payments"),
    PageEntry(file="quick_links", url_path="quick-links", title="Quick links", icon="link",
              section="Payments", permission=P.QUICK_LINKS, module="quick_links"),
    PageEntry(file="portal_users", url_path="portal-users", title="Portal users",
              icon="manage_accounts", section="Payments", permission=P.LINK_PORTAL_USERS,
              module="payments"),
    PageEntry(file="reconciliation", url_path="reconciliation", title="Reconciliation",
              icon="account_balance", section="Payments", permission=P.RECONCILE,
              module="payments"),
    PageEntry(file="worklist", url_path="worklist", title="Worklist", icon="checklist",
              section="Collections", permission=P.VIEW_COLLECTIONS, module="collections"),
    PageEntry(file="statements", url_path="statements", title="Statements", icon="mail",
              section="Collections", permission=P.VIEW_COLLECTIONS, module="collections"),
    PageEntry(file="write_offs", url_path="write-offs", title="Write-off requests",
              icon="rule", section="Collections", permission=P.VIEW_COLLECTIONS,
              module="collections"),
    PageEntry(file="aging", url_path="aging", title="AR aging", icon="hourglass_bottom",
              section="Collections", permission=P.VIEW_COLLECTIONS, module="collections"),
    PageEntry(file="email_delivery", url_path="email-delivery", title="Email delivery",
              icon="mark_email_read", section="Collections", permission=P.RESEND_INVOICE,
              module="email_delivery"),
    PageEntry(file="trends", url_path="trends", title="Trends", icon="trending_up",
              section="Insight", permission=P.VIEW_TRENDS),
    PageEntry(file="alerts", url_path="alerts", title="My alerts", icon="notifications",
              section="Administration", permission=P.VIEW_PAYMENTS),
    PageEntry(file="settings", url_path="settings", title="Settings", icon="tune",
              section="Administration", permission=P.COLLECTION_SETTINGS, module="collections"),
    PageEntry(file="data", url_path="data", title="Data", icon="database",
              section="Administration", permission=P.VIEW_DATA),
    PageEntry(file="permissions", url_path="permissions", title="Permissions", icon="key",
              section="Administration", permission=P.MANAGE_PERMISSIONS),
    PageEntry(file="audit", url_path="audit", title="Audit log", icon="policy",
              section="Administration", permission=P.VIEW_AUDIT),
)  # fmt: skip


def pages_for(principal: Principal, settings: Settings) -> list[PageEntry]:
    """The pages this person may open and this firm has, in the order of the menu."""
    return [
        entry
        for entry in PAGES
        if entry.path.is_file()
        and (entry.permission is None or principal.may(entry.permission))
        and (entry.module is None or settings.gives(principal, entry.module))
    ]


def menu(entries: list[PageEntry], refuse: Callable[[], None]) -> dict[str, list[st.Page]]:
    """The menu by section; pages without one are reachable, but not in it.

    The addresses of all other pages lead to `refuse`, not to the code of those pages.
    """
    sections: dict[str, list[st.Page]] = {}
    for entry in entries:
        page = st.Page(
            entry.path,
            title=entry.title,
            icon=f":material/{entry.icon}:",
            url_path=entry.url_path,
            default=entry.file == "home",
            visibility="hidden" if entry.section is None else "visible",
        )
        sections.setdefault(entry.section or "", []).append(page)
    sections.setdefault("", []).append(_home_by_name(sections))
    others = [entry for entry in PAGES if entry not in entries]
    sections.setdefault("", []).extend(everywhere(refuse, "No access", others))
    return sections


def _home_by_name(sections: dict[str, list[st.Page]]) -> st.Page:
    """The first page stands at the bare address; the address with its name leads there."""
    first = sections[""][0]

    def go_home() -> None:
        st.switch_page(first)

    return st.Page(go_home, title="Home", url_path="home", visibility="hidden")


def everywhere(
    draw: Callable[[], None], title: str, entries: Iterable[PageEntry] = PAGES
) -> list[st.Page]:
    """One thing to draw at many addresses: whoever may go on later is where they wanted to go."""
    addresses = [(entry.url_path, entry.file == "home") for entry in entries]
    if (FIRST, True) in addresses:
        addresses.append(("home", False))
    return [
        st.Page(draw, title=title, url_path=address, default=is_first, visibility="hidden")
        for address, is_first in addresses
    ]
