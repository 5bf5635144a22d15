"""GET /mail/staged/<statement_id>.html and .pdf: a statement's mail as it would leave now.

The page is closed: no script, no form, no link that works.
"""

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Protocol, cast

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from portal.collections_desk import CollectionsDesk
from portal.correspondence_desk import CorrespondenceDesk
from portal.domain.errors import NotFound
from portal.services.preview_statement import PreviewStatement
from portal.web.answers import in_thread, refusals
from portal.web.gate import Portal, person_of, require_module
from portal.web.pdf_answer import pdf_answer


class CollectionsPortal(Portal, Protocol):
    """What these routes need of the portal."""

    collections: CollectionsDesk
    correspondence: CorrespondenceDesk


def routes(portal_of: Callable[[], CollectionsPortal]) -> list[Route]:
    """The routes, showing the staged statements of the portal that `portal_of` gives."""

    @refusals
    async def page(request: Request) -> Response:
        return await in_thread(_page, portal_of(), request)

    @refusals
    async def paper(request: Request) -> Response:
        return await in_thread(_paper, portal_of(), request)

    return [
        Route("/mail/staged/{statement_id}.html", page, methods=["GET"]),
        Route("/mail/staged/{statement_id}.pdf", paper, methods=["GET"]),
    ]


def _page(portal: CollectionsPortal, request: Request) -> Response:
    body = _mail(portal, request).get_body(("html",))
    if body is None:
        raise NotFound("There is no such mail.")
    return HTMLResponse(body.get_content(), headers={"cache-control": "no-store"})


def _paper(portal: CollectionsPortal, request: Request) -> Response:
    files = list(_mail(portal, request).iter_attachments())
    if not files:
        raise NotFound("There is no such file.")
    return pdf_answer(files[0].get_payload(decode=True), "statement.pdf", request)


def _mail(portal: CollectionsPortal, request: Request) -> EmailMessage:
    actor = person_of(portal, request)
    require_module(portal, actor, "collections")
    command = PreviewStatement(actor=actor, statement_id=request.path_params["statement_id"])
    stored = portal.collections.preview_statement(command)
    composed = portal.correspondence.post_office.composer.draft(stored, portal.now())
    return cast(EmailMessage, message_from_bytes(composed.raw, policy=policy.default))
