"""A client's saved methods: what they are, add one on the gateway's page, remove one."""

from functools import partial
from urllib.parse import urlencode

import streamlit as st

from portal.domain.permissions import Permission
from portal.services.money_ports import PaymentMethod
from portal.services.remove_method import RemoveMethod
from portal.services.save_method import SaveMethod
from portal.ui import deeds, frame, sure
from portal.ui import format as write
from portal.ui.payment_words import method_words

FORM = "save_method"


def draw(client_id: str) -> None:
    """Draw the methods of a client that can be charged."""
    zone = frame.portal().settings.timezone
    with frame.portal().store.reading() as view:
        methods = view.methods.of_client(client_id)
        mandates = {one.method_id: view.mandates.standing(one.method_id) for one in methods}
    if not methods:
        frame.empty(
            "No saved method",
            "A card or bank account is saved on the payment page, here or by the client.",
        )
    for method in methods:
        mandate = mandates[method.method_id]
        agreed = (
            f"Mandate of {write.day(mandate.agreed_at.astimezone(zone).date())}" if mandate else ""
        )
        _method(method, agreed)
    if frame.principal().may(Permission.SAVE_METHOD):
        _add(client_id)


def _method(method: PaymentMethod, agreed: str) -> None:
    key = f"remove_{method.method_id}"
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        icon = ":material/account_balance:" if method.kind == "ach" else ":material/credit_card:"
        st.markdown(f"{icon} **{frame.plain(method_words(method))}**")
        st.caption(frame.plain(f"{method.holder_name} {agreed}".strip()))
        may_remove = frame.principal().may(Permission.SAVE_METHOD)
        if may_remove:
            sure.button("Remove", key=key)
    question = f"Remove {method_words(method)}? To pay by it again it must be saved anew."
    if may_remove and sure.is_sure(key, question, "Remove the method"):
        command = RemoveMethod(actor=frame.principal(), method_id=method.method_id)
        if deeds.attempt(partial(frame.portal().money.remove_method, command)):
            st.toast("The method is removed.", icon=":material/check:")
            st.rerun()


def _add(client_id: str) -> None:
    if not st.button("Save a method", icon=":material/add_card:", key="save_method_button"):
        return
    portal = frame.portal()
    back = urlencode({"id": client_id, "show": "Methods"})
    command = SaveMethod(
        actor=frame.principal(),
        request_id=deeds.request_id(FORM),
        client_id=client_id,
        return_url=f"{portal.settings.public_url}/client?{back}",
    )
    opened = deeds.attempt(partial(portal.money.save_method, command))
    if opened is not None:
        deeds.form_is_done(FORM)
        st.link_button("Open the page to save it", opened.url, icon=":material/open_in_new:")
        st.caption("Card and bank details are given to the payment gateway, never to the portal.")
