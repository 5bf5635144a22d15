"""A portal over the small firm, for the list routes: real warehouse and store, made-up people."""

import itertools
import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace

from starlette.applications import Starlette
from starlette.testclient import TestClient

from portal.correspondence_desk import CorrespondenceDesk
from portal.domain.permissions import Permission, Principal
from portal.services.tickets import hash_of
from portal.settings import Settings, read_settings
from portal.store import Store, open_store
from portal.warehouse.client_directory import WarehouseClients
from portal.warehouse.correspondence import WarehouseCorrespondence
from portal.warehouse.store_tables import lay_out
from portal.warehouse.warehouse import Warehouse
from portal.web.routes import routes
from portal.web.security import SESSION_COOKIE
from portal.web.tokens import TokenSigner
from tests.adapters.store_backends import copy_of_tables
from tests.made_once import copy_made_once
from tests.warehouse_fixture import fill_small

NOW = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)
EVERYTHING = frozenset(Permission)
OWN_CLIENTS = EVERYTHING - {Permission.ALL_CLIENTS}


class FixedVersions:
    """Versions that change when a test says so."""

    def __init__(self) -> None:
        self.version = 1
        self._changed = threading.Condition()

    def wait_for_version(self, after: int, timeout: float) -> int:
        """As the refresh does."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != after, timeout)
            return self.version

    def publish(self, version: int) -> None:
        """Say that there is a new version."""
        with self._changed:
            self.version = version
            self._changed.notify_all()

    def freshness(self) -> SimpleNamespace:
        """Always live."""
        return SimpleNamespace(version=self.version, data_as_of=NOW)


@dataclass
class ListPortal:
    """What the routes need; `people` maps a session id to whom it belongs."""

    settings: Settings
    warehouse: Warehouse
    store: Store
    refreshing: FixedVersions = field(default_factory=FixedVersions)
    tokens: TokenSigner = field(default_factory=lambda: TokenSigner("k" * 32))
    people: dict[str, Principal] = field(default_factory=dict)
    activity: list[bool] = field(default_factory=list)

    @cached_property
    def app(self) -> Starlette:
        """The server."""
        return Starlette(routes=routes(lambda: self))

    @cached_property
    def clients(self) -> WarehouseClients:
        """The clients the firm shows."""
        return WarehouseClients(self.warehouse)

    @cached_property
    def correspondence(self) -> CorrespondenceDesk:
        """The commands of mail and documents."""
        return CorrespondenceDesk(
            settings=self.settings,
            store=self.store,
            correspondence=WarehouseCorrespondence(self.warehouse),
            directory=self.clients,
            now=self.now,
        )

    def principal(self, session_id: str, *, is_activity: bool = True) -> Principal | None:
        """Whoever the session belongs to now."""
        self.activity.append(is_activity)
        return self.people.get(session_id)

    def today(self) -> date:
        """The firm's day."""
        return date(2026, 6, 30)

    def now(self) -> datetime:
        """The time."""
        return NOW

    def close(self) -> None:
        """Close both stores."""
        self.warehouse.close()
        self.store.close()


class Browser:
    """One signed-in browser of a person."""

    _cookies = itertools.count()

    def __init__(
        self,
        portal: ListPortal,
        permissions: frozenset[Permission] = EVERYTHING,
        staff_id: str | None = None,
    ) -> None:
        self.cookie = f"cookie-{next(self._cookies)}"
        self.sid = hash_of(self.cookie)
        self.portal = portal
        self.become(permissions, staff_id)
        self.http = TestClient(portal.app, cookies={SESSION_COOKIE: self.cookie})

    def become(self, permissions: frozenset[Permission], staff_id: str | None = None) -> None:
        """Change what this person may do."""
        self.portal.people[self.sid] = Principal(
            user_key=f"local:{self.cookie}",
            full_name="Pat Example",
            email="pat@firm.test",
            permissions=permissions,
            staff_id=staff_id,
        )

    def sign_out(self) -> None:
        """End the session."""
        del self.portal.people[self.sid]

    def token(self, name: str = "invoices", **params: object) -> str:
        """What a page would give its grid."""
        return self.portal.tokens.mint(sid=self.sid, list_name=name, params=params)

    def ask(self, path: str, body: object, *, token: str | None = None, method: str = "POST"):
        """Send a body with a grid token (by default one for the list the body names)."""
        if token is None:
            token = self.token(body.get("list", "invoices"))
        return self.http.request(method, path, json=body, headers={"x-grid-token": token})

    def rows(self, name: str = "invoices", *, token: str | None = None, **more: object):
        """Ask for the first rows of a list."""
        body = {"list": name, "start_row": 0, "end_row": 100} | more
        return self.ask("/api/rows", body, token=token)

    def export(self, name: str = "invoices", form: str = "csv", **more: object) -> bytes:
        """Order an export and download it."""
        answer = self.ask("/api/export", {"list": name, "format": form} | more)
        assert answer.status_code == 200, answer.text
        return self.http.get(f"/api/export/{answer.json()['ticket']}").content


def make_portal(home: Path) -> ListPortal:
    """A portal over the small firm in a folder."""
    settings = read_settings(
        {"firm": {"name": "Quill & Co", "timezone": "America/New_York"}},
        home=home,
        path=home / "firm.toml",
        environ={},
    )
    copy_made_once(settings.warehouse_path, _make_warehouse)
    copy_of_tables(home / "store.sqlite")
    store = open_store(settings.store_url, secret_key=settings.secret_key)
    return ListPortal(settings, Warehouse(settings.warehouse_path), store)


def _make_warehouse(path: Path) -> None:
    warehouse = Warehouse(path)
    fill_small(warehouse.connection())
    warehouse.connection().execute("insert into source_state values ('key_type', 'BIGINT')")
    lay_out(warehouse.connection(), "BIGINT")
    warehouse.close()
