"""The outbox keeps each letter once, in order, and never loses one; on SQLite and PostgreSQL."""

from datetime import timedelta

from portal.services.mail_ports import (
    Attachment,
    DocumentKind,
    DocumentState,
    Happening,
    LetterEvent,
    LetterState,
    ReceivedDocument,
    Recipient,
    RecipientRole,
)
from portal.store import Store
from tests.adapters.store_backends import cluster, store, store_url
from tests.mail_fixture import MORNING, a_letter

__all__ = ["cluster", "store", "store_url"]

SOON = MORNING + timedelta(minutes=5)


def put(store: Store, *letters: object) -> list[str]:
    with store.unit_of_work() as uow:
        ids = [uow.outbox.add(letter, at=MORNING) for letter in letters]
        uow.commit()
    return ids


def claimed(store: Store, worker: str = "w1", now=MORNING) -> list[str]:
    with store.unit_of_work() as uow:
        found = uow.sending.claim(worker=worker, now=now, until=now + timedelta(minutes=5))
        uow.commit()
    return [one.letter.dedupe_key for one in found]


def sent(store: Store, letter_id: str, worker: str = "w1") -> None:
    with store.unit_of_work() as uow:
        assert uow.sending.hand_over(letter_id, worker=worker, now=MORNING, until=SOON)
        uow.sending.record_sent(letter_id, at=MORNING)
        uow.commit()


def letter_of(store: Store, letter_id: str):
    with store.reading() as view:
        found = view.outbox.find(letter_id)
    assert found is not None
    return found


def test_a_letter_comes_back_as_it_was_put_in(store: Store) -> None:
    letter = a_letter(
        attachments=(Attachment(kind=DocumentKind.INVOICE, key="7", file_name="a.pdf"),),
        pay_scope=("7",),
        secret_link="https://firm.example/x",
        recipients=(
            Recipient(address="ann@client.example", name="Ann Ünal"),
            Recipient(address="bob@firm.example", role=RecipientRole.BCC),
        ),
    )

    (letter_id,) = put(store, letter)

    kept = letter_of(store, letter_id)
    assert kept.letter == letter
    assert kept.state is LetterState.QUEUED


def test_a_second_letter_about_the_same_thing_is_not_kept(store: Store) -> None:
    ids = put(store, a_letter("k"), a_letter("k", "eve@client.example"))

    assert ids[0] == ids[1]
    people = letter_of(store, ids[0]).letter.recipients
    assert [one.address for one in people] == ["ann@client.example"]


def test_somebody_named_in_two_roles_gets_one_copy(store: Store) -> None:
    recipients = (
        Recipient(address="Ann@client.example", role=RecipientRole.CC),
        Recipient(address="ann@Client.example"),
    )

    (letter_id,) = put(store, a_letter(recipients=recipients))

    people = letter_of(store, letter_id).letter.recipients
    assert [(one.address, one.role) for one in people] == [("ann@client.example", RecipientRole.TO)]


def test_a_bad_address_never_undoes_what_the_letter_tells_about(store: Store) -> None:
    bad = put(
        store,
        a_letter("k1", "a@b.example\r\nBcc: x@y.example"),
        a_letter("k2", "ann@client.example", "not an address"),
        a_letter("k3", recipients=()),
        a_letter("k4", *(f"a{n}@client.example" for n in range(51))),
    )

    states = [letter_of(store, letter_id).state for letter_id in bad]
    assert states == [
        LetterState.NO_RECIPIENT,
        LetterState.QUEUED,
        LetterState.NO_RECIPIENT,
        LetterState.FAILED,
    ]
    people = letter_of(store, bad[1]).letter.recipients
    assert [one.address for one in people] == ["ann@client.example"]


def test_a_later_letter_waits_for_the_earlier_one_to_the_same_person(store: Store) -> None:
    first, _, _ = put(
        store,
        a_letter("k1", "ann@client.example"),
        a_letter("k2", "eve@client.example", "ANN@client.example"),
        a_letter("k3", "bob@client.example"),
    )

    assert claimed(store) == ["k1", "k3"]
    with store.unit_of_work() as uow:
        uow.sending.try_later(first, reason="the server is away", now=MORNING, at=SOON)
        uow.commit()
    assert claimed(store) == []
    assert claimed(store, now=SOON) == ["k1", "k3"]
    sent(store, first)
    assert claimed(store, "w2", now=SOON) == ["k2"]


def test_a_worker_whose_claim_has_passed_to_another_may_not_send(store: Store) -> None:
    (letter_id,) = put(store, a_letter())
    claimed(store, "slow")
    claimed(store, "quick", now=SOON)

    with store.unit_of_work() as uow:
        may_slow = uow.sending.hand_over(letter_id, worker="slow", now=SOON, until=SOON)
        may_quick = uow.sending.hand_over(letter_id, worker="quick", now=SOON, until=SOON)
        uow.commit()

    assert (may_slow, may_quick) == (False, True)


