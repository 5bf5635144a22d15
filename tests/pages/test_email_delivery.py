"""Email delivery: what became of the mails, and the received files that wait."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from portal.domain.permissions import Permission, Principal
from portal.services.mail_ports import Happening, LetterEvent
from portal.services.receive_document import ReceiveDocument, receive_document
from portal.ui.frame import SESSION_KEY
from portal.warehouse.store_mirror import StoreMirror
from tests.mail_fixture import A_PDF, a_letter, put
from tests.pages.firm_pages import (
    EVERYTHING,
    OWN_CLIENTS,
    SID,
    PagesPortal,
    figures,
    pages_portal,
    tables,
    texts,
    visit,
)
from tests.web.list_portal import NOW


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with pages_portal(tmp_path) as portal:
        yield portal


def mailed(portal: PagesPortal) -> None:
    """Three mails of client 10: one delivered, one bounced, one to nobody."""
    first, second, _ = put(
        portal.store,
        a_letter("k1", client_id="10"),
        a_letter("k2", "eve@client.example", client_id="10"),
        a_letter("k3", client_id="10", recipients=()),
        at=NOW,
    )
    portal.correspondence.post_office.deliver(portal.now)
    with portal.store.unit_of_work() as uow:
        for letter_id, event in (
            (first, LetterEvent.DELIVERED),
            (first, LetterEvent.CLICKED),
            (second, LetterEvent.BOUNCED_HARD),
        ):
            uow.mail_news.note(Happening(letter_id=letter_id, event=event, at=NOW))
        uow.commit()
    StoreMirror(portal.warehouse, portal.store).renew()


def test_the_figures_say_what_became_of_the_periods_mails(portal) -> None:
    mailed(portal)

    shown = figures(visit(portal, "email_delivery"))

    assert shown == {
        "Sent": "2",
        "Delivered": "1",
        "Undelivered": "1",
        "Opened": "1",
        "Clicked": "1",
        "No recipients": "1",
        "No attachment": "0",
    }


def test_the_list_of_mails_is_on_the_page(portal) -> None:
    mailed(portal)

    assert len(tables(visit(portal, "email_delivery"))) == 1


def test_a_manager_sees_the_mails_of_own_clients_only(portal) -> None:
    mailed(portal)

    shown = figures(visit(portal, "email_delivery", OWN_CLIENTS, staff_id="4"))

    assert shown["Sent"] == "0"


def test_a_file_that_waits_is_given_its_invoice_on_the_page(portal) -> None:
    document = receive_document(
        ReceiveDocument(source="folder", source_key="k", file_name="scan <b>.pdf",
                        content=A_PDF, received_at=NOW),
        portal.correspondence.intake,
    )  # fmt: skip
    number = portal.warehouse.connection().execute(
        "select invoice_number from invoice_list order by invoice_id limit 1"
    ).fetchone()[0]  # fmt: skip
    at = visit(portal, "email_delivery", show="Received PDFs")
    assert "scan" in texts(at)

    at.text_input(key=f"number_{document.document_id}").set_value(number)
    next(one for one in at.button if one.label == "Belongs to it").click().run()

    with portal.store.reading() as view:
        assert view.documents.unmatched() == []


def test_received_files_are_for_those_who_see_all_clients(portal) -> None:
    at = visit(portal, "email_delivery", OWN_CLIENTS, staff_id="1", show="Received PDFs")

    assert "belong to no client yet" in texts(at)


def test_the_page_is_refused_without_the_permission(portal) -> None:
    StoreMirror(portal.warehouse, portal.store).renew()

    at = visit(portal, "email_delivery", EVERYTHING - {Permission.RESEND_INVOICE})

    assert "You do not have the permission for this" in texts(at)
    assert not at.metric


def test_a_clients_page_lists_the_mails_about_it(portal) -> None:
    mailed(portal)

    at = visit(portal, "client", id="10", show="Emails")

    assert len(tables(at)) == 1


def test_several_mails_are_sent_again_once_each_and_refusals_are_counted(portal) -> None:
    letters = (a_letter(f"k{n}", f"ann{n}@client.example", client_id="10") for n in range(3))
    ids = put(portal.store, *letters, at=NOW)
    portal.correspondence.post_office.deliver(portal.now)
    portal.people[SID] = Principal(
        user_key="local:pat", full_name="Pat Example", email="pat@firm.test", permissions=EVERYTHING
    )
    asked = (*ids, "none-such", "nor-this")
    at = AppTest.from_string(
        f"from portal.ui import email_parts\nemail_parts.confirm({asked!r}, False)\n",
        default_timeout=30,
    )
    at.session_state[SESSION_KEY] = SID
    at.run()
    assert "5 mails will be sent again." in texts(at)

    at.button(key="mails_send").click().run()

    said = texts(at)
    assert "3 × on its way" in said
    assert "2 × There is no such mail." in said
    with portal.store.reading() as view:
        assert len(view.outbox.of_client("10")) == 6
