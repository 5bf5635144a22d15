"""What a payer keeps: methods, linked clients, the password."""

import uuid

import streamlit as st

from portal.domain.errors import PortalError
from portal.domain.payers import EntryKind, Payer, PayerClient
from portal.services.choose_receipts import ChooseReceipts, choose_receipts
from portal.services.finish_hosted_payment import FinishHostedPayment
from portal.services.money_records import PaymentMethod
from portal.services.remove_method import RemoveMethod
from portal.services.save_method import SaveMethod
from portal.ui import payer_account, payer_frame, payer_money, payer_navigation
from portal.ui.frame import plain, portal
from portal.ui.sure import confirmed

_SAID = "payer_settings_said"


def come_back(viewer: Payer) -> None:
    """Keep the method of a payer who comes back from the page on which it was given."""
    page_ref = st.query_params.get("page")
    if page_ref is None:
        return
    st.query_params.clear()
    asked = FinishHostedPayment(actor=viewer, page_ref=page_ref[:200])
    try:
        kept = portal().money.finish_page(asked)
    except PortalError as refusal:
        st.session_state[_SAID] = str(refusal)
        return
    is_theirs = kept is not None and kept.client_id in viewer.client_ids
    st.session_state[_SAID] = "The method is saved." if is_theirs else "Nothing was saved."


def needs_account(viewer: Payer) -> None:
    """End the page for guests: what is kept belongs to an account."""
    if viewer.keeps_things:
        return
    st.markdown(
        "With an account you keep payment methods, set up AutoPay, and see all your clients in "
        "one place. Paying needs none."
    )
    with st.container(horizontal=True):
        payer_navigation.link("Create an account", "sign_up", icon=":material/person_add:")
        payer_navigation.link("Sign in", "sign_in", icon=":material/login:")
    st.stop()


def methods(viewer: Payer, client: PayerClient) -> None:
    """Draw the saved methods of a client, the way to another one, and to remove one."""
    st.header("Payment methods", anchor=False)
    # The place stays when its message is gone: a form below would lose what is being typed.
    with st.container():
        if said := st.session_state.pop(_SAID, None):
            st.info(plain(said), icon=":material/info:")
    kept = payer_money.methods_of(viewer, client.client_id)
    for method in kept:
        _method(viewer, method)
    if not kept:
        st.caption("None is saved for this client.")
    if viewer.may_pay and st.button("Save a method", icon=":material/add_card:", key="method_add"):
        _add(viewer, client)


def _method(viewer: Payer, method: PaymentMethod) -> None:
    with st.container(
        border=True,
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    ):
        with st.container(gap=None, width="content"):
            st.markdown(plain(payer_money.method_name(method)))
            if method.exp_year:
                st.caption(f"Good until {method.exp_month:02d}/{method.exp_year}")
        with st.container(width="content", gap="xxsmall"):
            is_sure = confirmed(
                "Remove",
                question="Remove it? Nothing is charged to it any more.",
                sure="Remove the method",
                key=f"remove_{method.method_id}",
            )
    if is_sure:
        _remove(viewer, method)


def _remove(viewer: Payer, method: PaymentMethod) -> None:
    try:
        portal().money.remove_method(RemoveMethod(actor=viewer, method_id=method.method_id))
    except PortalError as refusal:
        st.error(plain(str(refusal)), icon=":material/error:")
        return
    st.rerun()


def _add(viewer: Payer, client: PayerClient) -> None:
    command = SaveMethod(
        actor=viewer,
        request_id=uuid.uuid4().hex,
        client_id=client.client_id,
        return_url=f"{portal().settings.public_url}/payer-settings",
        portal_user_id=viewer.portal_user_id,
        email=viewer.email,
        address=payer_frame.address(),
    )
    try:
        opened = portal().money.save_method(command)
    except PortalError as refusal:
        st.error(plain(str(refusal)), icon=":material/error:")
        return
    payer_money.send_to(opened.url)


def receipts(viewer: Payer) -> None:
    """Draw whom receipts go to, for an account."""
    if viewer.entry is not EntryKind.ACCOUNT:
        return
    st.header("Receipts", anchor=False)
    st.caption(plain(f"They go to {viewer.email}, of what you pay and of your plans."))
    with st.form("payer_receipts", border=False):
        others = st.text_input(
            "Also to",
            ", ".join(viewer.receipt_emails),
            key="receipts_to",
            placeholder="books@yourcompany.com, partner@yourcompany.com",
        )
        asked = st.form_submit_button("Save", key="receipts_save")
    if asked:
        command = ChooseReceipts(payer=viewer, receipt_emails=tuple(others.split(",")))
        try:
            choose_receipts(command, store=portal().store, clock=portal().now)
        except PortalError as refusal:
            st.error(plain(str(refusal)), icon=":material/error:")
            return
        st.success("Saved, from the next payment on.", icon=":material/check_circle:")


def account(viewer: Payer) -> None:
    """Draw the account itself: its clients, its password, and the way out."""
    if viewer.entry is not EntryKind.ACCOUNT:
        return
    st.header("Account", anchor=False)
    st.caption(plain(f"{viewer.full_name}, {viewer.email}"))
    payer_navigation.link("All accounts", "accounts", icon=":material/apartment:")
    with st.expander("Change password", icon=":material/key:"):
        payer_account.change_password(viewer)
    if st.button("Sign out", icon=":material/logout:", key="payer_sign_out"):
        payer_frame.leave()
