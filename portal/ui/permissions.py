"""People, groups and single grants: who may do what, and why."""

from datetime import date, datetime, time, timedelta

import streamlit as st

from portal.domain.permissions import Permission
from portal.lists.columns import Column, Kind, RowAction
from portal.services.grant_permission import GrantPermission, grant_permission
from portal.services.people_and_permissions import Person, people_and_permissions
from portal.services.ports import Grant, SignInKind
from portal.services.revoke_permission import RevokePermission, revoke_permission
from portal.ui import frame, grid, looking_as, said
from portal.ui.dialogs import dialog
from portal.ui.permission_words import WORDS

_PEOPLE = (
    Column(id="full_name", label="Name", kind=Kind.TEXT, width=200),
    Column(id="email", label="Email", kind=Kind.EMAIL, width=260),
    Column(id="groups", label="Groups", kind=Kind.TEXT, width=180),
    Column(id="sees", label="Sees", kind=Kind.CHOICE, width=150),
    Column(id="beyond", label="Beyond their groups", kind=Kind.TEXT, width=280),
    Column(id="sign_in", label="Signs in by", kind=Kind.CHOICE, width=140),
    Column(id="state", label="Access", kind=Kind.CHOICE, width=120),
)
_SIGN_IN = {SignInKind.LOCAL: "password", SignInKind.OIDC: "single sign-on"}


def ways() -> None:
    """Draw the way to a new grant."""
    if st.button("Give a permission", type="primary", icon=":material/key:", key="grant_new"):
        _give()


def people() -> None:
    """Draw who has access, and the single grants that hold."""
    everybody = _everybody()
    st.header("People", anchor=False)
    grid.small_grid(
        [_line(person) for person in everybody],
        _PEOPLE,
        row_id="user_key",
        key="people",
        title="People",
        actions=(RowAction(key="look", label="See the portal as this person"),),
        search_hint="Name, email or group",
        on_event=lambda event: looking_as.begin(event.row_id or ""),
    )
    st.header("Single permissions", anchor=False)
    held = [(person, grant) for person in everybody for grant in person.grants]
    if not held:
        st.caption("Nobody may do more than their groups may.")
    for person, grant in held:
        _held(person, grant)


def groups() -> None:
    """Draw which group may do what, as firm.toml says."""
    known = frame.portal().settings.access.groups
    st.header("Groups", anchor=False)
    if not known:
        frame.empty("No groups yet", "Write [access.groups.<name>] into firm.toml.")
        return
    st.caption("Groups and their permissions are written in firm.toml; each change is audited.")
    columns = (
        Column(id="permission", label="Permission", kind=Kind.TEXT, width=300),
        *(
            Column(id=f"group_{place}", label=name, kind=Kind.TEXT, width=120)
            for place, name in enumerate(known)
        ),
    )
    rows = [
        {"permission": WORDS[permission]}
        | {
            f"group_{place}": "✓" if permission in group.permissions else ""
            for place, group in enumerate(known.values())
        }
        for permission in Permission
    ]
    grid.small_grid(rows, columns, row_id="permission", key="group_rights", title="Permissions")


def _everybody() -> list[Person]:
    portal = frame.portal()
    return people_and_permissions(
        frame.principal(),
        store=portal.store,
        clock=portal.now,
        groups=portal.settings.access.groups,
        staff=portal.staff,
    )


def _line(person: Person) -> dict[str, object]:
    user, principal = person.user, person.principal
    if principal.scope.all_clients:
        sees = "all clients"
    else:
        sees = "own clients" if principal.staff_id else "no client"
    return {
        "user_key": user.user_key,
        "full_name": user.full_name,
        "email": user.email,
        "groups": ", ".join(user.groups) or "none",
        "sees": sees,
        "beyond": ", ".join(WORDS[one] for one in Permission if _has(person, one)),
        "sign_in": _SIGN_IN[user.kind],
        "state": "active" if user.is_active else "switched off",
    }


def _has(person: Person, permission: Permission) -> bool:
    return any(grant.permission == permission.value for grant in person.grants)


def _held(person: Person, grant: Grant) -> None:
    if grant.permission not in set(Permission):
        return
    permission = Permission(grant.permission)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", border=True
    ):
        who = frame.plain(person.user.full_name)
        st.markdown(f"**{who}** · {WORDS[permission]} · {_until(grant.until)}", width="content")
        if st.button("Take back", icon=":material/key_off:", key=f"take_back_{_key(grant)}"):
            _take_back(person, permission)


def _key(grant: Grant) -> str:
    return f"{grant.permission}_{grant.user_key}"


def _take_back(person: Person, permission: Permission) -> None:
    portal = frame.portal()
    command = RevokePermission(
        actor=frame.principal(), user_key=person.user.user_key, permission=permission
    )
    said.attempt(
        lambda: revoke_permission(command, store=portal.store, clock=portal.now),
        f"{person.user.full_name} may not do that any more.",
    )


@dialog("Give a permission")
def _give() -> None:
    new_grant()


def new_grant() -> None:
    """Draw the inside of the dialog: whom, what, until when."""
    everybody = _everybody()
    st.caption("It comes on top of what the person's groups may do, and is audited.")
    mine = frame.principal().user_key
    offered = {
        person.user.user_key: person.user
        for person in everybody
        if person.user.is_active and person.user.user_key != mine
    }
    if not offered:
        frame.empty("Nobody else has access", "Nobody gives themselves a permission.")
        return
    with st.form("grant", border=False):
        who = st.selectbox(
            "Person",
            list(offered),
            format_func=lambda key: f"{offered[key].full_name} · {offered[key].email}",
            key="grant_who",
        )
        what = st.selectbox(
            "Permission", list(Permission), format_func=WORDS.__getitem__, key="grant_what"
        )
        last_day = st.date_input("Last day (empty: for good)", value=None, key="grant_until")
        asked = st.form_submit_button("Give it", type="primary", width="stretch")
    if asked:
        portal = frame.portal()
        command = GrantPermission(
            actor=frame.principal(), user_key=who, permission=what, until=_end_of(last_day)
        )
        said.attempt(
            lambda: grant_permission(command, store=portal.store, clock=portal.now),
            f"{offered[who].full_name} has it from the next click on.",
        )


def _end_of(day: date | None) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time(), frame.portal().settings.timezone)


def _until(until: datetime | None) -> str:
    if until is None:
        return "for good"
    last = (until - timedelta(seconds=1)).astimezone(frame.portal().settings.timezone)
    return f"until {last:%b} {last.day}, {last.year}"
