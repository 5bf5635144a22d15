"""The door of the client portal over HTTP: links, guesses, staff, documents."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from portal.client_portal import ClientPortal
from portal.documents.invoice_pdfs import InvoicePdfs
from portal.domain.payers import PayerInvoice
from portal.domain.permissions import Principal
from portal.services import link_tokens
from portal.services.enter_client_portal import CLOSED
from portal.services.find_quick_link import CLOSED as QUICK_CLOSED
from portal.services.make_quick_link import MakeQuickLink, make_quick_link, quick_token
from portal.services.mint_pay_link import MintPayLink, mint_pay_link
from portal.services.revoke_quick_link import RevokeQuickLink, revoke_quick_link
from portal.services.tickets import SESSION_COOKIE, hash_of, new_secret
from portal.settings import Settings, read_settings
from portal.store import Store
from portal.web.routes import routes_of
from tests.access_fixture import NOON, HandClock, a_session, a_user
from tests.payer_fixture import ADMIN, SmallDirectory
from tests.services.store_fixture import store

__all__ = ["store"]
HERE = "http://127.0.0.1:8501"
INVOICE = PayerInvoice(
    invoice_id="7",
    client_id="10",
    invoice_number="1001",
    invoice_date=NOON.date(),
    due_date=None,
    currency="USD",
    amount_cents=100,
    open_cents=100,
)


class NoClients:
    """No command of these routes asks for a client."""


@dataclass
class DoorPortal:
    """What the routes of the client portal need."""

    settings: Settings
    store: Store
    now: HandClock = field(default_factory=HandClock)
    people: dict[str, Principal] = field(default_factory=dict)

    @cached_property
    def client_portal(self) -> ClientPortal:
        directory = SmallDirectory(
            invoices={"7": INVOICE, "8": PayerInvoice(**{**vars(INVOICE), "client_id": "20"})}
        )
        return ClientPortal(
            self.settings, self.store, directory, self.now, self.people.get, NoClients()
        )

    def has_invoice_pdf(self, invoice_id: str) -> bool:
        return True


@pytest.fixture
def portal(store: Store, tmp_path: Path) -> DoorPortal:
    written = {"firm": {"name": "Bell <b>& Söhne", "public_url": HERE}}
    settings = read_settings(written, home=tmp_path, path=tmp_path / "firm.toml", environ={})
    for invoice_id in ("7", "8"):
        InvoicePdfs(settings.documents_path).keep(invoice_id, b"%PDF-1.7\n%%EOF\n")
    return DoorPortal(settings, store)


@pytest.fixture
def browser(portal: DoorPortal) -> TestClient:
    app = Starlette(routes=routes_of(("client",), lambda: portal))
    return TestClient(app, base_url=HERE, headers={"origin": HERE})


def link(portal: DoorPortal) -> str:
    face = portal.client_portal
    return mint_pay_link(
        MintPayLink(actor=ADMIN, client_id="10"),
        store=portal.store,
        clock=portal.now,
        tokens=face.links,
        directory=face.directory,
    )


def test_a_link_becomes_a_cookie_no_script_can_read(
    browser: TestClient, portal: DoorPortal
) -> None:
    answer = browser.post("/payer/enter", json={"token": link(portal)})

    assert answer.json() == {"go": "client-portal"}
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("payer_session=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert portal.client_portal.payer(hash_of(browser.cookies["payer_session"])) is not None


def test_opening_the_page_of_a_link_uses_nothing_up(
    browser: TestClient, portal: DoorPortal
) -> None:
    token = link(portal)
    for path in ("/client-portal/open", f"/client-portal/open?t={token}", "/pay/open"):
        page = browser.get(path)
        assert page.status_code == 200
        assert "set-cookie" not in page.headers
        assert "Bell &lt;b&gt;&amp; Söhne" in page.text
        assert token not in page.text
    with portal.store.reading() as view:
        assert view.pay_links.of_client("10")[0].uses == 0


@pytest.mark.catalogue(71)
@pytest.mark.parametrize(
    ("door", "answer"), [("/payer/enter", (401, CLOSED)), ("/payer/quick", (404, QUICK_CLOSED))]
)
def test_guessed_links_hit_nothing_and_are_stopped(
    browser: TestClient, portal: DoorPortal, door: str, answer: tuple[int, str]
) -> None:
    link(portal)
    texts: dict[tuple[int, str], int] = {}
    for _ in range(200):
        given = browser.post(door, json={"token": new_secret() + new_secret()[:22]})
        assert "set-cookie" not in given.headers
        told = (given.status_code, given.json()["error"])
        texts[told] = texts.get(told, 0) + 1

    assert texts.pop(answer) == 30
    assert [status for status, _ in texts] == [429]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_another_site_can_let_nobody_in(
    browser: TestClient, portal: DoorPortal, origin: str
) -> None:
    answer = browser.post("/payer/enter", json={"token": link(portal)}, headers={"origin": origin})

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_staff_are_handed_over_by_their_own_session_only(
    browser: TestClient, portal: DoorPortal
) -> None:
    a_user(portal.store)
    cookie, sid = a_session(portal.store, portal.now)
    assert browser.post("/payer/staff", json={"client_id": "10"}).status_code == 401

    portal.people[sid] = ADMIN
    browser.cookies.set(SESSION_COOKIE, cookie)
    assert browser.post("/payer/staff", json={"client_id": "99"}).status_code == 404
    token = browser.post("/payer/staff", json={"client_id": "10"}).json()["token"]
    assert browser.post("/payer/enter", json={"token": token}).status_code == 200
    assert browser.post("/payer/enter", json={"token": token}).status_code == 401


@pytest.mark.catalogue(69)
def test_a_payers_cookie_opens_nothing_of_the_staffs_and_the_other_way_round(
    browser: TestClient, portal: DoorPortal
) -> None:
    a_user(portal.store)
    cookie, sid = a_session(portal.store, portal.now)
    portal.people[sid] = ADMIN
    browser.post("/payer/enter", json={"token": link(portal)})
    payers = browser.cookies["payer_session"]
    browser.cookies.clear()

    browser.cookies.set(SESSION_COOKIE, payers)
    assert browser.post("/payer/staff", json={"client_id": "10"}).status_code == 401
    browser.cookies.clear()
    browser.cookies.set("payer_session", cookie)
    assert browser.get("/payer/invoice/7.pdf").status_code == 401


@pytest.mark.catalogue(70)
def test_an_invoice_of_another_client_is_answered_as_one_that_does_not_exist(
    browser: TestClient, portal: DoorPortal
) -> None:
    assert browser.get("/payer/invoice/7.pdf").status_code == 401
    browser.post("/payer/enter", json={"token": link(portal)})

    own = browser.get("/payer/invoice/7.pdf?download=1")
    assert own.content.startswith(b"%PDF")
    assert own.headers["content-disposition"] == 'attachment; filename="invoice-1001.pdf"'
    answers = {
        (answer.status_code, answer.text)
        for answer in (browser.get(f"/payer/invoice/{n}.pdf") for n in ("8", "99", "../7"))
    }
    assert len({status for status, _ in answers}) == 1
    assert all(status == 404 for status, _ in answers)


@pytest.mark.catalogue(65)
def test_the_papers_of_a_payer_open_in_no_other_browser(
    browser: TestClient, portal: DoorPortal
) -> None:
    browser.post("/payer/enter", json={"token": link(portal)})
    assert browser.get("/payer/invoice/7.pdf").status_code == 200
    browser.cookies.clear()

    for paper in ("/payer/invoice/7.pdf", "/payer/receipt/PI-0001-0001.pdf"):
        answer = browser.get(paper)
        assert answer.status_code == 401
        assert b"%PDF" not in answer.content


@pytest.mark.catalogue(67)
def test_a_quick_link_that_is_over_looks_like_one_that_never_was(
    browser: TestClient, portal: DoorPortal
) -> None:
    tokens = portal.client_portal.links

    def made(**more: object) -> tuple[str, str]:
        command = MakeQuickLink(actor=ADMIN, label="Retainer", **more)
        quick = make_quick_link(command, store=portal.store, clock=portal.now, tokens=tokens)
        return quick.link_id, quick_token(quick, tokens)

    revoked_id, revoked = made()
    _, expired = made(expires_at=NOON.replace(hour=17))
    used_id, used = made(most_uses=1)
    _, good = made(amount_cents=5_000)
    command = RevokeQuickLink(actor=ADMIN, link_id=revoked_id)
    revoke_quick_link(command, store=portal.store, clock=portal.now)
    with portal.store.unit_of_work() as uow:
        uow.quick_links.count_use(used_id)
        uow.commit()
    portal.now.pass_(hours=2)
    unknown = tokens.seal(link_tokens.QUICK_LINK, new_secret())

    answers = {
        (answer.status_code, answer.json()["error"])
        for answer in (
            browser.post("/payer/quick", json={"token": token})
            for token in (revoked, expired, used, unknown, "x")
        )
    }
    assert answers == {(404, QUICK_CLOSED)}
    assert browser.post("/payer/quick", json={"token": good}).json() == {"go": "pay"}
