"""The `portal` command from outside: exit codes, JSON on stdout alone, one-line refusals."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from portal.cli import main
from portal.settings import PROJECT
from tests.warm_process import run_warm


def portal(home: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess:
    environ = {**os.environ, "PORTAL_HOME": str(home), "PYTHONPATH": str(PROJECT)}
    environ.pop("PORTAL_CONFIG", None)
    return run_warm(main, words, environ=environ, typed=typed)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("terminal")
    made = portal(home, "sample", "create", "--clients", "60", "--invoices", "600")
    assert made.returncode == 0, made.stderr
    return home


def test_json_goes_to_stdout_alone_and_the_portal_ties_to_the_source(home):
    refreshed = portal(home, "refresh", "--full", "--json")
    totals = portal(home, "totals", "--json")
    compared = portal(home, "tie-out", "--json")

    assert json.loads(refreshed.stdout)["outcome"] == "done"
    usd = json.loads(totals.stdout)["currencies"]["USD"]
    assert sum(part["cents"] for part in usd["aging"].values()) == usd["outstanding_cents"]
    assert compared.returncode == 0
    assert json.loads(compared.stdout)["difference_cents"] == 0
    assert json.loads(compared.stdout)["clients_that_differ"] == 0


def test_totals_of_an_earlier_day_count_less(home):
    now = json.loads(portal(home, "totals", "--json").stdout)
    then = json.loads(portal(home, "totals", "--as-of", "2024-06-30", "--json").stdout)

    assert then["as_of"] == "2024-06-30"
    assert 0 < then["invoices"] < now["invoices"]


def test_a_tick_is_seen_by_the_next_refresh(home):
    before = json.loads(portal(home, "refresh", "--json").stdout)["version"]

    assert portal(home, "sample", "tick", "--changes", "10").returncode == 0

    after = json.loads(portal(home, "refresh", "--json").stdout)
    assert after["outcome"] == "done"
    assert after["version"] == before + 1


def test_doctor_finds_the_sample_firm_healthy(home):
    found = portal(home, "doctor", "--json")

    assert found.returncode == 0
    assert json.loads(found.stdout)["healthy"] is True


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("totals", "--as-of", "30/06/2024"), "is not a day"),
        (("sample", "create", "--clients", "3"), "50 clients"),
        (("users", "disable", "nobody"), "nobody"),
        (("users", "enable", "nobody"), "nobody"),
    ],
)
def test_a_refusal_is_one_line_and_exit_code_1(home, words, said):
    refused = portal(home, *words)

    assert refused.returncode == 1
    assert said in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def test_without_a_firm_the_way_to_make_one_is_told(tmp_path):
    refused = portal(tmp_path, "refresh")

    assert refused.returncode == 1
    assert "portal sample create" in refused.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('[modules]\ncollections = "off"', "collections must be true or false"),
        ("[access]\nidle_minutes = []", "idle_minutes must be a whole number"),
        ("[sample]", "[sample] is for the invented firm only"),
        ("[firm", "is not valid TOML"),
    ],
)
def test_a_firm_toml_that_can_not_be_is_one_line_and_exit_code_1(tmp_path, line, said):
    (tmp_path / "firm.toml").write_text(line, encoding="utf-8")

    refused = portal(tmp_path, "users", "list")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert said in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def test_a_real_firm_with_the_sandbox_is_warned_by_doctor(home, tmp_path):
    written = (home / "firm.toml").read_text(encoding="utf-8").partition("[sample]")[0]
    (tmp_path / "firm.toml").write_text(written, encoding="utf-8")

    warned = portal(tmp_path, "doctor").stdout
    quiet = portal(home, "doctor").stdout

    assert "no money moves" in warned
    assert "no money moves" not in quiet


def test_users_are_added_listed_and_disabled_from_the_terminal(home):
    added = portal(
        home, "users", "add", "dora", "--full-name", "Dora Day", "--email", "dora@firm.example",
        "--group", "users", typed="a long enough password\n",
    )  # fmt: skip
    portal(home, "users", "disable", "dora")

    listed = portal(home, "users", "list").stdout
    assert added.returncode == 0, added.stderr
    assert "Dora Day" in listed
    assert "(disabled)" in listed
    assert portal(home, "audit", "verify").returncode == 0


def test_access_is_given_back_and_a_password_changed_from_the_terminal(home):
    add = ("--full-name", "Eve Day", "--email", "eve@firm.example", "--group", "users")
    portal(home, "users", "add", "eve", *add, typed="a long enough password\n")
    portal(home, "users", "disable", "eve")

    enabled = portal(home, "users", "enable", "eve")
    changed = portal(home, "users", "password", "eve", typed="quite another password\n")
    refused = portal(home, "users", "password", "eve", typed="short\n")

    assert "may sign in again" in enabled.stdout
    assert "new password" in changed.stdout
    assert (refused.returncode, "12 to 1,000" in refused.stderr) == (1, True)
    assert "Eve Day  eve@firm.example  users\n" in portal(home, "users", "list").stdout


def test_an_earlier_end_of_the_log_is_held_against_it(home, tmp_path):
    whole = portal(home, "audit", "verify")
    end = tmp_path / "end.txt"
    end.write_text(whole.stdout.splitlines()[-1])
    (tmp_path / "later.txt").write_text(f"99999 {'a' * 64}\n")
    (tmp_path / "none.txt").write_text("hello\n")

    assert "is missing" in portal(home, "audit", "verify", "--anchor", str(end)).stdout
    cut = portal(home, "audit", "verify", "--anchor", str(tmp_path / "later.txt"))
    assert (cut.returncode, "cut off" in cut.stdout) == (1, True)
    other = portal(home, "audit", "verify", "--anchor", str(tmp_path / "none.txt"))
    assert (other.returncode, "holds no anchor" in other.stderr) == (1, True)


def test_the_latest_anchor_is_held_against_the_log_by_itself(home):
    portal(home, "jobs", "run", "audit_anchor")
    assert "is missing" in portal(home, "audit", "verify").stdout
    (home / "audit-anchors" / "2099-01-01.txt").write_text(f"99999 {'a' * 64}\n")

    cut = portal(home, "audit", "verify")

    (home / "audit-anchors" / "2099-01-01.txt").unlink()
    assert (cut.returncode, "cut off" in cut.stdout) == (1, True)


def test_clients_shown_by_mistake_are_forgotten_before_go_live(home):
    toml = home / "firm.toml"
    written = toml.read_text()
    before = json.loads(portal(home, "totals", "--json").stdout)["clients"]
    toml.write_text(written.replace('excluded_statuses = ["Prospect"]', "excluded_statuses = []"))
    portal(home, "refresh")
    everybody = json.loads(portal(home, "totals", "--json").stdout)["clients"]
    toml.write_text(written)
    portal(home, "refresh")
    still = json.loads(portal(home, "totals", "--json").stdout)["clients"]

    portal(home, "refresh", "--forget-shown")

    after = json.loads(portal(home, "totals", "--json").stdout)["clients"]
    assert before == after < everybody == still


def test_days_pass_at_the_sandbox_gateway_and_never_back(home):
    assert "visa " in portal(home, "gateway", "methods").stdout

    moved = portal(home, "gateway", "advance", "--days", "3")
    refused = portal(home, "gateway", "advance", "--days", "0")

    assert moved.returncode == 0
    assert "At the sandbox gateway it is" in moved.stdout
    assert refused.returncode == 1
    assert "time does not go back" in refused.stderr
