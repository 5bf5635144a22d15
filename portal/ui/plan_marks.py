"""What an invoice's page says of the plans that will pay it."""

from collections.abc import Mapping

import streamlit as st

from portal.domain.permissions import Permission
from portal.ui import format as write
from portal.ui import frame, plan_dialog, reads


def draw(invoice: Mapping[str, object]) -> None:
    """Say which plan pays the invoice, and when; a click opens the plan."""
    if not frame.principal().may(Permission.VIEW_PAYMENTS):
        return
    for plan in reads.rows("plans/of_invoice", invoice_id=invoice["invoice_id"]):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(
                f":material/event_repeat: {frame.plain(_words(plan, invoice))}", width="content"
            )
            key = f"invoice_plan_{plan['plan_id']}"
            if st.button("Open plan", type="tertiary", key=key):
                plan_dialog.show(str(plan["plan_id"]))


def _words(plan: Mapping[str, object], invoice: Mapping[str, object]) -> str:
    when = write.day(plan["next_date"]) if plan["next_date"] else None
    if plan["kind"] == "autopay":
        return f"Will be paid by AutoPay on {when}." if when else "Will be paid by AutoPay."
    amount = write.money(plan["cents"], str(invoice["currency"]))
    said = f"{amount} of it is paid in installments ({plan['plan_name']})"
    if plan["state"] == "paused":
        return f"{said}; the plan is paused."
    if plan["is_disputed"]:
        return f"{said}; the invoice is disputed, so the plan waits for it."
    return f"{said}; the next one is on {when}." if when else f"{said}."
