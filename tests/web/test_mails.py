"""A mail is shown exactly as it was sent, to those who may see it, and can do nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.domain.permissions import Permission
from portal.services.mail_ports import Attachment, DocumentKind, LetterKind
from portal.web.security import MAIL_POLICY, Security, SecurityPolicy
from tests.mail_fixture import A_PDF, a_letter, put
from tests.web.list_portal import EVERYTHING, NOW, OWN_CLIENTS, Browser, ListPortal, make_portal

TOKEN = "A" * 65


class Links:
    def for_client(self, client_id, *, invoice_ids, letter_id, now) -> str:
        return f"http://127.0.0.1:8501/client-portal/open#{TOKEN}"


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[ListPortal]:
    made = make_portal(tmp_path)
    made.correspondence.pay_links = Links()
    yield made
    made.close()


def sent(portal: ListPortal, **changes: object) -> str:
    known = {"client_id": "10", "pay_scope": ()}
    (letter_id,) = put(portal.store, a_letter(**{**known, **changes}), at=NOW)
    portal.correspondence.post_office.deliver(portal.now)
    return letter_id


def test_a_mail_is_shown_as_it_was_sent_without_its_token(portal) -> None:
    letter_id = sent(portal)

    answer = Browser(portal).http.get(f"/mail/{letter_id}.html")

    assert answer.status_code == 200
    assert "Thank you for your payment" in answer.text
    kept = portal.correspondence.post_office.kept.read(letter_id)
    assert TOKEN.encode() in kept.replace(b"=\r\n", b"").replace(b"=\n", b"")
    assert TOKEN not in answer.text


def test_the_page_of_a_mail_may_do_nothing(portal) -> None:
    from starlette.testclient import TestClient

    letter_id = sent(portal)
    browser = Browser(portal)
    guarded = Security(portal.app, policy=SecurityPolicy("http://127.0.0.1:8501"))
    http = TestClient(guarded, base_url="http://127.0.0.1:8501", cookies=browser.http.cookies)

    answer = http.get(f"/mail/{letter_id}.html")

    assert answer.status_code == 200
    assert answer.headers["content-security-policy"] == MAIL_POLICY
    assert MAIL_POLICY.startswith("sandbox; default-src 'none'")


def test_a_mail_that_waits_is_shown_as_it_would_be_sent(portal) -> None:
    (letter_id,) = put(portal.store, a_letter(client_id="10", needs_review=True), at=NOW)

    answer = Browser(portal).http.get(f"/mail/{letter_id}.html")

    assert "Thank you for your payment" in answer.text


def test_the_files_of_a_mail_can_be_opened(portal) -> None:
    portal.correspondence.intake.invoices.keep("1", A_PDF)
    file = Attachment(kind=DocumentKind.INVOICE, key="1", file_name='a"\r\nX: 1.pdf')
    letter_id = sent(portal, attachments=(file,))
    browser = Browser(portal)

    answer = browser.http.get(f"/mail/{letter_id}/0.pdf")

    assert answer.content == A_PDF
    assert "X" not in answer.headers
    assert "\r" not in answer.headers["content-disposition"]
    assert browser.http.get(f"/mail/{letter_id}/1.pdf").status_code == 404


def test_nobody_sees_mails_about_other_peoples_clients_or_without_the_permission(portal) -> None:
    letter_id = sent(portal)
    nobodys = sent(portal, dedupe_key="k2", client_id=None, pay_scope=None)

    stranger = Browser(portal, OWN_CLIENTS, staff_id="4")
    asked = [f"/mail/{letter_id}.html", f"/mail/{letter_id}/0.pdf", f"/mail/{nobodys}.html"]
    answers = [stranger.http.get(path) for path in asked]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    missing = stranger.http.get(f"/mail/{'0' * 32}.html")
    assert missing.json() == answers[0].json()

    without = Browser(portal, EVERYTHING - {Permission.RESEND_INVOICE})
    assert without.http.get(f"/mail/{letter_id}.html").status_code == 403
    without.sign_out()
    assert without.http.get(f"/mail/{letter_id}.html").status_code == 401


def test_the_link_of_an_account_is_shown_to_nobody(portal) -> None:
    letter_id = sent(
        portal,
        kind=LetterKind.PASSWORD_RESET,
        facts={"full_name": "Ann"},
        pay_scope=None,
        secret_link=f"http://127.0.0.1:8501/client-portal/open#{TOKEN}",
    )

    answer = Browser(portal).http.get(f"/mail/{letter_id}.html")

    assert answer.status_code == 404
    assert TOKEN not in answer.text
