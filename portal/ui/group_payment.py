"""Pay for the group: one method, one confirmation, one payment for each client that is chosen."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from portal.domain.applications import Line, spread
from portal.domain.money import parse_cents
from portal.domain.permissions import Permission
from portal.services.money_ports import PaymentMethod
from portal.services.pay_for_group import ClientPart, PaidFor, PayForGroup
from portal.services.quote_payment import Quote, QuotePayment
from portal.ui import deeds, frame, one_by_one, reads
from portal.ui import format as write
from portal.ui.dialogs import dialog
from portal.ui.payment_words import OUTCOMES, method_words

FORM = "group_payment"
_SHOWN_ONE_BY_ONE = 12


def button(client_group: str) -> None:
    """Draw the button that opens the dialog, for those who may take payments."""
    if frame.principal().may(Permission.TAKE_PAYMENT) and st.button(
        "Pay for the group", icon=":material/add_card:", key="group_payment_button"
    ):
        one_by_one.begin()
        deeds.form_is_done(FORM)
        _dialog(client_group)


@dialog("Pay for the group", width="large")
def _dialog(client_group: str) -> None:
    contents(client_group)


def contents(client_group: str) -> None:
    """Draw the form, and in its place what came of it once it is sent."""
    one_by_one.contents(lambda: _form(client_group))


def _form(client_group: str) -> None:
    quotes = _quotes(client_group)
    if not quotes:
        st.caption("Nothing of this group can be paid right now.")
        return
    parts = _parts(quotes)
    way = _way(quotes)
    if way is None:
        return
    owner, method = way
    email = st.text_input(
        "Receipts to",
        next(iter(owner.client.billing_emails), ""),
        key="group_payment_email",
        placeholder="name@example.com",
    )
    st.caption("Each client gets a payment of its own, with its own receipt.")
    total = _sum(owner, method, parts)
    label = f"Charge {write.count(len(parts), 'payment')}"
    if st.button(label, type="primary", disabled=not total, key="group_payment_go"):
        command = PayForGroup(
            actor=frame.principal(),
            request_id=deeds.request_id(FORM),
            client_group=client_group,
            parts=tuple(ClientPart(client_id=one, lines=lines) for one, lines in parts.items()),
            method_id=method.method_id,
            method_client_id=owner.client.client_id,
            currency=owner.policy.currency,
            payer_email=email.strip(),
        )
        came = deeds.attempt(partial(frame.portal().money.pay_for_group, command))
        if came is not None:
            deeds.form_is_done(FORM)
            _tell(came)


def _quotes(client_group: str) -> Mapping[str, Quote]:
    """What each client of the group that owes something may pay."""
    found = {}
    for row in reads.rows("groups/clients", client_group=client_group):
        command = QuotePayment(actor=frame.principal(), client_id=str(row["client_id"]))
        quote = deeds.attempt(partial(frame.portal().money.quote, command))
        if quote is not None and _owed(quote):
            found[quote.client.client_id] = quote
    return found


def _owed(quote: Quote) -> dict[str, int]:
    return {
        one.invoice.invoice_id: one.payable_cents
        for one in quote.invoices
        if one.payable_cents > 0 and not one.in_progress
    }


def _parts(quotes: Mapping[str, Quote]) -> dict[str, tuple[Line, ...]]:
    """Who is paid for, and how much of it: all that is owed unless somebody says otherwise."""
    owed = {client_id: _owed(quote) for client_id, quote in quotes.items()}
    chosen = st.multiselect(
        "Clients",
        list(quotes),
        default=list(quotes),
        format_func=lambda one: (
            f"{quotes[one].client.client_name} · "
            f"{write.money(sum(owed[one].values()), quotes[one].policy.currency)}"
        ),
        key="group_payment_clients",
    )
    amounts = {one: sum(owed[one].values()) for one in chosen}
    if 0 < len(chosen) <= _SHOWN_ONE_BY_ONE and st.toggle(
        "Set the amount of each client", key="group_payment_each"
    ):
        amounts = {one: _amount(quotes[one], most) for one, most in amounts.items()}
    if any(amounts[one] > sum(owed[one].values()) for one in chosen):
        frame.refused("More than is owed can't be paid.")
        return {}
    return {one: tuple(spread(cents, owed[one])) for one, cents in amounts.items() if cents > 0}


def _amount(quote: Quote, most: int) -> int:
    key = f"group_payment_of_{quote.client.client_id}"
    typed = st.text_input(frame.plain(quote.client.client_name), write.plain_amount(most), key=key)
    if not typed.strip():
        return 0
    return deeds.attempt(partial(parse_cents, typed)) or 0


def _way(quotes: Mapping[str, Quote]) -> tuple[Quote, PaymentMethod] | None:
    """The method that pays, and with which client it was saved."""
    ways = {
        method.method_id: (quote, method) for quote in quotes.values() for method in quote.methods
    }
    if not ways:
        st.info(
            "No client of this group has a saved method. Save one on the page of a client, "
            "under Methods; it can then pay for all of them.",
            icon=":material/credit_card:",
        )
        return None
    chosen = st.radio(
        "Paid with",
        list(ways),
        format_func=lambda one: (
            f"{method_words(ways[one][1])} · saved with {ways[one][0].client.client_name}"
        ),
        key="group_payment_way",
    )
    return ways[chosen]


def _sum(owner: Quote, method: PaymentMethod, parts: Mapping[str, Sequence[Line]]) -> int:
    """Say what is charged in all, fees included."""
    amounts = [sum(line.cents for line in lines) for lines in parts.values()]
    total, currency = sum(amounts), owner.policy.currency
    fees = sum(owner.fee_cents(method.kind, cents) for cents in amounts)
    words = f"To pay **{_plain(total, currency)}**"
    if fees:
        words += f" and card fees of {_plain(fees, currency)}: **{_plain(total + fees, currency)}**"
    st.markdown(f"{words}.")
    return total


def _tell(came: Sequence[PaidFor]) -> None:
    """Keep what came of each client's part for the dialog to say."""
    done, refused = [], []
    for one in came:
        if one.payment is None:
            refused.append(f"{one.client.client_name}: {one.refusal}")
            continue
        _, words = OUTCOMES[one.payment.state]
        paid = write.money(one.payment.amount_cents + one.payment.fee_cents, one.payment.currency)
        line = f"{one.client.client_name}: {words} · {paid} · payment {one.payment.payment_id}"
        (done if one.is_under_way else refused).append(line)
    one_by_one.say(done, refused)


def _plain(cents: int, currency: str) -> str:
    return frame.plain(write.money(cents, currency))
