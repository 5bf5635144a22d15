"""Every role against every list, every way of asking: only one's own rows, or a refusal."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from portal.domain.permissions import Permission
from portal.lists.registry import LISTS
from tests.web.list_portal import EVERYTHING, Browser, make_portal

OWNERS = {
    "10": ("1", "3"), "11": ("1", "4"), "12": ("2", "3"), "13": ("2", "4"), "14": ("1", None),
    "15": (None, "3"), "16": ("2", None), "17": ("2", "2"), "18": ("3", "1"),
}  # fmt: skip
"""Partner and manager of every client of the small firm."""
NEEDED = {
    "clients": "view_clients",
    "invoices": "view_invoices",
    "payments": "view_payments",
    "worklist": "view_collections",
    "aging": "view_collections",
}
VIEWS = {"view_clients", "view_invoices", "view_payments"}
OWN = VIEWS | {"view_collections", "export"}


@dataclass(frozen=True)
class Role:
    """A kind of person: what they may do, and which staff record is theirs."""

    name: str
    permissions: frozenset[str]
    staff_id: str | None = None
    is_signed_in: bool = True

    @property
    def clients(self) -> set[str]:
        """Whose rows they may see at all."""
        if "all_clients" in self.permissions:
            return set(OWNERS)
        return self.own_clients

    @property
    def own_clients(self) -> set[str]:
        """The clients where they are partner or manager."""
        own = (client for client, owners in OWNERS.items() if self.staff_id in owners)
        return set(own) if self.staff_id else set()


ROLES = (
    Role("administrator", frozenset(p.value for p in EVERYTHING), "1"),
    Role("partner", frozenset(OWN), "1"),
    Role("manager", frozenset(OWN), "3"),
    Role("collector", frozenset(OWN | {"all_clients"})),
    Role("user", frozenset(VIEWS | {"all_clients"})),
    Role("partner without clients", frozenset(OWN), "99"),
    Role("somebody unknown to the practice system", frozenset(OWN)),
    Role("somebody without permissions", frozenset()),
    Role("somebody signed out", frozenset(OWN | {"all_clients"}), "1", is_signed_in=False),
)


def ways_of_asking(definition) -> Iterator[dict]:
    """Parameters and other fields of a body, as a grid or a forger might send them."""
    base = {"group_by": "client"} if definition.name == "aging" else {}
    for book in (None, "mine", "all"):
        yield {"params": base | ({"book": book} if book else {})}
    for name in ("client_id", "partner_id", "manager_id"):
        if name in definition.params:
            ids = [*OWNERS, "999"] if name == "client_id" else ["1", "2", "3", "4", "999"]
            yield from ({"params": base | {name: value}} for value in ids)
    yield {"params": base, "search": "c"}
    yield {"params": base, "start_row": 3, "end_row": 9}
    money = next(column.id for column in definition.totals if column.id.endswith("_cents"))
    anything = {"filterType": "number", "type": "greaterThan", "filter": -(10**12)}
    yield {"params": base, "filter_model": {money: anything}}
    yield {"params": base, "sort_model": [{"colId": money, "sort": "desc"}]}


def owned(client: str, params: dict) -> bool:
    partner, manager = OWNERS[client]
    wanted = ((partner, "partner_id"), (manager, "manager_id"), (client, "client_id"))
    return all(params.get(name) in (None, value) for value, name in wanted)


def expected_status(role: Role, name: str, params: dict) -> int:
    if not role.is_signed_in:
        return 401
    if NEEDED[name] not in role.permissions:
        return 403
    if "all_clients" in role.permissions:
        return 200
    names_somebody = any(params.get(p) for p in ("client_id", "partner_id", "manager_id"))
    if params.get("book") == "all":
        return 403
    if names_somebody and not any(owned(client, params) for client in role.clients):
        return 403
    return 200


def expected_rows(role: Role, everything: list[dict], body: dict) -> set[str]:
    """The rows of the whole firm that are this person's and fit what was asked."""
    params = body["params"]
    clients = role.own_clients if params.get("book") == "mine" else role.clients
    return {
        row["id"] for row in everything if row["client"] in clients and owned(row["client"], params)
    }


