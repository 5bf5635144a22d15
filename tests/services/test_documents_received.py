"""Received PDFs find their invoices by number, the newest wins, and hostile files are refused."""

import os
import smtplib
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from portal.documents.invoice_pdfs import MOST_BYTES, InvoicePdfs
from portal.domain.errors import Denied, Invalid, NotFound
from portal.domain.invoice_numbers import best_match
from portal.firm_toml.mail import Inbound, MailSettings, Server
from portal.mail.listener import MailDoor
from portal.services.assign_document import AssignDocument, DismissDocument
from portal.services.mail_ports import DocumentState, LetterEvent, LetterState, ReceivedDocument
from portal.services.receive_document import ReceiveDocument, receive_document
from tests.adapters import imap_server
from tests.adapters.mail_server import free_port
from tests.collections_fixture import CAROL, PETE
from tests.correspondence_fixture import A_PDF, MORNING, MailFirm, a_mail_firm, an_invoice
from tests.mail_fixture import a_letter, put

OTHER_PDF = b"%PDF-1.7\nanother\n%%EOF\n"


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[MailFirm]:
    made = a_mail_firm(tmp_path)
    yield made
    made.store.close()


def receive(firm: MailFirm, name: str, content: bytes = A_PDF, **changes: object):
    known = {"source": "folder", "source_key": name, "file_name": name, "content": content,
             "received_at": firm.clock()}  # fmt: skip
    return receive_document(ReceiveDocument(**{**known, **changes}), firm.desk.intake)


def pdf_of(firm: MailFirm, invoice_id: str) -> bytes | None:
    return InvoicePdfs(firm.home / "documents").read(invoice_id)


def a_mail(*files: tuple[str, bytes], subject: str = "Your invoice", **headers: str) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = headers.get("sender", "Practice system <system@firm.test>")
    mail["To"] = "invoices@firm.test"
    mail["Subject"] = subject
    mail.set_content("See the attached file.")
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes()


KNOWN = [("1", "INV-0001"), ("2", "10042"), ("3", "2026"), ("4", "100"), ("5", "A/77 B")]


@pytest.mark.parametrize(
    ("text", "invoice_id"),
    [
        ("INV-0001.pdf", "1"),
        ("inv-0001 Ann's Bakery.PDF", "1"),
        ("Invoice_10042_Smith.pdf", "2"),
        ("2026-10042.pdf", "2"),
        ("Re: invoice #10042 of November", "2"),
        ("A/77 B", "5"),
        ("statement.pdf", None),
        ("110042.pdf", None),
        ("100421.pdf", None),
        ("", None),
    ],
)
def test_a_name_speaks_of_the_longest_number_that_stands_in_it_whole(text, invoice_id) -> None:
    match = best_match(text, KNOWN)

    assert (match[0] if match else None) == invoice_id


def test_two_invoices_that_fit_equally_well_are_no_match() -> None:
    assert best_match("10042 and 10043.pdf", [("1", "10042"), ("2", "10043")]) is None
    assert best_match("10042.pdf", [("1", "10042"), ("2", "10042")]) is None


def test_a_pdf_finds_its_invoice_by_its_name_or_else_by_the_subject(firm: MailFirm) -> None:
    assert receive(firm, "INV-0001.pdf").invoice_id == "1"
    assert receive(firm, "scan.pdf", subject="Invoice INV-0002").invoice_id == "2"

    assert pdf_of(firm, "1") == A_PDF
    assert pdf_of(firm, "2") == A_PDF


def test_the_newest_pdf_wins_whatever_order_they_come_in(firm: MailFirm) -> None:
    receive(firm, "INV-0001 new.pdf", OTHER_PDF)
    late = receive(firm, "INV-0001 old.pdf", received_at=firm.clock() - timedelta(days=1))
    assert late.state is DocumentState.SUPERSEDED
    assert pdf_of(firm, "1") == OTHER_PDF

    receive(firm, "INV-0001 newest.pdf", received_at=firm.clock() + timedelta(days=1))
    assert pdf_of(firm, "1") == A_PDF


def test_a_received_pdf_is_mailed_once_as_the_firm_wants_it(firm: MailFirm) -> None:
    receive(firm, "INV-0001.pdf")
    receive(firm, "INV-0001.pdf")
    receive(firm, "INV-0001 again.pdf")
    assert firm.states() == [LetterState.REVIEW]

    firm.mail = MailSettings(first_mail="automatic")
    receive(firm, "INV-0002.pdf")
    firm.mail = MailSettings(first_mail="off")
    receive(firm, "INV-0004.pdf")
    assert firm.states() == [LetterState.REVIEW, LetterState.QUEUED]


