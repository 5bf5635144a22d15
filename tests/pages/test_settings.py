"""The settings page: the rules in force, and what other rules would change."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from portal.domain.collection_rules import CollectionRules
from portal.domain.permissions import Permission
from portal.services.save_collection_rules import SaveCollectionRules
from tests.collections_fixture import CAROL
from tests.pages.firm_pages import EVERYTHING, PagesPortal, figures, texts
from tests.pages.insight_pages import insight_portal, visit


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PagesPortal]:
    with insight_portal(tmp_path) as portal:
        yield portal


def test_nothing_is_changed_until_somebody_changes_it(portal) -> None:
    at = visit(portal, "settings")

    assert "Nothing is changed." in texts(at)
    assert {"To review", "Sent by itself", "Copied to a partner", "Not sent"} <= set(figures(at))


def test_changed_rules_are_put_in_force_as_a_new_version(portal) -> None:
    at = visit(portal, "settings")
    at.number_input[0].set_value(14).run()

    next(button for button in at.button if button.label == "Put in force").click().run()

    with portal.store.reading() as view:
        current = view.rules.current()
    assert (current.version, current.rules.throttle_days) == (1, 14)
    assert "1 · Pat Example" in texts(at)


def box(at: AppTest, label: str):
    """The field of that label."""
    return next(one for one in [*at.text_input, *at.text_area] if one.label == label)


def put_in_force(at: AppTest) -> AppTest:
    """Press the button."""
    return next(button for button in at.button if button.label == "Put in force").click().run()


def test_all_messages_that_were_changed_are_put_in_force_together(portal) -> None:
    at = visit(portal, "settings")
    choice = next(one for one in at.selectbox if one.label == "Message")
    first, second = choice.options[:2]
    box(at, "Subject").set_value("Your account").run()
    next(one for one in at.selectbox if one.label == "Message").set_value(second.lower()).run()
    box(at, "Text").set_value("Please look at it.").run()
    next(one for one in at.selectbox if one.label == "Message").set_value(first.lower()).run()
    assert box(at, "Subject").value == "Your account"

    put_in_force(at)

    with portal.store.reading() as view:
        messages = view.rules.current().rules.messages
    assert messages[first.lower()].subject == "Your account"
    assert messages[second.lower()].text == "Please look at it."


def test_statements_with_the_pdfs_of_their_invoices_are_put_in_force(portal) -> None:
    at = visit(portal, "settings")
    next(one for one in at.toggle if one.label.startswith("Attach the PDFs")).set_value(True).run()

    put_in_force(at)

    with portal.store.reading() as view:
        assert view.rules.current().rules.attach_invoices


def test_rules_somebody_else_saved_meanwhile_are_never_overwritten(portal) -> None:
    at = visit(portal, "settings")
    at.number_input[0].set_value(14).run()
    carols = SaveCollectionRules(actor=CAROL, rules=CollectionRules(grace_days=5), based_on=0)
    portal.collections.save_rules(carols)

    put_in_force(at)

    assert "Carol Ito has changed these rules meanwhile." in texts(at)
    with portal.store.reading() as view:
        assert view.rules.current().rules == CollectionRules(grace_days=5)
    next(one for one in at.button if one.label == "Begin with version 1").click().run()
    assert "Nothing is changed." in texts(at)
    at.number_input[0].set_value(14).run()
    put_in_force(at)
    with portal.store.reading() as view:
        kept = view.rules.current().rules
    assert (kept.throttle_days, kept.grace_days) == (14, 5)


def test_rules_that_cannot_work_are_refused_in_words(portal) -> None:
    at = visit(portal, "settings")

    next(box for box in at.text_input if "holidays" in box.label).set_value("Christmas").run()

    assert "Write holidays as dates like 2026-12-24" in texts(at)


def test_only_those_with_the_right_see_the_rules(portal) -> None:
    at = visit(portal, "settings", EVERYTHING - {Permission.COLLECTION_SETTINGS})

    assert "You do not have the permission" in texts(at)
