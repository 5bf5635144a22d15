"""The sample firm's bookkeeper posts the portal's daily payment files, sometimes a little late."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from portal.pms.sample_firm.books import Books
from portal.pms.sample_firm.postings import ACH, CARD, CARD_RETURN

FILES = ("invoice_payments.generic.csv", "other_payments.generic.csv")
LATE = 0.25
"""How often a line waits for the next look at the files."""
DAYS = 14
"""The newest days that are looked at."""


def post_payment_files(books: Books, folder: Path) -> int:
    """Post what the files say and the books do not have. Returns: how many lines."""
    told: Counter[tuple[str, ...]] = Counter()
    still_there: set[str] = set()
    posted = 0
    for line in _lines(folder):
        which = (line["Payment ID"], line["Client key"], line["Entry"])
        told[which] += 1
        if line["Entry"] == "transfer" and line["Payment ID"] in still_there:
            continue  # it goes to its client when it has left the other
        posted += _post(books, line, told[which])
        if _is_leaving(line) and not _times(books, line, is_back=True):
            still_there.add(line["Payment ID"])
    return posted


def _is_leaving(line: Mapping[str, str]) -> bool:
    """Whether it takes a payment from the client it was posted under, to be posted elsewhere."""
    is_known = line["Client key"].isdecimal()
    return is_known and line["Entry"] == "transfer" and _cents(line["Amount"]) < 0


def _lines(folder: Path) -> Iterator[Mapping[str, str]]:
    days = sorted(path for path in folder.glob("????-??-??") if path.is_dir())
    for day in days[-DAYS:]:
        for name in FILES:
            if (day / name).is_file():
                with (day / name).open(newline="", encoding="utf-8") as file:
                    yield from csv.DictReader(file)


def _post(books: Books, line: Mapping[str, str], nth: int) -> int:
    """Post the nth line that says this of this payment, unless the books have it."""
    if not line["Client key"].isdecimal():
        return 0
    client, cents = int(line["Client key"]), _cents(line["Amount"])
    is_back, is_won = cents < 0, line["Entry"] == "dispute_won"
    # A dispute that is won is posted beside the payment it gives back, under the same payment ID.
    times = nth + 1 if is_won else nth
    known = _times(books, line, is_back=is_back) >= times
    if known or books.dice.random() < LATE or not _has_what_it_takes_back(books, line, nth):
        return 0
    kind = CARD_RETURN if is_back else ACH if line["Method"] == "ach" else CARD
    entry = books.add_entry(kind, client, abs(cents), reference=line["Payment ID"])
    invoice = line["Invoice key"]
    if invoice.isdecimal():
        applied = cents if is_back else min(cents, _open(books, client, int(invoice)))
        if applied:
            books.apply(entry, int(invoice), applied)
    return 1


def _has_what_it_takes_back(books: Books, line: Mapping[str, str], nth: int) -> bool:
    """A return waits until the payment it takes back is posted, and a win for its dispute."""
    if line["Entry"] == "dispute_won":
        return _times(books, line, is_back=True) >= nth
    if _is_leaving(line) or line["Entry"] in ("return", "dispute"):
        return _times(books, line, is_back=False) >= nth
    return True


def _times(books: Books, line: Mapping[str, str], *, is_back: bool) -> int:
    """How often the books have this payment of this client, coming or going back."""
    return len(
        books.rows(
            "entries_of_payment",
            client=int(line["Client key"]),
            reference=line["Payment ID"],
            is_back=is_back,
        )
    )


def _open(books: Books, client: int, invoice: int) -> int:
    """What is open on an invoice: the rest of a payment stays unapplied."""
    rows = books.rows("open_invoices_of_client", client=client)
    return next((row["open_cents"] for row in rows if row["ledger_entry_KEY"] == invoice), 0)


def _cents(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    whole, _, part = text.lstrip("-").partition(".")
    return sign * (int(whole) * 100 + int(part))
