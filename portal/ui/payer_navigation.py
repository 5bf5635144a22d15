"""The pages of the client portal: where each is and who comes there. None knows the staff's."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from portal.settings import PROJECT

CLIENT_PAGES = PROJECT / "pages" / "client"
FACE = "shell_face"
FIRM, CLIENT = "firm", "client"


@dataclass(frozen=True, kw_only=True)
class PayerPage:
    """One page. `is_open` is for everybody; the others send strangers to the door."""

    file: str
    url_path: str
    title: str
    is_open: bool = False

    @property
    def path(self) -> Path:
        """The page's file."""
        return CLIENT_PAGES / f"{self.file}.py"


INVOICES = PayerPage(file="invoices", url_path="client-portal", title="Invoices")
QUICK = PayerPage(file="quick", url_path="pay", title="Payment", is_open=True)
PAYER_PAGES = (
    INVOICES,
    PayerPage(file="invoice", url_path="payer-invoice", title="Invoice"),
    PayerPage(file="receipt", url_path="payer-receipt", title="Receipt"),
    PayerPage(file="history", url_path="payer-history", title="Payments"),
    PayerPage(file="settings", url_path="payer-settings", title="Settings"),
    PayerPage(file="accounts", url_path="payer-accounts", title="All accounts"),
    PayerPage(file="sign_in", url_path="payer-sign-in", title="Sign in", is_open=True),
    PayerPage(file="sign_up", url_path="payer-sign-up", title="Create an account", is_open=True),
    PayerPage(file="password", url_path="payer-password", title="New password", is_open=True),
    QUICK,
)
_ADDRESSES = frozenset(page.url_path for page in PAYER_PAGES)


def face() -> str:
    """Which face this tab shows; an address typed anew makes a new tab for the server."""
    if FACE not in st.session_state:
        asked = urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2]
        st.session_state[FACE] = CLIENT if asked in _ADDRESSES else FIRM
    return str(st.session_state[FACE])


def payer_pages(*, is_in: bool, door: Callable[[], None]) -> list[st.Page]:
    """The pages for Streamlit; for a stranger all but the open ones lead to the door."""

    def start() -> None:
        st.switch_page(find(INVOICES.file).path)

    first = st.Page(start, title="Client portal", url_path="start", default=True)
    return [
        first,
        *(
            st.Page(
                page.path if is_in or page.is_open else door,
                title=page.title,
                url_path=page.url_path,
            )
            for page in PAYER_PAGES
        ),
    ]


def find(name: str) -> PayerPage:
    """The page of that file."""
    return next(page for page in PAYER_PAGES if page.file == name)


def go(name: str, **params: str) -> None:
    """Leave for another page of the client portal."""
    st.switch_page(find(name).path, query_params=params)


def link(
    label: str, name: str, *, icon: str | None = None, disabled: bool = False, **params: str
) -> None:
    """Draw a way to another page of the client portal."""
    st.page_link(
        find(name).path, label=label, icon=icon, disabled=disabled, query_params=params or None
    )
