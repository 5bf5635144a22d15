"""Links to pay: which 1-click links still open a client's portal, and the end of one."""

import streamlit as st

from portal.services.live_pay_links import LivePayLink, live_pay_links
from portal.services.revoke_pay_link import RevokePayLink, revoke_pay_link
from portal.ui import actors, frame
from portal.ui import format as write
from portal.ui.frame import plain, portal
from portal.ui.said import attempt
from portal.ui.sure import confirmed

SHOWN = 50


def draw(client_id: str) -> None:
    """Draw the links that work, newest first, each with the way to end it."""
    live = live_pay_links(
        frame.principal(),
        client_id,
        store=portal().store,
        now=portal().now(),
        directory=portal().clients,
    )
    if not live:
        frame.empty("No link works", "Mails with a button to pay make one for their reader.")
        return
    st.caption(
        "Whoever has one of these links sees and pays this client's invoices. A link that went "
        "to the wrong person is revoked here; visits it has opened end with it."
    )
    for one in live[:SHOWN]:
        _link(one)
    if len(live) > SHOWN:
        st.caption(f"The newest {SHOWN} of {len(live)}.")


def _link(live: LivePayLink) -> None:
    link = live.link
    with st.container(
        border=True,
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    ):
        with st.container(gap=None, width="content"):
            st.markdown(f"**{plain(_whose(live))}**")
            st.caption(plain(f"{_used(live)} · good until {_when(link.expires_at)}"))
        with st.container(width="content", gap="xxsmall"):
            is_sure = confirmed(
                "Revoke",
                question="Revoke it? It opens nothing any more, for good.",
                sure="Revoke the link",
                key=f"pay_link_{link.link_id}",
            )
    if is_sure:
        command = RevokePayLink(actor=frame.principal(), link_id=link.link_id)
        attempt(lambda: _revoke(command), "The link is revoked")


def _revoke(command: RevokePayLink) -> None:
    revoke_pay_link(
        command,
        store=portal().store,
        clock=portal().now,
        directory=portal().clients,
    )


def _whose(live: LivePayLink) -> str:
    made = _when(live.link.created_at)
    if live.mailed_to:
        return f"Mailed to {', '.join(live.mailed_to)}, {made}"
    if live.link.created_by.startswith("letter:"):
        return f"Mailed, {made}"
    return f"Made by {actors.name_of(live.link.created_by)}, {made}"


def _used(live: LivePayLink) -> str:
    link = live.link
    if not link.uses or link.last_used_at is None:
        return "not opened yet"
    times = write.count(link.uses, "time", "times")
    return f"opened {times}, last {_when(link.last_used_at)}"


def _when(at: object) -> str:
    return write.moment(at, portal().settings.timezone)  # type: ignore[arg-type]
