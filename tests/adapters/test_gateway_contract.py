"""One contract for every gateway: the sandbox, and the Stripe adapter in front of a stand-in."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.gateways.sandbox.faults import FAULTS, FaultKind
from portal.services.gateway import GatewayBusy, GatewayUnsure
from portal.services.gateway_states import GatewayState
from tests.adapters.gateway_benches import SandboxBench, StripeBench
from tests.adapters.gateway_contract import CASES, NOT_ON_LOCALSTRIPE
from tests.adapters.localstripe_server import StripeStandIn

ON_STRIPE = [name for name in CASES if name not in NOT_ON_LOCALSTRIPE]
CALLS = ("customer", "start_payment", "confirm_payment", "refund", "void_payment")


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StripeStandIn]:
    server = StripeStandIn()
    yield server
    server.stop()


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[SandboxBench]:
    bench = SandboxBench(tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def stripe(stand_in: StripeStandIn) -> Iterator[StripeBench]:
    bench = StripeBench(stand_in)
    yield bench
    bench.close()


@pytest.fixture(params=["sandbox", "stripe"])
def bench(request: pytest.FixtureRequest) -> SandboxBench | StripeBench:
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("name", CASES)
def test_the_sandbox_keeps_the_contract(sandbox: SandboxBench, name: str) -> None:
    CASES[name](sandbox)


@pytest.mark.parametrize("name", ON_STRIPE)
def test_the_stripe_adapter_keeps_the_contract(stripe: StripeBench, name: str) -> None:
    CASES[name](stripe)


@pytest.mark.catalogue(23)
@pytest.mark.parametrize(
    ("kind", "call"),
    list(itertools.product(FaultKind, CALLS)),
    ids=lambda value: value if isinstance(value, str) else value.value,
)
def test_whatever_breaks_a_repeated_call_has_one_effect(bench, kind: FaultKind, call: str) -> None:
    order = bench.order()
    started = bench.gateway.start_payment(order, key=bench.key())
    if call == "refund":
        bench.gateway.confirm_payment(started.ref, key=bench.key())
    key, our_id = bench.key(), bench.our_id()
    asks = {
        "customer": lambda gateway: gateway.customer("7", "Acme", "a@client.test", key=key),
        "start_payment": lambda gateway: gateway.start_payment(order, key=key).ref,
        "confirm_payment": lambda gateway: gateway.confirm_payment(started.ref, key=key).state,
        "refund": lambda gateway: gateway.refund(started.ref, 1_000, our_id, key=key).ref,
        "void_payment": lambda gateway: gateway.void_payment(started.ref, key=key).state,
    }

    told = failure_of(asks[call], bench.broken(kind))
    bench.forget_faults()
    first, second = asks[call](bench.gateway), asks[call](bench.gateway)

    assert told is FAULTS[kind].error
    assert first == second
    was_charged = call in ("confirm_payment", "refund")
    assert bench.charges(order.our_id, order.customer_ref) == was_charged
    refunds = bench.gateway.read_refunds(started.ref)
    assert [each.amount_cents for each in refunds] == ([1_000] if call == "refund" else [])


def failure_of(ask: Callable, gateway: object) -> type | None:
    try:
        ask(gateway)
    except (GatewayBusy, GatewayUnsure) as problem:
        return type(problem)
    return None


def test_stripe_gets_our_key_with_every_change_and_the_same_one_at_every_try(stripe) -> None:
    order = stripe.order()
    started = stripe.gateway.start_payment(order, key="start-1")
    stripe.server.proxy.faults.extend(["error_before", "dropped_after"])

    paid = stripe.gateway.confirm_payment(started.ref, key="confirm-1")

    assert paid.state is GatewayState.SUCCEEDED
    assert [each.key for each in stripe.asked("/confirm")] == ["confirm-1"] * 3
    changes = [each for each in stripe.server.proxy.log if each.method == "POST"]
    assert all(each.key for each in changes)
    assert stripe.charges(order.our_id, order.customer_ref) == 1


def test_stripe_is_told_whether_the_payer_is_there_and_where_they_come_back_to(stripe) -> None:
    absent = stripe.paid(off_session=True)
    there = stripe.paid(return_url="http://127.0.0.1:8501/back")

    first, second = (each.fields for each in stripe.asked("/confirm"))
    assert absent.state is there.state is GatewayState.SUCCEEDED
    assert first["off_session"] == "true"
    assert second["off_session"] == "false"
    assert second["return_url"] == "http://127.0.0.1:8501/back"


def test_starting_a_payment_at_stripe_never_confirms_it(stripe) -> None:
    stripe.start()

    (asked,) = stripe.asked("/v1/payment_intents")
    assert "confirm" not in asked.fields
    assert "off_session" not in asked.fields


@pytest.mark.catalogue(47)
def test_no_card_number_is_ever_sent_to_stripe(stripe) -> None:
    stripe.paid(description="Invoice 10023")
    stripe.gateway.customer("9", "Acme", "a@client.test", key=stripe.key())

    names = {name for each in stripe.server.proxy.log for name in each.fields}
    assert not any(
        "card" in name or "number" in name for name in names - {"payment_method_types[0]"}
    )


def test_the_cases_the_stand_in_cannot_play_are_written_down(suite_line) -> None:
    assert set(NOT_ON_LOCALSTRIPE) <= set(CASES)
    assert all(NOT_ON_LOCALSTRIPE.values())
    faults = len(FaultKind) * len(CALLS)
    suite_line(
        f"gateway contract: {len(CASES) + faults} cases on sandbox, {len(ON_STRIPE) + faults} on "
        f"stripe, {len(NOT_ON_LOCALSTRIPE)} not possible on localstripe"
    )
    reasons = Counter(NOT_ON_LOCALSTRIPE.values()).most_common()
    listed = "; ".join(f"{why} ({count})" for why, count in reasons)
    suite_line(f"gateway contract, why not on localstripe: {listed}")
