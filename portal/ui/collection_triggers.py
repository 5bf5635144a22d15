"""The triggers of the rules: the ages at which a client gets a statement, as rows to edit."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from portal.domain.collection_rules import Basis, Mode, PartnerCopy, Trigger
from portal.services.statement_ports import RulesVersion
from portal.ui import collection_draft

_BASIS = {Basis.DUE: "Due date", Basis.INVOICE: "Invoice date"}
_MODE = {Mode.REVIEW: "Review", Mode.AUTOMATIC: "Automatic"}
_PARTNER = {PartnerCopy.NONE: "No copy", PartnerCopy.CC: "Cc", PartnerCopy.BCC: "Bcc"}


def draw(began: RulesVersion) -> tuple[Trigger, ...]:
    """Draw them as rows to edit. Returns: as they are written now."""
    rules = began.rules
    rows = pd.DataFrame(
        [
            {
                "days": one.days,
                "basis": _BASIS[one.basis],
                "message": one.message,
                "mode": _MODE[one.mode],
                "partner": _PARTNER[one.partner],
            }
            for one in rules.triggers
        ],
        columns=["days", "basis", "message", "mode", "partner"],
    )
    choice = st.column_config.SelectboxColumn
    st.markdown("**Triggers**: the ages at which a client gets a statement")
    edited = st.data_editor(
        rows,
        key=collection_draft.key("triggers", began),
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "days": st.column_config.NumberColumn("Days", min_value=0, required=True, default=30),
            "basis": choice(
                "Counted from", options=list(_BASIS.values()), required=True, default="Due date"
            ),
            "message": choice(
                "Message", options=list(rules.messages), required=True, default="reminder"
            ),
            "mode": choice("How", options=list(_MODE.values()), required=True, default="Review"),
            "partner": choice(
                "Client partner", options=list(_PARTNER.values()), required=True, default="No copy"
            ),
        },
    )
    return tuple(_trigger(row) for row in edited.to_dict("records") if not pd.isna(row["days"]))


def _trigger(row: Mapping[str, object]) -> Trigger:
    return Trigger(
        days=int(row["days"]),  # type: ignore[call-overload]
        basis=_key_of(_BASIS, row["basis"]),
        message=str(row["message"]),
        mode=_key_of(_MODE, row["mode"]),
        partner=_key_of(_PARTNER, row["partner"]),
    )


def _key_of(words: Mapping, label: object):
    return next((key for key, word in words.items() if word == label), next(iter(words)))
