"""What a bookkeeper posts: invoices, receipts and corrections. No posting over-applies anything.

Every function returns whether it found something to do.
"""

from datetime import timedelta

from portal.pms.sample_firm.books import Books, money

INVOICE, CHECK, CREDIT_MEMO, NSF, WRITE_OFF, CASH, CARD, CARD_RETURN, ACH = (
    1, 4, 5, 6, 7, 8, 9, 10, 11,
)  # fmt: skip
PAYMENT_TYPES = (CHECK, CHECK, CHECK, CHECK, ACH, ACH, ACH, CARD, CARD, CASH)
OLD_DAYS = 180
SETTLES_OLD = 0.1


def bill(books: Books) -> bool:
    """Bill a client much as last time."""
    client = books.active_client()
    if client is None:
        return False
    key = client["client_KEY"]
    earlier = books.rows("newest_invoice_of_client", client=key)
    cents = earlier[0]["amount_cents"] if earlier else 25_000 + 500 * books.dice.randrange(300)
    cents = max(500, round(cents * books.dice.uniform(0.9, 1.15)))
    terms = earlier[0]["terms_days"] if earlier else 30
    luck = books.dice.random()
    day = books.today + timedelta(days=books.dice.randint(1, 4) if luck < 0.01 else 0)
    entry = books.add_entry(
        INVOICE,
        key,
        cents,
        number=str(books.rows("next_invoice_number")[0]["next_number"]),
        day=day,
        is_posted=luck < 0.98,
    )
    books.write(
        "add_invoice",
        invoice=books.next_key("invoice"),
        entry=entry,
        engagement=earlier[0]["engagement_KEY"] if earlier else None,
        due_date=None if terms is None else (day + timedelta(days=terms)).isoformat(),
        billed_date=day.isoformat(),
    )
    return True


def receive(books: Books) -> bool:
    """A client pays one or more open invoices, sometimes a part, rarely too much.

    Mostly new invoices, so that old ones stay overdue however long the firm is left ticking.
    """
    settles_old = books.dice.random() < SETTLES_OLD
    found = books.find("open_invoices_near", recent=3 if settles_old else 25)
    if found is None:
        return False
    invoices = [found]
    if settles_old:
        invoices = books.rows("open_invoices_of_client", client=found["client_KEY"])
        invoices = invoices[: books.dice.choice((1, 1, 2, 3, len(invoices)))]
    parts = [(row["ledger_entry_KEY"], row["open_cents"]) for row in invoices]
    if books.dice.random() < 0.14:
        invoice, cents = parts[-1]
        parts[-1] = (invoice, max(1, round(cents * books.dice.uniform(0.2, 0.8))))
    extra = books.dice.choice((5_000, 12_500, 40_000)) if books.dice.random() < 0.02 else 0
    entry_type = books.dice.choice(PAYMENT_TYPES)
    receipt = books.add_entry(
        entry_type,
        found["client_KEY"],
        sum(cents for _, cents in parts) + extra,
        reference=_reference(books, entry_type),
    )
    for invoice, cents in parts:
        books.apply(receipt, invoice, cents)
    return True


def receive_on_account(books: Books) -> bool:
    """A client pays without saying for what: unapplied cash."""
    client = books.active_client()
    if client is None:
        return False
    books.add_entry(
        CHECK,
        client["client_KEY"],
        10_000 + 100 * books.dice.randrange(2_000),
        reference=_reference(books, CHECK),
    )
    return True


def apply_unapplied(books: Books) -> bool:
    """Unapplied cash or an unapplied credit is set against the client's oldest open invoice."""
    found = books.find("unapplied_near")
    if found is None:
        return False
    invoices = books.rows("open_invoices_of_client", client=found["client_KEY"])
    if not invoices:
        return False
    cents = min(found["unapplied_cents"], invoices[0]["open_cents"])
    books.apply(found["ledger_entry_KEY"], invoices[0]["ledger_entry_KEY"], cents)
    return True


