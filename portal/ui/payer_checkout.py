"""The invoices page: what is chosen, by which method, with which fee; and pay."""

from collections.abc import Sequence

import streamlit as st

from portal.domain.errors import Invalid, PortalError
from portal.domain.payers import AskKind, Payer, PayerClient
from portal.services.ask_the_firm import AskTheFirm, ask_the_firm
from portal.services.money_records import PaymentMethod
from portal.services.unpaid_invoices import free_credit, unpaid_invoices
from portal.ui import format as write
from portal.ui import (
    payer_accounts,
    payer_ask,
    payer_frame,
    payer_money,
    payer_navigation,
    payer_plans,
)
from portal.ui.frame import plain, portal
from portal.ui.payer_invoices import Chosen, choose

_ANOTHER = "Another card or bank account"
_PROBLEM = "payer_pay_problem"


def come_back(viewer: Payer) -> None:
    """Finish a payment whose payer comes back from the payment page, and show what came of it."""
    page_ref = st.query_params.get("page")
    if page_ref is None:
        return
    st.query_params.clear()
    payment = payer_money.finish(page_ref[:200], viewer)
    if payment is None or payment.client_id not in viewer.client_ids:
        return
    payer_frame.choose_client(viewer, payment.client_id)
    if payment.state in payer_money.BAD:
        st.session_state[_PROBLEM] = "That payment was not made. Nothing was charged."
    elif payment.state == "created":
        st.session_state[_PROBLEM] = "You have not paid yet. Nothing was charged."
    else:
        payer_navigation.go("receipt", payment=payment.payment_id)


def draw(viewer: Payer, client: PayerClient) -> None:
    """Draw the unpaid invoices and, for what is chosen, the way to pay."""
    payer_accounts.switch(viewer)
    if problem := st.session_state.pop(_PROBLEM, None):
        st.warning(plain(problem), icon=":material/info:")
    payer_plans.note(client)
    invoices = unpaid_invoices(viewer, client.client_id, store=portal().store)
    try:
        chosen = choose(viewer, invoices)
    except Invalid as refusal:
        st.error(plain(str(refusal)), icon=":material/error:")
        return
    if chosen is None:
        return
    credit = _credit(viewer, client, chosen)
    if credit >= chosen.cents:
        _credit_alone(viewer, client, chosen)
        return
    _pay(viewer, client, _less(chosen, credit), credit)


def _credit(viewer: Payer, client: PayerClient, chosen: Chosen) -> int:
    """The credit the payer wants to use for what is chosen; 0 for none."""
    if not portal().settings.payers.credits:
        return 0
    face = payer_frame.face()
    free = free_credit(viewer, client.client_id, store=portal().store, directory=face.directory)
    cents = min(free.get(chosen.currency, 0), chosen.cents)
    if cents <= 0:
        return 0
    shown = write.money(cents, chosen.currency)
    wants = st.checkbox(plain(f"Use our credit of {shown} for these"), key="payer_credit")
    return cents if wants else 0


def _less(chosen: Chosen, credit: int) -> Chosen:
    """What is left to pay when a credit covers the first of the chosen invoices."""
    parts: dict[str, int] = {}
    for invoice_id, cents in chosen.parts.items():
        covered = min(credit, cents)
        credit -= covered
        if cents > covered:
            parts[invoice_id] = cents - covered
    return Chosen(currency=chosen.currency, parts=parts)


def _credit_alone(viewer: Payer, client: PayerClient, chosen: Chosen) -> None:
    if st.button("Ask us to use the credit", type="primary", width="stretch"):
        # Asked again for the same invoices, it is the same wish.
        said = f"credit:{viewer.session_id}:{sorted(chosen.parts.items())}"
        _ask_for_credit(viewer, client, chosen.cents, said)
        st.success("Thank you. We set the credit against these invoices.")


def _ask_for_credit(viewer: Payer, client: PayerClient, cents: int, request_id: str) -> None:
    command = AskTheFirm(
        payer=viewer,
        request_id=request_id,
        kind=AskKind.CREDIT,
        client_id=client.client_id,
        cents=cents,
    )
    ask_the_firm(command, store=portal().store, clock=portal().now, limits=payer_ask.limits())


def _pay(viewer: Payer, client: PayerClient, chosen: Chosen, credit: int) -> None:
    if not viewer.may_pay:
        st.info("You may look at this client's portal, but not pay for the client.")
        return
    method = _method(viewer, client.client_id)
    saves = (
        method is None
        and viewer.keeps_things
        and st.checkbox("Keep this method for next time", key="payer_save")
    )
    email = viewer.email
    if not email or viewer.staff_key:
        email = st.text_input(
            "Email for the receipt", key="payer_receipt_email", autocomplete="email"
        )
    fee = _fee(method, chosen)
    shown = write.money(chosen.cents + fee, chosen.currency)
    with_what = f" with {payer_money.method_name(method)}" if method else ""
    with st.container(key="payer_pay_bar"):
        is_asked = st.button(
            plain(f"Pay {shown}{with_what}"), type="primary", width="stretch", key="payer_pay"
        )
    if is_asked:
        _begin(viewer, client, chosen, email, method, credit, saves=bool(saves))


def _method(viewer: Payer, client_id: str) -> PaymentMethod | None:
    kept: Sequence[PaymentMethod] = payer_money.methods_of(viewer, client_id)
    if not kept:
        return None
    by_id = {method.method_id: method for method in kept}
    asked = st.radio(
        "Pay with",
        [*by_id, ""],
        format_func=lambda one: plain(payer_money.method_name(by_id[one])) if one else _ANOTHER,
        key="payer_method",
    )
    return by_id.get(asked or "")


def _fee(method: PaymentMethod | None, chosen: Chosen) -> int:
    """The fee of a kept method; for one that is not known yet, say what each kind costs."""
    fees = portal().money.policy.fees
    if method is not None:
        fee = fees.fee_cents(method.kind, chosen.cents)
        if fee:
            shown = write.money(fee, chosen.currency)
            st.caption(plain(f"With a fee of {shown} for paying by credit card."))
        return fee
    fee = fees.fee_cents("credit", chosen.cents)
    if fee:
        shown = write.money(fee, chosen.currency)
        st.caption(
            plain(f"A credit card adds a fee of {shown}. Debit cards and bank accounts add none.")
        )
    return 0


def _begin(
    viewer: Payer,
    client: PayerClient,
    chosen: Chosen,
    email: str,
    method: PaymentMethod | None,
    credit: int,
    *,
    saves: bool,
) -> None:
    if not email.strip():
        st.error("Type the email address for the receipt.", icon=":material/error:")
        return
    try:
        taken = payer_money.begin(
            viewer,
            client.client_id,
            chosen.parts,
            currency=chosen.currency,
            email=email.strip(),
            method_id=method.method_id if method else None,
            save_method=saves,
        )
        if credit:
            _ask_for_credit(viewer, client, credit, f"credit:{taken.payment.payment_id}")
    except PortalError as refusal:
        st.error(plain(str(refusal)), icon=":material/error:")
        return
    if taken.page_url:
        payer_money.send_to(taken.page_url)
        st.stop()
    if taken.payment.state in payer_money.BAD:
        st.error(
            "Your bank has declined this. Nothing was charged. Try another method.",
            icon=":material/error:",
        )
        return
    payer_navigation.go("receipt", payment=taken.payment.payment_id)
