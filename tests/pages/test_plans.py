"""The plans page: figures, the list within one's rights, a plan's dialog, starting a plan."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from portal.domain.permissions import Permission
from portal.domain.plan_health import overall
from portal.domain.schedules import Frequency, RecurringTerms
from portal.plan_desk import PlanDesk, plan_policy
from portal.services.pause_plan import PausePlan
from portal.services.plan_ports import PlanState
from portal.services.read_plan import ReadPlan
from portal.services.skip_occurrence import SkipOccurrence
from portal.services.start_recurring import StartRecurring
from portal.ui import links
from portal.ui.frame import SESSION_KEY
from portal.warehouse.store_mirror import StoreMirror
from tests.pages.firm_pages import EVERYTHING, OWN_CLIENTS, SID, PagesPortal, pages_portal, visit
from tests.services.plan_fixture import ADMIN, a_method

CLIENT = "10"
DIALOG = """
from portal.ui import plan_dialog

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


def a_plan(portal: PagesPortal, **limits: int):
    terms = RecurringTerms(
        amount_cents=2_500_000,
        frequency=Frequency.MONTHLY,
        start_date=portal.plans.today(),
        **limits,
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
    assert shown["Due in 30 days"] == "$50.0K"
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


def test_pausing_asks_first(portal, monkeypatch) -> None:
    # The dialog stands alone here: without the menu of the shell a link has no page to lead to.
    monkeypatch.setattr(links, "link", lambda *texts, **more: None)
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


@pytest.mark.parametrize(
    ("method", "limits", "deed"),
    [
        ({}, {}, None),
        ({}, {"occurrence_limit": 3}, None),
        ({"exp_month": 1, "exp_year": 2020}, {}, None),
        ({"exp_month": 8, "exp_year": 2026}, {"occurrence_limit": 6}, None),
        ({"exp_month": 7, "exp_year": 2026}, {}, None),
        ({"state": "removed"}, {}, None),
        ({}, {"total_cents": 10_000_000}, "pause"),
        ({}, {}, "skip"),
    ],
)
def test_the_list_and_the_dialog_agree_on_a_plans_health(portal, method, limits, deed) -> None:
    plan = a_plan(portal, **limits)
    if deed == "pause":
        portal.plans.pause(PausePlan(actor=ADMIN, plan_id=plan.plan_id))
    if deed == "skip":
        first = f"{plan.plan_id}-1"
        portal.plans.skip(SkipOccurrence(actor=ADMIN, occurrence_id=first))
    with portal.store.unit_of_work() as uow:
        uow.methods.save(replace(uow.methods.find("card"), **method))
        uow.commit()
    StoreMirror(portal.warehouse, portal.store).renew()

    scope = {"sees_all": True, "staff_id": None, "today": portal.plans.today()}
    (row,) = portal.warehouse.rows("plans/plans", **scope)
    billed = portal.warehouse.rows(
        "plans/billed_monthly", client_id=CLIENT, currency="USD", **scope
    )
    asked = ReadPlan(
        actor=ADMIN,
        plan_id=plan.plan_id,
        billed_monthly_cents=billed[0]["billed_monthly_cents"],
    )

    assert row["health"] == overall(portal.plans.read(asked).notes).value
