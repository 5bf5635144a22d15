"""A statement of one client on demand: open items or activity, to print or to mail."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.documents.statements import statement_pdf
from portal.domain.account_activity import Entry, activity
from portal.domain.errors import Denied, Invalid, NotFound
from portal.domain.permissions import Permission
from portal.services.statement_on_demand import MailStatement, StatementOnDemand
from tests.collections_fixture import CAROL, PETE, TODAY, Firm, a_firm, overdue

MAY = date(2026, 5, 1)


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    made = a_firm(tmp_path)
    made.owes("10", overdue(30), overdue(-5, "101", 700))
    made.owes("20", overdue(3, "200"), partner_id="2", manager_id="4", recipients=())
    made.debts.posted["10"] = [
        Entry(day=date(2026, 1, 5), kind="invoice", document="INV-1", cents=20_000),
        Entry(day=date(2026, 5, 1), kind="invoice", document="INV-100", cents=50_000),
        Entry(day=date(2026, 5, 20), kind="payment", document="check 7", cents=-20_000),
        Entry(day=date(2026, 6, 5), kind="invoice", document="INV-101", cents=700),
    ]
    yield made
    made.store.close()


def asked(**changes: object) -> StatementOnDemand:
    return StatementOnDemand(**{"actor": CAROL, "client_id": "10", "currency": "USD", **changes})


def mailed(**changes: object) -> MailStatement:
    whose = {"actor": CAROL, "client_id": "10", "currency": "USD", "request_id": "r1"}
    return MailStatement(**{**whose, **changes})


def test_open_items_are_all_that_is_open_with_what_is_overdue(firm: Firm) -> None:
    facts = firm.desk.statement_facts(asked())

    assert (facts["open_cents"], facts["overdue_cents"]) == (50_700, 50_000)
    assert [one["invoice_number"] for one in facts["invoices"]] == ["INV-100", "INV-101"]
    assert statement_pdf({**facts, "firm_name": "Hartwell"}).startswith(b"%PDF")


def test_an_activity_opens_with_what_came_before_and_closes_with_its_last_balance(
    firm: Firm,
) -> None:
    facts = firm.desk.statement_facts(asked(first=MAY, last=date(2026, 5, 31)))

    assert (facts["opening_cents"], facts["closing_cents"]) == (20_000, 50_000)
    assert [(e["text"], e["balance_cents"]) for e in facts["entries"]] == [
        ("Invoice INV-100", 70_000),
        ("Payment check 7", 50_000),
    ]
    assert statement_pdf({**facts, "firm_name": "Hartwell"}).startswith(b"%PDF")


def test_a_period_without_entries_closes_as_it_opened() -> None:
    found = activity([Entry(day=MAY, kind="invoice", document="1", cents=5)], TODAY, TODAY)

    assert (found.opening_cents, found.closing_cents) == (5, 5)


def test_it_is_mailed_to_those_who_receive_statements_and_to_nobody_else(firm: Firm) -> None:
    letter_id = firm.desk.mail_statement(mailed())

    with firm.store.reading() as view:
        letter = view.outbox.find(letter_id)
    assert letter is not None
    assert [one.address for one in letter.letter.recipients] == ["ann@10.test"]
    with pytest.raises(Invalid, match="receives statements"):
        firm.desk.mail_statement(mailed(client_id="20"))


def test_asked_twice_by_one_form_it_is_mailed_once_and_by_the_next_form_again(firm: Firm) -> None:
    first = firm.desk.mail_statement(mailed())

    assert firm.desk.mail_statement(mailed()) == first
    assert firm.desk.mail_statement(mailed(request_id="r2")) != first
    with firm.store.reading() as view:
        assert len(view.outbox.of_client("10")) == 2
        told = [one for one in view.audit.rows() if one.action == "statement.mailed_on_demand"]
    assert len(told) == 2


def test_a_period_must_not_end_before_it_begins(firm: Firm) -> None:
    with pytest.raises(Invalid, match="ends before it begins"):
        firm.desk.statement_facts(asked(first=TODAY, last=TODAY - timedelta(days=1)))


def test_only_those_with_the_right_and_the_client_get_it(firm: Firm) -> None:
    with pytest.raises(NotFound):
        firm.desk.statement_facts(asked(actor=PETE, client_id="20"))
    nobody = replace(CAROL, permissions=CAROL.permissions - {Permission.SEND_STATEMENTS})
    with pytest.raises(Denied):
        firm.desk.mail_statement(mailed(actor=nobody))
