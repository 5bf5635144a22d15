"""The unpaid invoices of a client: choose which to pay, and how much of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from portal.domain.errors import Invalid
from portal.domain.money import parse_cents
from portal.domain.payers import Payer
from portal.services.unpaid_invoices import Unpaid
from portal.ui import format as write
from portal.ui import payer_navigation
from portal.ui.frame import empty, plain, portal

SHOWN_AT_FIRST = 12


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the payer wants to pay: invoice -> cents, in one currency."""

    currency: str
    parts: dict[str, int]

    @property
    def cents(self) -> int:
        """All of it."""
        return sum(self.parts.values())


def choose(viewer: Payer, invoices: Sequence[Unpaid]) -> Chosen | None:
    """Draw the invoices with their amounts. Returns: what is chosen; None for nothing payable.

    Raises: Invalid for an amount that can't be, with the invoice it is about.
    """
    if not invoices:
        empty("Nothing to pay", "There is no unpaid invoice. Thank you.")
        return None
    _totals(invoices)
    shown = _shown(viewer, invoices)
    picked = [one for one in shown if _card(viewer, one)]
    _more(len(invoices) - len(shown))
    if not picked:
        return None
    if len({one.balance.currency for one in picked}) > 1:
        raise Invalid("Choose invoices of one currency; each currency is paid by itself.")
    return Chosen(currency=picked[0].balance.currency, parts=_parts(picked))


def _totals(invoices: Sequence[Unpaid]) -> None:
    today = portal().today()
    sums: dict[str, list[int]] = {}
    for one in invoices:
        due = one.balance.due_date
        both = sums.setdefault(one.balance.currency, [0, 0])
        both[0] += one.payable_cents
        both[1] += one.payable_cents if due and due < today else 0
    for currency, (owed, overdue) in sums.items():
        with st.container(horizontal=True):
            st.metric("To pay", plain(write.money(owed, currency)), width="content")
            if overdue:
                st.metric("Overdue", plain(write.money(overdue, currency)), width="content")


def _shown(viewer: Payer, invoices: Sequence[Unpaid]) -> Sequence[Unpaid]:
    asked_for = [one for one in invoices if one.balance.invoice_id in viewer.invoice_ids]
    others = [one for one in invoices if one.balance.invoice_id not in viewer.invoice_ids]
    shows_all = st.session_state.get("payer_all_invoices")
    return [*asked_for, *others][: None if shows_all else SHOWN_AT_FIRST]


def _more(hidden: int) -> None:
    if hidden > 0 and st.button(f"Show {hidden} more", key="payer_more", width="stretch"):
        st.session_state["payer_all_invoices"] = True
        st.rerun()


def _card(viewer: Payer, one: Unpaid) -> bool:
    balance = one.balance
    with st.container(border=True, gap="xxsmall"):
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            is_picked = st.checkbox(
                plain(f"Invoice {balance.invoice_number}"),
                value=one.can_be_chosen and _at_first(viewer, balance.invoice_id),
                key=f"pick_{balance.invoice_id}",
                disabled=not one.can_be_chosen,
                width="content",
            )
            amount = write.money(one.payable_cents, balance.currency)
            st.markdown(f"**{plain(amount)}**", width="content")
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            st.markdown(f":small[{_words(one)}]", width="content")
            payer_navigation.link("Details", "invoice", id=balance.invoice_id)
    return is_picked and one.can_be_chosen


def _at_first(viewer: Payer, invoice_id: str) -> bool:
    return not viewer.invoice_ids or invoice_id in viewer.invoice_ids


def _words(one: Unpaid) -> str:
    balance, today = one.balance, portal().today()
    words = [plain(f"Dated {write.day(balance.invoice_date)}")]
    if balance.due_date is not None:
        late = (today - balance.due_date).days
        due = plain(write.day(balance.due_date))
        words = [f":red[Was due {due}]" if late > 0 else f"Due {due}"]
    if one.is_busy:
        words.append(":orange[being paid right now]")
    elif one.pending_cents > 0:
        on_its_way = write.money(one.pending_cents, balance.currency)
        words.append(f":green[{plain(on_its_way)} on its way]")
    if balance.is_disputed:
        words.append("in dispute")
    return " · ".join(words)


def _parts(picked: Sequence[Unpaid]) -> dict[str, int]:
    if len(picked) == 1:
        return {picked[0].balance.invoice_id: _amount(picked[0], "Amount to pay")}
    if not st.toggle("Pay a part of some", key="payer_parts"):
        return {one.balance.invoice_id: one.payable_cents for one in picked}
    return {
        one.balance.invoice_id: _amount(one, f"Invoice {one.balance.invoice_number}")
        for one in picked
    }


def _amount(one: Unpaid, label: str) -> int:
    whole = one.payable_cents
    typed = st.text_input(
        plain(label),
        value=write.plain_amount(whole),
        key=f"part_{one.balance.invoice_id}_{whole}",
        max_chars=20,
    )
    number = one.balance.invoice_number
    cents = parse_cents(typed)
    if cents <= 0:
        raise Invalid(f"Type an amount of more than 0.00 for invoice {number}.")
    if cents > whole:
        left = write.money(whole, one.balance.currency)
        raise Invalid(f"That is more than is owed: {left} is left on invoice {number}.")
    return cents
