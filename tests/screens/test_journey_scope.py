"""Through single sign-on: what members of "users" and "admins" may do, and that a partner sees
their own clients alone, in lists, totals, charts, search and exports."""

import csv
import io
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Page, expect

from tests.screens.going import go
from tests.screens.running_portal import PATIENCE_MS, running_portal
from tests.screens.test_grid import frame_of
from tests.screens.test_journey_lists import count_of, download

pytestmark = pytest.mark.screens

PARTNER = "partner@hartwell.example"


def person(subject: str, name: str, email: str, *groups: str) -> User:
    return User(sub=subject, claims={"name": name, "email": email, "groups": list(groups)})


PEOPLE = (
    person("u1", "Uma Users", "uma@hartwell.example", "users"),
    person("a1", "Ada Admins", "ada@hartwell.example", "admins"),
    person("p1", "Paula Partner", PARTNER, "partners"),
)


@dataclass
class Firm:
    """The served firm, and what its practice management system says of one partner's clients."""

    url: str
    own: set[str]
    everybody: set[str]
    left_out: set[str]


@pytest.fixture(scope="module")
def firm(tmp_path_factory) -> Iterator[Firm]:
    home = tmp_path_factory.mktemp("scope")
    with run_server_in_thread(user_claims=PEOPLE) as provider:
        issuer = f"http://127.0.0.1:{provider.server_port}"
        access = (
            'sign_in = ["oidc"]\n'
            "[access.oidc]\n"
            'client_id = "firm-portal"\nclient_secret = "a secret of this test"\n'
            f'server_metadata_url = "{issuer}/.well-known/openid-configuration"'
        )
        with running_portal(home, access=access) as url:
            yield Firm(url, *clients_of(home / "practice_cs.sqlite"))


def clients_of(database: Path) -> tuple[set[str], set[str], set[str]]:
    """Client numbers of the partner's book, of the whole firm, and of those nobody is shown."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as con:
        own = con.execute(
            "select distinct c.client_id from Client c "
            "join Client_Staff_Grouping g on g.client_KEY = c.client_KEY "
            "join Staff s on s.staff_KEY = g.staff_KEY "
            "where s.email = ? and g.staff_role in ('Partner', 'Manager') "
            "and g.date_effective = (select max(n.date_effective) from Client_Staff_Grouping n "
            "where n.client_KEY = g.client_KEY and n.staff_role = g.staff_role "
            "and n.date_effective <= date('now'))",
            [PARTNER],
        ).fetchall()
        everybody = con.execute("select client_id from Client").fetchall()
        left_out = con.execute(
            "select c.client_id from Client c join Client_Status s "
            "on s.client_status_KEY = c.client_status_KEY where s.description = 'Prospect'"
        ).fetchall()
    return tuple({row[0] for row in rows} for rows in (own, everybody, left_out))


@pytest.fixture
def page(browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    yield page
    context.close()


def sign_in(page: Page, address: str, subject: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Continue with single sign-on").click()
    page.get_by_role("button", name=subject, exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def menu_of(page: Page) -> set[str]:
    links = page.locator("[data-testid=stSidebarNavLink]")
    links.first.wait_for()
    return {text.strip().split("\n")[-1] for text in links.all_inner_texts()}


def test_a_member_of_users_sees_the_firm_but_may_neither_export_nor_see_trends(page, firm):
    sign_in(page, f"{firm.url}/clients", "u1")

    menu = menu_of(page)
    frame = frame_of(page)

    assert {"Home", "Clients", "Invoices"} <= menu
    assert not {"Trends", "Worklist", "AR aging"} & menu
    expect(frame.get_by_role("button", name="Export")).to_have_count(0)
    assert count_of(frame.locator(".fp-count").inner_text()) > len(firm.own)


def test_a_member_of_admins_sees_every_page_and_may_export(page, firm):
    sign_in(page, f"{firm.url}/clients", "a1")

    menu = menu_of(page)

    assert {"Home", "Clients", "Invoices", "Worklist", "AR aging", "Trends", "Data"} <= menu
    expect(frame_of(page).get_by_role("button", name="Export")).to_have_count(1)


def test_a_partner_sees_their_own_clients_alone_in_lists_totals_charts_search_and_exports(
    page, firm
):
    sign_in(page, f"{firm.url}/clients", "p1")
    frame = frame_of(page)
    listed = exported_clients(page, frame)
    owed = outstanding(page, frame)

    # The list and its export.
    assert listed
    assert listed <= firm.own
    assert firm.own - listed <= firm.left_out
    # Totals: the invoices they may see sum to what their clients owe, on the aging page too.
    go(page, "/invoices")
    assert outstanding(page, frame_of(page)) == owed
    go(page, "/aging")
    assert abs(outstanding(page, frame_of(page)) - owed) <= dated_ahead(page)
    # Charts: the bars of the home page are the same money.
    go(page, "/")
    assert abs(bars_of(page) - owed) <= dated_ahead(page)
    # Search: foreign clients' numbers find nothing, own ones do.
    lettered = sorted(n for n in firm.everybody - firm.own if n.isalnum() and not n.isdigit())
    for number in lettered[:5]:
        assert found(page, firm.url, number) == []
    assert found(page, firm.url, sorted(listed)[0]) != []
    # A foreign client's page is as if it did not exist.
    page.goto(f"{firm.url}/client?id=999999999")
    missing = page.get_by_text("no such", exact=False).first
    expect(missing).to_be_visible()


def exported_clients(page: Page, frame) -> set[str]:
    rows = list(csv.reader(io.StringIO(download(page, frame, "CSV").decode("utf-8-sig"))))
    place = rows[0].index("Client number")
    return {row[place].removeprefix("'") for row in rows[1:]}


def found(page: Page, url: str, text: str) -> list:
    answer = page.request.get(f"{url}/api/search", params={"q": text})
    assert answer.ok
    body = answer.json()
    return [*body["clients"], *body["invoices"]]


def bars_of(page: Page) -> int:
    """The sum of all bars of the chart of the receivable by age, in cents."""
    card = page.locator("[data-testid=stPlotlyChart]").first
    card.locator(".js-plotly-plot").wait_for()
    heights = page.evaluate(
        "Array.from(document.querySelectorAll('.js-plotly-plot')).map(p => "
        "p.data.filter(t => t.type === 'bar').map(t => Array.from(t.y)))"
    )
    return sum(sum(bar) for bar in heights[0])


def outstanding(page: Page, frame) -> int:
    """The sum of the list's outstanding column, in cents, from its export."""
    rows = list(csv.reader(io.StringIO(download(page, frame, "CSV").decode("utf-8-sig"))))
    place = next(i for i, label in enumerate(rows[0]) if "outstanding" in label.lower())
    return sum(round(float(row[place] or 0) * 100) for row in rows[1:])


def amount_of(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def dated_ahead(page: Page) -> int:
    """What the aging page says is dated after the day and so not counted, in cents."""
    told = page.get_by_text(re.compile(r"dated after"))
    return (
        amount_of(re.search(r"\$[\d,.]+", told.first.inner_text()).group()) if (told.count()) else 0
    )