def test_a_letter_that_was_leaving_is_found_and_not_claimed_again(store: Store) -> None:
    (letter_id,) = put(store, a_letter())
    claimed(store)
    with store.unit_of_work() as uow:
        uow.sending.hand_over(letter_id, worker="w1", now=MORNING, until=SOON)
        uow.commit()

    assert claimed(store, "w2", now=SOON + timedelta(days=1)) == []
    with store.reading() as view:
        silent = view.sending.handed_over_and_silent(SOON)
        assert [one.letter_id for one in silent] == [letter_id]
        assert view.sending.handed_over_and_silent(MORNING) == []


def test_the_secret_link_is_forgotten_when_the_letter_is_out(store: Store) -> None:
    (letter_id,) = put(store, a_letter(secret_link="https://firm.example/secret"))
    claimed(store)
    sent(store, letter_id)

    assert letter_of(store, letter_id).letter.secret_link is None


def test_a_letter_held_for_review_goes_when_a_person_lets_it(store: Store) -> None:
    kept, dropped = put(store, a_letter("k1", needs_review=True), a_letter("k2", needs_review=True))
    assert claimed(store) == []

    with store.unit_of_work() as uow:
        assert uow.outbox.release(kept, at=MORNING)
        assert uow.outbox.drop(dropped, at=MORNING)
        assert not uow.outbox.release(dropped, at=MORNING)
        uow.commit()

    assert claimed(store) == ["k1"]
    assert letter_of(store, dropped).state is LetterState.DROPPED


def test_a_bounce_marks_the_letter_and_the_person_it_names(store: Store) -> None:
    letter_id, other = put(
        store, a_letter("k1", "ann@client.example", "eve@client.example"), a_letter("k2")
    )
    claimed(store)
    sent(store, letter_id)
    bounce = Happening(
        letter_id=letter_id,
        event=LetterEvent.BOUNCED_HARD,
        at=SOON,
        address="EVE@client.example",
        detail="550 no such user",
    )

    with store.unit_of_work() as uow:
        uow.mail_news.note(bounce)
        uow.commit()

    with store.reading() as view:
        kept = view.outbox.find_by_message_id(f"<{letter_id}@firm.example>")
        assert (kept.state, kept.reason) == (LetterState.BOUNCED, "550 no such user")
        assert view.mail_news.of_letter(letter_id)[-1] == bounce
        assert view.mail_news.since(SOON, [LetterEvent.BOUNCED_HARD]) == [bounce]
        everybody = ["ann@client.example", "Eve@client.example"]
        assert view.mail_news.hard_bounced(everybody) == {"eve@client.example"}
        assert view.outbox.find(other).state is LetterState.QUEUED


def test_a_letter_is_delivered_when_everybodys_server_said_so(store: Store) -> None:
    (letter_id,) = put(store, a_letter("k", "ann@client.example", "eve@client.example"))
    claimed(store)
    sent(store, letter_id)

    states = []
    for address in ("ann@client.example", "eve@client.example"):
        with store.unit_of_work() as uow:
            uow.mail_news.note(
                Happening(
                    letter_id=letter_id, event=LetterEvent.DELIVERED, at=SOON, address=address
                )
            )
            uow.commit()
        states.append(letter_of(store, letter_id).state)

    assert states == [LetterState.SENT, LetterState.DELIVERED]


def a_document(document_id: str, **changes: object) -> ReceivedDocument:
    known = {
        "document_id": document_id,
        "source": "folder",
        "source_key": document_id,
        "file_name": "10042.pdf",
        "subject": "",
        "sender": "",
        "sha256": "0" * 64,
        "size": 10,
        "state": DocumentState.MATCHED,
        "received_at": MORNING,
        "invoice_id": "7",
        "invoice_number": "10042",
    }
    return ReceivedDocument(**{**known, **changes})


def test_the_newest_document_of_an_invoice_supersedes_the_older_ones(store: Store) -> None:
    with store.unit_of_work() as uow:
        assert uow.documents.add(a_document("d1"))
        assert uow.documents.add(a_document("d2", received_at=SOON))
        assert not uow.documents.add(a_document("d3", source_key="d2"))
        uow.commit()

    with store.reading() as view:
        states = {one.document_id: one.state for one in view.documents.of_invoice("7")}
        assert states == {"d2": DocumentState.MATCHED, "d1": DocumentState.SUPERSEDED}
        assert view.documents.has("folder", "d2")


def test_a_person_says_which_invoice_a_document_belongs_to(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.documents.add(a_document("d1"))
        lost = {"state": DocumentState.UNMATCHED, "invoice_id": None, "invoice_number": None}
        uow.documents.add(a_document("d2", **lost))
        uow.documents.decide(
            "d2",
            state=DocumentState.MATCHED,
            by="local:ann",
            invoice_id="7",
            invoice_number="10042",
        )
        uow.commit()

    with store.reading() as view:
        assert view.documents.unmatched() == []
        assert view.documents.find("d1").state is DocumentState.SUPERSEDED
        assert view.documents.find("d2").decided_by == "local:ann"
