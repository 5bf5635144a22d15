"""Portal users: the list, and in a dialog the clients somebody is linked to."""

from collections.abc import Callable, Mapping

import streamlit as st

from portal.services.link_portal_user import LinkPortalUser, link_portal_user
from portal.services.unlink_portal_user import UnlinkPortalUser, unlink_portal_user
from portal.ui import deeds, frame, grid, reads
from portal.ui.dialogs import dialog
from portal.ui.grid_event import GridEvent

MOST_FOUND = 8
_OPENED = "portal_user_opened"


def users() -> None:
    """Draw the list; opening a row shows the linked accounts."""
    grid.list_grid("portal_users", on_event=_chosen)


def opened_by_link(portal_user_id: str) -> None:
    """Open the portal user an address names, once for each time the address is opened."""
    if portal_user_id and st.session_state.get(_OPENED) != portal_user_id:
        st.session_state[_OPENED] = portal_user_id
        _show(portal_user_id)


def _chosen(event: GridEvent) -> None:
    _show(event.row_id or "")


def _show(portal_user_id: str) -> None:
    with frame.portal().store.reading() as view:
        user = view.portal_users.find(portal_user_id)
    if user is not None and _is_theirs(portal_user_id):
        _opened(user.portal_user_id, f"{user.full_name} · {user.email}")


def _is_theirs(portal_user_id: str) -> bool:
    """Whether the list shows this user: somebody of other clients is nobody here."""
    if frame.principal().scope.all_clients:
        return True
    return bool(reads.latest("portal_users/linked_clients", portal_user_id=portal_user_id))


@dialog("Portal user", width="large")
def _opened(portal_user_id: str, who: str) -> None:
    st.markdown(f"**{frame.plain(who)}**")
    _accounts(portal_user_id)


def _accounts(portal_user_id: str) -> None:
    linked = reads.latest("portal_users/linked_clients", portal_user_id=portal_user_id)
    st.subheader("Linked accounts", anchor=False)
    if not linked:
        frame.empty("No account yet", "Search for a client below and add it.")
    for client in linked:
        if _line(client, "De-link", "link_off"):
            _change(UnlinkPortalUser, unlink_portal_user, portal_user_id, client)
    st.subheader("Add an account", anchor=False)
    wanted = st.text_input("Client name or number", key="portal_user_search", max_chars=100).strip()
    if not wanted:
        return
    known = {str(client["client_id"]) for client in linked}
    found = [row for row in _search(wanted) if str(row["client_id"]) not in known]
    if not found:
        st.caption("No other client has that name or number.")
    for client in found:
        if _line(client, "Add", "add_link"):
            _change(LinkPortalUser, link_portal_user, portal_user_id, client)


def _search(wanted: str) -> list[dict[str, object]]:
    words = [*wanted.split(maxsplit=2), "", "", ""][:3]
    named = {f"word_{place}": word for place, word in enumerate(words, start=1)}
    return reads.latest("search/clients", wanted=wanted, most=MOST_FOUND, **named)


def _line(client: Mapping[str, object], label: str, icon: str) -> bool:
    """Draw one client with what can be done. Returns: whether it was asked for."""
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        said = f"{client['client_name']} · {client['client_number']}"
        st.markdown(frame.plain(said), width="content")
        return st.button(label, icon=f":material/{icon}:", key=f"{label}_{client['client_id']}")


def _change(
    command: Callable[..., object],
    do: Callable[..., bool],
    portal_user_id: str,
    client: Mapping[str, object],
) -> None:
    portal = frame.portal()
    done = deeds.attempt(
        lambda: do(
            command(
                actor=frame.principal(),
                portal_user_id=portal_user_id,
                client_id=str(client["client_id"]),
            ),
            store=portal.store,
            clock=portal.now,
            directory=portal.client_portal.directory,
        )
    )
    if done is not None:
        st.rerun(scope="fragment")
