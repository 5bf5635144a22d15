"""Mail leaves once, in order, whatever the mail server does; a real one on loopback takes part."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.mail.folder import FolderCarrier
from portal.mail.smtp import SmtpCarrier
from portal.services.mail_ports import Happening, LetterEvent, LetterState
from portal.store import Store, open_store
from tests.adapters.mail_server import (
    PASSWORD,
    USER,
    Sink,
    certificate,
    free_port,
    server_at,
    smtp_server,
)
from tests.adapters.store_backends import copy_of_tables
from tests.mail_fixture import TestClock, a_delivery, a_letter, put


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    copy_of_tables(tmp_path / "store.sqlite")
    opened = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}", secret_key="test")
    yield opened
    opened.close()


def state_of(store: Store, letter_id: str) -> LetterState:
    with store.reading() as view:
        return view.outbox.find(letter_id).state


def test_a_letter_arrives_at_a_real_server_with_everything_it_says(store, tmp_path) -> None:
    sink = Sink()
    (letter_id,) = put(store, a_letter())

    with smtp_server(sink) as port:
        report = a_delivery(store, SmtpCarrier(server_at(port)), tmp_path, TestClock()).run()

    assert (report.sent, state_of(store, letter_id)) == (1, LetterState.SENT)
    (mail,) = sink.mails
    assert sink.ids == [letter_id]
    assert mail["From"] == '"Hartwell & Lowe, CPAs" <billing@pay.hartwell.example>'
    for part in ("plain", "html"):
        assert "$1,250.00" in mail.get_body((part,)).get_content()


def test_mail_is_sent_over_tls_to_a_server_that_wants_a_password(store, tmp_path) -> None:
    cert_file, key_file = certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cert_file, key_file)
    sink, clock = Sink(), TestClock()
    put(store, a_letter())

    with smtp_server(sink, tls=tls) as port:
        known = {"security": "starttls", "user": USER, "ca_file": cert_file}
        wrong = SmtpCarrier(server_at(port, **known, password="wrong"))
        assert "535" in a_delivery(store, wrong, tmp_path, clock).run().away
        stranger = SmtpCarrier(server_at(port, security="starttls", user=USER, password=PASSWORD))
        assert "certificate" in a_delivery(store, stranger, tmp_path, clock).run().away
        right = SmtpCarrier(server_at(port, **known, password=PASSWORD))
        assert a_delivery(store, right, tmp_path, clock).run().sent == 1

    assert len(sink.mails) == 1


def test_a_mail_server_that_is_down_for_a_day_loses_nothing_and_doubles_nothing(
    store, tmp_path
) -> None:
    port, sink, clock = free_port(), Sink(), TestClock()
    people = ("ann@client.example", "bob@client.example", "eve@client.example")
    ids = []
    for hour in range(24):
        ids += put(store, a_letter(f"k{hour}", people[hour % 3]), at=clock())
        assert a_delivery(store, SmtpCarrier(server_at(port)), tmp_path, clock).run().away
        clock.forward(hours=1)

    with smtp_server(sink, port=port):
        report = a_delivery(store, SmtpCarrier(server_at(port)), tmp_path, clock).run()
        again = a_delivery(store, SmtpCarrier(server_at(port)), tmp_path, clock).run()

    assert (report.sent, again.sent) == (24, 0)
    assert sorted(sink.ids) == sorted(ids)
    for person in range(3):
        arrived = [one for one, to in zip(sink.ids, sink.recipients, strict=True)
                   if to == [people[person]]]  # fmt: skip
        assert arrived == ids[person::3]


def test_an_address_refused_for_good_does_not_keep_the_mail_from_the_others(
    store, tmp_path
) -> None:
    sink = Sink(rcpt_answers={"eve@client.example": ["550 No such user"]})
    (letter_id,) = put(store, a_letter("k", "ann@client.example", "eve@client.example"))

    with smtp_server(sink) as port:
        a_delivery(store, SmtpCarrier(server_at(port)), tmp_path, TestClock()).run()

    assert sink.recipients == [["ann@client.example"]]
    with store.reading() as view:
        news = view.mail_news.of_letter(letter_id)
        assert [(one.event, one.address) for one in news] == [
            (LetterEvent.SENT, None),
            (LetterEvent.BOUNCED_HARD, "eve@client.example"),
        ]
        assert view.mail_news.hard_bounced(["eve@client.example"]) == {"eve@client.example"}
    assert state_of(store, letter_id) is LetterState.BOUNCED


def test_a_letter_to_nobody_but_refused_addresses_has_failed(store, tmp_path) -> None:
    sink = Sink(rcpt_answers={"ann@client.example": ["550 No such user"]})
    (letter_id,) = put(store, a_letter())

    with smtp_server(sink) as port:
        report = a_delivery(store, SmtpCarrier(server_at(port)), tmp_path, TestClock()).run()

    assert (report.failed, state_of(store, letter_id)) == (1, LetterState.FAILED)


def test_a_server_that_asks_for_patience_gets_the_letter_later_and_in_order(
    store, tmp_path
) -> None:
    sink, clock = Sink(rcpt_answers={"ann@client.example": ["451 Come back later"]}), TestClock()
    first, second = put(store, a_letter("k1"), a_letter("k2"))

    with smtp_server(sink) as port:
        delivery = a_delivery(store, SmtpCarrier(server_at(port)), tmp_path, clock)
        assert (delivery.run().later, delivery.run().sent) == (1, 0)
        clock.forward(minutes=1)
        assert delivery.run().sent == 2

    assert sink.ids == [first, second]


def test_a_letter_is_given_up_after_the_hours_the_firm_says(store, tmp_path) -> None:
    sink, clock = Sink(data_answers=["451 Busy"] * 50), TestClock()
    (letter_id,) = put(store, a_letter())

    with smtp_server(sink) as port:
        delivery = a_delivery(store, SmtpCarrier(server_at(port)), tmp_path, clock, retry_hours=10)
        while state_of(store, letter_id) is LetterState.QUEUED:
            delivery.run()
            clock.forward(minutes=30)

    with store.reading() as view:
        kept = view.outbox.find(letter_id)
    assert kept.state is LetterState.FAILED
    assert "451 Busy" in kept.reason
    assert kept.tries == 7


def test_a_connection_lost_at_the_end_leaves_the_letter_unsure_and_it_is_not_doubled(
    store, tmp_path
) -> None:
    sink, clock = Sink(hangs_up_after_data=1), TestClock()
    (letter_id,) = put(store, a_letter())

    with smtp_server(sink) as port:
        delivery = a_delivery(store, SmtpCarrier(server_at(port)), tmp_path, clock)
        assert delivery.run().unsure == 1
        clock.forward(days=3)
        assert delivery.run().sent == 0

    assert (len(sink.mails), state_of(store, letter_id)) == (1, LetterState.UNSURE)


def test_a_button_gets_one_link_however_often_the_mail_is_tried(store, tmp_path) -> None:
    sink, clock = Sink(data_answers=["451 Busy"]), TestClock()
    put(store, a_letter(pay_scope=()))

    with smtp_server(sink) as port:
        delivery = a_delivery(store, SmtpCarrier(server_at(port)), tmp_path, clock)
        delivery.run()
        clock.forward(minutes=1)
        delivery.run()

    assert len(delivery.composer.pay_links.minted) == 1
    assert "t=secret1" in sink.mails[0].get_body(("plain",)).get_content()


def test_no_copy_of_an_accounts_link_stays_behind(store, tmp_path) -> None:
    sink = Sink()
    secret = "https://pay.hartwell.example/client-portal?c=topsecret"
    (letter_id,) = put(store, a_letter("kept", secret_link=secret))

    with smtp_server(sink) as port:
        delivery = a_delivery(store, SmtpCarrier(server_at(port)), tmp_path, TestClock())
        delivery.run()

    assert secret in sink.mails[0].get_body(("plain",)).get_content()
    assert delivery.kept.read(letter_id) is None
    store.close()
    left = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"kept" in left
    assert b"topsecret" not in left


def test_a_link_that_leads_elsewhere_is_never_sent(store, tmp_path) -> None:
    elsewhere = (
        "https://evil.example/x",
        "http://pay.hartwell.example/x",
        "https://pay.hartwell.example.evil.example/",
        "https://pay.hartwell.example@evil.example/",
        "javascript:alert(1)",
        "https://pay.hartwell.example/\" onclick=\"x",
    )  # fmt: skip
    ids = put(store, *(a_letter(f"k{n}", secret_link=one) for n, one in enumerate(elsewhere)))

    report = a_delivery(store, FolderCarrier(tmp_path / "outbox"), tmp_path, TestClock()).run()

    assert (report.sent, report.failed) == (0, len(elsewhere))
    assert {state_of(store, one) for one in ids} == {LetterState.FAILED}


def test_a_letter_that_cannot_be_written_out_does_not_keep_the_others_back(store, tmp_path) -> None:
    broken = a_letter("k1", facts={"client_name": "Ann", "amount_cents": "much"})

    put(store, broken, a_letter("k2"))
    report = a_delivery(store, FolderCarrier(tmp_path / "outbox"), tmp_path, TestClock()).run()

    assert (report.failed, report.sent) == (1, 1)


def test_mail_into_a_folder_is_one_file_a_letter(store, tmp_path) -> None:
    put(store, a_letter("k1"), a_letter("k2"))
    delivery = a_delivery(store, FolderCarrier(tmp_path / "outbox"), tmp_path, TestClock())

    assert (delivery.run().sent, delivery.run().sent) == (2, 0)
    files = sorted((tmp_path / "outbox").iterdir())
    assert len(files) == 2
    assert all(file.suffix == ".eml" for file in files)


def test_a_report_that_comes_later_settles_an_unsure_letter(store, tmp_path) -> None:
    sink = Sink(hangs_up_after_data=1)
    (letter_id,) = put(store, a_letter())
    with smtp_server(sink) as port:
        a_delivery(store, SmtpCarrier(server_at(port)), tmp_path, TestClock()).run()
    assert state_of(store, letter_id) is LetterState.UNSURE

    with store.unit_of_work() as uow:
        uow.mail_news.note(
            Happening(
                letter_id=letter_id,
                event=LetterEvent.DELIVERED,
                at=TestClock()(),
                address="ann@client.example",
            )
        )
        uow.commit()

    assert state_of(store, letter_id) is LetterState.DELIVERED
