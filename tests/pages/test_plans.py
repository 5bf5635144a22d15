"""The plans page: figures, the list within one's rights, a plan's dialog, starting a plan."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from portal.domain.permissions import Permission
from portal.domain.schedules import Frequency, RecurringTerms
from portal.plan_desk import PlanDesk, plan_policy
from portal.services.plan_ports import PlanState
from portal.services.start_recurring import StartRecurring
from portal.ui.frame import SESSION_KEY
from portal.warehouse.store_mirror import StoreMirror
from tests.pages.firm_pages import EVERYTHING, OWN_CLIENTS, SID, PagesPortal, pages_portal, visit
from tests.services.plan_fixture import ADMIN, a_method

CLIENT = "10"
DIALOG = """
from portal.ui import links, plan_dialog

links.link = lambda *texts, **more: None
plan_dialog.contents({plan_id!r})
"""


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with pages_portal(tmp_path) as portal:
        portal.plans = PlanDesk(
            store=portal.store,
            directory=portal.clients,
            policy=plan_policy(portal.settings),
            now=portal.now,
        )
        with portal.store.unit_of_work() as uow:
            uow.methods.save(a_method("card", CLIENT))
            uow.commit()
        yield portal


def a_plan(portal: PagesPortal):
    terms = RecurringTerms(
        amount_cents=25_000, frequency=Frequency.MONTHLY, start_date=portal.plans.today()
    )
    command = StartRecurring(
        request_id="request-of-test", actor=ADMIN, client_id=CLIENT, name="Bookkeeping",
        method_id="card", terms=terms, is_authorised=True,
    )  # fmt: skip
    started = portal.plans.start_recurring(command)
    StoreMirror(portal.warehouse, portal.store).renew()
    return started.plan


def metrics(at) -> dict[str, str]:
    return {each.label: each.value.replace("\\", "") for each in at.metric}


def buttons(at) -> list[str]:
    return [each.label for each in at.button]


def test_the_figures_count_running_plans_and_what_they_charge_soon(portal) -> None:
    a_plan(portal)

    shown = metrics(visit(portal, "plans"))

    assert shown["Running plans"] == "1"
    assert shown["Due in 30 days"] == "$500"
    assert shown["Failed or missed"] == "0"


def test_a_partner_sees_plans_of_own_clients_only(portal) -> None:
    a_plan(portal)

    stranger = visit(portal, "plans", OWN_CLIENTS, staff_id=None)

    assert metrics(stranger)["Running plans"] == "0"


def test_only_who_may_manage_plans_is_offered_to_start_one(portal) -> None:
    may = visit(portal, "plans")
    may_not = visit(portal, "plans", EVERYTHING - {Permission.MANAGE_PLANS})

    assert "Start a plan" in buttons(may)
    assert "Start a plan" not in buttons(may_not)


def test_the_address_of_a_plan_opens_it_with_its_payments_and_what_can_be_done(portal) -> None:
    plan = a_plan(portal)

    at = visit(portal, "plans", id=plan.plan_id)

    said = " ".join(each.value for each in at.markdown)
    assert "without an end" in said
    assert {"Edit", "Pause", "Cancel plan", "Skip", "Change"} <= set(buttons(at))


def test_pausing_asks_first(portal) -> None:
    plan = a_plan(portal)
    visit(portal, "plans")
    at = AppTest.from_string(DIALOG.format(plan_id=plan.plan_id), default_timeout=30)
    at.session_state[SESSION_KEY] = SID
    at.run()

    at.button(key="plan_pause").click().run()

    assert "Pause it" in buttons(at)
    with portal.store.reading() as view:
        assert view.plans.find(plan.plan_id).state is PlanState.ACTIVE


def test_somebody_elses_plan_is_not_there(portal) -> None:
    plan = a_plan(portal)

    at = visit(portal, "plans", OWN_CLIENTS, staff_id=None, id=plan.plan_id)

    assert any("no such payment plan" in each.value for each in at.warning)
    assert "Pause" not in buttons(at)
