"""Coming into the client portal: by a mail's link, as a guest, as staff; guesses and limits."""

import itertools
from dataclasses import replace

import pytest

from portal.domain.errors import Denied, NotFound, SignInRefused
from portal.domain.payers import EntryKind
from portal.domain.payment_states import PaymentState
from portal.domain.permissions import Principal
from portal.services import link_tokens
from portal.services.end_payer_session import EndPayerSession, end_payer_session
from portal.services.end_session import EndSession, end_session
from portal.services.enter_client_portal import CLOSED
from portal.services.live_pay_links import LivePayLink, live_pay_links
from portal.services.mail_ports import LetterEvent
from portal.services.mint_pay_link import MailedPayLinks, MintPayLink, mint_pay_link
from portal.services.open_as_guest import NO_PAIR, OpenAsGuest, open_as_guest
from portal.services.open_client_portal import OpenClientPortal, open_client_portal
from portal.services.payer_doors import TOO_MANY
from portal.services.payer_receipts import payment_for
from portal.services.revoke_pay_link import RevokePayLink, revoke_pay_link
from portal.services.tickets import hash_of, new_secret
from portal.services.unpaid_invoices import unpaid_invoices
from portal.store import Store
from tests.access_fixture import HandClock, a_session, a_user
from tests.adapters.money_rows import a_balance, a_payment, an_item
from tests.mail_fixture import a_letter, put
from tests.payer_fixture import (
    ADMIN,
    HOME,
    OF_ACME,
    TOKENS,
    SmallDirectory,
    enter,
    payer_of,
    url_of,
)
from tests.services.store_fixture import store

__all__ = ["store"]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def mint(store: Store, clock: HandClock, client_id: str = "10", **more: object) -> str:
    command = MintPayLink(actor=ADMIN, client_id=client_id, **more)
    return mint_pay_link(
        command, store=store, clock=clock, tokens=TOKENS, directory=SmallDirectory()
    )


def guest(
    store: Store,
    clock: HandClock,
    client: str = "C-10",
    invoice: str = "1001",
    address: str = HOME,
    directory: SmallDirectory | None = None,
) -> str:
    return open_as_guest(
        OpenAsGuest(client_number=client, invoice_number=invoice, address=address),
        store=store,
        clock=clock,
        tokens=TOKENS,
        directory=directory or SmallDirectory(),
    )


def refusal(store: Store, clock: HandClock, token: str) -> str:
    with pytest.raises(SignInRefused) as refused:
        enter(store, clock, token)
    return str(refused.value)


def test_the_link_of_a_mail_opens_one_client_with_its_invoices_chosen(
    store: Store, clock: HandClock
) -> None:
    started = enter(store, clock, mint(store, clock, invoice_ids=("7",), email="pia@x.example"))
    payer = payer_of(store, clock, started)

    assert payer is not None
    assert (payer.entry, payer.client_ids, payer.invoice_ids) == (EntryKind.LINK, ("10",), ("7",))
    assert payer.email == "pia@x.example"
    assert not payer.keeps_things
    with pytest.raises(NotFound):
        payer.reach("20")


def test_a_used_button_is_told_to_the_mail_it_stood_in(store: Store, clock: HandClock) -> None:
    (letter_id,) = put(store, a_letter(client_id="10", pay_scope=()), at=clock())
    links = MailedPayLinks(store, TOKENS, url_of=url_of, days=60)
    address = links.for_client("10", invoice_ids=(), letter_id=letter_id, now=clock())

    enter(store, clock, address.rpartition("#")[2])

    with store.reading() as view:
        news = view.mail_news.of_letter(letter_id)
    assert [one.event for one in news] == [LetterEvent.CLICKED]


def test_a_link_works_until_it_expires_because_mail_scanners_open_links_too(
    store: Store, clock: HandClock
) -> None:
    token = mint(store, clock, days=60)
    for _ in range(3):
        assert payer_of(store, clock, enter(store, clock, token)) is not None
    clock.pass_(days=60)

    assert refusal(store, clock, token) == CLOSED


def test_a_revoked_link_ends_the_visits_it_has_opened(store: Store, clock: HandClock) -> None:
    token = mint(store, clock)
    started = enter(store, clock, token)
    with store.reading() as view:
        link = view.pay_links.of_client("10")[0]
    command = RevokePayLink(actor=ADMIN, link_id=link.link_id)
    revoke_pay_link(command, store=store, clock=clock, directory=SmallDirectory())

    assert payer_of(store, clock, started) is None
    assert refusal(store, clock, token) == CLOSED


@pytest.mark.catalogue(67)
def test_unknown_damaged_used_expired_and_revoked_get_one_answer(
    store: Store, clock: HandClock
) -> None:
    a_user(store)
    _, sid = a_session(store, clock)
    used = open_client_portal(
        OpenClientPortal(actor=ADMIN, staff_session_id=sid, client_id="10"),
        store=store,
        clock=clock,
        tokens=TOKENS,
        directory=SmallDirectory(),
    )
    enter(store, clock, used)
    unknown = TOKENS.seal(link_tokens.PAY_LINK, new_secret())
    expired = mint(store, clock, days=1)
    clock.pass_(days=2)

    answers = {
        refusal(store, clock, token) for token in (unknown, used, expired, "x", "", "é" * 65)
    }

    assert answers == {CLOSED}