def seen(definition, answer) -> list[dict]:
    client = "group_key" if definition.name == "aging" else "client_id"
    return [{"id": row[definition.row_id], "client": row[client]} for row in answer.json()["rows"]]


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    made = make_portal(tmp_path_factory.mktemp("home"))
    yield made
    made.close()


def enter(portal, role: Role) -> Browser:
    held = frozenset(Permission(name) for name in role.permissions)
    browser = Browser(portal, held, staff_id=role.staff_id)
    if not role.is_signed_in:
        browser.sign_out()
    return browser


def wrong_rows(definition, role, browser, everything) -> Iterator[str | None]:
    """One entry for each request: what is wrong with its answer, or None."""
    for body in ways_of_asking(definition):
        answer = browser.rows(definition.name, **body)
        said = f"{role.name}, {definition.name}, {body}: {answer.status_code}"
        if answer.status_code != expected_status(role, definition.name, body["params"]):
            yield f"{said}, {answer.text[:80]}"
            continue
        if answer.status_code != 200:
            yield None if set(answer.json()) == {"error"} else said
            continue
        found, mine = seen(definition, answer), expected_rows(role, everything, body)
        is_part = "search" in body or "start_row" in body
        fits = {row["id"] for row in found} <= mine
        fits &= answer.json()["last_row"] <= len(mine) if is_part else len(found) == len(mine)
        yield None if fits else said


def wrong_elsewhere(definition, role, browser, names) -> Iterator[str | None]:
    """Exports, offered values, kept views, and the token of another list."""
    name = definition.name
    may = expected_status(role, name, {})
    columns = ["group_name" if name == "aging" else "client_name"]
    ordered = browser.ask("/api/export", {"list": name, "format": "csv", "columns": columns})
    allowed = 403 if may == 200 and "export" not in role.permissions else may
    yield None if ordered.status_code == allowed else f"{role.name}, export of {name}"
    if ordered.status_code == 200 and name != "aging":
        file = browser.http.get(f"/api/export/{ordered.json()['ticket']}").content
        lines = list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))
        told = {line[0].removeprefix("'") for line in lines[1:]}
        fits = told <= {names[client] for client in role.clients}
        yield None if fits else f"{role.name}, rows of the export of {name}"
    offered = browser.ask("/api/values", {"list": name, "column": "currency", "params": {}})
    yield None if offered.status_code == may else f"{role.name}, values of {name}"
    if offered.status_code == 200 and not role.clients:
        yield None if offered.json() == {"values": []} else f"{role.name}, values of {name}"
    for other in sorted(set(NEEDED) - {name}):
        answer = browser.rows(name, token=browser.token(other))
        status = 401 if not role.is_signed_in else 403
        yield None if answer.status_code == status else f"{role.name}, {other}'s token for {name}"


@pytest.mark.catalogue(57)
def test_no_role_gets_a_row_a_total_or_a_file_beyond_its_rights(portal, suite_line):
    admin = enter(portal, ROLES[0])
    answered = []
    lists = [LISTS[name] for name in NEEDED]
    clients = admin.rows("clients").json()["rows"]
    names = {row["client_id"]: row["client_name"] for row in clients}
    assert set(names) == set(OWNERS)
    for definition in lists:
        params = {"group_by": "client"} if definition.name == "aging" else {}
        everything = seen(definition, admin.rows(definition.name, params=params))
        for role in ROLES:
            browser = enter(portal, role)
            answered += wrong_rows(definition, role, browser, everything)
            answered += wrong_elsewhere(definition, role, browser, names)
    wrong = [found for found in answered if found]

    suite_line(
        f"matrix: {len(answered)} requests over {len(lists)} lists and {len(ROLES)} roles, "
        f"{len(wrong)} wrong"
    )
    assert wrong == []
    assert len(answered) > 1_000
