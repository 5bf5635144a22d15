"""The settings page: the rules in force, and what other rules would change."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.domain.permissions import Permission
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


def test_rules_that_cannot_work_are_refused_in_words(portal) -> None:
    at = visit(portal, "settings")

    next(box for box in at.text_input if "holidays" in box.label).set_value("Christmas").run()

    assert "Write holidays as dates like 2026-12-24" in texts(at)


def test_only_those_with_the_right_see_the_rules(portal) -> None:
    at = visit(portal, "settings", EVERYTHING - {Permission.COLLECTION_SETTINGS})

    assert "You do not have the permission" in texts(at)