@pytest.mark.catalogue(71)
def test_ten_thousand_guessed_links_hit_nothing(store: Store, clock: HandClock) -> None:
    mint(store, clock)
    answers = {refusal(store, clock, new_secret() + new_secret()[:22]) for _ in range(10_000)}

    assert answers == {CLOSED}
    with store.reading() as view:
        assert view.pay_links.of_client("10")[0].uses == 0


@pytest.mark.catalogue(66)
def test_a_damaged_link_is_refused_without_looking_into_the_store(
    store: Store, clock: HandClock
) -> None:
    token = mint(store, clock)

    class NoStore:
        def unit_of_work(self) -> None:
            raise AssertionError("a damaged token reached the store")

        reading = unit_of_work

    damaged = [token[:n] + ("A" if token[n] != "A" else "B") + token[n + 1 :] for n in range(65)]
    for guess in [*damaged, token[:-1], token[1:], token + "A", token * 9]:
        assert refusal(NoStore(), clock, guess) == CLOSED  # type: ignore[arg-type]


@pytest.mark.catalogue(69)
def test_a_token_made_for_one_door_opens_no_other(store: Store, clock: HandClock) -> None:
    a_user(store)
    cookie, sid = a_session(store, clock)
    secret = new_secret()
    for purpose in ("staff", link_tokens.QUICK_LINK):
        assert refusal(store, clock, TOKENS.seal(purpose, secret)) == CLOSED
    started = enter(store, clock, mint(store, clock))

    with store.reading() as view:
        assert view.sessions.find(hash_of(started.cookie)) is None
        assert view.payer_sessions.find(sid) is None
        assert view.payer_sessions.find(hash_of(cookie)) is None


def test_composing_a_letter_again_gives_the_same_button(store: Store, clock: HandClock) -> None:
    links = MailedPayLinks(store, TOKENS, url_of=url_of, days=60)

    def button(letter_id: str) -> str:
        return links.for_client("10", invoice_ids=("7",), letter_id=letter_id, now=clock())

    assert button("a letter") == button("a letter") != button("another")
    payer = payer_of(store, clock, enter(store, clock, button("a letter").partition("#")[2]))
    assert payer is not None
    assert payer.client_ids == ("10",)


def test_the_links_that_work_are_listed_with_their_readers_until_they_are_revoked(
    store: Store, clock: HandClock
) -> None:
    mint(store, clock, days=1)
    clock.pass_(days=2)
    mint(store, clock)
    mint(store, clock, client_id="20")
    (letter_id,) = put(store, a_letter(client_id="10"))
    links = MailedPayLinks(store, TOKENS, url_of=url_of, days=60)
    clock.pass_(minutes=1)
    links.for_client("10", invoice_ids=(), letter_id=letter_id, now=clock())

    def live(actor: Principal = ADMIN) -> list[LivePayLink]:
        return live_pay_links(actor, "10", store=store, now=clock(), directory=SmallDirectory())

    mailed, made = live()
    assert len(mailed.mailed_to) == 1
    assert (made.mailed_to, made.link.created_by) == ((), ADMIN.user_key)
    command = RevokePayLink(actor=ADMIN, link_id=mailed.link.link_id)
    revoke_pay_link(command, store=store, clock=clock, directory=SmallDirectory())
    assert live() == [made]
    with pytest.raises(NotFound):
        live(replace(OF_ACME, staff_id="7"))
    with pytest.raises(Denied):
        live(replace(ADMIN, permissions=frozenset()))


def test_a_guest_comes_in_with_two_numbers_of_one_client(store: Store, clock: HandClock) -> None:
    payer = payer_of(store, clock, enter(store, clock, guest(store, clock, " C-10 ", "1001")))

    assert payer is not None
    assert (payer.entry, payer.client_ids) == (EntryKind.GUEST, ("10",))


def test_what_one_guest_paid_or_began_to_pay_is_no_other_guests(
    store: Store, clock: HandClock
) -> None:
    first, second = (
        payer_of(store, clock, enter(store, clock, guest(store, clock))) for _ in range(2)
    )
    with store.unit_of_work() as uow:
        uow.balances.replace_all([a_balance("7", client_id="10")], 1, clock())
        begun = a_payment(
            1, client_id="10", taken_by=first.actor, page_ref="page", state=PaymentState.CREATED
        )
        uow.payments.add(begun, [an_item(1, payment_id=begun.payment_id, invoice_id="7")])
        uow.commit()

    assert payment_for(first, begun.payment_id, store=store, shows_history=True) == begun
    with pytest.raises(NotFound):
        payment_for(second, begun.payment_id, store=store, shows_history=True)
    assert [one.is_busy for one in unpaid_invoices(first, "10", store=store)] == [False]
    assert [one.is_busy for one in unpaid_invoices(second, "10", store=store)] == [True]
    with store.reading() as view:
        entered = [row.actor for row in view.audit.rows() if row.action.endswith("entered")]
    assert {first.actor, second.actor} == set(entered)


