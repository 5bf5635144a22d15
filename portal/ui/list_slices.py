"""Parts of the big lists as links open them: the rows behind a figure.

Each function gives the parameters of a link to the invoices or the payments page.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from portal.domain.month_figures import last_day
from portal.ui.grid_state import encode_link

POSTED = ("Posted",)
"""The status of entries of the practice management system: what trends and the bridge are of."""
LAST_POSSIBLE = date(9999, 12, 31)
"""Entries dated ahead count: a slice without an end goes on to here."""


def outstanding(**chosen: Sequence[str]) -> dict[str, str]:
    """Invoices something is owed on."""
    return {"view": encode_link(filter_model=_sets(chosen), toggle="outstanding")}


def overdue(**chosen: Sequence[str]) -> dict[str, str]:
    """Invoices past their due date today."""
    return {
        "view": encode_link(filter_model=_sets({**chosen, "status": ["Overdue"]}), toggle="all")
    }


def unapplied() -> dict[str, str]:
    """Entries that are not set against an invoice, or not in full."""
    return {"view": encode_link(toggle="unapplied")}


def paid_to_date() -> dict[str, str]:
    """What payments to date are the sum of: payments, less what was sent or taken back."""
    kinds = {"entry_kind": ["Payment", "Refund", "Return", "Reversal"]}
    return {"view": encode_link(filter_model=_sets(kinds), toggle="all")}


def newly_overdue(since: date, today: date) -> dict[str, str]:
    """Invoices that are overdue today and were not yet on `since`."""
    model = {"due_date": _days(since, today - timedelta(days=1))}
    return {"view": encode_link(filter_model=model, toggle="outstanding")}


def invoices_dated(
    first: date, last: date = LAST_POSSIBLE, **chosen: Sequence[str]
) -> dict[str, str]:
    """Invoices by their date."""
    model = {"invoice_date": _days(first, last), **_sets(chosen)}
    return {"view": encode_link(filter_model=model, toggle="all")}


def invoices_in(month: date, **chosen: Sequence[str]) -> dict[str, str]:
    """Invoices of a month."""
    return invoices_dated(month, last_day(month), **chosen)


def invoices_paid_in(
    month: date, *, with_due_date: bool = False, **chosen: Sequence[str]
) -> dict[str, str]:
    """Invoices whose last application is of a month; those with a due date alone, if asked."""
    model = {"paid_date": _days(month, last_day(month)), **_sets(chosen)}
    if with_due_date:
        model["due_date"] = {"filterType": "date", "type": "notBlank"}
    return {"view": encode_link(filter_model=model, toggle="all")}


def payments_dated(
    first: date, last: date = LAST_POSSIBLE, **chosen: Sequence[str]
) -> dict[str, str]:
    """Payments by their date; no credits, refunds or returns."""
    model = {"receipt_date": _days(first, last), **_sets(chosen)}
    return {"view": encode_link(filter_model=model, toggle="payments")}


def payments_in(month: date, **chosen: Sequence[str]) -> dict[str, str]:
    """Payments of a month."""
    return payments_dated(month, last_day(month), **chosen)


def failed_in(month: date, **chosen: Sequence[str]) -> dict[str, str]:
    """Payments through the portal of a month that came to nothing."""
    model = {"receipt_date": _days(month, last_day(month)), **_sets(chosen)}
    return {"view": encode_link(filter_model=model, toggle="failed")}


def entries_in(month: date, **chosen: Sequence[str]) -> dict[str, str]:
    """Whatever changes balances besides invoices, in a month."""
    model = {"receipt_date": _days(month, last_day(month)), **_sets(chosen)}
    return {"view": encode_link(filter_model=model, toggle="all")}


def _days(first: date, last: date) -> dict[str, object]:
    return {
        "filterType": "date",
        "type": "inRange",
        "dateFrom": first.isoformat(),
        "dateTo": last.isoformat(),
    }


def _sets(chosen: dict[str, Sequence[str]]) -> dict[str, object]:
    return {
        column: {"filterType": "set", "values": list(values)}
        for column, values in chosen.items()
        if values
    }
