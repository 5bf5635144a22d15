"""firm.toml: what it may say, and what is refused in one line before the program starts."""

import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path

import pytest

from portal.domain.errors import SettingsInvalid
from portal.domain.permissions import Permission
from portal.firm_toml.sample import SAMPLE_MARK, is_sample_file
from portal.settings import PROJECT, Settings, load_settings, read_settings

SYSTEM = {"system": "practice_cs"}
SAMPLE = {"tick_seconds": 4}
OIDC = {
    "client_id": "c",
    "client_secret": "env:SECRET",
    "server_metadata_url": "https://sso.example",
}
TEMPLATE = PROJECT / "data" / "firm.toml.example"


def read(home: Path, written: dict, **environ: str) -> Settings:
    known = {"PORTAL_SECRET_KEY": "s", **environ}
    return read_settings(written, home=home, path=home / "firm.toml", environ=known)


def a_database(path: Path, mark: int = SAMPLE_MARK) -> Path:
    with closing(sqlite3.connect(path)) as con:
        con.execute(f"pragma application_id = {mark}")
        con.execute("create table Client (client_KEY integer)")
        con.commit()
    return path


def a_sample(path: Path, **changes: dict) -> dict:
    source = {"kind": "sqlite", "path": str(path), **SYSTEM}
    return {"source": source, "sample": SAMPLE} | changes


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ({"frim": {}}, r"\[frim\] is not a section"),
        ({"firm": "Bell"}, r"written \[firm\]"),
        ({"firm": {"nmae": "Bell"}}, r"\[firm\] has no nmae; use name, timezone"),
        ({"firm": {"name": 3}}, "name must be a text"),
        ({"firm": {"name": " "}}, "name must be a text"),
        ({"firm": {"timezone": "Mars/North"}}, "timezone = 'Mars/North' is not known"),
        ({"firm": {"timezone": 5}}, "timezone must be a text"),
        ({"firm": {"currency": "dollars"}}, "three letters"),
        ({"firm": {"public_url": "portal.firm.example"}}, "how browsers reach"),
        ({"firm": {"public_url": "https://firm:port"}}, "how browsers reach"),
        ({"source": {"kind": "oracle"}}, "kind must be one of sqlite"),
        ({"source": {"kind": "sqlite", **SYSTEM}}, "needs a path"),
        ({"source": {"kind": "files", "path": "x", "dsn": "y", **SYSTEM}}, "needs a path"),
        ({"source": {"kind": "sqlite", "path": 3, **SYSTEM}}, "path must be a text"),
        ({"source": {"kind": "sqlite", "path": "x"}}, "needs system, one of practice_cs"),
        ({"source": {"kind": "sqlite", "path": "x", "system": "../pms"}}, "needs system"),
        ({"source": {"kind": "sqlite", "path": "x", "mapping": "none"}}, "no mapping.toml"),
        ({"source": {"kind": "sqlite", "path": "x", "evry": 1, **SYSTEM}}, "has no evry"),
        ({"source": {"kind": "files", "path": "x", "every_seconds": "1", **SYSTEM}}, "seconds"),
        ({"source": {"kind": "files", "path": "x", "every_seconds": 0, **SYSTEM}}, "seconds"),
        ({"mapping": {"partner_role": {"is": "P"}}}, "partner_role must be a text"),
        ({"access": {"sign_in": "ldap"}}, "'local', 'oidc' or both"),
        ({"access": {"sign_in": []}}, "'local', 'oidc' or both"),
        ({"access": {"sign_in": [["local"]]}}, "'local', 'oidc' or both"),
        ({"access": {"sing_in": "local"}}, "has no sing_in"),
        ({"access": {"idle_minutes": "ten"}}, "whole number from 1 to 1440"),
        ({"access": {"idle_minutes": True}}, "whole number from 1 to 1440"),
        ({"access": {"absolute_hours": 0}}, "whole number from 1 to 168"),
        ({"access": {"groups_claim": 1}}, "groups_claim must be a text"),
        ({"access": {"sign_in": "oidc"}}, "needs client_id"),
        ({"access": {"sign_in": "oidc", "oidc": OIDC}}, "SECRET is not set"),
        ({"access": {"groups": []}}, r"written \[access.groups\]"),
        ({"access": {"groups": {"a": 1}}}, r"written \[access.groups.a\]"),
        ({"access": {"groups": {"a": {"permission": []}}}}, "has no permission;"),
        ({"access": {"groups": {"a": {"permissions": "*"}}}}, "a list of texts"),
        ({"access": {"groups": {"a": {"permissions": ["fly"]}}}}, "there is no fly"),
        ({"access": {"groups": {"a": {"home": "boss"}}}}, "home must be one of partner"),
        ({"access": {"groups": {"a": {"modules": ["tax"]}}}}, "there is no tax"),
        ({"modules": {"collections": "off"}}, "true or false, unquoted"),
        ({"modules": {"collections": 0}}, "true or false, unquoted"),
        ({"modules": {"colections": False}}, "has no colections; use clients"),
        ({"collections": {"aging_days": 30}}, "a list of whole numbers"),
        ({"collections": {"aging_days": ["30"]}}, "a list of whole numbers"),
        ({"collections": {"aging_days": []}}, "1 to 6 rising"),
        ({"collections": {"aging_days": [60, 30]}}, "1 to 6 rising"),
        ({"collections": {"aging_edges": [30]}}, "has no aging_edges"),
        ({"store": {"url": 5}}, "url must be a text"),
        ({"store": {"path": "x"}}, "has no path; use url"),
        ({"sample": {"tick_seconds": "4"}}, "number of seconds"),
        ({"sample": {"users": True}}, "has no users"),
        ({"sample": True}, r"written \[sample\]"),
    ],
)
def test_what_firm_toml_can_not_mean_is_refused_in_one_line(tmp_path, written, says):
    with pytest.raises(SettingsInvalid, match=says) as refused:
        read(tmp_path, written)

    assert str(refused.value).count("\n") == 0


