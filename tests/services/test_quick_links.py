"""Quick payment links: made by staff, paid by strangers, counted, and over when they are over."""

from pathlib import Path

import pytest

from portal.domain.applications import Line
from portal.domain.errors import Denied, Invalid, NotFound
from portal.domain.permissions import Principal
from portal.gateways.open_gateway import open_gateway
from portal.money_desk import MoneyDesk, payment_policy
from portal.services.apply_unapplied import ApplyUnapplied
from portal.services.associate_payment import AssociatePayment
from portal.services.find_quick_link import find_quick_link
from portal.services.finish_hosted_payment import FinishHostedPayment
from portal.services.make_quick_link import MakeQuickLink, make_quick_link, quick_token
from portal.services.money_actors import ByItself
from portal.services.money_records import Source
from portal.services.payer_ports import QuickLink
from portal.services.quick_link_uses import check_quick_link, count_quick_use
from portal.services.record_balances import RecordBalances, record_balances
from portal.services.revoke_quick_link import RevokeQuickLink, revoke_quick_link
from portal.services.take_payment import Taken, TakePayment
from portal.settings import read_settings
from portal.store import Store
from tests.access_fixture import NOON, HandClock
from tests.pages.payer_pages import BALANCES, Cards
from tests.payer_fixture import ADMIN, TOKENS
from tests.services.store_fixture import store

__all__ = ["store"]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def money(store: Store, clock: HandClock, tmp_path: Path) -> MoneyDesk:
    settings = read_settings({}, home=tmp_path, path=tmp_path / "firm.toml", environ={})
    gateway = open_gateway(
        settings.gateway,
        home=tmp_path,
        secret="s",
        public_url=settings.public_url,
        zone=settings.timezone,
        clock=clock,
    )
    return MoneyDesk(
        store=store,
        gateway=gateway,
        directory=Cards(),
        now=clock,
        policy=payment_policy(settings),
        watchers=(count_quick_use,),
    )


def make(store: Store, clock: HandClock, **more: object) -> QuickLink:
    command = MakeQuickLink(**{"actor": ADMIN, "label": "Retainer", **more})
    return make_quick_link(command, store=store, clock=clock, tokens=TOKENS)


def pay(money: MoneyDesk, clock: HandClock, link_id: str, request_id: str) -> Taken:
    return money.take_payment(
        TakePayment(
            actor=ByItself(f"quick_link:{link_id}"),
            request_id=request_id,
            source=Source.QUICK_LINK,
            client_id=None,
            lines=(Line(invoice_id=None, cents=5_000),),
            return_url="http://127.0.0.1:8501/pay",
            payer_name="Zed",
            payer_email="z@zed.example",
            quick_link_id=link_id,
        ),
        guard=lambda uow: check_quick_link(uow, link_id, clock()),
    )


def test_a_link_is_found_by_its_token_and_made_again_from_what_is_kept(
    store: Store, clock: HandClock
) -> None:
    link = make(store, clock, amount_cents=5_000)
    token = quick_token(link, TOKENS)

    found = find_quick_link(token, store=store, clock=clock, tokens=TOKENS)
    assert found == link
    assert token not in str(vars(link))


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": "  "},
        {"label": "x" * 201},
        {"description": "card 4242 4242 4242 4242"},
        {"amount_cents": 0},
        {"amount_cents": -5},
        {"expires_at": NOON},
        {"most_uses": 0},
        {"email": "a@b.example\r\nBcc: c@d.example"},
    ],
)
def test_a_link_that_makes_no_sense_is_refused(
    store: Store, clock: HandClock, wrong: dict[str, object]
) -> None:
    with pytest.raises(Invalid):
        make(store, clock, **wrong)


def test_only_those_with_the_permission_make_and_revoke(store: Store, clock: HandClock) -> None:
    nobody = Principal("local:n", "N", "n@firm.example")
    with pytest.raises(Denied):
        make(store, clock, actor=nobody)
    link = make(store, clock)
    with pytest.raises(Denied):
        revoke_quick_link(
            RevokeQuickLink(actor=nobody, link_id=link.link_id), store=store, clock=clock
        )
    with pytest.raises(Denied):
        make_quick_link(
            MakeQuickLink(actor=ADMIN, label="x"),
            store=store,
            clock=clock,
            tokens=TOKENS,
            is_enabled=False,
        )


def test_a_link_for_one_is_not_begun_by_two_at_once(
    store: Store, clock: HandClock, money: MoneyDesk
) -> None:
    link = make(store, clock, most_uses=1)
    pay(money, clock, link.link_id, "request-1")

    with pytest.raises(NotFound, match="does not work any more"):
        pay(money, clock, link.link_id, "request-2")
    again = pay(money, clock, link.link_id, "request-1")
    assert again.page_url


@pytest.mark.catalogue(67)
def test_after_revoking_nobody_pays_by_it(store: Store, clock: HandClock, money: MoneyDesk) -> None:
    link = make(store, clock)
    revoke_quick_link(RevokeQuickLink(actor=ADMIN, link_id=link.link_id), store=store, clock=clock)

    with pytest.raises(NotFound, match="does not work any more"):
        pay(money, clock, link.link_id, "request-1")
    with store.reading() as view:
        assert view.audit.rows(limit=1)[0].action == "quick_link.revoked"


def test_what_a_stranger_paid_is_counted_once_and_becomes_an_invoices(
    store: Store, clock: HandClock, money: MoneyDesk
) -> None:
    record_balances(RecordBalances(version=1, balances=BALANCES), store=store, clock=clock)
    link = make(store, clock)
    begun = pay(money, clock, link.link_id, "request-1").payment
    with store.reading() as view:
        page_ref = view.payments.find(begun.payment_id).page_ref
    seen = money.gateway.view_page(page_ref)
    money.gateway.choose(page_ref, seen.version, "visa")
    actor = ByItself("quick_link:page")
    for _ in range(3):
        paid = money.finish_page(FinishHostedPayment(actor=actor, page_ref=page_ref))
    with store.reading() as view:
        assert view.quick_links.find(link.link_id).uses == 1
        (item,) = view.payments.unapplied()
    assert paid.client_id is None

    money.associate_payment(
        AssociatePayment(actor=ADMIN, payment_id=paid.payment_id, client_id="10")
    )
    line = Line(invoice_id="7", cents=5_000)
    money.apply_unapplied(ApplyUnapplied(actor=ADMIN, item_id=item.item_id, lines=(line,)))
    with store.reading() as view:
        assert view.balances.payable(["7"]) == {"7": 45_000}
        assert view.payments.unapplied() == []
