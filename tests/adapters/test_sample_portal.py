"""The sample firm's portal has a past: payments of every end, plans, accounts and promises."""

import os
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from portal.domain.payment_states import PaymentState
from portal.domain.promises import PromiseState
from portal.services.collections_ports import HoldKind, RequestState
from portal.services.plan_ports import PlanKind, PlanState
from portal.services.statement_ports import StatementState
from portal.settings import PROJECT
from portal.store import Store, open_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    home: Path = tmp_path_factory.mktemp("sample portal")
    environ = {**os.environ, "PORTAL_HOME": str(home), "PYTHONPATH": str(PROJECT)}
    environ.pop("PORTAL_CONFIG", None)
    wanted = ["--clients", "250", "--invoices", "3000", "--with-portal"]
    command = [sys.executable, "-m", "portal.cli", "sample", "create", *wanted]
    subprocess.run(command, env=environ, cwd=PROJECT, check=True, capture_output=True)
    secret = (home / "secret_key").read_text()
    with closing(open_store(f"sqlite:///{home / 'store.sqlite'}", secret_key=secret)) as opened:
        yield opened


def test_there_are_plans_of_every_kind_and_some_that_need_a_look(store):
    with store.reading() as view:
        plans = view.plans.in_states(PlanState)
        tried = [each for plan in plans for each in view.occurrences.of_plan(plan.plan_id)]

    assert {plan.kind for plan in plans} == set(PlanKind)
    assert {plan.state for plan in plans} >= {PlanState.ACTIVE, PlanState.PAUSED}
    assert any(each.state == "paid" for each in tried)
    assert any(each.tries > 1 for each in tried)


def test_payments_have_gone_every_way(store):
    with store.reading() as view:
        states = {payment.state for payment in view.payments.in_states(PaymentState)}

    assert states >= {
        PaymentState.SUCCEEDED,
        PaymentState.PROCESSING,
        PaymentState.DECLINED,
        PaymentState.RETURNED,
        PaymentState.PART_REFUNDED,
    }


def test_people_have_accounts_and_clients_have_promised(store):
    with store.reading() as view:
        assert len(view.portal_users.everybody()) == 5
        assert view.audit.verify().broken_at is None


def test_collectors_have_worked_and_statements_went_out_and_wait(store):
    with store.reading() as view:
        staged = view.statements.staged()
        sent = view.statements.recent(StatementState.SENT, date(2000, 1, 1), 1_000)
        promises = view.promises.to_judge(date(2000, 1, 1))
        paused = view.holds.all_running(HoldKind.PAUSE)
        asked = {one.state for one in view.write_offs.in_state(None)}

    assert staged
    assert sent
    assert {one.state for one in promises} >= {PromiseState.OPEN, PromiseState.BROKEN}
    assert len(paused) == 2
    assert asked == {RequestState.ASKED, RequestState.APPROVED}