def test_a_module_is_off_when_it_says_false_and_only_then(tmp_path):
    settings = read(tmp_path, {"modules": {"collections": False, "engagements": True}})

    assert not settings.has_module("collections")
    assert settings.has_module("engagements")
    assert settings.has_module("payments")


def test_a_password_in_a_dsn_comes_from_the_environment_and_is_not_printed(tmp_path):
    source = {"kind": "postgres", "dsn": "env:PMS_DSN", **SYSTEM}
    settings = read(tmp_path, {"source": source}, PMS_DSN="host=pms password=secret1")

    assert settings.source.location == "host=pms password=secret1"
    assert "secret1" not in repr(settings)


def test_a_firm_toml_that_is_a_folder_is_refused_in_words(tmp_path):
    (tmp_path / "firm.toml").mkdir()

    with pytest.raises(SettingsInvalid, match=r"firm\.toml can't be read"):
        load_settings({"PORTAL_HOME": str(tmp_path)})


def test_the_sample_firm_on_this_machine_is_entered_with_one_click(tmp_path):
    settings = read(tmp_path, a_sample(a_database(tmp_path / "pms.sqlite")))

    assert settings.access.sample_users
    assert settings.sample_tick_seconds == 4
    assert not settings.is_real_firm_with_sandbox


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"source": {}}, "the sample firm's SQLite database"),
        ({"source": {"kind": "files", "path": ".", **SYSTEM}}, "the sample firm's SQLite database"),
        ({"source": {"kind": "sqlite", "path": "real.sqlite", **SYSTEM}}, "was not made by"),
        ({"source": {"kind": "sqlite", "path": "gone.sqlite", **SYSTEM}}, "was not made by"),
        ({"firm": {"public_url": "https://portal.firm.example"}}, "this machine"),
        ({"gateway": {"kind": "stripe", "secret_key": "env:K", "webhook_secret": "env:K"}},
         "'sandbox'"),
    ],
)  # fmt: skip
def test_nothing_but_the_invented_firm_has_sample_users_and_a_bookkeeper(tmp_path, changes, says):
    a_database(tmp_path / "real.sqlite", mark=0)
    made = a_sample(a_database(tmp_path / "pms.sqlite"))

    with pytest.raises(SettingsInvalid, match=says) as refused:
        read(tmp_path, made | changes, K="sk_test_k")

    assert "remove it from a real firm's file" in str(refused.value)


def test_a_section_without_a_key_in_it_is_a_sample_too(tmp_path):
    real = a_sample(a_database(tmp_path / "real.sqlite", mark=0), sample={})

    with pytest.raises(SettingsInvalid, match="was not made by"):
        read(tmp_path, real)


def test_a_text_file_and_a_short_one_are_no_sample_firm(tmp_path):
    (tmp_path / "text").write_text("not a database " * 20)
    (tmp_path / "short").write_bytes(b"SQLite")

    assert not is_sample_file(tmp_path / "text")
    assert not is_sample_file(tmp_path / "short")


def test_the_template_of_a_real_firm_can_be_used_and_opens_it_to_nobody(tmp_path):
    written = tomllib.loads(TEMPLATE.read_text(encoding="utf-8"))
    (tmp_path / "mapping").mkdir()
    (tmp_path / "mapping" / "mapping.toml").touch()
    settings = read(tmp_path, written)

    assert "sample" not in written
    assert not settings.access.sample_users
    assert settings.sample_tick_seconds == 0
    assert settings.is_real_firm_with_sandbox, "said by doctor and on every page"
    assert settings.access.groups["admins"].permissions == frozenset(Permission)
