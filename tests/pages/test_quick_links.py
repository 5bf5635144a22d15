"""The page of quick payment links: who may, what it makes, and that a code leads where it says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from portal.domain.payment_states import PaymentState
from portal.domain.permissions import Permission
from portal.services.money_ports import Source
from portal.services.payout_ports import key_of_payment
from portal.ui.frame import SESSION_KEY
from portal.ui.quick_links import qr_code
from tests.access_fixture import NOON
from tests.adapters.money_rows import a_payment, an_item
from tests.pages.firm_pages import EVERYTHING, SID, PagesPortal, pages_portal, tables, texts, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with pages_portal(tmp_path) as portal:
        yield portal


def test_the_page_shows_the_links_and_the_way_to_a_new_one(portal: PagesPortal) -> None:
    at = visit(portal, "quick_links")

    assert len(tables(at)) == 1
    assert "New quick link" in [button.label for button in at.button]


def test_the_page_is_refused_without_the_permission(portal: PagesPortal) -> None:
    at = visit(portal, "quick_links", EVERYTHING - {Permission.QUICK_LINKS})

    assert "You do not have the permission for this" in texts(at)
    assert not tables(at)


def test_a_qr_code_is_a_picture_without_scripts() -> None:
    drawn = qr_code("https://ar.firm.example/pay/open#token")

    assert drawn.startswith("<svg")
    assert "<script" not in drawn


def associating(portal: PagesPortal, *, told: bool) -> AppTest:
    """The dialog on a payment by quick link, with a client found."""
    payment = a_payment(
        112, client_id=None, source=Source.QUICK_LINK, captured_cents=10_000,
        state=PaymentState.SUCCEEDED, gateway_ref="g1", captured_at=NOON,
    )  # fmt: skip
    item = an_item(1012, item_id="PI-0112-1012", payment_id="PI-0112", cents=10_000, is_live=False)
    with portal.store.unit_of_work() as uow:
        uow.payments.add(payment, [item])
        if told:
            uow.files.mark_filed([key_of_payment(item.item_id)], NOON.date())
        uow.commit()
    script = (
        "from portal.ui import frame, quick_payments\n"
        "with frame.portal().store.reading() as view:\n"
        "    payment = view.payments.find('PI-0112')\n"
        "quick_payments.contents(payment)"
    )
    at = AppTest.from_string(script, default_timeout=30)
    at.session_state[SESSION_KEY] = SID
    visit(portal, "quick_links")
    at.run()
    return at.text_input(key="associate_client_wanted").set_value("Acme").run()


@pytest.mark.parametrize("told", [True, False])
def test_money_a_payment_file_has_told_gets_its_client_and_no_invoice(
    portal: PagesPortal, told: bool
) -> None:
    at = associating(portal, told=told)

    assert ("For which invoice?" in [one.label for one in at.selectbox]) is not told
    assert ("in your practice management system" in texts(at)) is told
