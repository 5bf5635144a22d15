"""No command takes a text with a card number, and no command can be forgotten here.

Every command of the services is found by looking; each of its texts is either typed freely, and
then refused before anything is touched, or known not to be typed.
"""

import dataclasses
import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_type_hints

import pytest

import portal.services
from portal.domain.card_numbers import CardNumberRefused
from portal.domain.free_text import free_texts

CARD = "4242 4242 4242 4242"
NAMED_BY_US = frozenset([
    "user_key", "owner", "parts", "client_group", "method_client_id",
    "request_id", "client_id", "client_ids", "invoice_id", "invoice_ids", "item_id",
    "refund_id", "payment_id", "plan_id", "occurrence_id", "method_id", "message_id",
    "statement_id", "payout_id", "view_id", "link_id", "letter_id", "document_id",
    "exception_id", "promise_id", "portal_user_id", "quick_link_id", "session_id",
    "staff_session_id", "event_id", "page_ref", "token", "ticket", "earlier_cookie", "source",
    "source_key", "subject", "list_name", "place", "page", "currency", "outcome", "assignee",
    "actor", "groups", "return_url", "lines", "state", "left_out", "posted_cents", "posted_refunds",
    "gone", "headers", "catch_all", "answer_id", "issuer", "people",
])  # fmt: skip
"""Ids, choices and keys: the program writes them, or looks them up and keeps the one it finds."""
ADDRESSES = frozenset([
    "email", "to", "cc_people", "to_people", "bcc_people", "new_addresses", "receipt_emails",
    "payer_email", "reply_to", "sender", "address",
])  # fmt: skip
"""Refused by `checked_address` (or the network's, which nobody types)."""
LOOKED_UP = frozenset(["client_number", "invoice_number", "who", "file_name"])
"""Compared with what is known; never kept as it was typed."""
SECRETS = frozenset(["password", "new_password", "old_password"])
"""Hashed, never shown."""
KNOWN = NAMED_BY_US | ADDRESSES | LOOKED_UP | SECRETS
FROM_ELSEWHERE = frozenset(
    {("SignInBySso", "full_name"), ("ReceiveDocument", "subject"), ("SignInAsSample", "user_name")}
)
"""What an identity provider, a mail or a list of choices says, not a person at a form."""


def commands() -> Iterator[tuple[Any, type]]:
    """Every function of the services that carries out a command, with the command."""
    for found in pkgutil.iter_modules(portal.services.__path__):
        module = importlib.import_module(f"portal.services.{found.name}")
        for name, act in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(act):
                continue
            first = next(iter(inspect.signature(act).parameters.values()), None)
            if act.__module__ != module.__name__ or first is None or first.name != "command":
                continue
            yield act, get_type_hints(act)["command"]


COMMANDS = sorted(commands(), key=lambda found: found[0].__name__)
TYPED = [(act, kind, name) for act, kind in COMMANDS for name in free_texts(kind)]


def holds_text(hint: object) -> bool:
    return hint is str or any(map(holds_text, get_args(hint)))


def made(kind: type, **given: object) -> Any:
    """A command with nothing in it but these; what it is for does not matter here."""
    command = object.__new__(kind)
    for field in dataclasses.fields(kind):
        value = given.get(field.name, "")
        object.__setattr__(command, field.name, value)
    return command


class Untouchable(Mapping):
    """A port that nobody may use."""

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(f"{name} was asked before the text was refused")

    __getitem__ = __iter__ = __len__ = None  # type: ignore[assignment]


@pytest.mark.parametrize("kind", sorted({kind for _, kind in COMMANDS}, key=lambda k: k.__name__))
def test_every_text_of_a_command_is_typed_freely_or_known_not_to_be(kind):
    typed = free_texts(kind)
    texts = {name for name, hint in get_type_hints(kind).items() if holds_text(hint)}
    elsewhere = {name for command, name in FROM_ELSEWHERE if command == kind.__name__}

    assert texts - set(typed) - KNOWN - elsewhere == set(), (
        "mark it as FreeText, and the function as without_card_numbers"
    )


@pytest.mark.catalogue(43)
@pytest.mark.parametrize(
    ("act", "kind", "name"), TYPED, ids=[f"{kind.__name__}.{name}" for _, kind, name in TYPED]
)
def test_a_card_number_in_it_is_refused_before_anything_is_touched(act, kind, name):
    parameters = list(inspect.signature(act).parameters)[1:]

    with pytest.raises(CardNumberRefused) as refused:
        act(made(kind, **{name: f"call me {CARD}"}), **dict.fromkeys(parameters, Untouchable()))

    assert "4242" not in str(refused.value)


def test_the_texts_of_money_collections_payers_and_staff_are_among_them():
    assert len(TYPED) >= 25
    assert {
        "TakePayment.note", "RequestRefund.reason", "AddNote.text", "RecordPromise.note",
        "DisputeInvoice.reason", "AskTheFirm.text", "MakeQuickLink.description",
        "SendPayLink.message", "DropStatement.reason", "AnswerPayerMessage.text",
    } <= {f"{kind.__name__}.{name}" for _, kind, name in TYPED}  # fmt: skip
