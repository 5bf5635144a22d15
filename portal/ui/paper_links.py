"""Ways to the papers the portal prints: receipts and the aging report."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

import streamlit as st

from portal.ui.server_path import base_path

_ICON = ":material/print:"


def receipt(payment_id: str) -> None:
    """The receipt of a portal payment, in a new tab."""
    place = f"{base_path()}/documents/receipt/{quote(payment_id, safe='')}.pdf"
    st.link_button("Receipt", place, icon=_ICON)


def aging(params: Mapping[str, str]) -> None:
    """The aging report as it is chosen on the page, in a new tab."""
    st.link_button("Print", f"{base_path()}/documents/aging.pdf?{urlencode(params)}", icon=_ICON)
