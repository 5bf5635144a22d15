"""Which invoices a payment is for and how much of each: in full unless somebody says otherwise."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from portal.domain.applications import spread
from portal.domain.money import parse_cents
from portal.services.quote_payment import Payable, Quote
from portal.ui import deeds, frame
from portal.ui import format as write

_SHOWN_ONE_BY_ONE = 12


def choose(quote: Quote, invoice_ids: Sequence[str]) -> dict[str | None, int]:
    """Draw the choice. Returns: cents by invoice; under None what pays no invoice."""
    payable = {
        one.invoice.invoice_id: one
        for one in quote.invoices
        if one.payable_cents > 0 and not one.in_progress
    }
    if any(one.in_progress for one in quote.invoices):
        st.caption("An invoice that is being paid right now is left out.")
    if not payable:
        st.caption("Nothing is open. An amount is kept on account.")
        return _on_account()
    named = [one for one in invoice_ids if one in payable]
    chosen = st.multiselect(
        "Invoices",
        list(payable),
        default=named or list(payable),
        format_func=lambda one: _words(payable[one]),
        placeholder="None: the amount is kept on account",
        key="take_payment_invoices",
    )
    if not chosen:
        return _on_account()
    owed = {one: each.payable_cents for one, each in payable.items() if one in chosen}
    if len(owed) <= _SHOWN_ONE_BY_ONE and st.toggle(
        "Set the amount of each invoice", key="take_payment_each"
    ):
        return _one_by_one(owed, payable)
    return _in_order(owed, quote.policy.currency)


def _in_order(owed: dict[str, int], currency: str) -> dict[str | None, int]:
    """One amount, set against the oldest invoices first."""
    most = sum(owed.values())
    cents = _amount("Amount", most, f"take_payment_amount_{hash(tuple(owed))}")
    if cents is None:
        return {}
    if cents > most:
        frame.refused(f"At most {write.money(most, currency)} can be paid on these invoices.")
        return {}
    return {line.invoice_id: line.cents for line in spread(cents, owed)}


def _one_by_one(owed: dict[str, int], payable: dict[str, Payable]) -> dict[str | None, int]:
    lines: dict[str | None, int] = {}
    for invoice_id, most in owed.items():
        number = payable[invoice_id].invoice.invoice_number
        cents = _amount(f"Invoice {number}", most, f"take_payment_of_{invoice_id}")
        if cents is None:
            return {}
        if cents > 0:
            lines[invoice_id] = cents
    return lines


def _on_account() -> dict[str | None, int]:
    cents = _amount("Amount on account", 0, "take_payment_on_account")
    return {None: cents} if cents else {}


def _amount(label: str, cents: int, key: str) -> int | None:
    typed = st.text_input(label, write.plain_amount(cents) if cents else "", key=key)
    if not typed.strip():
        return 0
    return deeds.attempt(partial(parse_cents, typed))


def _words(one: Payable) -> str:
    balance = one.invoice
    due = f", due {write.day(balance.due_date)}" if balance.due_date else ""
    return f"{balance.invoice_number} · {write.money(one.payable_cents, balance.currency)}{due}"
