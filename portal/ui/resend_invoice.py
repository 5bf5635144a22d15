"""Mail unpaid invoices again: from a row, an invoice's page, or many chosen invoices."""

import uuid
from collections.abc import Sequence

import streamlit as st

from portal.chosen_rows import matching_ids
from portal.domain.errors import Invalid, PortalError
from portal.domain.mail_addresses import Recipient, checked_address
from portal.domain.permissions import Permission
from portal.lists.columns import RowAction
from portal.services.prepare_resend import ClientOffer, PrepareResend, ResendOffer
from portal.services.resend_invoices import MOST_INVOICES, InvoiceResent, ResendInvoices
from portal.ui import dialogs, frame
from portal.ui import format as write
from portal.ui.grid_event import GridEvent

RESEND = RowAction(key="resend", label="Resend", permission=Permission.RESEND_INVOICE)
_REQUEST = "resend_request"


def button(invoice_id: str) -> None:
    """Draw the way in on an invoice's page, for those who may."""
    if frame.principal().may(Permission.RESEND_INVOICE) and st.button(
        "Resend", icon=":material/forward_to_inbox:"
    ):
        open_for((invoice_id,))


def on_event(event: GridEvent) -> None:
    """Answer the action of a list, on a row or on all chosen ones."""
    if event.kind != "selection":
        open_for((event.row_id or "",))
        return
    try:
        open_for(
            matching_ids(frame.portal(), frame.principal(), "invoices", event.filter, MOST_INVOICES)
            if event.all_matching
            else event.row_ids
        )
    except PortalError as refusal:
        frame.refused(str(refusal))


def open_for(invoice_ids: Sequence[str]) -> None:
    """Open the dialog. What it asks for is sent once, however often it is drawn again."""
    st.session_state[_REQUEST] = uuid.uuid4().hex
    ask(tuple(invoice_ids))


@dialogs.dialog("Resend invoices", width="large")
def ask(invoice_ids: tuple[str, ...]) -> None:
    """Choose who gets it, see what is missing, send, and see what became of each invoice."""
    try:
        offer = frame.portal().correspondence.prepare_resend(
            PrepareResend(actor=frame.principal(), invoice_ids=invoice_ids)
        )
    except PortalError as refusal:
        frame.refused(str(refusal))
        return
    _left_out(offer)
    if not offer.clients:
        return
    if len(offer.clients) == 1:
        _to_one_client(offer.clients[0])
    else:
        _to_many_clients(offer)


def _left_out(offer: ResendOffer) -> None:
    for why, count in offer.left_out.items():
        st.info(
            frame.plain(f"{write.count(count, 'invoice')} left out: {why}"),
            icon=":material/info:",
        )


def _without_pdf(numbers: Sequence[str]) -> None:
    if numbers:
        named = ", ".join(numbers[:5]) + (" …" if len(numbers) > 5 else "")
        st.warning(
            frame.plain(
                f"No PDF has been received for {write.count(len(numbers), 'invoice')} ({named}): "
                "the mail goes without it."
            ),
            icon=":material/attach_file_off:",
        )


def _to_one_client(offer: ClientOffer) -> None:
    total = sum(one.open_cents for one in offer.invoices)
    numbers = ", ".join(one.invoice_number for one in offer.invoices[:5])
    more = " …" if len(offer.invoices) > 5 else ""
    amount = write.money(total, offer.invoices[0].currency)
    st.markdown(frame.plain(f"{offer.client_name} · {numbers}{more} · {amount} open"))
    _without_pdf(offer.without_pdf)
    recipients, new = _recipients(offer)
    message = _message()
    confirmed = _confirmed(new)
    can_send = bool(recipients) and (not new or confirmed)
    if st.button("Send", type="primary", icon=":material/send:", disabled=not can_send):
        _send([one.invoice_id for one in offer.invoices], message, recipients, new)


def _recipients(offer: ClientOffer) -> tuple[tuple[Recipient, ...], tuple[str, ...]]:
    """Choose contacts and type addresses. Returns: all of them, and those no contact has."""
    named = {one.email: f"{one.full_name} · {one.email}" for one in offer.contacts}
    chosen = st.multiselect(
        "To",
        list(named),
        default=[one.email for one in offer.readers],
        format_func=lambda email: named.get(email, email),
        accept_new_options=True,
        placeholder="Choose a contact, or type an address",
    )
    if not offer.readers:
        st.caption("No contact of this client is marked to receive invoices.")
    recipients, new = [], []
    names = {one.email: one.full_name for one in offer.contacts}
    for written in chosen:
        try:
            address = checked_address(written)
        except Invalid as refusal:
            frame.refused(str(refusal))
            return (), ()
        recipients.append(Recipient(address=address, name=names.get(written, "")))
        if address.casefold() not in {one.casefold() for one in named}:
            new.append(address)
    return tuple(recipients), tuple(new)


def _confirmed(new: Sequence[str]) -> bool:
    if not new:
        return True
    return st.checkbox(
        frame.plain(f"{', '.join(new)} is no contact of this client. The invoice may go there.")
    )


def _message() -> str:
    return st.text_area(
        "Message", placeholder="A line of your own, if you like", max_chars=2_000, height=80
    )


def _to_many_clients(offer: ResendOffer) -> None:
    invoices = sum(len(one.invoices) for one in offer.clients)
    st.markdown(
        f"**{write.count(invoices, 'invoice')}** of "
        f"**{write.count(len(offer.clients), 'client')}**: one mail a client, to its contacts "
        "for invoices."
    )
    _without_pdf([number for one in offer.clients for number in one.without_pdf])
    silent = [one.client_name for one in offer.clients if not one.readers]
    if silent:
        st.warning(
            frame.plain(
                f"{write.count(len(silent), 'client')} without a contact for invoices "
                f"({', '.join(silent[:3])}{' …' if len(silent) > 3 else ''}) will get none."
            ),
            icon=":material/person_off:",
        )
    message = _message()
    if st.button("Send", type="primary", icon=":material/send:"):
        progress = st.progress(0.0)
        results: list[InvoiceResent] = []
        for place, client in enumerate(offer.clients, start=1):
            results += _sent([one.invoice_id for one in client.invoices], message)
            progress.progress(place / len(offer.clients))
        _results(results)


def _send(
    invoice_ids: list[str], message: str, recipients: tuple[Recipient, ...], new: tuple[str, ...]
) -> None:
    results = _sent(invoice_ids, message, recipients, new)
    _results(results)


def _sent(
    invoice_ids: list[str],
    message: str,
    recipients: tuple[Recipient, ...] | None = None,
    new: tuple[str, ...] = (),
) -> list[InvoiceResent]:
    try:
        return frame.portal().correspondence.resend_invoices(
            ResendInvoices(
                actor=frame.principal(),
                request_id=str(st.session_state[_REQUEST]),
                invoice_ids=tuple(invoice_ids),
                recipients=recipients,
                new_addresses=new,
                message=message,
            )
        )
    except PortalError as refusal:
        return [InvoiceResent(invoice_id=one, refused=str(refusal)) for one in invoice_ids]


def _results(results: Sequence[InvoiceResent]) -> None:
    sent = [one for one in results if not one.refused]
    if sent:
        st.success(
            frame.plain(f"{write.count(len(sent), 'invoice')} on the way."),
            icon=":material/check_circle:",
        )
    st.dataframe(
        [
            {
                "Invoice": one.invoice_number or one.invoice_id,
                "Client": one.client_name,
                "Result": one.refused or f"Mailed to {', '.join(one.sent_to)}",
            }
            for one in results
        ],
        hide_index=True,
        width="stretch",
    )
