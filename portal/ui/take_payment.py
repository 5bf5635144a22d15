"""Take a payment: the dialog from a client, an invoice or ticked invoices. No card is typed here.

Two clicks where a method is saved: open, charge. Otherwise the gateway's own page, which staff
open on the phone, or a link to pay that goes to the client by mail.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from portal.domain.applications import Line
from portal.domain.payment_states import PaymentState
from portal.domain.permissions import Permission
from portal.lists.columns import RowAction
from portal.services.finish_hosted_payment import FinishHostedPayment
from portal.services.money_ports import Payment, Source
from portal.services.quote_payment import Quote, QuotePayment
from portal.services.send_pay_link import SendPayLink
from portal.services.take_payment import Taken, TakePayment
from portal.ui import deeds, frame, payment_lines, reads
from portal.ui import format as write
from portal.ui.dialogs import dialog
from portal.ui.grid_event import GridEvent
from portal.ui.payment_words import OUTCOMES, method_words

TAKE = RowAction(key="take_payment", label="Take payment", permission=Permission.TAKE_PAYMENT)
FORM = "take_payment"
PAGE, MAIL = "page", "mail"
_WAITS = (PaymentState.CREATED, PaymentState.REQUIRES_ACTION)
_TAKEN = "take_payment_taken"
_MOST = 200


def button(client_id: str, invoice_ids: Sequence[str] = ()) -> None:
    """Draw the button that opens the dialog, for those who may take payments."""
    if frame.principal().may(Permission.TAKE_PAYMENT) and st.button(
        "Take payment", icon=":material/add_card:", key="take_payment_button"
    ):
        show(client_id, invoice_ids)


def ticked(event: GridEvent) -> None:
    """Open the dialog for ticked invoices; a payment is one client's."""
    ids = event.row_ids or ((event.row_id,) if event.row_id else ())
    if event.all_matching or not 1 <= len(ids) <= _MOST:
        frame.refused(f"Tick the invoices of one client, {_MOST} at the most.")
        return
    owners = {
        str(row["client_id"])
        for each in ids
        for row in reads.rows("invoices/client_of", invoice_id=each)
    }
    if len(owners) != 1:
        frame.refused("These invoices belong to several clients. Take one payment for each.")
        return
    show(owners.pop(), ids)


def show(client_id: str, invoice_ids: Sequence[str] = ()) -> None:
    """Open the dialog; the invoices named are chosen, or else all that can be paid."""
    frame.require(Permission.TAKE_PAYMENT)
    deeds.form_is_done(FORM)
    st.session_state.pop(_TAKEN, None)
    _dialog(client_id, tuple(invoice_ids))


def come_back() -> None:
    """Somebody is back from the gateway's page: say what came of it, once."""
    page_ref = st.query_params.get("page")
    if not page_ref:
        return
    del st.query_params["page"]
    asked = FinishHostedPayment(actor=frame.principal(), page_ref=page_ref)
    came = deeds.attempt(partial(frame.portal().money.finish_page, asked))
    if isinstance(came, Payment):
        icon, words = OUTCOMES[came.state]
        st.toast(f"{came.payment_id}: {words}", icon=icon)
    elif came is not None:
        st.toast("The payment method is saved.", icon=":material/check:")


@dialog("Take a payment", width="large")
def _dialog(client_id: str, invoice_ids: tuple[str, ...]) -> None:
    contents(client_id, invoice_ids)


def contents(client_id: str, invoice_ids: tuple[str, ...]) -> None:
    """Draw the form, and in its place what came of it once it is sent."""
    asked = st.empty()
    if _TAKEN not in st.session_state:
        with asked.container():
            _form(client_id, invoice_ids)
    if _TAKEN in st.session_state:
        asked.empty()
        _outcome(st.session_state[_TAKEN])


def _form(client_id: str, invoice_ids: tuple[str, ...]) -> None:
    command = QuotePayment(actor=frame.principal(), client_id=client_id)
    quote = deeds.attempt(partial(frame.portal().money.quote, command))
    if quote is None:
        return
    st.markdown(f"**{frame.plain(quote.client.client_name)}** · {quote.client.client_number}")
    lines = payment_lines.choose(quote, invoice_ids)
    way = _way(quote)
    email = st.text_input(
        "Receipt or link to",
        next(iter(quote.client.billing_emails), ""),
        key="take_payment_email",
        placeholder="name@example.com",
    )
    total = sum(lines.values())
    _sum(quote, total, way)
    if way == MAIL:
        _send_link(quote, lines, email)
    else:
        _charge(quote, lines, way, email)


