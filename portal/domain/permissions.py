"""Who may do what: permissions, groups, and whose clients a person sees."""

from dataclasses import dataclass, field
from enum import StrEnum

from portal.domain.errors import Denied
from portal.domain.looking import ONLY_LOOKING
from portal.domain.modules import MODULES


class Permission(StrEnum):
    """One thing a person may do. The value is its name in firm.toml."""

    VIEW_CLIENTS = "view_clients"
    VIEW_INVOICES = "view_invoices"
    VIEW_PAYMENTS = "view_payments"
    VIEW_COLLECTIONS = "view_collections"
    VIEW_TRENDS = "view_trends"
    VIEW_DATA = "view_data"
    ALL_CLIENTS = "all_clients"
    EXPORT = "export"
    SHARE_VIEWS = "share_views"
    OPEN_CLIENT_PORTAL = "open_client_portal"
    TAKE_PAYMENT = "take_payment"
    SAVE_METHOD = "save_method"
    MANAGE_PLANS = "manage_plans"
    RESEND_INVOICE = "resend_invoice"
    REFUND = "refund"
    APPROVE_REFUND = "approve_refund"
    LINK_PORTAL_USERS = "link_portal_users"
    QUICK_LINKS = "quick_links"
    SEND_STATEMENTS = "send_statements"
    COLLECTION_SETTINGS = "collection_settings"
    APPROVE_WRITE_OFFS = "approve_write_offs"
    RECONCILE = "reconcile"
    MAPPING = "mapping"
    RELEASE_HOLDS = "release_holds"
    MANAGE_PERMISSIONS = "manage_permissions"
    VIEW_AUDIT = "view_audit"


LOOKING = frozenset(
    {
        Permission.VIEW_CLIENTS,
        Permission.VIEW_INVOICES,
        Permission.VIEW_PAYMENTS,
        Permission.VIEW_COLLECTIONS,
        Permission.VIEW_TRENDS,
        Permission.VIEW_DATA,
        Permission.VIEW_AUDIT,
        Permission.ALL_CLIENTS,
    }
)
"""What is only looked at; every other permission is for doing something."""


@dataclass(frozen=True)
class Group:
    """A group of the firm's sign-on: what its members may do and which home page they get.

    `modules` are the parts of the portal its members work with, of those the firm has.
    """

    name: str
    permissions: frozenset[Permission]
    home: str = "user"
    modules: frozenset[str] = frozenset(MODULES)


@dataclass(frozen=True)
class Scope:
    """Whose rows a person sees: everybody's, or those of clients where they are partner or manager.

    `staff_id` is None with `all_clients` False for somebody the practice management
    system does not know: they see no client.
    """

    all_clients: bool
    staff_id: str | None = None


@dataclass(frozen=True)
class Principal:
    """The person on whose behalf something is done.

    `user_key` is stable (`local:<name>` or `oidc:<issuer>|<subject>`); `staff_id` is the
    person's own record in the practice management system, found by email, or None.
    """

    user_key: str
    full_name: str
    email: str
    home: str = "user"
    groups: tuple[str, ...] = ()
    permissions: frozenset[Permission] = field(default_factory=frozenset)
    staff_id: str | None = None
    modules: frozenset[str] = frozenset(MODULES)
    """The parts of the portal that any of this person's groups works with."""
    seen_by: str | None = None
    """Whose eyes these are, when an administrator looks as this person; None for themselves."""

    def may(self, permission: Permission) -> bool:
        """Whether this person may do that."""
        return permission in self.permissions

    def has_module(self, name: str) -> bool:
        """Whether this person works with a part of the portal; what is no module, all have."""
        return name not in MODULES or name in self.modules

    def require(self, permission: Permission) -> None:
        """Go on only if this person may do that, and it is they who act.

        Raises: Denied.
        """
        self.require_sight(permission)
        if permission not in LOOKING:
            self.require_acting()

    def require_sight(self, permission: Permission) -> None:
        """Go on only if this person may see what the permission opens.

        Raises: Denied.
        """
        if not self.may(permission):
            raise Denied("You do not have the permission for this. Ask your firm's administrator.")

    def require_acting(self) -> None:
        """Go on only if it is this person who acts: every command that keeps something asks.

        Raises: Denied to whoever looks as them.
        """
        if self.seen_by:
            raise Denied(ONLY_LOOKING)

    @property
    def scope(self) -> Scope:
        """Whose clients this person sees at the most."""
        return Scope(self.may(Permission.ALL_CLIENTS), self.staff_id)

    def sees(self, partner_id: str | None, manager_id: str | None) -> bool:
        """Whether a client of this partner and manager is among those the person sees."""
        if self.scope.all_clients:
            return True
        return self.staff_id is not None and self.staff_id in (partner_id, manager_id)

    @property
    def own_scope(self) -> Scope:
        """The clients where this person is partner or manager."""
        return Scope(False, self.staff_id)
