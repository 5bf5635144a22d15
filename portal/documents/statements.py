"""A statement on paper: what is open on an account, or what happened on it between two days."""

from collections.abc import Mapping, Sequence
from datetime import date

from portal.documents.papers import printed, shown
from portal.domain.aging import NO_DUE_DATE, NOT_DUE, bucket_key, buckets
from portal.domain.money import format_cents
from portal.domain.written import short_day, written_day

Facts = Mapping[str, object]


def statement_pdf(facts: Facts) -> bytes:
    """Print a statement.

    Both kinds take client_name, client_number, currency, as_of (ISO day), open_cents,
    overdue_cents, unapplied_cents, firm_name, colour and, if there is one, a message.
    kind "open_items" (the default) takes invoices of {invoice_number, text, invoice_date,
    due_date, amount_cents, open_cents, days_overdue} and aging of {label, cents};
    kind "activity" takes from, to, opening_cents, closing_cents and entries of
    {date, text, charge_cents, credit_cents, balance_cents}.
    """
    as_of = _day(facts["as_of"])
    parts = _activity(facts) if facts.get("kind") == "activity" else _open_items(facts)
    firm = shown(facts.get("firm_name")) or "Your firm"
    number = shown(facts.get("client_number"))
    message = str(facts.get("message") or "").replace("\r\n", "\n").split("\n\n")
    texts = {
        "firm": firm,
        "firm_line": shown(facts.get("firm_line")),
        "colour": str(facts.get("colour") or "#1E3A5F"),
        "client": shown(facts.get("client_name")),
        "client_number": number,
        "client_line": f"Client {number}" if number else "",
        "as_of": written_day(as_of),
        "message": [shown(part) for part in message if part.strip()],
        "slip_title": "Please return this part with your check",
        "slip_amount_label": "Amount due",
        "slip_amount": _money(facts, "open_cents"),
        "pay_line": shown(facts.get("pay_line")) or f"Make checks payable to {firm}.",
        "foot": f"Statement of {written_day(as_of)} · {firm}",
        **parts,
    }
    return printed("statement", texts, as_of)


def _open_items(facts: Facts) -> dict[str, object]:
    rows = [
        {
            "cells": [
                shown(row.get("invoice_number")),
                shown(row.get("text")),
                _short(row.get("invoice_date")),
                _short(row.get("due_date")) or "On receipt",
                _late(row),
                _of(row, "amount_cents", facts) if row.get("amount_cents") is not None else "",
                _of(row, "open_cents", facts),
            ],
            "alarm": False,
        }
        for row in _each(facts, "invoices")
    ]
    overdue = _int(facts, "overdue_cents")
    not_applied = _int(facts, "unapplied_cents") or _int(facts, "credit_cents")
    return {
        "pairs": [
            ["Statement date", written_day(_day(facts["as_of"]))],
            ["Open invoices", f"{len(rows):,}"],
        ],
        "cards": [
            _card("Open", _money(facts, "open_cents"), strong=True),
            _card("Overdue", _money(facts, "overdue_cents"), alarm=overdue > 0),
            *(
                [_card("Not applied yet", format_cents(not_applied, _currency(facts)))]
                if not_applied
                else []
            ),
        ],
        "columns": [
            _column("Invoice"),
            _column("For", wide=True),
            _column("Dated"),
            _column("Due"),
            _column("Days late", right=True),
            _column("Billed", right=True),
            _column("Open", right=True),
        ],
        "rows": rows,
        "total": ["Total open", "", "", "", "", "", _money(facts, "open_cents")],
        "aging_title": "By days past due",
        "aging": [
            {"label": shown(part.get("label")), "value": _of(part, "cents", facts)}
            for part in _each(facts, "aging") or _aged(facts)
        ],
    }


def _aged(facts: Facts) -> list[Facts]:
    """The open invoices by days past due, in the portal's usual buckets."""
    as_of = _day(facts["as_of"])
    labels = {NOT_DUE: "Not due", **{one.key: one.label for one in buckets()}}
    labels[NO_DUE_DATE] = "No due date"
    found = dict.fromkeys(labels, 0)
    for row in _each(facts, "invoices"):
        due = _day(row["due_date"]) if row.get("due_date") else None
        found[bucket_key(due, as_of)] += _int(row, "open_cents")
    return [{"label": label, "cents": found[key]} for key, label in labels.items()]


def _activity(facts: Facts) -> dict[str, object]:
    first, last = _day(facts["from"]), _day(facts["to"])
    rows = [
        {
            "cells": [
                _short(row.get("date")),
                shown(row.get("text")),
                _of(row, "charge_cents", facts) if _int(row, "charge_cents") else "",
                _of(row, "credit_cents", facts) if _int(row, "credit_cents") else "",
                _of(row, "balance_cents", facts),
            ],
            "alarm": False,
        }
        for row in _each(facts, "entries")
    ]
    before = _money(facts, "opening_cents")
    opening = {
        "cells": [short_day(first), "Balance brought forward", "", "", before],
        "alarm": False,
    }
    return {
        "pairs": [
            ["From", written_day(first)],
            ["To", written_day(last)],
        ],
        "cards": [
            _card("Balance before", before),
            _card("Balance after", _money(facts, "closing_cents"), strong=True),
        ],
        "columns": [
            _column("Date"),
            _column("What", wide=True),
            _column("Billed", right=True),
            _column("Paid or credited", right=True),
            _column("Balance", right=True),
        ],
        "rows": [opening, *rows],
        "total": ["", "Balance on " + written_day(last), "", "", _money(facts, "closing_cents")],
        "aging_title": "",
        "aging": [],
        "slip_amount_label": "Balance",
        "slip_amount": _money(facts, "closing_cents"),
    }


def _card(
    label: str, value: str, *, strong: bool = False, alarm: bool = False
) -> dict[str, object]:
    return {"label": label, "value": value, "strong": strong, "alarm": alarm}


def _column(label: str, *, right: bool = False, wide: bool = False) -> dict[str, object]:
    return {"label": label, "right": right, "wide": wide}


def _late(row: Facts) -> str:
    days = _int(row, "days_overdue")
    return f"{days:,}" if days > 0 else ""


def _each(facts: Facts, name: str) -> Sequence[Facts]:
    found = facts.get(name)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def _money(facts: Facts, name: str) -> str:
    return _of(facts, name, facts)


def _of(row: Facts, name: str, facts: Facts) -> str:
    return format_cents(_int(row, name), _currency(facts))


def _currency(facts: Facts) -> str:
    return str(facts.get("currency") or "USD")


def _int(facts: Facts, name: str) -> int:
    return int(str(facts.get(name) or 0))


def _short(value: object) -> str:
    return short_day(_day(value)) if value else ""


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
