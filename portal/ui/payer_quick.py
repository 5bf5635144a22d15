"""The page behind a quick payment link: what for, how much, who; and what came of it."""

from dataclasses import dataclass

import streamlit as st

from portal.domain.errors import Invalid, NotFound, PortalError
from portal.domain.mail_addresses import checked_address
from portal.domain.money import parse_cents
from portal.services.find_quick_link import CLOSED, find_quick_link
from portal.services.money_actors import ByItself
from portal.services.money_records import Source
from portal.services.payer_doors import QUICK_COOKIE
from portal.services.payer_ports import QuickLink
from portal.ui import format as write
from portal.ui import payer_money, payer_receipt
from portal.ui.frame import plain, portal, refused

_PREFILL = ("companyName", "amount", "email", "paymentDescription", "client")
_DONE = "payer_quick_page"
LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What the page is filled with before the payer types anything."""

    link: QuickLink | None = None
    name: str = ""
    amount: str = ""
    email: str = ""
    purpose: str = ""


def draw() -> None:
    """Draw the page: what came of a payment, or the form."""
    if not portal().settings.payers.quick_links:
        refused(CLOSED)
        return
    _come_back()
    if _DONE in st.session_state and _outcome(str(st.session_state[_DONE])):
        return
    try:
        filled = _filled()
    except NotFound as refusal:
        refused(str(refusal))
        return
    _form(filled)


def _come_back() -> None:
    page_ref = st.query_params.get("page")
    if page_ref is not None:
        # It stays in the address, so that reloading shows the same receipt; it opens nothing else.
        st.session_state[_DONE] = page_ref[:200]


def _outcome(page_ref: str) -> bool:
    payment = payer_money.finish(page_ref, ByItself("quick_link:page"))
    # Whose it is may have been decided meanwhile; the page of an invoice's payment is not shown.
    if payment is None or payment.source is not Source.QUICK_LINK:
        return False
    if payment.state in payer_money.BAD:
        st.warning("That payment was not made. Nothing was charged.", icon=":material/info:")
        return False
    if payment.state == "created":
        st.warning("You have not paid yet. Nothing was charged.", icon=":material/info:")
        return False
    payer_receipt.outcome(payment)
    payer_receipt.receipt(payment)
    return True


def _filled() -> Filled:
    """What the address says; else what the link this browser came by says.

    Raises: NotFound for a link that does not work any more.
    """
    given = {name: st.query_params.get(name, "")[:LONGEST] for name in _PREFILL}
    if any(given.values()):
        return Filled(
            name=given["companyName"] or given["client"],
            amount=given["amount"],
            email=given["email"],
            purpose=given["paymentDescription"],
        )
    token = st.context.cookies.get(QUICK_COOKIE)
    if not isinstance(token, str):
        return Filled()
    face = portal().client_portal
    link = find_quick_link(token, store=portal().store, clock=portal().now, tokens=face.links)
    amount = "" if link.amount_cents is None else write.plain_amount(link.amount_cents)
    return Filled(
        link=link,
        name=link.company_name,
        amount=amount,
        email=link.email,
        purpose=link.description,
    )


def _form(filled: Filled) -> None:
    link = filled.link
    is_fixed = link is not None and link.amount_cents is not None
    currency = link.currency if link else portal().settings.currency
    if link and link.description:
        st.markdown(plain(link.description))
    with st.form("quick_pay"):
        name = st.text_input("Your name or company", filled.name, key="quick_name", max_chars=120)
        email = st.text_input(
            "Email for the receipt", filled.email, key="quick_email", autocomplete="email"
        )
        purpose = filled.purpose
        if not (link and link.description):
            purpose = st.text_input("What is it for?", purpose, key="quick_for", max_chars=LONGEST)
        amount = st.text_input(
            f"Amount in {currency}", filled.amount, key="quick_cents", disabled=is_fixed
        )
        if portal().money.policy.fees.fee_cents("credit", 100_000):
            st.caption("A credit card adds a fee, shown before you pay; other methods add none.")
        asked = st.form_submit_button("Pay", type="primary", width="stretch")
    if asked:
        _begin(link, name, email, purpose, amount, currency)


def _begin(
    link: QuickLink | None, name: str, email: str, purpose: str, amount: str, currency: str
) -> None:
    try:
        if not name.strip():
            raise Invalid("Type your name or that of your company.")
        fixed = link.amount_cents if link else None
        cents = fixed if fixed is not None else parse_cents(amount)
        taken = payer_money.begin_quick(
            link.link_id if link else None,
            cents=cents,
            currency=currency,
            name=name.strip(),
            email=checked_address(email),
            purpose=purpose.strip(),
        )
    except PortalError as refusal:
        st.error(plain(str(refusal)), icon=":material/error:")
        return
    if taken.page_url:
        payer_money.send_to(taken.page_url)
