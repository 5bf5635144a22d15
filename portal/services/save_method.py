"""Save a method for later: the payer gives it to the gateway on the gateway's own page."""

from dataclasses import dataclass

from portal.domain.payment_policy import PaymentPolicy
from portal.domain.permissions import Permission
from portal.failpoints import failpoint
from portal.services.gateway import (
    Gateway,
    GatewayBusy,
    GatewayRefused,
    GatewayUnsure,
    PageRequest,
)
from portal.services.gateway_customers import customer_of_client
from portal.services.gateway_states import MethodKind, PagePurpose
from portal.services.money_actors import Actor, actor_key, reach_client
from portal.services.money_ports import ClientDirectory, MethodPage
from portal.services.money_requests import check_request
from portal.services.open_payment_page import PageUnavailable
from portal.services.ports import Clock, Store
from portal.services.till import Till


@dataclass(frozen=True, kw_only=True)
class SaveMethod:
    """The request. `address` is the payer's network address, kept with a bank's mandate."""

    actor: Actor
    request_id: str
    client_id: str
    return_url: str
    portal_user_id: str | None = None
    email: str = ""
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class MethodPageOpened:
    """Where the payer goes on, and the page's name."""

    page_ref: str
    url: str


def save_method(
    command: SaveMethod,
    *,
    store: Store,
    gateway: Gateway,
    directory: ClientDirectory,
    clock: Clock,
    policy: PaymentPolicy,
) -> MethodPageOpened:
    """Open the page; `finish_save_method` takes over what was done on it.

    Raises: Denied, NotFound, PageUnavailable.
    """
    till = Till(store=store, gateway=gateway, directory=directory, clock=clock, policy=policy)
    check_request(command.request_id)
    card = reach_client(command.actor, Permission.SAVE_METHOD, command.client_id, directory)
    try:
        request = PageRequest(
            customer_ref=customer_of_client(till, card.client_id, command.email),
            purpose=PagePurpose.SAVE,
            return_url=command.return_url,
            currency=policy.currency,
            kinds=frozenset(MethodKind(kind) for kind in policy.kinds),
            description=f"{policy.firm_name}: save a payment method",
            open_minutes=policy.page_minutes,
        )
        page = gateway.open_page(request, key=f"method.{command.request_id}")
    except (GatewayUnsure, GatewayBusy, GatewayRefused) as problem:
        raise PageUnavailable("The page could not be opened. Try again in a moment.") from problem
    failpoint("save_method.page_opened")
    with store.unit_of_work() as uow:
        if uow.methods.page(page.ref) is None:
            uow.methods.save_page(
                MethodPage(
                    page_ref=page.ref,
                    client_id=card.client_id,
                    portal_user_id=command.portal_user_id,
                    opened_by=actor_key(command.actor),
                    address=command.address,
                    opened_at=clock(),
                )
            )
            uow.commit()
    failpoint("save_method.kept")
    return MethodPageOpened(page_ref=page.ref, url=page.url)
