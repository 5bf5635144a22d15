"""What somebody wants to be told of by mail: a choice of their own."""

from collections.abc import Mapping

import streamlit as st

from portal.domain.permissions import Permission, Principal
from portal.domain.staff_alerts import NEEDS, Alert, Whose
from portal.services.choose_alerts import ChooseAlerts, choose_alerts
from portal.ui import deeds, frame

_OFF = "off"
_ASKS = {
    Alert.PAYMENT_RECEIVED: ("Payment received", "A payment through the portal has come in."),
    Alert.PAYMENT_FAILED: ("Payment failed", "A card was declined, or a bank debit came back."),
    Alert.REFUND: ("Refund", "Money went back to a payer, or could not."),
    Alert.DISPUTE: ("Dispute", "A card's owner disputes a payment, or a dispute is decided."),
    Alert.PLAN_STOPPED: ("Plan ended", "A payment plan is paused, cancelled or over."),
    Alert.EXCEPTION: ("Exception", "Something does not fit and waits in the queue."),
    Alert.BROKEN_PROMISE: ("Broken promise", "What a client promised to pay has not come."),
    Alert.BOUNCE: ("Mail that did not arrive", "A mail to a client came back."),
    Alert.PAYER_ASKED: ("A payer asks", "Somebody asked or disputed something, or made an offer."),
}
_WITHOUT_CLIENT = frozenset({Alert.EXCEPTION})
_WORDS = {_OFF: "Off", Whose.MINE.value: "My clients", Whose.ALL.value: "All clients"}


def draw() -> None:
    """Draw a line for everything that this person may be told of, and the button that keeps it."""
    viewer = frame.principal()
    if not viewer.email:
        frame.refused("The firm's sign-on gives no mail address for you; alerts need one.")
        return
    with frame.portal().store.reading() as view:
        kept = view.alerts.of_user(viewer.user_key)
    offered = [alert for alert in Alert if viewer.may(NEEDS[alert])]
    with st.container(border=True, gap="small"):
        chosen = {alert: _line(alert, kept.get(alert), viewer) for alert in offered}
    if st.button("Save", type="primary", key="alerts_save"):
        wanted = {alert: Whose(whose) for alert, whose in chosen.items() if whose != _OFF}
        _keep(viewer, wanted)


def _line(alert: Alert, kept: Whose | None, viewer: Principal) -> str:
    title, about = _ASKS[alert]
    choices = _choices(alert, viewer)
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"**{title}**")
            st.caption(about)
        return st.segmented_control(
            title,
            choices,
            default=_standing(kept, choices),
            format_func=lambda one: (
                "On" if alert in _WITHOUT_CLIENT and one != _OFF else _WORDS[one]
            ),
            required=True,
            key=f"alert_{alert.value}",
            label_visibility="collapsed",
        )


def _standing(kept: Whose | None, choices: list[str]) -> str:
    """What was chosen; of somebody who no longer sees all clients, their own are left of it."""
    if kept is None:
        return _OFF
    return kept.value if kept.value in choices else Whose.MINE.value


def _choices(alert: Alert, viewer: Principal) -> list[str]:
    """Exceptions are about no client; all clients are for those who see all."""
    everybodys = viewer.may(Permission.ALL_CLIENTS)
    if alert in _WITHOUT_CLIENT:
        return [_OFF, Whose.ALL.value]
    return [_OFF, Whose.MINE.value, *([Whose.ALL.value] if everybodys else [])]


def _keep(viewer: Principal, wanted: Mapping[Alert, Whose]) -> None:
    portal = frame.portal()
    command = ChooseAlerts(actor=viewer, choices=wanted)

    def keep() -> bool:
        choose_alerts(command, store=portal.store, clock=portal.now)
        return True

    if deeds.attempt(keep):
        st.toast(f"Alerts go to {frame.plain(viewer.email)}.", icon=":material/notifications:")
