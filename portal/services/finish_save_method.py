"""The payer has come back from the page on which a method is saved: keep it for the client."""

from dataclasses import dataclass, replace

from portal.domain.errors import NotFound
from portal.domain.payment_policy import PaymentPolicy
from portal.services.gateway import Gateway, GatewayRefused
from portal.services.gateway_states import PageState
from portal.services.keep_method import keep_method
from portal.services.money_ports import ClientDirectory, PaymentMethod
from portal.services.ports import Clock, Store
from portal.services.till import Till


@dataclass(frozen=True, kw_only=True)
class FinishSaveMethod:
    """The request: the page that the return names."""

    page_ref: str


def finish_save_method(
    command: FinishSaveMethod,
    *,
    store: Store,
    gateway: Gateway,
    directory: ClientDirectory,
    clock: Clock,
    policy: PaymentPolicy,
) -> PaymentMethod | None:
    """Keep what was saved on the page, once. Returns: None when the payer saved nothing.

    Raises: NotFound for a page that is none of ours; GatewayUnsure, GatewayBusy.
    """
    till = Till(store=store, gateway=gateway, directory=directory, clock=clock, policy=policy)
    with store.reading() as view:
        page = view.methods.page(command.page_ref)
    if page is None:
        raise NotFound("There is no such page.")
    try:
        told = gateway.read_page(page.page_ref)
    except GatewayRefused:
        raise NotFound("There is no such page.") from None
    method = None
    if told.method is not None:
        method = keep_method(
            till, told.method, client_id=page.client_id, actor=page.opened_by,
            portal_user_id=page.portal_user_id, address=page.address,
        )  # fmt: skip
    if told.state is not PageState.OPEN and page.closed_at is None:
        with store.unit_of_work() as uow:
            uow.methods.save_page(replace(page, closed_at=clock()))
            uow.commit()
    return method
