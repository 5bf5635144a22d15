"""Letters for tests."""

from datetime import UTC, datetime

from portal.services.mail_ports import Letter, LetterKind, Recipient

MORNING = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


def a_letter(key: str = "receipt:PI-0001-0001", *to: str, **changes: object) -> Letter:
    """A receipt to somebody."""
    known = {
        "kind": LetterKind.RECEIPT,
        "dedupe_key": key,
        "recipients": tuple(Recipient(address=one) for one in to or ("ann@client.example",)),
        "client_id": "1",
        "facts": {
            "client_name": "Ann's Bakery & Sons",
            "payment_id": "PI-0001-0001",
            "currency": "USD",
            "amount_cents": 125_000,
            "fee_cents": 0,
            "paid_on": "2026-11-24",
            "method": "Visa ending 4242",
            "lines": [{"text": "Invoice 10042", "cents": 125_000}],
        },
    }
    return Letter(**{**known, **changes})
