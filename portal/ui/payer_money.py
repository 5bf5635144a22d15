"""A payer's money: begin a payment, go on to the payment page, and see what came of it."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import streamlit as st

from portal.domain.applications import Line
from portal.domain.errors import PortalError
from portal.domain.payers import Payer
from portal.domain.payment_states import CAPTURED, LIVE, PaymentState
from portal.services.finish_hosted_payment import FinishHostedPayment
from portal.services.money_actors import ByItself, may_use
from portal.services.money_records import Payment, PaymentMethod, Source
from portal.services.quick_link_uses import check_quick_link
from portal.services.take_payment import Taken, TakePayment
from portal.ui.frame import portal

_GO = st.components.v2.component(
    "payer_go",
    js=(Path(__file__).parent / "payer_assets" / "go.js").read_text(encoding="utf-8"),
)
DONE = CAPTURED | {PaymentState.PROCESSING}
BAD = frozenset({PaymentState.DECLINED, PaymentState.VOIDED})


def begin(
    viewer: Payer,
    client_id: str,
    parts: Mapping[str, int],
    *,
    currency: str,
    email: str,
    method_id: str | None = None,
    save_method: bool = False,
) -> Taken:
    """Begin the payment of a client's invoices, or go on with the one this form began."""

    def ask(request_id: str) -> Taken:
        return portal().money.take_payment(
            TakePayment(
                actor=viewer,
                request_id=request_id,
                source=Source.STAFF if viewer.staff_key else Source.PORTAL,
                client_id=client_id,
                lines=tuple(Line(invoice_id=one, cents=cents) for one, cents in parts.items()),
                currency=currency,
                method_id=method_id,
                save_method=save_method,
                return_url=f"{portal().settings.public_url}/client-portal",
                payer_name="" if viewer.staff_key else viewer.full_name,
                payer_email=email,
                receipt_emails=viewer.receipt_emails,
                portal_user_id=viewer.portal_user_id,
            )
        )

    said = (client_id, tuple(sorted(parts.items())), email, method_id, save_method)
    return _ask(ask, said)


def begin_quick(
    link_id: str | None, *, cents: int, currency: str, name: str, email: str, purpose: str
) -> Taken:
    """Begin a payment by quick payment link; it falls on no client until somebody associates it."""

    def ask(request_id: str) -> Taken:
        return portal().money.take_payment(
            TakePayment(
                actor=ByItself(f"quick_link:{link_id or 'page'}"),
                request_id=request_id,
                source=Source.QUICK_LINK,
                client_id=None,
                lines=(Line(invoice_id=None, cents=cents),),
                currency=currency,
                return_url=f"{portal().settings.public_url}/pay",
                payer_name=name,
                payer_email=email,
                note=purpose,
                quick_link_id=link_id,
            ),
            guard=(lambda uow: check_quick_link(uow, link_id, portal().now())) if link_id else None,
        )

    return _ask(ask, (link_id, cents, name, email, purpose))


def _ask(ask: Callable[[str], Taken], said: tuple) -> Taken:
    # The number is made when the form is drawn for these contents: a double click, and the form
    # sent again after a lost connection, are the same request and one payment.
    key = f"payment_request_{hash(said)}"
    request_id = st.session_state.setdefault(key, uuid.uuid4().hex)
    taken = ask(request_id)
    is_over = taken.payment.state in BAD
    if is_over or taken.payment.state in DONE:
        del st.session_state[key]
    if is_over and taken.payment.method_id is None:
        # The page of an earlier try has expired: this try gets a page of its own.
        request_id = st.session_state.setdefault(key, uuid.uuid4().hex)
        taken = ask(request_id)
    return taken


def send_to(place: str) -> None:
    """Send the browser on to the gateway's page; the button is for browsers that will not go."""
    _GO(key="payer_go", data={"place": place}, height=1)
    st.info("Taking you to the secure payment page …", icon=":material/lock:")
    st.link_button("Continue to the payment page", place, width="stretch")


def finish(page_ref: str, actor: Payer | ByItself) -> Payment | None:
    """What came of the page the payer comes back from; None for a page that is none of ours."""
    try:
        came = portal().money.finish_page(FinishHostedPayment(actor=actor, page_ref=page_ref))
        return came if isinstance(came, Payment) else None
    except PortalError:
        with portal().store.reading() as view:
            return view.payments.find_by_page(page_ref)


def methods_of(viewer: Payer, client_id: str) -> Sequence[PaymentMethod]:
    """The saved methods this payer may use for a client: their own, and those of nobody else."""
    if not viewer.keeps_things:
        return ()
    with portal().store.reading() as view:
        found = view.methods.of_client(client_id)
    return [method for method in found if method.state == "active" and may_use(viewer, method)]


def method_name(method: PaymentMethod) -> str:
    """The method as people read it."""
    name = method.brand or ("Bank account" if method.kind == "ach" else "Card")
    return f"{name} ending {method.last4}" if method.last4 else name


def is_open(payment: Payment) -> bool:
    """Whether it is not known yet what came of a payment."""
    return payment.state in LIVE
