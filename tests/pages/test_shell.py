"""The frame of every page: who gets in, what they are shown, and what they are told when not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from portal.bootstrap import Portal
from portal.domain.permissions import Permission
from portal.jobs.refreshing import FreshnessState
from portal.services.add_sample_users import AddSampleUsers, add_sample_users
from portal.services.disable_user import DisableUser, disable_user
from portal.settings import PROJECT, Source
from portal.ui import live, navigation
from portal.ui.frame import SESSION_KEY, plain
from portal.ui.navigation import PAGES, pages_for
from portal.ui.sso import read_answer, secrets
from tests.access_fixture import PASSWORD, a_session, a_user
from tests.pages.shell_portal import LIVE, settings_of, shell_portal

SHELL = str(PROJECT / "portal" / "ui" / "shell.py")
HOME = """
from portal.ui import frame
frame.page("Home of tests", "An [x](y) subtitle")
frame.empty("Nothing here", "Come back later.")
"""


@pytest.fixture(autouse=True)
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "home.py").write_text(HOME)
    (folder / "data.py").write_text("from portal.ui import frame\nframe.page('Data')\n")
    monkeypatch.setattr(navigation, "FIRM_PAGES", folder)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    with shell_portal(settings_of(tmp_path)) as portal:
        a_user(portal.store, "pat", "partners")
        yield portal


def visit(session_id: str | None = None) -> AppTest:
    shell = AppTest.from_file(SHELL, default_timeout=30)
    if session_id:
        shell.session_state[SESSION_KEY] = session_id
    shell.run()
    assert not shell.exception
    return shell


def texts(shell: AppTest) -> str:
    shown = [*shell.title, *shell.markdown, *shell.caption, *shell.error, *shell.info]
    return "\n".join(element.value for element in [*shown, *shell.warning])


def session_of(portal: Portal, name: str = "pat") -> str:
    return a_session(portal.store, portal.__dict__["clock"], name)[1]


def tickets(portal: Portal) -> int:
    with portal.store.reading() as view:
        return view._connection.exec_driver_sql("select count(*) from sign_in_tickets").scalar()


def test_a_visitor_sees_the_firms_name_and_a_form_and_nothing_else(portal: Portal) -> None:
    shell = visit()

    assert shell.title[0].value == plain("Bell & Söhne")
    assert [field.label for field in shell.text_input] == ["User name", "Password"]
    assert "Home of tests" not in texts(shell)
    assert [button.label for button in shell.button] == ["Sign in"]


def test_one_drawing_alone_is_a_pages_own_idea_also_where_the_page_follows_no_data(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[bool] = []
    real = Portal.principal

    def noting(self: Portal, session_id: str, *, is_activity: bool = True):
        counted.append(is_activity)
        return real(self, session_id, is_activity=is_activity)

    monkeypatch.setattr(Portal, "principal", noting)
    shell = visit(session_of(portal))
    assert any(counted)
    counted.clear()
    shell.session_state[live.NEXT_BY_ITSELF] = True
    shell.run()
    assert counted and not any(counted)
    counted.clear()

    shell.run()

    assert any(counted)


def test_a_wrong_password_is_said_calmly(portal: Portal) -> None:
    shell = visit()
    shell.text_input[0].set_value("pat")
    shell.text_input[1].set_value("wrong")
    shell.button[0].click().run()

    assert shell.error[0].value == plain("The user name or the password is not right.")
    assert tickets(portal) == 0


def test_the_right_password_gets_a_ticket(portal: Portal) -> None:
    shell = visit()
    shell.text_input[0].set_value("pat")
    shell.text_input[1].set_value(PASSWORD)
    shell.button[0].click().run()

    assert not shell.error
    assert tickets(portal) == 1


def test_one_click_entrances_exist_in_the_sample_firm_only(tmp_path: Path) -> None:
    with shell_portal(settings_of(tmp_path, is_sample=True)) as portal:
        add_sample_users(
            AddSampleUsers(), store=portal.store, clock=portal.now, passwords=portal.passwords
        )
        shell = visit()
        shell.button(key="enter_as_collector").click().run()

        names = [button.label for button in shell.button if button.label.startswith("Enter as")]
        assert len(names) == 5
        assert tickets(portal) == 1


def test_a_person_sees_the_frame_with_name_role_and_freshness(portal: Portal) -> None:
    shell = visit(session_of(portal))

    said = texts(shell)
    assert shell.title[0].value == "Home of tests"
    assert "**Pat**" in said
    assert "Partner" in said
    assert "Live as of 12:00 PM" in "".join(shell.markdown.values).replace("\\", "")
    assert "Nothing here" in said


def test_a_subtitle_is_text_and_never_a_link(portal: Portal) -> None:
    shell = visit(session_of(portal))

    assert shell.caption[0].value == r"An \[x\]\(y\) subtitle"


def test_a_session_that_is_over_leads_to_the_sign_in_page(portal: Portal) -> None:
    session_id = session_of(portal)
    shell = visit(session_id)
    disable_user(DisableUser(who="pat", actor="test"), store=portal.store, clock=portal.now)

    shell.run()

    assert "Your session has ended" in texts(shell)
    assert "Home of tests" not in texts(shell)


def test_signing_out_ends_the_session(portal: Portal) -> None:
    session_id = session_of(portal)
    shell = visit(session_id)

    shell.button(key="sign_out").click().run()

    assert portal.principal(session_id) is None


def test_a_person_without_any_permission_is_told_whom_to_ask(portal: Portal) -> None:
    a_user(portal.store, "gus", groups=())

    shell = visit(session_of(portal, "gus"))

    assert shell.title[0].value == "No access yet"
    assert shell.button(key="sign_out")


def test_another_persons_tab_keeps_nothing_of_the_one_before(portal: Portal) -> None:
    shell = visit(session_of(portal))
    shell.session_state["clients_search"] = "secret of pat"

    # A tab that finds another session than the one it was drawn for starts empty.
    from streamlit.runtime import context

    a_user(portal.store, "ann", "users")
    cookie, _ = a_session(portal.store, portal.__dict__["clock"], "ann")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context.ContextProxy, "cookies", {"portal_session": cookie})
        shell.run()

    assert "clients_search" not in shell.session_state
    assert "**Ann**" in texts(shell)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (FreshnessState.AWAY, "can't be read since"),
        (FreshnessState.STALE, "has not been checked for a while"),
    ],
)
def test_old_data_says_so_on_every_page(tmp_path: Path, state: FreshnessState, says: str) -> None:
    old = replace(LIVE, state=state, message="The file is gone.", since=LIVE.data_as_of)
    with shell_portal(settings_of(tmp_path), old) as portal:
        a_user(portal.store)
        shell = visit(session_of(portal))

    assert says in shell.warning[0].value


def test_a_real_firm_with_the_sandbox_says_so_on_every_page(tmp_path: Path) -> None:
    source = Source("files", "exports", tmp_path)
    with shell_portal(replace(settings_of(tmp_path), source=source)) as portal:
        a_user(portal.store)
        shell = visit(session_of(portal))

    assert "no money moves" in shell.warning[0].value


def test_before_the_first_load_the_page_says_there_is_no_data(tmp_path: Path) -> None:
    empty = replace(LIVE, version=0, data_as_of=None, state=FreshnessState.EMPTY)
    with shell_portal(settings_of(tmp_path), empty) as portal:
        a_user(portal.store)
        shell = visit(session_of(portal))

    assert any("No data yet" in value for value in shell.markdown.values)


def test_the_menu_holds_what_a_person_may_see_and_what_exists(portal: Portal) -> None:
    ann = portal.principal(session_of(portal))
    assert [entry.file for entry in pages_for(ann, portal.settings)] == ["home"]

    admin = replace(ann, permissions=frozenset({Permission.VIEW_DATA}))
    assert [entry.file for entry in pages_for(admin, portal.settings)] == ["home", "data"]


def test_a_module_that_is_off_takes_its_pages_away(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(navigation, "FIRM_PAGES", PROJECT / "tests" / "no such folder")
    monkeypatch.setattr(Path, "is_file", lambda path: path.suffix == ".py")
    ann = replace(portal.principal(session_of(portal)), permissions=frozenset(Permission))
    off = replace(portal.settings, modules={"collections": False})

    gone = set(pages_for(ann, portal.settings)) - set(pages_for(ann, off))

    assert {entry.file for entry in gone} == {
        "worklist", "aging", "statements", "write_offs", "settings",
    }  # fmt: skip


def test_a_module_that_none_of_somebodys_groups_has_takes_its_pages_away_from_them(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(navigation, "FIRM_PAGES", PROJECT / "pages" / "firm")
    ann = replace(portal.principal(session_of(portal)), permissions=frozenset(Permission))
    tax = replace(ann, modules=frozenset({"clients", "invoices"}))

    gone = set(pages_for(ann, portal.settings)) - set(pages_for(tax, portal.settings))

    assert {entry.module for entry in gone} == {
        "payments", "quick_links", "collections", "email_delivery",
    }  # fmt: skip


def test_every_page_but_home_asks_for_a_permission() -> None:
    assert [entry.file for entry in PAGES if entry.permission is None] == ["home"]
    assert len({entry.url_path for entry in PAGES}) == len(PAGES)


def fault_page(kind: str) -> None:
    from portal.domain.errors import Denied
    from portal.ui import frame

    problems = {
        "fault": RuntimeError("password=hunter2 in /etc/firm"),
        "refusal": Denied("You may not."),
    }
    frame.show_problem(problems[kind])


def test_a_fault_shows_a_reference_and_the_log_has_the_rest(
    portal: Portal, caplog: pytest.LogCaptureFixture
) -> None:
    page = AppTest.from_function(fault_page, kwargs={"kind": "fault"}).run()

    said = page.error[0].value
    reference = said.split("**")[1]
    assert "hunter2" not in said
    assert "/etc" not in said
    assert reference in caplog.text
    assert "hunter2" in caplog.text


def test_a_refusal_is_shown_in_its_own_words(portal: Portal) -> None:
    page = AppTest.from_function(fault_page, kwargs={"kind": "refusal"}).run()

    assert page.warning[0].value == plain("You may not.")


CLAIMS = {
    "iss": "https://sso.example",
    "sub": "u1",
    "nonce": "n1",
    "iat": 1_780_000_000,
    "name": "Uma",
    "email": "uma@firm.example",
    "groups": ["users"],
}


def test_the_answer_of_single_sign_on_is_read_as_it_is() -> None:
    answer = read_answer(CLAIMS, "groups")

    assert (answer.user_key, answer.email, answer.groups) == (
        "oidc:https://sso.example|u1",
        "uma@firm.example",
        ("users",),
    )
    assert read_answer({**CLAIMS, "nonce": "n2"}, "groups").proof != answer.proof


def test_an_email_the_provider_has_not_verified_counts_as_none() -> None:
    assert read_answer({**CLAIMS, "email_verified": False}, "groups").email == ""


@pytest.mark.parametrize(
    ("said", "groups"),
    [(None, None), ({"a": 1}, None), ("users", ("users",)), ([], ()), (["a", 7], ("a", "7"))],
)
def test_groups_that_are_not_there_are_none(said: object, groups: tuple | None) -> None:
    assert read_answer({**CLAIMS, "groups": said}, "groups").groups == groups


def test_streamlit_gets_single_sign_on_from_the_settings_and_nothing_more(tmp_path: Path) -> None:
    settings = replace(settings_of(tmp_path, sign_in="oidc"), public_url="https://ar.firm.example")

    auth = secrets(settings)["auth"]

    assert auth["redirect_uri"] == "https://ar.firm.example/oauth2callback"
    assert auth["cookie_secret"] != settings.secret_key
    assert secrets(settings_of(tmp_path)) == {}


def test_the_first_page_answers_at_its_name_as_well(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(navigation.st, "Page", lambda page, **more: more)
    entries = pages_for(portal.principal(session_of(portal)), portal.settings)

    menu = navigation.menu(entries, print)[""]
    everybody = navigation.everywhere(print, "Sign in")

    assert [page["url_path"] for page in menu if page["visibility"] == "visible"] == ["start"]
    assert "home" in [page["url_path"] for page in menu]
    assert "home" in [page["url_path"] for page in everybody]


def test_the_reason_why_the_source_is_away_is_told_to_those_who_look_after_the_data(
    tmp_path: Path,
) -> None:
    away = replace(
        LIVE, state=FreshnessState.AWAY, message="The file is gone.", since=LIVE.data_as_of
    )
    with shell_portal(settings_of(tmp_path), away) as portal:
        a_user(portal.store)
        shell = visit(session_of(portal))

    assert "The file is gone" not in shell.warning[0].value
