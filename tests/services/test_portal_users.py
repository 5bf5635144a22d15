"""Accounts of the client portal: signing up and in, passwords, and the clients linked."""

from dataclasses import replace

import pytest

from portal.domain.errors import Denied, Invalid, NotFound, SignInRefused
from portal.domain.payers import EntryKind, Payer
from portal.services.add_client_oneself import AddClientOneself, add_client_oneself
from portal.services.ask_new_password import AskNewPassword, ask_new_password
from portal.services.choose_receipts import ChooseReceipts, choose_receipts
from portal.services.enter_client_portal import CLOSED
from portal.services.link_portal_user import LinkPortalUser, link_portal_user
from portal.services.mint_pay_link import MintPayLink, mint_pay_link
from portal.services.passwords import Passwords
from portal.services.set_payer_password import SetPayerPassword, set_payer_password
from portal.services.sign_in_payer import WRONG, SignInPayer, sign_in_payer
from portal.services.unlink_portal_user import UnlinkPortalUser, unlink_portal_user
from portal.store import Store
from tests.access_fixture import HandClock, PlainPasswords
from tests.payer_fixture import (
    ADMIN,
    HOME,
    OF_ACME,
    STRONG,
    TOKENS,
    SmallDirectory,
    an_account,
    choose_password,
    enter,
    mailed_token,
    payer_of,
    sign_up_as,
    url_of,
)
from tests.services.store_fixture import store

__all__ = ["store"]
PIA = "pia@client.example"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def sign_in(
    store: Store, clock: HandClock, password: str = STRONG, email: str = PIA, address: str = HOME
) -> str:
    return sign_in_payer(
        SignInPayer(email=email, password=password, address=address),
        store=store,
        clock=clock,
        passwords=PlainPasswords(),
        tokens=TOKENS,
    )


def add(store: Store, clock: HandClock, payer: object, client: str, invoice: str) -> str:
    return add_client_oneself(
        AddClientOneself(payer=payer, client_number=client, invoice_number=invoice, address=HOME),
        store=store,
        clock=clock,
        directory=SmallDirectory(),
    )


def test_who_confirms_the_address_sees_every_client_it_is_a_contact_of(
    store: Store, clock: HandClock
) -> None:
    directory = SmallDirectory(contacts={PIA: ("10", "20")})
    payer = payer_of(store, clock, an_account(store, clock, directory=directory))

    assert payer is not None
    assert payer.client_ids == ("10", "20")
    assert payer.keeps_things


def test_nobody_is_in_before_the_address_is_confirmed(store: Store, clock: HandClock) -> None:
    sign_up_as(store, clock)

    with pytest.raises(SignInRefused, match="not been confirmed"):
        sign_in(store, clock)
    choose_password(store, clock, enter(store, clock, mailed_token(store)))
    assert enter(store, clock, sign_in(store, clock))


def test_who_signed_an_address_up_first_has_no_way_into_its_owners_account(
    store: Store, clock: HandClock
) -> None:
    sign_up_as(store, clock)
    strangers_visit = mailed_token(store)
    sign_up_as(store, clock)
    owner = enter(store, clock, mailed_token(store))

    assert owner.goes_to == "payer-password"
    with pytest.raises(SignInRefused):
        sign_in(store, clock)
    with pytest.raises(SignInRefused):
        enter(store, clock, strangers_visit)
    choose_password(store, clock, owner, "what only the owner knows")
    assert sign_in(store, clock, "what only the owner knows")


def test_without_a_chosen_password_none_is_right(clock: HandClock) -> None:
    passwords = Passwords(rounds=4)
    for guess in ("", "a password nobody has", "None"):
        assert not passwords.matches(guess, None)


def test_who_signs_up_out_of_a_mail_keeps_the_client_of_that_mail(
    store: Store, clock: HandClock
) -> None:
    token = mint_pay_link(
        MintPayLink(actor=ADMIN, client_id="20"),
        store=store,
        clock=clock,
        tokens=TOKENS,
        directory=SmallDirectory(),
    )
    visitor = payer_of(store, clock, enter(store, clock, token))
    payer = payer_of(store, clock, an_account(store, clock, payer=visitor))

    assert payer is not None
    assert payer.client_ids == ("20",)


def test_a_confirming_mail_signs_in_once(store: Store, clock: HandClock) -> None:
    sign_up_as(store, clock)
    token = mailed_token(store)
    enter(store, clock, token)

    with pytest.raises(SignInRefused, match="does not work any more"):
        enter(store, clock, token)


def test_signing_up_twice_tells_nothing_and_takes_no_account_over(
    store: Store, clock: HandClock
) -> None:
    an_account(store, clock)
    sign_up_as(store, clock)

    started = enter(store, clock, mailed_token(store))
    assert started.goes_to == "payer-password"
    with store.reading() as view:
        assert len(view.portal_users.everybody()) == 1


@pytest.mark.parametrize(
    ("email", "password"),
    [(PIA, "short"), (PIA, "aaaaaaaaaaaaaaaa"), (PIA, PIA), (PIA, "x" * 1_001)],
)
def test_a_weak_password_is_refused(
    store: Store, clock: HandClock, email: str, password: str
) -> None:
    payer = payer_of(store, clock, an_account(store, clock))
    with pytest.raises(Invalid):
        set_payer_password(
            SetPayerPassword(payer=payer, new_password=password, old_password=STRONG),
            store=store,
            clock=clock,
            passwords=PlainPasswords(),
        )


