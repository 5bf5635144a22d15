"""Two payers, staff and AutoPay at one invoice at the same moment: one payment."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.domain.applications import Line
from portal.domain.errors import PortalError
from portal.domain.payers import EntryKind, Payer
from portal.domain.payment_states import RESERVING
from portal.gateways.open_gateway import open_gateway
from portal.money_desk import MoneyDesk, payment_policy
from portal.services.gateway_states import MethodKind
from portal.services.money_actors import ByItself
from portal.services.money_records import PaymentMethod, Source
from portal.services.record_balances import RecordBalances, record_balances
from portal.services.take_payment import TakePayment
from portal.settings import read_settings
from portal.store import Store, open_store
from tests.access_fixture import NOON, HandClock
from tests.pages.payer_pages import BALANCES, Cards
from tests.payer_fixture import ADMIN

ROUNDS = 8


def a_firm(home: Path) -> tuple[Store, MoneyDesk]:
    """A firm with open invoices and a saved card of client 10."""
    settings = read_settings({}, home=home, path=home / "firm.toml", environ={})
    store, clock = open_store(settings.store_url, secret_key="test"), HandClock()
    gateway = open_gateway(
        settings.gateway,
        home=home,
        secret="s",
        public_url=settings.public_url,
        zone=settings.timezone,
        clock=clock,
    )
    record_balances(RecordBalances(version=1, balances=BALANCES), store=store, clock=clock)
    kept = gateway.keep_method(gateway.customer("10", "Acme", "a@x.example", key="c"), "visa")
    with store.unit_of_work() as uow:
        uow.methods.save(
            PaymentMethod(
                method_id="card",
                client_id="10",
                gateway=gateway.name,
                customer_ref=kept.customer_ref,
                gateway_ref=kept.ref,
                kind=MethodKind.CREDIT,
                brand="Visa",
                last4="4242",
                created_by="test",
                created_at=NOON,
            )
        )
        uow.commit()
    desk = MoneyDesk(
        store=store,
        gateway=gateway,
        directory=Cards(),
        now=clock,
        policy=payment_policy(settings),
    )
    return store, desk


def a_payer(name: str) -> Payer:
    return Payer(
        session_id=name,
        entry=EntryKind.ACCOUNT,
        client_ids=("10",),
        portal_user_id=name,
        email=f"{name}@client.example",
    )


def ways_to_pay(money: MoneyDesk) -> list[Callable[[], object]]:
    """The four who want to pay invoice 7 in full, one on the gateway's page."""
    askers = (
        (a_payer("ann"), Source.PORTAL, "card"),
        (a_payer("bob"), Source.PORTAL, None),
        (ADMIN, Source.STAFF, "card"),
        (ByItself("job:autopay"), Source.AUTOPAY, "card"),
    )

    def way(actor: object, source: Source, method_id: str | None) -> Callable[[], object]:
        return lambda: money.take_payment(
            TakePayment(
                actor=actor,
                request_id=f"request-of-{source}-{method_id}",
                source=source,
                client_id="10",
                lines=(Line(invoice_id="7", cents=50_000),),
                method_id=method_id,
                return_url="http://127.0.0.1:8501/client-portal",
                off_session=source is Source.AUTOPAY,
                payer_email="r@client.example",
            )
        )

    return [way(*asker) for asker in askers]


@pytest.mark.catalogue(20)
def test_whoever_comes_first_pays_and_the_others_are_told(
    tmp_path: Path, suite_line: Callable[[str], None]
) -> None:
    for turn in range(ROUNDS):
        store, money = a_firm(tmp_path / str(turn))
        told: list[PortalError] = []
        start = threading.Barrier(4)

        def run(pay: Callable[[], object], start=start, told=told) -> None:
            start.wait()
            try:
                pay()
            except PortalError as refusal:
                told.append(refusal)

        threads = [threading.Thread(target=run, args=(pay,)) for pay in ways_to_pay(money)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        with store.reading() as view:
            made = [one for one in view.payments.of_client("10") if one.state in RESERVING]
            assert view.balances.payable(["7"]) == {"7": 0}
        store.close()
        assert len(made) == 1
        assert len(told) == 3
        assert made[0].amount_cents == 50_000
        # The one whose way leads over the gateway's page has reserved and not been charged yet.
        is_on_page = made[0].page_ref is not None
        assert made[0].captured_cents == (0 if is_on_page else 50_000)
    suite_line(f"race: {ROUNDS} runs, 0 violations; 4 payers, one payment each")
