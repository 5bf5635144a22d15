"""Payers, the clients they come for, and tokens: what tests of the client portal need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from portal.domain.payers import PastPayment, Payer, PayerClient, PayerInvoice
from portal.domain.permissions import Permission, Principal
from portal.services.enter_client_portal import EnterClientPortal, enter_client_portal
from portal.services.link_tokens import SealedTokens
from portal.services.payer_of_session import PayerOfSession, payer_of_session
from portal.services.set_payer_password import SetPayerPassword, set_payer_password
from portal.services.sign_up import SignUp, sign_up
from portal.services.start_payer_session import PayerSessionStarted
from portal.services.tickets import hash_of
from portal.store import Store
from portal.store.mail_tables import letters
from tests.access_fixture import HandClock, PlainPasswords

TOKENS = SealedTokens("the secret key of these tests")
HOME = "192.0.2.7"
STRONG = "a long walk by the sea"
ACME = PayerClient(
    client_id="10",
    client_number="C-10",
    client_name="Acme",
    partner_id="1",
    manager_id="2",
    responsible_name="Rita Staff",
    responsible_email="rita@firm.example",
)
BOLT = replace(ACME, client_id="20", client_number="C-20", client_name="Bolt", partner_id="9")
ADMIN = Principal("local:adm", "Adm", "adm@firm.example", permissions=frozenset(Permission))
OF_ACME = Principal(
    "local:own",
    "Own",
    "own@firm.example",
    permissions=frozenset(Permission) - {Permission.ALL_CLIENTS},
    staff_id="1",
)


@dataclass
class SmallDirectory:
    """Two clients and their invoices; counts how often a pair was looked up."""

    clients: Mapping[str, PayerClient] = field(default_factory=lambda: {"10": ACME, "20": BOLT})
    pairs: Mapping[tuple[str, str], str] = field(
        default_factory=lambda: {("C-10", "1001"): "10", ("C-20", "2001"): "20"}
    )
    contacts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    invoices: Mapping[str, PayerInvoice] = field(default_factory=dict)
    receipts: Sequence[PastPayment] = ()
    looked_up: int = 0

    def client(self, client_id: str) -> PayerClient | None:
        return self.clients.get(client_id)

    def invoice(self, invoice_id: str) -> PayerInvoice | None:
        return self.invoices.get(invoice_id)

    def credits(self, client_id: str) -> dict[str, int]:
        return {}

    def payments(self, client_id: str) -> list[PastPayment]:
        return list(self.receipts)

    def client_of_pair(self, client_number: str, invoice_number: str) -> str | None:
        self.looked_up += 1
        return self.pairs.get((client_number, invoice_number))

    def clients_of_contact(self, email: str) -> tuple[str, ...]:
        return self.contacts.get(email, ())


def url_of(token: str) -> str:
    """Where a token stands in a mail."""
    return f"https://ar.firm.example/client-portal/open#{token}"


def enter(
    store: Store,
    clock: HandClock,
    token: str,
    directory: SmallDirectory | None = None,
    earlier_cookie: str | None = None,
    tokens: SealedTokens = TOKENS,
) -> PayerSessionStarted:
    """Exchange a token for a session."""
    return enter_client_portal(
        EnterClientPortal(token=token, earlier_cookie=earlier_cookie, address=HOME),
        store=store,
        clock=clock,
        tokens=tokens,
        directory=directory or SmallDirectory(),
    )


def payer_of(
    store: Store,
    clock: HandClock,
    started: PayerSessionStarted,
    staff: Principal | None = None,
    directory: SmallDirectory | None = None,
) -> Payer | None:
    """Who a session belongs to now."""
    return payer_of_session(
        PayerOfSession(session_id=hash_of(started.cookie)),
        store=store,
        clock=clock,
        directory=directory or SmallDirectory(),
        staff=lambda session_id: staff,
    )


def sign_up_as(
    store: Store, clock: HandClock, email: str = "pia@client.example", payer: Payer | None = None
) -> None:
    """Ask for an account."""
    sign_up(
        SignUp(full_name="Pia Payer", email=email, address=HOME, payer=payer),
        store=store,
        clock=clock,
        tokens=TOKENS,
        url_of=url_of,
    )


def mailed_token(store: Store) -> str:
    """The token of the newest mail with a link of its own."""
    newest = select(letters.c.secret_link).order_by(letters.c.seq.desc()).limit(1)
    with store.reading() as view:
        return str(view._connection.execute(newest).scalar_one()).partition("#")[2]


def an_account(
    store: Store,
    clock: HandClock,
    email: str = "pia@client.example",
    directory: SmallDirectory | None = None,
    payer: Payer | None = None,
) -> PayerSessionStarted:
    """Sign up, follow the mail and choose the password STRONG."""
    sign_up_as(store, clock, email, payer)
    started = enter(store, clock, mailed_token(store), directory)
    choose_password(store, clock, started)
    return started


def choose_password(
    store: Store, clock: HandClock, started: PayerSessionStarted, password: str = STRONG
) -> None:
    """Choose a password in a visit that a mail of the account opened."""
    set_payer_password(
        SetPayerPassword(payer=payer_of(store, clock, started), new_password=password),
        store=store,
        clock=clock,
        passwords=PlainPasswords(),
    )
