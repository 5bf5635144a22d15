"""The sandbox's webhooks, and every way in which they go wrong."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from portal.gateways.sandbox.lossy_post import COPIES, LossyPost, PostFault
from portal.gateways.sandbox.post import SIGNATURE, Letter
from portal.services.gateway import GatewayEvent, WebhookRefused
from portal.services.gateway_states import EventKind
from tests.adapters.gateway_benches import SandboxBench

REFUSED = (PostFault.FORGED, PostFault.STALE, PostFault.OTHER_ACCOUNT)


@pytest.fixture
def bench(tmp_path: Path):
    bench = SandboxBench(tmp_path)
    yield bench
    bench.close()


class Receiver:
    """Reads webhooks as the portal does: what is about which payment, each event once."""

    def __init__(self, bench: SandboxBench) -> None:
        self.bench = bench
        self.seen: dict[str, GatewayEvent] = {}
        self.known: dict[str, tuple] = {}

    def receive(self, letter: Letter) -> None:
        event = self.bench.gateway.read_event(letter.headers, letter.body, self.bench.time)
        if event.event_id in self.seen:
            return
        self.seen[event.event_id] = event
        if event.payment_ref:
            told = self.bench.gateway.read_payment(event.payment_ref)
            self.known[told.ref] = (told.state, told.captured_cents, told.refunded_cents)


def read(bench: SandboxBench, letter: Letter) -> GatewayEvent:
    return bench.gateway.read_event(letter.headers, letter.body, bench.time)


def test_every_change_of_a_payment_is_told_once(bench):
    paid = bench.paid()
    bench.gateway.refund(paid.ref, 1_000, bench.our_id(), key=bench.key())

    events = [read(bench, letter) for letter in bench.gateway.post.letters()]

    about = [(event.kind, event.payment_ref) for event in events if event.payment_ref]
    assert about == [(EventKind.PAYMENT, paid.ref), (EventKind.REFUND, paid.ref)]
    assert len({event.event_id for event in events}) == len(events)


def test_what_was_taken_is_not_sent_again_and_what_was_refused_is(bench):
    bench.paid()
    arrived = []

    def refuse(headers: object, body: bytes) -> None:
        raise ConnectionError

    assert bench.gateway.post.deliver(refuse) == 0
    assert bench.gateway.post.deliver(lambda headers, body: arrived.append(body)) == 0
    bench.move(minutes=2)
    assert bench.gateway.post.deliver(lambda headers, body: arrived.append(body)) == len(arrived)
    assert bench.gateway.post.deliver(lambda headers, body: arrived.append(body)) == 0
    assert len(arrived) == 2  # of the method and of the payment


def test_nobody_is_told_for_longer_than_three_days(bench):
    bench.paid()
    tries = []
    for _ in range(200):
        for letter in bench.gateway.post.letters():
            tries.append(letter)
            bench.gateway.post.failed(letter)
        bench.move(hours=1)

    assert 10 <= len(tries) / 2 <= 20
    assert bench.gateway.post.letters() == []


@pytest.mark.catalogue(26)
def test_an_event_told_ten_times_is_one_event(bench):
    bench.paid()
    receiver = Receiver(bench)

    letters = LossyPost(bench.gateway.post).take(PostFault.DUPLICATED)
    for letter in letters:
        receiver.receive(letter)

    assert len(letters) == len(receiver.seen) * COPIES


@pytest.mark.catalogue(27)
@pytest.mark.parametrize("seed", range(12))
def test_whatever_order_events_come_in_the_payment_is_read_as_it_is(bench, seed):
    paid = bench.paid()
    bench.gateway.refund(paid.ref, 12_345, bench.our_id(), key=bench.key())
    receiver = Receiver(bench)

    for letter in LossyPost(bench.gateway.post, seed=seed).take(PostFault.REORDERED):
        receiver.receive(letter)

    now = bench.gateway.read_payment(paid.ref)
    assert receiver.known[paid.ref] == (now.state, 12_345, 12_345)


def test_lost_events_are_missed_and_reading_finds_what_they_would_have_said(bench):
    paid = [bench.paid() for _ in range(6)]
    receiver = Receiver(bench)

    arrived = LossyPost(bench.gateway.post).take(PostFault.LOST)
    for letter in arrived:
        receiver.receive(letter)

    assert 0 < len(receiver.known) < len(paid)
    assert all(bench.gateway.read_payment(each.ref).captured_cents == 12_345 for each in paid)


def test_an_event_three_days_late_is_taken_because_it_is_signed_when_it_is_sent(bench):
    paid = bench.paid()
    bench.move(days=3)

    letters = LossyPost(bench.gateway.post).take(PostFault.DELAYED)
    events = [read(bench, letter) for letter in letters]

    assert events[-1].payment_ref == paid.ref
    assert bench.time - events[-1].at >= timedelta(days=3)


@pytest.mark.catalogue(28)
@pytest.mark.parametrize("fault", REFUSED)
def test_a_forged_a_stale_and_a_strangers_event_are_refused(bench, fault):
    bench.paid()

    for letter in LossyPost(bench.gateway.post).take(fault):
        with pytest.raises(WebhookRefused):
            read(bench, letter)


@pytest.mark.catalogue(28)
@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_the_signature_holds_for_five_minutes_either_way(bench, seconds):
    bench.paid()
    letter = bench.gateway.post.letters()[0]

    assert read(bench, letter)
    bench.move(seconds=seconds)
    with pytest.raises(WebhookRefused, match="too long ago"):
        read(bench, letter)


@pytest.mark.catalogue(28)
@pytest.mark.parametrize(
    "header",
    ["", "t=", "t=1,v1=", "v1=abc", "t=abc,v1=abc", "t=1" * 99, "t=1,v1=\u00e9", "t=-1,v1=a", "x"],
)
def test_a_signature_that_is_none_is_refused(bench, header):
    bench.paid()
    letter = bench.gateway.post.letters()[0]

    with pytest.raises(WebhookRefused):
        bench.gateway.read_event({SIGNATURE: header}, letter.body, bench.time)
    with pytest.raises(WebhookRefused):
        bench.gateway.read_event({}, letter.body, bench.time)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b"{}", b'{"account": 1}'])
def test_a_signed_body_that_is_no_event_is_refused(bench, body):
    with pytest.raises(WebhookRefused):
        bench.gateway.read_event(bench.gateway.post.sign(body), body, bench.time)


def test_an_event_of_an_unknown_type_is_taken_and_means_nothing(bench):
    bench.paid()

    for letter in LossyPost(bench.gateway.post).take(PostFault.UNKNOWN_TYPE):
        assert read(bench, letter).kind is EventKind.OTHER


@pytest.mark.catalogue(29)
def test_an_event_of_an_unknown_payment_names_a_payment_that_cannot_be_read(bench):
    bench.paid()
    said = json.loads(bench.gateway.post.letters()[-1].body) | {"payment": "pay_nobody"}
    body = json.dumps(said).encode()

    event = bench.gateway.read_event(bench.gateway.post.sign(body), body, bench.time)

    assert event.payment_ref == "pay_nobody"
    with pytest.raises(Exception, match="does not know this payment"):
        bench.gateway.read_payment(event.payment_ref)


@pytest.mark.catalogue(30)
@pytest.mark.parametrize("livemode", [True, None, "false", 0])
def test_an_event_of_live_mode_is_refused(bench, livemode):
    bench.paid()
    said = json.loads(bench.gateway.post.letters()[0].body) | {"livemode": livemode}
    body = json.dumps(said).encode()

    with pytest.raises(WebhookRefused, match="live mode"):
        bench.gateway.read_event(bench.gateway.post.sign(body), body, bench.time)


def test_headers_are_found_however_they_are_written(bench):
    bench.paid()
    letter = bench.gateway.post.letters()[0]
    headers = {name.title(): value for name, value in letter.headers.items()}

    assert bench.gateway.read_event(headers, letter.body, bench.time).event_id


def test_the_eight_faults_of_the_post_are_all_played(suite_line):
    assert len(PostFault) == 8
    suite_line("gateway webhooks: 8 kinds of faults on the sandbox")
