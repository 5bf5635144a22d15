"""What changes in firm.toml stands in the audit log: before and after, without its secrets."""

from pathlib import Path

from portal.services.record_settings import record_settings
from portal.settings import read_settings
from portal.store import Store
from tests.access_fixture import HandClock
from tests.services.store_fixture import store

__all__ = ["store"]

WRITTEN = {
    "firm": {"name": "Bell"},
    "access": {"idle_minutes": 30, "groups": {"users": {"permissions": ["view_clients"]}}},
    "source": {"kind": "postgres", "dsn": "host=pms password=hunter2", "system": "practice_cs"},
    "store": {"url": "postgresql://portal:hunter2@db/portal"},
}


def said(written: dict, key: str = "k") -> dict[str, str]:
    environ = {"PORTAL_SECRET_KEY": key, "PMS": "host=pms password=hunter2"}
    home = Path("/nonexistent")
    return dict(read_settings(written, home=home, path=home / "firm.toml", environ=environ).said)


def record(store: Store, written: dict) -> dict:
    return dict(record_settings(said(written), store=store, clock=HandClock()))


def test_the_first_start_records_everything_and_the_next_one_nothing(store: Store) -> None:
    first = record(store, WRITTEN)

    assert first["firm.name"] == [None, "Bell"]
    assert first["access.idle_minutes"] == [None, "30"]
    assert record(store, WRITTEN) == {}
    with store.reading() as view:
        assert [row.action for row in view.audit.rows()] == ["settings.changed"]


def test_a_permission_given_in_the_file_is_a_line_with_before_and_after(store: Store) -> None:
    record(store, WRITTEN)
    group = {"users": {"permissions": ["view_clients", "refund"]}}

    changed = record(store, WRITTEN | {"access": {"idle_minutes": 30, "groups": group}})

    assert changed == {
        "access.groups.users.permissions": ['["view_clients"]', '["view_clients", "refund"]']
    }
    with store.reading() as view:
        row = view.audit.rows(limit=1)[0]
    assert (row.actor, row.detail["changed"]) == ("firm.toml", changed)
    assert record(store, WRITTEN)["access.groups.users.permissions"][1] == '["view_clients"]'


def test_what_is_taken_out_of_the_file_is_recorded_too(store: Store) -> None:
    record(store, WRITTEN)

    changed = record(store, {key: part for key, part in WRITTEN.items() if key != "access"})

    assert changed["access.idle_minutes"] == ["30", None]
    assert record(store, WRITTEN)["access.idle_minutes"] == [None, "30"]


def test_a_password_never_reaches_the_log_and_its_change_does(store: Store) -> None:
    record(store, WRITTEN)
    other = WRITTEN["source"] | {"dsn": "host=pms password=hunter3"}

    changed = record(store, WRITTEN | {"source": other})

    before, after = changed["source.dsn"]
    assert before != after
    with store.reading() as view:
        assert "hunter" not in str(view.audit.rows())
    assert said(WRITTEN)["store.url"].startswith("kept secret")
    assert said(WRITTEN, "another key")["source.dsn"] != before, "nobody can try passwords out"


def test_the_name_of_a_variable_is_no_secret() -> None:
    source = WRITTEN["source"] | {"dsn": "env:PMS"}

    assert said(WRITTEN | {"source": source})["source.dsn"] == "env:PMS"
