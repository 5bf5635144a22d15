"""The audit log in words: what a person reads of a line that a program wrote."""

from datetime import UTC, datetime

import duckdb
import pytest

from portal.warehouse.query import load_query

AT = datetime(2026, 11, 26, 6, 2, 1, tzinfo=UTC).replace(tzinfo=None)


def read(actor: str, action: str, subject: str, detail: str) -> dict[str, object]:
    con = duckdb.connect()
    con.execute("create schema store")
    con.execute("create table store.firm_zone as select 'America/New_York' as timezone")
    con.execute(
        "create table store.audit_log as select 7::bigint as seq, $at::timestamp as at, "
        "$actor as actor, $action as action, $subject as subject, $detail as detail",
        {"at": AT, "actor": actor, "action": action, "subject": subject, "detail": detail},
    )
    found = con.execute(load_query("audit/audit").sql)
    names = [column[0] for column in found.description]
    return dict(zip(names, found.fetchone(), strict=True))


@pytest.mark.parametrize(
    ("actor", "words"),
    [
        ("local:admin", "admin"),
        ("job:payment_files", "Job: payment files"),
        ("oidc:https://idp.example|42", "oidc:https://idp.example|42"),
    ],
)
def test_who_acted_is_named_without_the_programs_prefix(actor: str, words: str) -> None:
    assert read(actor, "session.started", "s", "{}")["actor"] == words


def test_what_was_done_and_its_details_are_words_on_the_firms_clock() -> None:
    line = read("a", "payment_file.made", "local:ann", '{"amount_cents": 7500, "kind": "card"}')

    assert line["action"] == "Payment file made"
    assert line["subject"] == "ann"
    assert line["detail"] == "amount cents: 7500, kind: card"
    assert (str(line["day"]), line["clock_time"]) == ("2026-11-26", "01:02:01")
