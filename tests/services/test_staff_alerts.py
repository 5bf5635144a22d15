"""Staff are told of what they chose, about clients they see, in one mail a person and event."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from portal.domain.errors import Denied
from portal.domain.payers import AskKind, EntryKind, Payer
from portal.domain.permissions import Group, Permission, Principal
from portal.domain.staff_alerts import NEEDS, Alert, Whose, alert_of
from portal.services import send_alerts as sending
from portal.services.ask_the_firm import AskLimits, AskTheFirm, ask_the_firm
from portal.services.choose_alerts import ChooseAlerts, choose_alerts
from portal.services.mail_ports import (
    Happening,
    Letter,
    LetterEvent,
    LetterKind,
    Recipient,
)
from portal.services.ports import SignInKind, User
from portal.services.send_alerts import AlertDesk, send_alerts
from portal.store import Store
from tests.adapters.store_backends import cluster, store, store_url
from tests.services.money_desk import MoneyDesk, a_desk, invoice

__all__ = ["cluster", "store", "store_url"]

GROUPS = {
    "admins": Group("admins", frozenset(Permission)),
    "partners": Group("partners", frozenset(Permission) - {Permission.ALL_CLIENTS}),
    "guests": Group("guests", frozenset({Permission.VIEW_CLIENTS})),
}
EVERYTHING = dict.fromkeys(Alert, Whose.ALL)
WHO = {"ada": "admins", "pat": "partners", "quinn": "partners", "lou": "guests"}
"""Pat is the partner of client c1, Quinn of nobody that something happens to."""


class Staff:
    """Who works at the firm, by address."""

    def staff_id_of(self, email: str) -> str | None:
        return {"pat@firm.example": "p1", "quinn@firm.example": "p9"}.get(email)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> MoneyDesk:
    made = a_desk(store, tmp_path)
    made.owe(invoice("1"), invoice("2"))
    with store.unit_of_work() as uow:
        for name, group in WHO.items():
            uow.users.save(
                User(
                    user_key=f"local:{name}", kind=SignInKind.LOCAL, user_name=name,
                    full_name=name.capitalize(), email=f"{name}@firm.example", groups=(group,),
                )
            )  # fmt: skip
        uow.commit()
    look(made)
    return made


def look(desk: MoneyDesk) -> int:
    """The job looks once."""
    made = AlertDesk(
        store=desk.store, directory=desk.directory, staff=Staff(), groups=GROUPS, clock=desk.clock
    )
    return send_alerts(made, lambda uow: None)


def choose(desk: MoneyDesk, name: str, choices: dict[Alert, Whose]) -> None:
    who = Principal(
        f"local:{name}", name, f"{name}@firm.example", permissions=GROUPS[WHO[name]].permissions
    )
    choose_alerts(ChooseAlerts(actor=who, choices=choices), store=desk.store, clock=desk.clock)


def told(desk: MoneyDesk) -> list[tuple[str, str]]:
    """Who was told what."""
    return sorted(
        (one.recipients[0].address.partition("@")[0], one.facts["headline"])
        for one in desk.letters("staff_alert")
    )


def test_a_payment_is_told_to_those_who_chose_it_and_see_its_client_once(desk: MoneyDesk):
    choose(desk, "ada", EVERYTHING)
    choose(desk, "pat", {Alert.PAYMENT_RECEIVED: Whose.MINE})
    choose(desk, "quinn", {Alert.PAYMENT_RECEIVED: Whose.ALL})

    desk.pay({"1": 4_000})

    assert look(desk) == 2
    assert look(desk) == 0
    words = "$40.00 received from Alder & Sons"
    assert told(desk) == [("ada", words), ("pat", words)]


def test_nobody_is_told_of_what_they_did_not_choose_or_did_themselves(desk: MoneyDesk):
    choose(desk, "ada", {Alert.DISPUTE: Whose.ALL})
    choose(desk, "pat", {Alert.REFUND: Whose.MINE})
    paid = desk.pay({"1": 4_000})
    look(desk)
    assert told(desk) == []

    desk.refund(paid.payment_id, cents=1_000)
    look(desk)

    assert told(desk) == [("pat", "A refund of $10.00 to Alder & Sons went back")]


def test_whoever_has_had_the_receipt_is_not_told_of_the_payment_again(desk: MoneyDesk):
    choose(desk, "pat", {Alert.PAYMENT_RECEIVED: Whose.MINE})

    desk.pay({"1": 4_000}, receipt_emails=("pat@firm.example",))
    look(desk)

    assert told(desk) == []


def test_a_declined_payment_and_a_returned_one_are_told_with_the_reason(desk: MoneyDesk):
    choose(desk, "ada", {Alert.PAYMENT_FAILED: Whose.ALL})
    desk.pay({"1": 4_000}, "no_funds")
    look(desk)

    (mail,) = desk.letters("staff_alert")
    assert mail.facts["headline"] == "A payment of $40.00 of Alder & Sons was declined"
    assert "Reason: insufficient funds" in mail.facts["lines"]
    assert mail.facts["path"].startswith("/payment?id=PI-")


def test_an_alert_needs_the_permission_then_and_now(desk: MoneyDesk):
    with pytest.raises(Denied):
        choose(desk, "lou", {Alert.PAYMENT_RECEIVED: Whose.ALL})
    choose(desk, "ada", {Alert.PAYMENT_RECEIVED: Whose.ALL})
    with desk.store.unit_of_work() as uow:
        ada = uow.users.find("local:ada")
        uow.users.save(type(ada)(**{**vars(ada), "groups": ("guests",)}))
        uow.commit()

    desk.pay({"1": 4_000})
    look(desk)

    assert told(desk) == []


def test_a_choice_replaces_the_one_before_and_is_in_the_audit_log_once(desk: MoneyDesk):
    for _ in range(2):
        choose(desk, "ada", {Alert.REFUND: Whose.ALL, Alert.DISPUTE: Whose.MINE})
    choose(desk, "ada", {Alert.DISPUTE: Whose.ALL})

    kept = desk.read(lambda view: view.alerts.of_user("local:ada"))
    rows = desk.read(lambda view: view.audit.rows())
    assert kept == {Alert.DISPUTE: Whose.ALL}
    assert [row.action for row in rows].count("alerts.chosen") == 2


def test_a_mail_that_did_not_arrive_is_told_and_an_alert_that_did_not_is_not(desk: MoneyDesk):
    choose(desk, "ada", {Alert.BOUNCE: Whose.ALL})
    with desk.store.unit_of_work() as uow:
        for number, kind in enumerate((LetterKind.INVOICE, LetterKind.STAFF_ALERT)):
            letter_id = uow.outbox.add(
                Letter(
                    kind=kind, dedupe_key=f"k{number}", facts={"headline": "x", "lines": []},
                    recipients=(Recipient(address="gone@alder.example"),), client_id="c1",
                ),
                at=desk.clock(),
            )  # fmt: skip
            uow.mail_news.note(
                Happening(
                    letter_id=letter_id, event=LetterEvent.BOUNCED_HARD, at=desk.clock(),
                    address="gone@alder.example", detail="no such mailbox",
                )
            )  # fmt: skip
        uow.commit()

    assert look(desk) == 1
    assert ("ada", "A mail to Alder & Sons did not arrive") in told(desk)


def bounces(desk: MoneyDesk, key: str, meanwhile: Callable[[], None]) -> None:
    """A mail does not arrive; other things happen before that is committed."""
    with desk.store.unit_of_work() as uow:
        letter_id = uow.outbox.add(
            Letter(
                kind=LetterKind.INVOICE, dedupe_key=key, facts={"headline": "x", "lines": []},
                recipients=(Recipient(address=f"{key}@alder.example"),), client_id="c1",
            ),
            at=desk.clock(),
        )  # fmt: skip
        event = LetterEvent.BOUNCED_HARD
        uow.mail_news.note(Happening(letter_id=letter_id, event=event, at=desk.clock()))
        meanwhile()
        uow.commit()


def test_a_bounce_that_is_written_first_and_committed_last_is_told_as_well(
    desk: MoneyDesk, store_url: str
):
    choose(desk, "ada", {Alert.BOUNCE: Whose.ALL})
    sent: list[int] = []

    def another() -> None:
        bounces(desk, "second", lambda: None)
        sent.append(look(desk))

    if store_url.startswith("postgresql"):
        bounces(desk, "first", another)
    else:  # one writes at a time
        bounces(desk, "first", lambda: None)
        another()
    sent.append(look(desk))

    assert sum(sent) == 2


def test_what_a_payer_asks_is_told_to_those_who_see_the_client(desk: MoneyDesk):
    choose(desk, "pat", {Alert.PAYER_ASKED: Whose.MINE})
    choose(desk, "quinn", {Alert.PAYER_ASKED: Whose.ALL})
    payer = Payer(session_id="s", entry=EntryKind.LINK, client_ids=("c1",), email="pia@alder.test")
    question = AskTheFirm(
        payer=payer, request_id="r1", kind=AskKind.QUESTION, client_id="c1", invoice_id="1",
        text="What is\nitem 2? " + "x" * 400,
    )  # fmt: skip
    for _ in range(2):
        ask_the_firm(
            question, store=desk.store, clock=desk.clock, limits=AskLimits(today=date(2026, 6, 30))
        )

    assert look(desk) == 1

    assert told(desk) == [("pat", "Alder & Sons has a question")]
    (mail,) = desk.letters("staff_alert")
    invoice_line, quote = mail.facts["lines"]
    assert invoice_line == "Invoice: INV-1"
    assert quote.startswith("What is item 2? xxx") and len(quote) == 301
    assert mail.facts["path"] == "/client?id=c1&show=Notes"


@pytest.mark.parametrize("kind", AskKind)
def test_every_kind_of_question_is_told(kind: AskKind):
    assert alert_of(f"payer.asked_{kind.value}") is Alert.PAYER_ASKED


def test_every_alert_asks_for_a_permission():
    assert set(NEEDS) == set(Alert)


def test_a_long_log_is_read_in_parts_and_nothing_is_left_out_or_told_twice(
    desk: MoneyDesk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sending, "MOST", 3)
    choose(desk, "ada", {Alert.PAYMENT_RECEIVED: Whose.ALL})
    for cents in (1_000, 2_000, 3_000):
        desk.pay({"1": cents})

    assert look(desk) == 3
    assert look(desk) == 0
    assert [words.partition(" ")[0] for _, words in told(desk)] == ["$10.00", "$20.00", "$30.00"]
