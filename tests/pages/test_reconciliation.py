"""Reconciliation and a portal payment, as the firm sees them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from portal.domain.errors import Invalid
from portal.domain.payment_states import PaymentState
from portal.domain.permissions import Group, Permission, Principal
from portal.jobs.mirroring import Mirroring
from portal.sandbox_clock import SandboxClock
from portal.services.assign_exception import AssignException, assign_exception
from portal.services.close_payout import ClosePayout, close_payout
from portal.services.gateway import GatewayPayout, GatewayPayoutLine
from portal.services.gateway_states import LineKind
from portal.services.payout_ports import NOBODYS, Payout, PayoutLine, WorkException
from portal.services.ports import SignInKind, User
from portal.services.raise_misfits import Misfit, raise_misfits
from portal.services.record_payouts import RecordPayouts, record_payouts
from portal.services.resolve_exception import ResolveException, resolve_exception
from portal.ui.frame import SESSION_KEY
from portal.warehouse.store_mirror import StoreMirror
from tests.access_fixture import NOON
from tests.adapters.money_rows import a_payment, an_item
from tests.pages.firm_pages import EVERYTHING, SID, PagesPortal, figures, pages_portal, texts, visit

ADMIN = Principal(
    user_key="local:pat", full_name="Pat", email="p@f.test", permissions=EVERYTHING, staff_id=None
)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with pages_portal(tmp_path) as portal:
        Mirroring(StoreMirror(portal.warehouse, portal.store), lambda: None).renew()
        yield portal


def keep(portal: PagesPortal, *, amount: int = 9_700, known: bool = True) -> None:
    payment = a_payment(
        112, client_id="10", amount_cents=10_000, captured_cents=10_000,
        state=PaymentState.SUCCEEDED, gateway_ref="g1", payer_name="Ann Bell", captured_at=NOON,
    )  # fmt: skip
    item = an_item(
        1012, item_id="PI-0112-1012", payment_id="PI-0112", invoice_id="100", cents=10_000,
        invoice_number="INV-100", is_live=False,
    )  # fmt: skip
    line = PayoutLine(
        payout_id="po_1", line_no=1, kind="payment", payment_id="PI-0112" if known else None,
        gross_cents=10_000, fee_cents=300, net_cents=9_700,
    )  # fmt: skip
    payout = Payout(
        payout_id="po_1", gateway="sandbox", gateway_ref="po_1", paid_date=date(2026, 6, 29),
        currency="USD", amount_cents=amount, fee_cents=300,
    )  # fmt: skip
    with portal.store.unit_of_work() as uow:
        uow.payments.add(payment, [item])
        uow.payouts.add(payout, [line])
        uow.commit()
    Mirroring(StoreMirror(portal.warehouse, portal.store), lambda: None).renew()


def test_a_payout_of_known_payments_is_explained_to_the_cent_and_closed_once(portal):
    keep(portal)

    shown = figures(visit(portal, "reconciliation"))
    assert (shown["Unexplained"], shown["Not yet posted"]) == ("$0.00", "$100.00")
    assert shown["Open payouts"] == "1"
    command = ClosePayout(actor=ADMIN, payout_id="po_1")
    assert close_payout(command, store=portal.store, clock=lambda: NOON).state == "closed"
    with pytest.raises(Invalid):
        close_payout(command, store=portal.store, clock=lambda: NOON)


@pytest.mark.parametrize("wrong", [{"amount": 9_000}, {"known": False}])
def test_a_payout_that_is_not_explained_stays_open(portal, wrong):
    keep(portal, **wrong)

    assert figures(visit(portal, "reconciliation"))["Unexplained"] != "$0.00"
    with pytest.raises(Invalid):
        close_payout(
            ClosePayout(actor=ADMIN, payout_id="po_1"), store=portal.store, clock=lambda: NOON
        )


def test_payouts_in_another_currency_are_named_and_never_added(portal):
    keep(portal)
    euros = Payout(
        payout_id="po_2", gateway="sandbox", gateway_ref="po_2", paid_date=date(2026, 6, 29),
        currency="EUR", amount_cents=5_000, fee_cents=0,
    )  # fmt: skip
    with portal.store.unit_of_work() as uow:
        uow.payouts.add(euros, [])
        uow.commit()

    at = visit(portal, "reconciliation")

    assert figures(at)["Unexplained"] == "$0.00"
    assert "unexplained €50.00" in texts(at)


def test_a_misfit_is_raised_once_and_resolved_with_words(portal):
    misfit = Misfit(kind="posted_twice", subject="PI-0112-1012 20000", detail={"paid_cents": 1})
    for _ in range(2):
        raise_misfits([misfit], store=portal.store, clock=lambda: NOON)
    with portal.store.reading() as view:
        (wrong,) = view.exceptions.open()
    assert isinstance(wrong, WorkException) and wrong.owner
    assert "Posted twice" in texts(visit(portal, "reconciliation"))

    def resolve(words: str) -> None:
        resolve_exception(
            ResolveException(actor=ADMIN, exception_id=wrong.exception_id, resolution=words),
            store=portal.store, clock=lambda: NOON,
        )  # fmt: skip

    for bad in ("", "   ", "card 4242 4242 4242 4242"):
        with pytest.raises(Invalid):
            resolve(bad)
    resolve("The second receipt was deleted.")
    assert raise_misfits([misfit], store=portal.store, clock=lambda: NOON) == 0


def test_an_exception_is_taken_by_a_person_and_given_to_a_colleague_who_may_reconcile(portal):
    raise_misfits(
        [Misfit(kind="posted_twice", subject="PI-0112-1012 20000")],
        store=portal.store, clock=lambda: NOON,
    )  # fmt: skip
    with portal.store.unit_of_work() as uow:
        uow.users.save(staff("ben", "admins"))
        uow.users.save(staff("cleo", "readers"))
        uow.commit()
    groups = {
        "admins": Group("admins", frozenset({Permission.RECONCILE})),
        "readers": Group("readers", frozenset({Permission.VIEW_PAYMENTS})),
    }
    at = visit(portal, "reconciliation")
    assert "nobody has taken it" in texts(at)
    (wrong,) = portal_exceptions(portal)

    def give(owner: str) -> None:
        assign_exception(
            AssignException(actor=ADMIN, exception_id=wrong.exception_id, owner=owner),
            store=portal.store, clock=lambda: NOON, groups=groups,
        )  # fmt: skip

    give("local:ben")
    assert portal_exceptions(portal)[0].owner == "local:ben"
    assert "with Ben" in texts(visit(portal, "reconciliation"))
    for nobody in ("local:cleo", "local:none"):
        with pytest.raises(Invalid):
            give(nobody)
    give(NOBODYS)
    assert portal_exceptions(portal)[0].owner == NOBODYS


def test_days_can_be_let_pass_with_the_sandbox_alone_and_by_who_reconciles(portal):
    def has_button() -> bool:
        return "sandbox_days" in [button.key for button in visit(portal, "reconciliation").button]

    assert not has_button()
    portal.now = SandboxClock(portal.settings.home, lambda: NOON)
    passed: list[int] = []
    portal.pass_days = lambda days, progress: passed.append(days) or {"refused": ()}
    assert has_button()

    script = "from portal.ui import sandbox_days\nsandbox_days.contents()"
    at = AppTest.from_string(script, default_timeout=30)
    at.session_state[SESSION_KEY] = SID
    at.run()
    at.number_input(key="sandbox_days_number").set_value(3).run()
    at.button(key="sandbox_days_go").click().run()

    assert not at.exception
    assert passed == [3]


def staff(name: str, group: str) -> User:
    return User(
        user_key=f"local:{name}", kind=SignInKind.LOCAL, user_name=name,
        full_name=name.capitalize(), email=f"{name}@firm.test", groups=(group,), is_active=True,
    )  # fmt: skip


def portal_exceptions(portal) -> list[WorkException]:
    with portal.store.reading() as view:
        return view.exceptions.open()


def test_a_portal_payment_opens_by_its_payment_id_with_timeline_and_lines(portal):
    keep(portal)

    at = visit(portal, "payment", id="PI-0112-1012")

    assert "PI-0112" in texts(at) and "Ann Bell" in texts(at)
    shown = figures(at)
    assert (shown["Amount"], shown["Pending"]) == ("$100.00", "$100.00")


def test_somebody_elses_portal_payment_is_not_there(portal):
    keep(portal)

    own = EVERYTHING - {Permission.ALL_CLIENTS}
    assert "no such payment" in texts(visit(portal, "payment", own, staff_id="2", id="PI-0112"))


def test_reconciliation_needs_its_permission(portal):
    assert "Unexplained" not in figures(visit(portal, "reconciliation", frozenset()))


def test_a_payout_with_a_charge_of_another_program_is_closed_once_somebody_has_explained_it(portal):
    line = GatewayPayoutLine(
        kind=LineKind.PAYMENT, gross_cents=10_000, fee_cents=300, net_cents=9_700, payment_ref="x9"
    )
    payout = GatewayPayout(
        ref="po_9", paid_date=date(2026, 6, 29), amount_cents=9_700, currency="USD", lines=(line,)
    )
    gateway = SimpleNamespace(name="sandbox", payouts=lambda since: [payout])
    record_payouts(
        RecordPayouts(since=date(2026, 6, 1)), store=portal.store, gateway=gateway,
        clock=lambda: NOON,
    )  # fmt: skip
    close = ClosePayout(actor=ADMIN, payout_id="po_9")
    with pytest.raises(Invalid, match="resolve its exception"):
        close_payout(close, store=portal.store, clock=lambda: NOON)
    with portal.store.reading() as view:
        (wrong,) = view.exceptions.open()

    said = ResolveException(
        actor=ADMIN, exception_id=wrong.exception_id, resolution="A sale of the web shop."
    )
    resolve_exception(said, store=portal.store, clock=lambda: NOON)

    assert close_payout(close, store=portal.store, clock=lambda: NOON).state == "closed"
