"""Idempotency keys: the first answer for a key is the answer for that key, for 24 hours."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

from portal.gateways.sandbox.answers import Answer, from_text, to_text
from portal.gateways.sandbox.book import time_text
from portal.gateways.sandbox.ledger import Ledger
from portal.gateways.sandbox.rows import KeyRow
from portal.services.gateway import GatewayRefused, KeyReused

KEYS_LAST = timedelta(hours=24)
LONGEST_KEY = 255


def once(
    ledger: Ledger, key: str, call: str, contents: object, work: Callable[[Ledger], Answer]
) -> Answer | GatewayRefused:
    """Do the work, or answer what it was answered before. A refusal is an answer too.

    Raises: KeyReused for the same key with other contents.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise GatewayRefused("The key must have 1 to 255 characters.", code="bad_key")
    fingerprint = _fingerprint(call, contents)
    earlier = ledger.book.one(KeyRow, key)
    if earlier and earlier.at <= time_text(ledger.now - KEYS_LAST):
        ledger.book.remove(KeyRow, key)
    elif earlier:
        if earlier.fingerprint != fingerprint:
            raise KeyReused("This key was used for something else. Nothing was done.")
        return from_text(earlier.answer)
    answer = _answer_of(ledger, work)
    row = KeyRow(
        key=key, call=call, fingerprint=fingerprint, at=ledger.now_text, answer=to_text(answer)
    )
    ledger.book.add(row)
    return answer


def _answer_of(ledger: Ledger, work: Callable[[Ledger], Answer]) -> Answer | GatewayRefused:
    try:
        with ledger.book.undone_when_refused():
            return work(ledger)
    except GatewayRefused as refusal:
        return refusal


def _fingerprint(call: str, contents: object) -> str:
    text = json.dumps([call, contents], sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)
