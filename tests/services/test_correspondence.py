"""Invoices and mails are sent again to the right people, once, and new addresses are confirmed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.domain.errors import Denied, Invalid, NotFound
from portal.domain.permissions import Permission
from portal.services.mail_ports import (
    Happening,
    LetterEvent,
    LetterKind,
    LetterState,
    Recipient,
)
from portal.services.report_bounces import ReportBounces, report_bounces
from portal.services.resend_invoices import InvoiceResent, ResendInvoices
from portal.services.resend_letter import ResendLetter
from portal.services.review_letter import ReviewLetter
from portal.services.send_first_mail import SendFirstMail, send_first_mail
from tests.collections_fixture import CAROL, PETE
from tests.correspondence_fixture import MailFirm, a_mail_firm
from tests.mail_fixture import a_letter

STRANGER = replace(CAROL, permissions=frozenset({Permission.VIEW_INVOICES}))


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[MailFirm]:
    made = a_mail_firm(tmp_path)
    yield made
    made.store.close()


def resend(firm: MailFirm, *invoice_ids: str, **changes: object) -> list[InvoiceResent]:
    known = {"actor": CAROL, "request_id": "r1", "invoice_ids": invoice_ids}
    return firm.desk.resend_invoices(ResendInvoices(**{**known, **changes}))


def audited(firm: MailFirm, action: str) -> list[dict]:
    with firm.store.reading() as view:
        return [row.detail for row in view.audit.rows() if row.action == action]


def sent(firm: MailFirm) -> None:
    firm.desk.post_office.deliver(firm.clock)


def test_an_invoice_goes_to_its_clients_contacts_for_invoices(firm: MailFirm) -> None:
    (result,) = resend(firm, "1")

    (stored,) = firm.letters()
    assert (result.refused, result.sent_to) == ("", ("ann@client.example",))
    assert stored.letter_id == result.letter_id
    assert stored.letter.pay_scope == ("1",)
    assert [one.key for one in stored.letter.attachments] == ["1"]
    assert stored.letter.facts["open_cents"] == 125_000


def test_many_invoices_are_one_mail_a_client_and_one_result_an_invoice(firm: MailFirm) -> None:
    results = resend(firm, "1", "2", "3", "4", "99")

    assert len(firm.letters()) == 2
    assert [(one.invoice_id, one.refused) for one in results] == [
        ("1", ""),
        ("2", ""),
        ("3", "It is paid already."),
        ("4", ""),
        ("99", "There is no such invoice."),
    ]


def test_the_same_request_mails_once(firm: MailFirm) -> None:
    first, again = resend(firm, "1"), resend(firm, "1")

    assert first == again
    assert len(firm.letters()) == 1
    assert len(audited(firm, "invoice.resent")) == 1


def test_an_address_no_contact_has_must_be_confirmed_and_is_audited(firm: MailFirm) -> None:
    people = (Recipient(address="new@elsewhere.example"),)
    with pytest.raises(Invalid, match=r"new@elsewhere\.example is no contact"):
        resend(firm, "1", recipients=people)
    assert firm.letters() == []

    resend(firm, "1", recipients=people, new_addresses=("NEW@elsewhere.example",))

    (kept,) = audited(firm, "invoice.resent")
    assert kept["new_addresses"] == ["new@elsewhere.example"]


def test_a_contact_without_the_flag_needs_no_confirmation(firm: MailFirm) -> None:
    (result,) = resend(firm, "1", recipients=(Recipient(address="eve@client.example"),))

    assert result.sent_to == ("eve@client.example",)


@pytest.mark.catalogue(80)
def test_a_bad_address_is_refused_before_anything_is_kept(firm: MailFirm) -> None:
    with pytest.raises(Invalid, match="not an email address"):
        resend(firm, "1", recipients=(Recipient(address="a@b.example\r\nBcc: x@y.example"),))

    assert firm.letters() == []


@pytest.mark.catalogue(82)
def test_five_hundred_recipients_are_refused(firm: MailFirm) -> None:
    people = tuple(Recipient(address=f"a{n}@client.example") for n in range(500))

    with pytest.raises(Invalid, match="the most for one mail"):
        resend(firm, "1", recipients=people)


def test_nobody_writes_about_invoices_of_other_peoples_clients(firm: MailFirm) -> None:
    mine, theirs = resend(firm, "1", "4", actor=PETE)

    assert (mine.refused, theirs.refused) == ("", "There is no such invoice.")
    with pytest.raises(Denied):
        resend(firm, "1", actor=STRANGER)


def test_a_client_nobody_at_which_gets_invoices_is_said(firm: MailFirm) -> None:
    firm.spoken.people["10"] = []

    (result,) = resend(firm, "1")

    assert "no contact who receives invoices" in result.refused


def test_a_card_number_in_the_message_is_refused(firm: MailFirm) -> None:
    with pytest.raises(Invalid, match="card number"):
        resend(firm, "1", message="my card is 4242 4242 4242 4242")


def first_mail(firm: MailFirm, invoice_id: str, **changes: object) -> str | None:
    return send_first_mail(
        SendFirstMail(invoice_id=invoice_id, **changes),
        store=firm.store,
        clock=firm.clock,
        correspondence=firm.spoken,
    )


def test_the_first_mail_of_an_invoice_goes_out_once(firm: MailFirm) -> None:
    assert first_mail(firm, "1", needs_review=False) == first_mail(firm, "1")
    assert first_mail(firm, "3") is None

    assert firm.states() == [LetterState.QUEUED]


def test_a_first_mail_waits_for_a_person_where_the_firm_wants_that(firm: MailFirm) -> None:
    held, dropped = first_mail(firm, "1"), first_mail(firm, "2")
    sent(firm)
    assert firm.states() == [LetterState.REVIEW, LetterState.REVIEW]

    firm.desk.review_letter(ReviewLetter(actor=CAROL, letter_id=held, is_to_go=True))
    firm.desk.review_letter(ReviewLetter(actor=CAROL, letter_id=dropped, is_to_go=False))
    sent(firm)

    assert firm.states() == [LetterState.SENT, LetterState.DROPPED]
    with pytest.raises(Invalid, match="decided about this mail already"):
        firm.desk.review_letter(ReviewLetter(actor=CAROL, letter_id=dropped, is_to_go=True))


def test_an_invoice_of_a_client_without_contacts_is_listed_as_without_recipients(
    firm: MailFirm,
) -> None:
    firm.spoken.people["10"] = []

    first_mail(firm, "1")

    assert firm.states() == [LetterState.NO_RECIPIENT]


def test_a_mail_is_sent_again_as_it_was(firm: MailFirm) -> None:
    resend(firm, "1")
    sent(firm)
    (first,) = firm.letters()

    again = ResendLetter(actor=CAROL, request_id="r2", letter_id=first.letter_id)
    assert firm.desk.resend_letter(again) == firm.desk.resend_letter(again)

    copy = firm.letters()[1]
    assert copy.letter.facts == first.letter.facts
    assert copy.letter.resend_of == first.letter_id
    sent(firm)
    assert firm.states() == [LetterState.SENT, LetterState.SENT]


def test_a_mail_sent_again_to_a_new_address_needs_a_confirmation(firm: MailFirm) -> None:
    resend(firm, "1")
    sent(firm)
    (first,) = firm.letters()
    to = (Recipient(address="new@elsewhere.example"),)
    asked = ResendLetter(actor=CAROL, request_id="r2", letter_id=first.letter_id, recipients=to)

    with pytest.raises(Invalid, match="Confirm the address"):
        firm.desk.resend_letter(asked)
    firm.desk.resend_letter(replace(asked, is_confirmed=True))

    assert len(firm.letters()) == 2


def test_what_waits_and_what_is_its_readers_alone_is_not_sent_again(firm: MailFirm) -> None:
    resend(firm, "1")
    (waiting,) = firm.letters()
    secret = a_letter("v", kind=LetterKind.VERIFICATION, facts={"full_name": "Ann"}, client_id="10")
    with firm.store.unit_of_work() as uow:
        secret_id = uow.outbox.add(secret, at=firm.clock())
        uow.commit()

    for letter_id, why in ((waiting.letter_id, "not been sent yet"), (secret_id, "reader alone")):
        with pytest.raises(Invalid, match=why):
            firm.desk.resend_letter(ResendLetter(actor=CAROL, request_id="r2", letter_id=letter_id))


def test_nobody_acts_on_mails_about_other_peoples_clients(firm: MailFirm) -> None:
    resend(firm, "4")
    sent(firm)
    (theirs,) = firm.letters()

    with pytest.raises(NotFound):
        firm.desk.resend_letter(
            ResendLetter(actor=PETE, request_id="r2", letter_id=theirs.letter_id)
        )
    with pytest.raises(Denied):
        firm.desk.review_letter(
            ReviewLetter(actor=STRANGER, letter_id=theirs.letter_id, is_to_go=True)
        )


def test_what_did_not_arrive_is_reported_once_a_day(firm: MailFirm) -> None:
    resend(firm, "1")
    sent(firm)
    (stored,) = firm.letters()
    bounce = Happening(
        letter_id=stored.letter_id,
        event=LetterEvent.BOUNCED_HARD,
        at=firm.clock(),
        address="ann@client.example",
        detail="550 No such user",
    )
    with firm.store.unit_of_work() as uow:
        uow.mail_news.note(bounce)
        uow.commit()
    asked = ReportBounces(
        since=firm.clock() - timedelta(days=1), day=date(2026, 11, 24), to=("office@firm.test",)
    )

    told = [report_bounces(asked, store=firm.store, now=firm.clock()) for _ in range(2)]

    assert told == [1, 1]
    with firm.store.reading() as view:
        report = view.outbox.find_by_key("bounces:2026-11-24")
    assert report.letter.facts["headline"] == "1 mail did not arrive"
    assert "ann@client.example came back for good (550 No such user)" in str(
        report.letter.facts["lines"]
    )


def test_nothing_is_reported_on_a_day_without_bounces(firm: MailFirm) -> None:
    asked = ReportBounces(
        since=firm.clock() - timedelta(days=1), day=date(2026, 11, 24), to=("office@firm.test",)
    )

    assert report_bounces(asked, store=firm.store, now=firm.clock()) == 0
    with firm.store.reading() as view:
        assert view.outbox.find_by_key("bounces:2026-11-24") is None