@pytest.mark.parametrize(("client", "invoice"), [("C-10", "9"), ("X", "1001"), ("C-10", "2001")])
def test_a_wrong_pair_does_not_say_which_number_is_wrong(
    store: Store, clock: HandClock, client: str, invoice: str
) -> None:
    with pytest.raises(SignInRefused) as refused:
        guest(store, clock, client, invoice)
    assert str(refused.value) == NO_PAIR


@pytest.mark.catalogue(71)
def test_ten_thousand_guesses_of_pairs_are_stopped_and_hit_nothing(
    store: Store, clock: HandClock
) -> None:
    directory = SmallDirectory(pairs={("C-10", "99999"): "10"})
    told: dict[str, int] = {}
    for n, octet in zip(range(10_000), itertools.cycle(range(250)), strict=False):
        address = f"198.51.{n % 40}.{octet}"
        with pytest.raises(SignInRefused) as refused:
            guest(store, clock, f"C-{n % 500}", str(n), address, directory)
        told[str(refused.value)] = told.get(str(refused.value), 0) + 1

    assert directory.looked_up <= 300
    assert told == {NO_PAIR: directory.looked_up, TOO_MANY: 10_000 - directory.looked_up}


def test_after_a_quarter_of_an_hour_a_guest_may_try_again(store: Store, clock: HandClock) -> None:
    for _ in range(10):
        with pytest.raises(SignInRefused, match="no invoice"):
            guest(store, clock, "C-10", "wrong")
    with pytest.raises(SignInRefused, match="Too many"):
        guest(store, clock)
    clock.pass_(minutes=15)

    assert guest(store, clock)


@pytest.mark.catalogue(60)
def test_the_hand_over_of_staff_is_good_once_and_for_a_minute(
    store: Store, clock: HandClock
) -> None:
    a_user(store)
    _, sid = a_session(store, clock)

    def hand_over() -> str:
        return open_client_portal(
            OpenClientPortal(actor=OF_ACME, staff_session_id=sid, client_id="10"),
            store=store,
            clock=clock,
            tokens=TOKENS,
            directory=SmallDirectory(),
        )

    once, late = hand_over(), hand_over()
    started = enter(store, clock, once)
    assert refusal(store, clock, once) == CLOSED
    clock.pass_(seconds=61)
    assert refusal(store, clock, late) == CLOSED

    payer = payer_of(store, clock, started, staff=OF_ACME)
    assert payer is not None
    assert (payer.staff_key, payer.client_ids, payer.may_pay) == ("local:own", ("10",), True)
    with store.reading() as view:
        actions = [row.action for row in view.audit.rows()]
    assert actions.count("client_portal.opened_by_staff") == 2
    assert actions.count("client_portal.entered") == 1


def test_staff_open_only_clients_of_theirs(store: Store, clock: HandClock) -> None:
    def hand_over(actor: object, client_id: str) -> None:
        open_client_portal(
            OpenClientPortal(actor=actor, staff_session_id="s", client_id=client_id),
            store=store,
            clock=clock,
            tokens=TOKENS,
            directory=SmallDirectory(),
        )

    for client_id in ("20", "99"):
        with pytest.raises(NotFound, match="There is no such client"):
            hand_over(OF_ACME, client_id)
    with pytest.raises(Denied):
        hand_over(type(ADMIN)("local:u", "U", "u@firm.example"), "10")


def test_the_staff_view_ends_with_the_staff_session(store: Store, clock: HandClock) -> None:
    a_user(store)
    _, sid = a_session(store, clock)
    token = open_client_portal(
        OpenClientPortal(actor=ADMIN, staff_session_id=sid, client_id="10"),
        store=store,
        clock=clock,
        tokens=TOKENS,
        directory=SmallDirectory(),
    )
    started = enter(store, clock, token)
    end_session(EndSession(session_id=sid), store=store, clock=clock)

    assert payer_of(store, clock, started, staff=None) is None
    without = type(ADMIN)("local:adm", "Adm", "adm@firm.example")
    assert payer_of(store, clock, started, staff=without) is None


def test_a_visit_ends_when_nobody_is_there_and_when_left(store: Store, clock: HandClock) -> None:
    token = mint(store, clock)
    idle, left = enter(store, clock, token), enter(store, clock, token)
    end_payer_session(EndPayerSession(session_id=hash_of(left.cookie)), store=store, clock=clock)
    assert payer_of(store, clock, left) is None
    clock.pass_(minutes=29)
    assert payer_of(store, clock, idle) is not None
    clock.pass_(minutes=31)
    assert payer_of(store, clock, idle) is None


@pytest.mark.catalogue(62)
def test_the_cookie_a_browser_had_before_is_worthless_afterwards(
    store: Store, clock: HandClock
) -> None:
    token = mint(store, clock)
    planted = enter(store, clock, token)
    enter(store, clock, token, earlier_cookie=planted.cookie)

    assert payer_of(store, clock, planted) is None