@pytest.mark.catalogue(63)
def test_the_sixth_wrong_password_locks_and_an_unknown_address_is_answered_alike(
    store: Store, clock: HandClock
) -> None:
    an_account(store, clock)
    for email in (PIA, "nobody@client.example"):
        for _ in range(5):
            with pytest.raises(SignInRefused) as refused:
                sign_in(store, clock, "wrong", email)
            assert str(refused.value) == WRONG
        with pytest.raises(SignInRefused, match="Too many"):
            sign_in(store, clock, STRONG, email)
    clock.pass_(minutes=15)
    assert sign_in(store, clock)


@pytest.mark.catalogue(64)
def test_a_password_of_five_thousand_characters_costs_no_hash(
    store: Store, clock: HandClock
) -> None:
    passwords = PlainPasswords()
    with pytest.raises(SignInRefused):
        sign_in_payer(
            SignInPayer(email=PIA, password="x" * 5_000, address=HOME),
            store=store,
            clock=clock,
            passwords=passwords,
            tokens=TOKENS,
        )
    assert passwords.compared == []


def test_a_new_password_ends_every_other_visit_and_the_mail_that_allowed_it(
    store: Store, clock: HandClock
) -> None:
    elsewhere = an_account(store, clock)
    ask_new_password(
        AskNewPassword(email=PIA, address=HOME),
        store=store,
        clock=clock,
        tokens=TOKENS,
        url_of=url_of,
    )
    token = mailed_token(store)
    here = enter(store, clock, token)
    payer = payer_of(store, clock, here)
    set_payer_password(
        SetPayerPassword(payer=payer, new_password="another good one"),
        store=store,
        clock=clock,
        passwords=PlainPasswords(),
    )

    assert payer_of(store, clock, elsewhere) is None
    again = payer_of(store, clock, here)
    assert again is not None
    assert not again.may_set_password
    with pytest.raises(SignInRefused) as refused:
        enter(store, clock, token)
    assert str(refused.value) == CLOSED
    assert sign_in(store, clock, "another good one")


def test_without_the_mail_the_old_password_is_asked(store: Store, clock: HandClock) -> None:
    payer = payer_of(store, clock, an_account(store, clock))
    with pytest.raises(Denied):
        set_payer_password(
            SetPayerPassword(payer=payer, new_password="another good one", old_password="guess"),
            store=store,
            clock=clock,
            passwords=PlainPasswords(),
        )


def test_receipts_go_also_to_whom_the_payer_chose(store: Store, clock: HandClock) -> None:
    started = an_account(store, clock)
    payer = payer_of(store, clock, started)

    def choose(*emails: str, who: Payer = payer) -> tuple[str, ...]:
        command = ChooseReceipts(payer=who, receipt_emails=emails)
        return choose_receipts(command, store=store, clock=clock)

    assert choose(" books@client.example", "", PIA, "books@client.example") == (
        "books@client.example",
    )
    assert payer_of(store, clock, started).receipt_emails == ("books@client.example",)
    with pytest.raises(Invalid):
        choose("no address")
    with pytest.raises(Invalid, match="10 addresses"):
        choose(*(f"n{number}@client.example" for number in range(10)))
    with pytest.raises(Denied):
        choose("b@client.example", who=replace(payer, entry=EntryKind.LINK))
    with store.reading() as view:
        assert view.audit.rows(limit=1)[0].action == "portal_user.receipts_chosen"


def test_asking_for_a_mail_says_the_same_whoever_asks_and_not_too_often(
    store: Store, clock: HandClock
) -> None:
    for _ in range(3):
        ask_new_password(
            AskNewPassword(email="nobody@client.example", address=HOME),
            store=store,
            clock=clock,
            tokens=TOKENS,
            url_of=url_of,
        )
    with pytest.raises(SignInRefused):
        ask_new_password(
            AskNewPassword(email="nobody@client.example", address=HOME),
            store=store,
            clock=clock,
            tokens=TOKENS,
            url_of=url_of,
        )


@pytest.mark.catalogue(59)
def test_a_user_who_guesses_numbers_adds_nothing(store: Store, clock: HandClock) -> None:
    payer = payer_of(store, clock, an_account(store, clock))
    for n in range(5):
        with pytest.raises(SignInRefused, match="no invoice"):
            add(store, clock, payer, "C-20", str(n))
    with pytest.raises(SignInRefused, match="Too many"):
        add(store, clock, payer, "C-20", "2001")

    clock.pass_(minutes=15)
    assert add(store, clock, payer, "C-20", "2001") == "20"
    with store.reading() as view:
        assert view.audit.rows(limit=1)[0].action == "portal_user.linked"


@pytest.mark.catalogue(59)
def test_the_firm_links_and_de_links_and_it_is_audited(store: Store, clock: HandClock) -> None:
    started = an_account(store, clock)
    user_id = payer_of(store, clock, started).portal_user_id
    directory = SmallDirectory()

    def link(actor: object, client_id: str) -> bool:
        command = LinkPortalUser(actor=actor, portal_user_id=user_id, client_id=client_id)
        return link_portal_user(command, store=store, clock=clock, directory=directory)

    assert link(ADMIN, "20")
    assert not link(ADMIN, "20")
    assert payer_of(store, clock, started).client_ids == ("20",)
    with pytest.raises(NotFound):
        link(OF_ACME, "20")
    unlink_portal_user(
        UnlinkPortalUser(actor=ADMIN, portal_user_id=user_id, client_id="20"),
        store=store,
        clock=clock,
        directory=directory,
    )
    assert payer_of(store, clock, started).client_ids == ()
    with store.reading() as view:
        actions = [row.action for row in view.audit.rows(limit=2)]
    assert actions == ["portal_user.unlinked", "portal_user.linked"]
