"""Single sign-on from end to end: a real browser, the real server, an identity provider here."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, Page, expect

from portal.store import open_store
from tests.screens.running_portal import PATIENCE_MS, running_portal

pytestmark = pytest.mark.screens


def person(subject: str, name: str, email: str, *groups: str) -> User:
    claims = {"name": name, "email": f"{email}@hartwell.example"}
    return User(sub=subject, claims={**claims, **({"groups": list(groups)} if groups else {})})


PEOPLE = (
    person("u1", "Uma Users", "uma", "users"),
    person("a1", "Ada Admins", "ada", "admins", "staff"),
    person("n1", "Nils Nowhere", "nils", "cooks"),
    person("g1", "Gus Groupless", "gus"),
    person("t1", "Tom Taker", "ada", "users"),
)


@dataclass
class Firm:
    """The served firm."""

    url: str
    home: Path

    def end_all_sessions_of(self, subject: str) -> None:
        """As an administrator's terminal would, beside the running server."""
        secret = (self.home / "secret_key").read_text().strip()
        store = open_store(f"sqlite:///{self.home / 'store.sqlite'}", secret_key=secret)
        with store.unit_of_work() as uow:
            for user in uow.users.everybody():
                if user.user_key.endswith(f"|{subject}"):
                    uow.sessions.revoke_all(user.user_key, datetime.now(UTC))
            uow.commit()
        store.close()


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    home = tmp_path_factory.mktemp("oidc")
    with run_server_in_thread(user_claims=PEOPLE) as provider:
        issuer = f"http://127.0.0.1:{provider.server_port}"
        access = (
            'sign_in = ["oidc"]\n'
            "[access.oidc]\n"
            'client_id = "firm-portal"\nclient_secret = "a secret of this test"\n'
            f'server_metadata_url = "{issuer}/.well-known/openid-configuration"'
        )
        with running_portal(home, access=access) as url:
            yield Firm(url, home)


@contextlib.contextmanager
def new_page(browser: Browser) -> Iterator[Page]:
    """A browser nobody has come in with."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    yield page
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with new_page(browser) as page:
        yield page


@pytest.fixture(scope="module")
def uma(browser: Browser, firm: Firm) -> Iterator[Page]:
    """A member of "users" who has come in, asking for a page of managers."""
    with new_page(browser) as page:
        sign_in(page, f"{firm.url}/trends", "u1")
        expect(page.get_by_text("Uma Users", exact=True)).to_be_visible()
        yield page


@pytest.fixture(scope="module")
def ada(browser: Browser, firm: Firm) -> Iterator[Page]:
    """A member of "admins" who has come in, asking for a month's trends."""
    with new_page(browser) as page:
        sign_in(page, f"{firm.url}/trends?from=2026-01", "a1")
        expect(page.get_by_text("Ada Admins", exact=True)).to_be_visible()
        yield page


def sign_in(page: Page, address: str, subject: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Continue with single sign-on").click()
    page.get_by_role("button", name=subject, exact=True).click()


def cookie_of(page: Page) -> dict | None:
    kept = [cookie for cookie in page.context.cookies() if cookie["name"] == "portal_session"]
    return kept[0] if kept else None


def test_a_member_of_users_comes_in_with_what_users_may_see(uma: Page) -> None:
    cookie = cookie_of(uma)
    assert cookie is not None
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    expect(uma.get_by_text("do not have the permission for this page")).to_be_visible()


def test_a_member_of_admins_comes_in_as_admin_at_the_address_that_was_asked_for(ada: Page) -> None:
    expect(ada.get_by_text("Admin", exact=True)).to_be_visible()

    ada.wait_for_url("**/trends*")


@pytest.mark.parametrize(
    ("subject", "reason"),
    [("n1", "None of your groups has access"), ("g1", "did not say which groups")],
)
@pytest.mark.catalogue(55)
def test_without_a_known_group_nobody_comes_in(
    page: Page, firm: Firm, subject: str, reason: str
) -> None:
    sign_in(page, firm.url, subject)

    expect(page.get_by_text(reason)).to_be_visible()
    assert cookie_of(page) is None


@pytest.mark.catalogue(56)
def test_an_email_taken_from_a_colleague_opens_nothing(page: Page, ada: Page, firm: Firm) -> None:
    expect(ada.get_by_text("Ada Admins", exact=True)).to_be_visible()

    sign_in(page, firm.url, "t1")

    expect(page.get_by_text("belongs to another person")).to_be_visible()
    assert cookie_of(page) is None


def test_signing_out_ends_the_session_here_and_at_the_provider(page: Page, firm: Firm) -> None:
    sign_in(page, f"{firm.url}/data", "u1")
    expect(page.get_by_text("Uma Users", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/oauth2/end_session*")

    page.goto(firm.url)

    expect(page.get_by_role("button", name="Continue with single sign-on")).to_be_visible()
    assert cookie_of(page) is None


def test_an_old_sign_on_does_not_come_back_after_the_session_is_over(uma: Page, firm: Firm) -> None:
    firm.end_all_sessions_of("u1")
    uma.reload()

    # The provider's 30-day cookie is still there; it was worth one session and that is over.
    assert any(cookie["name"] == "_streamlit_user" for cookie in uma.context.cookies())
    expect(uma.get_by_text("Your session has ended")).to_be_visible()
    expect(uma.get_by_text("Uma Users", exact=True)).not_to_be_visible()
