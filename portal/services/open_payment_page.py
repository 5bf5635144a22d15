"""Send the payer to the gateway's page for an attempt that is kept, and take such a page back."""

from collections.abc import Iterable
from dataclasses import replace

from portal.domain.errors import PortalError
from portal.domain.payment_states import LIVE
from portal.failpoints import failpoint
from portal.services.gateway import GatewayBusy, GatewayRefused, GatewayUnsure, PageRequest
from portal.services.gateway_customers import customer_of
from portal.services.gateway_states import MethodKind, PagePurpose
from portal.services.money_ports import Payment
from portal.services.read_outcome import end_unheard, read_outcome
from portal.services.till import Till


class PageUnavailable(PortalError):
    """The gateway's page could not be opened. Nothing was charged."""


def open_payment_page(till: Till, payment: Payment, *, return_url: str, save_method: bool) -> str:
    """Open the page and keep its name with the attempt. Returns: where the payer goes.

    Raises: PageUnavailable. The attempt has ended then, unless the payer has its page already.
    """
    key = f"{payment.gateway_key}.page"
    try:
        customer_ref = customer_of(till, payment)
        request = _request(till, payment, customer_ref, return_url, save_method=save_method)
        page = till.patiently(lambda: till.gateway.open_page(request, key=key))
    except (GatewayUnsure, GatewayBusy, GatewayRefused) as problem:
        # Where no page is kept nobody has been sent to one, so nobody can pay on it.
        if payment.page_ref is not None or end_unheard(till, payment, payment.taken_by).page_ref:
            raise PageUnavailable(
                "The payment page of this form could not be opened again. Try again in a moment."
            ) from problem
        raise PageUnavailable(
            "The payment page could not be opened; nothing was charged. Try again in a moment."
        ) from problem
    failpoint("take_payment.page_opened")
    with till.store.unit_of_work() as uow:
        uow.payments.serialize()
        kept = uow.payments.find(payment.payment_id) or payment
        is_live = kept.state in LIVE
        if is_live:
            uow.payments.save(replace(kept, page_ref=page.ref, customer_ref=customer_ref))
            uow.commit()
    if not is_live:
        till.gateway.close_page(page.ref)
        raise PageUnavailable("This payment has ended meanwhile; nothing was charged.")
    failpoint("take_payment.page_durable")
    return page.url


def give_up_own_pages(till: Till, invoice_ids: Iterable[str], taken_by: str) -> bool:
    """Pages that this person left open for these invoices give way to their new attempt.

    One that has been paid on meanwhile is recorded as paid. Returns: whether there was one.
    """
    with till.store.reading() as view:
        live = view.payments.live_on(invoice_ids)
    own = [one for one in live if one.taken_by == taken_by and one.page_ref and one.state in LIVE]
    for payment in own:
        read_outcome(till, payment, ends_open_page=True)
    return bool(own)


def _request(
    till: Till, payment: Payment, customer_ref: str, return_url: str, *, save_method: bool
) -> PageRequest:
    policy = till.policy
    fee_cents = policy.fees.fee_cents(MethodKind.CREDIT, payment.amount_cents)
    return PageRequest(
        customer_ref=customer_ref,
        purpose=PagePurpose.PAY_AND_SAVE if save_method else PagePurpose.PAY,
        return_url=return_url,
        our_id=payment.our_id,
        amount_cents=payment.amount_cents,
        currency=payment.currency,
        fees={MethodKind.CREDIT: fee_cents} if fee_cents else {},
        kinds=frozenset(MethodKind(kind) for kind in policy.kinds),
        description=f"{policy.firm_name} {payment.payment_id}",
        open_minutes=policy.page_minutes,
        opened_at=payment.created_at,
    )