@pytest.mark.catalogue(90)
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<html><script>alert(1)</script>%PDF-1.7 %%EOF", "not a PDF"),
        (b"MZ\x90\x00 this is a program", "not a PDF"),
        (b"", "not a PDF"),
        (b"%PDF-1.7\nno end", "cut off"),
        (b"%PDF-1.7 /OpenAction << /S /JavaScript /JS (app.alert(1)) >> %%EOF", "JavaScript"),
        (b"%PDF-1.7 /S /Launch /F (cmd.exe) %%EOF", "Launch"),
        (b"%PDF-1.7\n" + b"0" * MOST_BYTES + b"%%EOF", "20 MB"),
    ],
)
def test_a_file_that_is_no_harmless_pdf_is_refused_and_kept_nowhere(firm, content, why) -> None:
    document = receive(firm, "INV-0001.pdf", content)

    assert (document.state, why in document.reason) == (DocumentState.REFUSED, True)
    assert pdf_of(firm, "1") is None
    assert firm.letters() == []
    assert not (firm.home / "documents").exists()


@pytest.mark.catalogue(91)
@pytest.mark.parametrize(
    "name",
    ["../../app.py", "..\\..\\app.pdf", "CON", "/etc/passwd", "x" * 300 + ".pdf",
     'a"\r\nX-Evil: 1.pdf', "INV-0001.pdf/../../x", "\u202efdp.exe", "\x00"],
)  # fmt: skip
def test_a_files_name_never_becomes_a_path_or_a_line_of_a_head(firm, name) -> None:
    document = receive(firm, name)

    kept = list(firm.home.rglob("*.pdf"))
    assert len(kept) == 1
    assert kept[0].name in {f"{document.document_id}.pdf", "1.pdf"}
    assert kept[0].parent.parent == firm.home / "documents"
    assert len(document.file_name) <= 255
    assert document.file_name.isprintable() or "\u202e" in document.file_name
    assert "\n" not in document.file_name


def test_a_waiting_pdf_is_given_to_its_invoice_with_one_word(firm: MailFirm) -> None:
    lost = receive(firm, "scan.pdf")

    invoice_id = firm.desk.assign_document(
        AssignDocument(actor=CAROL, document_id=lost.document_id, invoice_number=" inv-0002 ")
    )

    assert invoice_id == "2"
    assert pdf_of(firm, "2") == A_PDF
    assert firm.states() == [LetterState.REVIEW]
    with firm.store.reading() as view:
        assert view.documents.unmatched() == []
    with pytest.raises(NotFound):
        firm.desk.dismiss_document(DismissDocument(actor=CAROL, document_id=lost.document_id))


def test_a_number_nobody_has_is_refused_and_the_file_stays(firm: MailFirm) -> None:
    lost = receive(firm, "scan.pdf")

    with pytest.raises(Invalid, match="No invoice has the number 777"):
        firm.desk.assign_document(
            AssignDocument(actor=CAROL, document_id=lost.document_id, invoice_number="777")
        )
    with pytest.raises(Denied):
        firm.desk.assign_document(
            AssignDocument(actor=PETE, document_id=lost.document_id, invoice_number="INV-0001")
        )
    assert waiting(firm) == ["scan.pdf"]

    firm.desk.dismiss_document(DismissDocument(actor=CAROL, document_id=lost.document_id))
    assert waiting(firm) == []


def waiting(firm: MailFirm) -> list[str]:
    with firm.store.reading() as view:
        return [one.file_name for one in view.documents.unmatched()]


def put_into(folder: Path, name: str, content: bytes = A_PDF, *, age: float = 60) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    written = time.time() - age
    os.utime(path, (written, written))
    return path


def test_the_watched_folder_is_emptied_oldest_first(firm: MailFirm) -> None:
    folder = firm.desk.watched_folder
    put_into(folder, "INV-0001 b.pdf", OTHER_PDF, age=60)
    put_into(folder, "INV-0001 a.pdf", A_PDF, age=90)
    put_into(folder, "scan.pdf")
    put_into(folder, "INV-0002.pdf", b"<html>")
    still_written = put_into(folder, "INV-0004.pdf", age=0)
    (folder / "link.pdf").symlink_to("/etc/passwd")

    taken = firm.desk.take_in_folder()

    assert (taken.matched, taken.unmatched, taken.refused) == (2, 1, 1)
    assert pdf_of(firm, "1") == OTHER_PDF
    assert sorted(file.name for file in folder.iterdir() if file.is_file()) == sorted(
        [still_written.name, "link.pdf"]
    )
    assert vars(firm.desk.take_in_folder()) == dict.fromkeys(vars(taken), 0)


def test_a_real_mailbox_is_read_and_each_mail_once(firm: MailFirm) -> None:
    with imap_server.imap_server() as port:
        firm.mail = MailSettings(inbound=Inbound(mailbox=mailbox_at(port)))
        imap_server.post(
            port,
            a_mail(("INV-0001.pdf", A_PDF), ("INV-0004.pdf", A_PDF)),
            a_mail(("scan.pdf", OTHER_PDF), subject="Invoice INV-0002"),
            a_mail(),
            a_mail(("INV-0001.pdf", b"<html>")),
        )

        taken = firm.desk.take_in_mailbox()
        again = firm.desk.take_in_mailbox()

        assert (taken.matched, taken.unmatched, taken.refused) == (3, 0, 1)
        assert vars(again) == dict.fromkeys(vars(taken), 0)
        assert imap_server.unread(port) == 0
    assert (pdf_of(firm, "1"), pdf_of(firm, "2"), pdf_of(firm, "4")) == (A_PDF, OTHER_PDF, A_PDF)


