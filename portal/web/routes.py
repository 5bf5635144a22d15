"""All routes that lists and their pages call."""

from collections.abc import Callable

from starlette.routing import BaseRoute

from portal.web import (
    documents,
    events,
    export,
    health,
    list_state,
    mails,
    papers,
    payer_documents,
    payer_door,
    payment_files,
    rows,
    sandbox_page,
    search,
    staged_mails,
    values,
    webhooks,
)
from portal.web.gate import Portal
from portal.web.payer_gate import PayerPortal


def routes(portal_of: Callable[[], Portal]) -> list[BaseRoute]:
    """The routes; `portal_of` gives the portal of the process, asked anew at each request."""
    parts = (
        rows,
        values,
        list_state,
        export,
        events,
        search,
        documents,
        mails,
        papers,
        payment_files,
        sandbox_page,
        staged_mails,
        webhooks,
        health,
    )
    return [route for part in parts for route in part.routes(portal_of)]


def payer_routes(portal_of: Callable[[], PayerPortal]) -> list[BaseRoute]:
    """The routes of the client portal, for the face it shows to payers."""
    parts = (payer_door, payer_documents)
    return [route for part in parts for route in part.routes(portal_of)]
