"""One app, two faces: a server may show staff pages alone, payer pages alone, or both."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from portal.settings import SettingsInvalid, read_settings
from portal.ui.payer_navigation import CLIENT, FACE, FIRM
from portal.web.routes import routes_of
from tests.pages.payer_pages import SHELL
from tests.pages.shell_portal import settings_of, shell_portal

NOTHING = "There is nothing at this address."


def faces(said: str, home: Path) -> tuple[str, ...]:
    environ = {"PORTAL_FACES": said}
    return read_settings({}, home=home, path=home / "firm.toml", environ=environ).faces


def paths(*shown: str) -> set[str]:
    return {route.path for route in routes_of(shown, lambda: None)}


def test_both_faces_are_shown_unless_the_environment_says_otherwise(tmp_path: Path) -> None:
    assert read_settings({}, home=tmp_path, path=tmp_path, environ={}).faces == (FIRM, CLIENT)
    assert faces("firm", tmp_path) == (FIRM,)
    assert faces("client , firm", tmp_path) == (CLIENT, FIRM)


@pytest.mark.parametrize("said", ["", "staff", "firm,public"])
def test_a_face_nobody_knows_is_refused_with_what_to_write(tmp_path: Path, said: str) -> None:
    with pytest.raises(SettingsInvalid, match="'firm', 'client' or 'firm,client'"):
        faces(said, tmp_path)


def test_the_routes_of_the_face_that_is_not_shown_are_not_there() -> None:
    staff, payers, both = paths(FIRM), paths(CLIENT), paths(FIRM, CLIENT)

    assert "/api/rows" in staff - payers
    assert "/documents/invoice/{invoice_id:path}.pdf" in staff - payers
    assert "/payer/enter" in payers - staff
    assert "/client-portal/open" in payers - staff
    assert {"/health", "/sandbox/pay/{page}"} <= staff & payers
    assert both == staff | payers


@pytest.mark.parametrize(("shown", "asked"), [(FIRM, CLIENT), (CLIENT, FIRM)])
def test_an_address_of_the_other_face_leads_nowhere(tmp_path: Path, shown: str, asked: str) -> None:
    settings = replace(settings_of(tmp_path), faces=(shown,))
    with shell_portal(settings):
        at = AppTest.from_file(SHELL, default_timeout=30)
        at.session_state[FACE] = asked
        at.run()

    assert [one.value.replace("\\", "") for one in at.warning] == [NOTHING]
    assert not at.text_input
    assert not at.button