def mailbox_at(port: int) -> Server:
    return Server(host="127.0.0.1", port=port, security="none", user=imap_server.USER,
                  password=imap_server.PASSWORD, timeout_seconds=5)  # fmt: skip


def test_mail_that_comes_to_the_portals_own_door_is_taken_in_before_it_is_answered(
    firm: MailFirm,
) -> None:
    firm.mail = MailSettings(inbound=Inbound(senders=("@firm.test",)))
    door = MailDoor("127.0.0.1", port := free_port(), firm.desk.take_in_mail)
    door.start()
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as line:
            line.sendmail(
                "system@firm.test", ["invoices@firm.test"], a_mail(("INV-0001.pdf", A_PDF))
            )
            assert pdf_of(firm, "1") == A_PDF
            stranger = a_mail(("INV-0002.pdf", A_PDF), sender="eve@evil.example")
            with pytest.raises(smtplib.SMTPDataError) as refusal:
                line.sendmail("eve@evil.example", ["invoices@firm.test"], stranger)
    finally:
        door.stop()
    assert refusal.value.smtp_code == 550
    assert pdf_of(firm, "2") is None


def a_report(letter_id: str, action: str, status: str, *, with_envelope: bool = True) -> bytes:
    envelope = f"Original-Envelope-Id: {letter_id}\r\n" if with_envelope else ""
    return (
        "From: MAILER-DAEMON@mx.client.example\r\nTo: billing@pay.hartwell.example\r\n"
        "Subject: Delivery status\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\n{envelope}"
        "Reporting-MTA: dns; mx.client.example\r\n\r\n"
        f"Final-Recipient: rfc822; ann@client.example\r\nAction: {action}\r\n"
        f"Status: {status}\r\nDiagnostic-Code: smtp; 550 {status} says the server\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: <{letter_id}@pay.hartwell.example>\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("action", "status", "event", "state"),
    [
        ("failed", "5.1.1", LetterEvent.BOUNCED_HARD, LetterState.BOUNCED),
        ("failed", "5.2.2", LetterEvent.BOUNCED_SOFT, LetterState.BOUNCED),
        ("failed", "4.4.7", LetterEvent.BOUNCED_SOFT, LetterState.BOUNCED),
        ("delivered", "2.0.0", LetterEvent.DELIVERED, LetterState.DELIVERED),
        ("delayed", "4.4.1", LetterEvent.DELAYED, LetterState.SENT),
    ],
)
@pytest.mark.parametrize("with_envelope", [True, False])
def test_a_servers_report_finds_the_letter_it_speaks_of(
    firm: MailFirm, action, status, event, state, with_envelope
) -> None:
    (letter_id,) = put(firm.store, a_letter(client_id="10"))
    firm.desk.post_office.deliver(firm.clock)
    report = a_report(letter_id, action, status, with_envelope=with_envelope)

    firm.desk.take_in_mail(report, "k1")
    firm.desk.take_in_mail(report, "k2")

    with firm.store.reading() as view:
        news = view.mail_news.of_letter(letter_id)
    assert [one.event for one in news] == [LetterEvent.SENT, event]
    assert firm.states() == [state]


def test_a_report_about_nothing_of_ours_changes_nothing(firm: MailFirm) -> None:
    (letter_id,) = put(firm.store, a_letter("k", "eve@client.example", client_id="10"))
    firm.desk.post_office.deliver(firm.clock)

    firm.desk.take_in_mail(a_report("f" * 32, "failed", "5.1.1"), "k1")
    firm.desk.take_in_mail(a_report(letter_id, "failed", "5.1.1"), "k2")

    assert firm.states() == [LetterState.SENT]


def test_odd_mails_are_taken_in_without_a_fault(firm: MailFirm) -> None:
    for at, raw in enumerate(
        (b"", b"\x00\xff", b"Subject: \xff\xfe\r\n\r\n", b"From: <<>\r\nDate: never\r\n\r\nx",
         b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n\r\n--x--",
         b'Content-Type: application/pdf; name="=?utf-8?b?////?="\r\n\r\n%PDF-'),
    ):  # fmt: skip
        firm.desk.take_in_mail(raw, f"odd{at}")

    assert firm.letters() == []


def test_an_invoice_that_is_paid_keeps_its_pdf_but_is_not_mailed(firm: MailFirm) -> None:
    document = receive(firm, "INV-0003.pdf")

    assert isinstance(document, ReceivedDocument)
    assert pdf_of(firm, "3") == A_PDF
    assert firm.letters() == []


def test_two_invoices_of_one_number_leave_the_file_waiting(firm: MailFirm) -> None:
    twin = replace(an_invoice("9"), invoice_number="INV-0001")
    firm.spoken.invoices["9"] = twin

    assert receive(firm, "INV-0001.pdf", received_at=MORNING).state is DocumentState.UNMATCHED