def _way(quote: Quote) -> str:
    """A saved method, the gateway's page, or a link by mail."""
    names = {method.method_id: method_words(method) for method in quote.methods}
    names[PAGE] = "New card or bank account, on the payment page"
    names[MAIL] = "Send a link to pay"
    return st.radio("Paid with", list(names), format_func=names.__getitem__, key="take_payment_way")


def _sum(quote: Quote, total: int, way: str) -> None:
    """What is charged in all, with the fee said before it is charged."""
    currency = quote.policy.currency
    kind = next((method.kind for method in quote.methods if method.method_id == way), None)
    fee = quote.fee_cents(kind, total) if kind else 0
    words = f"To pay **{_plain(total, currency)}**"
    if fee:
        words += f" and a card fee of {_plain(fee, currency)}: **{_plain(total + fee, currency)}**"
    elif way in (PAGE, MAIL) and quote.policy.fees.basis_points:
        words += ". A credit card adds the firm's card fee; the payer sees it before paying"
    st.markdown(f"{words}.")


def _charge(quote: Quote, lines: Mapping[str | None, int], way: str, email: str) -> None:
    total = sum(lines.values())
    label = "Go to the payment page" if way == PAGE else "Charge now"
    if not st.button(label, type="primary", disabled=not total, key="take_payment_go"):
        return
    portal = frame.portal()
    back = urlencode({"id": quote.client.client_id})
    command = TakePayment(
        actor=frame.principal(),
        request_id=deeds.request_id(FORM),
        source=Source.STAFF,
        client_id=quote.client.client_id,
        lines=tuple(Line(invoice_id=one, cents=cents) for one, cents in lines.items()),
        currency=quote.policy.currency,
        method_id=None if way == PAGE else way,
        return_url=f"{portal.settings.public_url}/client?{back}",
        payer_email=email.strip(),
    )
    taken = deeds.attempt(partial(portal.money.take_payment, command))
    if taken is not None:
        deeds.form_is_done(FORM)
        st.session_state[_TAKEN] = taken


def _send_link(quote: Quote, lines: Mapping[str | None, int], email: str) -> None:
    fits = _are_whole(quote, lines)
    if not fits:
        st.caption(
            "A link asks for whole invoices: it carries neither a part of one nor money on "
            "account. Ask for the whole amount, or choose another way to pay."
        )
    if not st.button("Send the link", type="primary", key="take_payment_send", disabled=not fits):
        return
    command = SendPayLink(
        actor=frame.principal(),
        request_id=deeds.request_id(FORM),
        client_id=quote.client.client_id,
        email=email,
        invoice_ids=tuple(one for one in lines if one is not None),
    )
    if deeds.attempt(partial(frame.portal().money.send_pay_link, command)) is not None:
        deeds.form_is_done(FORM)
        st.toast(f"A link to pay goes to {frame.plain(email)}.", icon=":material/mail:")
        st.rerun()


def _are_whole(quote: Quote, lines: Mapping[str | None, int]) -> bool:
    """Whether the amounts are all that can be paid on some invoices."""
    payable = {one.invoice.invoice_id: one.payable_cents for one in quote.invoices}
    return bool(lines) and all(cents == payable.get(one or "") for one, cents in lines.items())


def _outcome(taken: Taken) -> None:
    """What came of it; while the payer is on the gateway's page, the way there."""
    payment = _now(taken)
    if taken.page_url and payment.state in _WAITS:
        st.info("The payment page takes the card or bank details; the portal never sees them.")
        with st.container(horizontal=True):
            st.link_button("Open the payment page", taken.page_url, icon=":material/open_in_new:")
            has_finished = st.button("The payer has finished", key="take_payment_done")
        if has_finished and payment.page_ref:
            asked = FinishHostedPayment(actor=frame.principal(), page_ref=payment.page_ref)
            deeds.attempt(partial(frame.portal().money.finish_page, asked))
            payment = _now(taken)
    icon, words = OUTCOMES[payment.state]
    total = _plain(payment.amount_cents + payment.fee_cents, payment.currency)
    st.markdown(f"**{icon} {words}** · {total} · payment {payment.payment_id}")
    if payment.decline_code:
        st.caption(f"Reason: {frame.plain(payment.decline_code.replace('_', ' '))}")
    if st.button("Close", key="take_payment_close"):
        st.rerun()


def _now(taken: Taken) -> Payment:
    with frame.portal().store.reading() as view:
        return view.payments.find(taken.payment.payment_id) or taken.payment


def _plain(cents: int, currency: str) -> str:
    return frame.plain(write.money(cents, currency))
