"""All routes that lists and their pages call."""

from collections.abc import Callable, Collection
from typing import Any

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

_ANYWHERE = (sandbox_page, webhooks, health)
"""What a server needs whichever face it shows."""
_FIRM = (
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
    staged_mails,
)
_PAYERS = (payer_door, payer_documents)


def routes(portal_of: Callable[[], Portal]) -> list[BaseRoute]:
    """The firm's routes; `portal_of` gives the portal of the process, asked at each request."""
    return [route for part in (*_FIRM, *_ANYWHERE) for route in part.routes(portal_of)]


def routes_of(faces: Collection[str], portal_of: Callable[[], Any]) -> list[BaseRoute]:
    """The routes of a server that shows these faces: those of the other one are not there."""
    parts = (
        *_ANYWHERE,
        *(_FIRM if "firm" in faces else ()),
        *(_PAYERS if "client" in faces else ()),
    )
    return [route for part in parts for route in part.routes(portal_of)]