def correct_amount(books: Books) -> bool:
    """An invoice nothing has been applied to gets another amount."""
    found = books.find("open_invoices_near", recent=5)
    if found is None or found["open_cents"] != found["amount_cents"]:
        return False
    cents = max(100, round(found["amount_cents"] * books.dice.uniform(0.75, 1.2)))
    books.write("set_amount", entry=found["ledger_entry_KEY"], amount=money(cents))
    return True


def move_due_date(books: Books) -> bool:
    """A client gets more time, or no due date at all."""
    found = books.find("open_invoices_near", recent=4)
    if found is None:
        return False
    due = books.today + timedelta(days=books.dice.randint(-20, 45))
    due_date = None if books.dice.random() < 0.05 else due.isoformat()
    books.write("set_due_date", entry=found["ledger_entry_KEY"], due_date=due_date)
    books.write("touch_entry", entry=found["ledger_entry_KEY"])
    return True


def write_off(books: Books) -> bool:
    """An old open balance is given up."""
    found = books.find("open_invoices_near", recent=1)
    old = (books.today - timedelta(days=OLD_DAYS)).isoformat()
    if found is None or found["entry_date"] > old:
        return False
    entry = books.add_entry(WRITE_OFF, found["client_KEY"], found["open_cents"])
    books.apply(entry, found["ledger_entry_KEY"], found["open_cents"])
    return True


def credit(books: Books) -> bool:
    """A part of an invoice is let off by agreement."""
    found = books.find("open_invoices_near", recent=12)
    if found is None:
        return False
    cents = max(1, round(found["open_cents"] * books.dice.uniform(0.05, 0.3)))
    entry = books.add_entry(CREDIT_MEMO, found["client_KEY"], cents, reference="Courtesy credit")
    books.apply(entry, found["ledger_entry_KEY"], cents)
    return True


def return_payment(books: Books) -> bool:
    """The bank takes a check or card payment back: its invoices are open again."""
    found = books.find("payments_near", recent=6)
    if found is None:
        return False
    taken = books.rows("applications_of_receipt", receipt=found["ledger_entry_KEY"])
    is_check = found["ledger_entry_type_KEY"] == CHECK
    entry = books.add_entry(
        NSF if is_check else CARD_RETURN,
        found["client_KEY"],
        sum(row["applied_cents"] for row in taken),
        reference="Returned: insufficient funds" if is_check else "Chargeback",
    )
    for row in taken:
        books.apply(entry, row["to__ledger_entry_KEY"], -row["applied_cents"])
    return True


def void(books: Books) -> bool:
    """An invoice nothing has been applied to is voided."""
    found = books.find("open_invoices_near", recent=6)
    if found is None or found["open_cents"] != found["amount_cents"]:
        return False
    books.write("set_void", entry=found["ledger_entry_KEY"])
    return True


def unapply(books: Books) -> bool:
    """One application is deleted: the invoice is open again, the receipt unapplied."""
    found = books.find("payments_near", recent=5)
    if found is None:
        return False
    taken = books.rows("applications_of_receipt", receipt=found["ledger_entry_KEY"])
    books.write(
        "delete_application",
        application=books.dice.choice(taken)["ledger_entry_application_KEY"],
    )
    return True


def post(books: Books) -> bool:
    """An entry that waited is posted."""
    found = books.find("unposted_near", recent=8)
    if found is None:
        return False
    books.write("set_posted", entry=found["ledger_entry_KEY"], posted_date=books.today.isoformat())
    return True


def _reference(books: Books, entry_type: int) -> str | None:
    if entry_type == CHECK:
        return str(books.dice.randint(1000, 9999))
    if entry_type == ACH:
        return f"ACH {books.dice.randint(10_000_000, 99_999_999)}"
    if entry_type == CARD:
        return f"{books.dice.choice(('Visa', 'Mastercard'))} {books.dice.randint(1000, 9999)}"
    return None
