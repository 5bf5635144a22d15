"""[mail] of firm.toml: what is said is used, what can't be is refused with what to write."""

import pytest

from portal.domain.errors import SettingsInvalid
from portal.firm_toml.mail import MailSettings, read_mail

SMTP = {"host": "mail.firm.example"}


def test_a_firm_that_says_nothing_writes_mails_into_a_folder() -> None:
    assert read_mail({}, "firm.toml") == MailSettings()
    assert MailSettings().kind == "folder"


def test_a_server_is_spoken_to_with_tls_and_its_secrets_come_from_outside() -> None:
    known = read_mail(
        {
            "kind": "smtp",
            "from": "Billing <billing@firm.example>",
            "smtp": {**SMTP, "user": "portal", "password": "env:SECRET"},
            "inbound": {"imap": {"host": "mail.firm.example", "security": "tls"}},
        },
        "firm.toml",
        lambda text: "known" if text == "env:SECRET" else text,
    )

    assert (known.sender_name, known.sender) == ("Billing", "billing@firm.example")
    assert known.server is not None
    assert (known.server.security, known.server.port) == ("starttls", 587)
    assert known.server.password == "known"
    assert "known" not in repr(known)
    assert known.inbound.mailbox is not None
    assert known.inbound.mailbox.port == 993


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ({"kind": "pigeon"}, "one of folder, smtp"),
        ({"kind": "smtp"}, "needs"),
        ({"knd": "smtp"}, "not a key"),
        ({"from": "nobody"}, "not an email address"),
        ({"from": "a@b.example\r\nBcc: x@y.example"}, "not an email address"),
        ({"report_to": ["nobody"]}, "not an email address"),
        ({"first_mail": "maybe"}, "one of off, review, automatic"),
        ({"retry_hours": 0}, "from 1 to 720"),
        ({"smtp": {"host": ""}}, "needs host"),
        ({"smtp": {**SMTP, "security": "none", "password": "x"}}, "in the open"),
        ({"smtp": "mail.firm.example"}, "must be a section"),
        ({"inbound": {"port": 1}}, "not a key"),
        ({"inbound": {"listen_port": 70_000}}, "from 0 to 65535"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_write(written: dict, why: str) -> None:
    with pytest.raises(SettingsInvalid, match=why) as refusal:
        read_mail(written, "firm.toml")

    assert "firm.toml" in str(refusal.value)
