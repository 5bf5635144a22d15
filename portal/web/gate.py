"""Who asks, for which list, and may they? Everything the browser says is checked again here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol

from starlette.requests import Request

from portal.domain.errors import Denied, PortalError, SignInRefused
from portal.domain.permissions import Principal
from portal.lists.columns import ListDefinition
from portal.lists.registry import find_list
from portal.services.ports import Store
from portal.settings import Settings
from portal.warehouse.reach import may_reach
from portal.warehouse.warehouse import Warehouse
from portal.web.session import session_id_of
from portal.web.tokens import TokenSigner

if TYPE_CHECKING:
    from portal.jobs.refreshing import Freshness

SIGN_IN_AGAIN = "Your session has ended. Sign in again."
NOT_YOURS = "You do not have the permission for this. Ask your firm's administrator."
TOKEN_HEADER = "x-grid-token"  # noqa: S105
BY_ITSELF_HEADER = "x-grid-refresh"
"""The grid sends this with what nobody asked for, so that an unattended screen still locks."""


class NoDataYet(PortalError):
    """The first load has not finished."""


class Versions(Protocol):
    """What the refresh tells about data versions."""

    version: int

    def wait_for_version(self, after: int, timeout: float) -> int:
        """Wait until there is a newer version or the time is over; the version then."""
        ...

    def freshness(self) -> "Freshness":
        """How well the data follows the source."""
        ...


class Portal(Protocol):
    """What the list routes need of the portal."""

    settings: Settings
    warehouse: Warehouse
    store: Store
    refreshing: Versions
    tokens: TokenSigner

    def principal(self, session_id: str, *, is_activity: bool = True) -> Principal | None:
        """Who a living session belongs to, read anew."""
        ...

    def today(self) -> date:
        """The firm's day."""
        ...

    def now(self) -> datetime:
        """The time, with its zone."""
        ...


@dataclass(frozen=True)
class Caller:
    """A person with a valid token for a list: who they are and what they may ask it."""

    principal: Principal
    session_id: str
    definition: ListDefinition
    params: Mapping[str, object]


def person_of(portal: Portal, request: Request, *, is_activity: bool = True) -> Principal:
    """Who sends a request, by the session cookie.

    Raises: SignInRefused.
    """
    session_id = session_id_of(request)
    principal = portal.principal(session_id, is_activity=is_activity) if session_id else None
    if principal is None:
        raise SignInRefused(SIGN_IN_AGAIN)
    return principal


def caller_of(
    portal: Portal, request: Request, list_name: object, params: Mapping[str, object]
) -> Caller:
    """Who sends a request for a list, by its grid token; `params` are what the body says.

    The token fixes parameters that the body may repeat but not change.
    Raises: TokenInvalid, TokenExpired, SignInRefused; Denied for another list than the
    token's, a permission not held, or rows outside the person's scope.
    """
    token = portal.tokens.read(request.headers.get(TOKEN_HEADER, ""))
    by_itself = BY_ITSELF_HEADER in request.headers
    principal = portal.principal(token.sid, is_activity=not by_itself)
    if principal is None:
        raise SignInRefused(SIGN_IN_AGAIN)
    settings = portal.settings
    definition = find_list(
        token.list_name,
        settings.aging_edges,
        partial(settings.gives, principal),
        settings.timezone.key,
    )
    if definition is None or token.list_name != list_name:
        raise Denied(NOT_YOURS)
    check_list(portal, principal, definition)
    check_data(portal)
    for name, value in token.params.items():
        if params.get(name, value) != value:
            raise Denied(NOT_YOURS)
    asked = {**params, **token.params}
    if not may_reach(portal.warehouse, definition, asked, principal.scope):
        raise Denied(NOT_YOURS)
    return Caller(principal, token.sid, definition, asked)


def check_data(portal: Portal) -> None:
    """Go on only if there is anything to read.

    Raises: NoDataYet.
    """
    if not portal.refreshing.version:
        raise NoDataYet("Your firm's data is being loaded for the first time. It takes a minute.")


def check_list(portal: Portal, principal: Principal, definition: ListDefinition) -> None:
    """Go on only if the person may see the list, and the firm and their groups have its module.

    Raises: Denied.
    """
    principal.require_sight(definition.permission)
    require_module(portal, principal, definition.module)


def require_module(portal: Portal, principal: Principal, name: str) -> None:
    """Go on only if the firm has switched a part of the portal on for this person.

    Raises: Denied.
    """
    if not portal.settings.gives(principal, name):
        raise Denied("Your firm has not switched this part of the portal on for you.")
